import GRDB

/// How long messages took to be handed over, in milliseconds, ascending.
package struct HandOverDelays: Sendable, Equatable {
    /// From the occurrence to its hand-over.
    package var total: [Int64] = []
    /// From the occurrence to the decision.
    package var decided: [Int64] = []
    /// From the occurrence to the arrival of the last row that it is made of, of those that have
    /// rows; 0 of one that arrived before its time.
    package var arrived: [Int64] = []
    /// From that arrival, or the occurrence if it is later, to the hand-over.
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
    /// - Parameter limit: of how many at most.
    package func handOverDelays(limit: Int = 10_000) throws -> HandOverDelays {
        try store.read("read the ledger of") { database in
            var delays = HandOverDelays()
            let rows = try database.ledgerRows(
                of: "outbox",
                """
                SELECT m.delivered_at, o.at, o.judged_at, o.arrived_at
                FROM (SELECT * FROM outbox WHERE delivered_at IS NOT NULL
                        ORDER BY delivered_at DESC, id DESC LIMIT ?) m
                    JOIN ledger_outcome o USING (strategy, member, feed, occurrence)
                """, .integer(Int64(limit))
            ) {
                try ($0.instant(0), $0.instant(1), $0.instant(2), $0.optional(3, $0.instant))
            }
            for (delivered, at, judged, arrived) in rows {
                delays.total.append(delivered - at)
                delays.decided.append(judged - at)
                guard let arrived else { continue }
                delays.arrived.append(max(0, arrived - at))
                delays.sinceArrival.append(delivered - max(arrived, at))
            }
            delays.sort()
            return delays
        }
    }
}
