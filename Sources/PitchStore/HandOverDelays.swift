import GRDB

/// How long messages took to be handed over, in milliseconds, ascending.
package struct HandOverDelays: Sendable, Equatable {
    /// From the occurrence to its hand-over.
    package var total: [Int64] = []
    /// From the occurrence to the decision.
    package var decided: [Int64] = []
    /// From the row's time to its arrival, of occurrences that are rows, or begin with the first
    /// row of a basket; 0 of one that arrived before its time.
    package var arrived: [Int64] = []
    /// From the row's arrival, or its time if that is later, to the hand-over.
    package var sinceArrival: [Int64] = []

    package init() {}

    fileprivate mutating func sort() {
        total.sort()
        decided.sort()
        arrived.sort()
        sinceArrival.sort()
    }
}

extension Ledger {
    /// Of the messages that were delivered last.
    /// - Parameters:
    ///   - limit: of how many at most.
    ///   - dataSet: of which data set an outcome's occurrence is a row, by its feed; nil: of none.
    package func handOverDelays(
        limit: Int = 10_000, dataSet: (_ feed: String) -> String?
    ) throws -> HandOverDelays {
        try store.read("read the ledger of") { database in
            let arrivals = try RowArrivals(database)
            var delays = HandOverDelays()
            let rows = try database.ledgerRows(
                of: "outbox",
                """
                SELECT m.delivered_at, o.at, o.judged_at, o.feed, o.occurrence
                FROM (SELECT * FROM outbox WHERE delivered_at IS NOT NULL
                        ORDER BY delivered_at DESC, id DESC LIMIT ?) m
                    JOIN ledger_outcome o USING (strategy, member, feed, occurrence)
                """, .integer(Int64(limit))
            ) { try ($0.instant(0), $0.instant(1), $0.instant(2), $0.text(3), $0.integer(4)) }
            for (delivered, at, judged, feed, row) in rows {
                delays.total.append(delivered - at)
                delays.decided.append(judged - at)
                guard let dataSet = dataSet(feed),
                    let arrived = arrivals.instant(of: row, in: dataSet)
                else { continue }
                delays.arrived.append(max(0, arrived - at))
                delays.sinceArrival.append(delivered - max(arrived, at))
            }
            delays.sort()
            return delays
        }
    }
}
