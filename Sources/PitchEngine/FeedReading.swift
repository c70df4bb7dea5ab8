import PitchProgram
import PitchSchema
import PitchStore

/// How one strategy reads the rows of event data sets: each once, and those before its start never.
struct FeedReading {
    let strategy: Strategy
    let base: CustomerBase
    /// What the strategy has seen, by data set, or by feed where that has a state of its own.
    let seen: [String: LedgerFeed]
    /// Where a data set begins that the strategy has not seen.
    let origin: Int64
    /// Only this member's rows; nil: everyone's.
    let member: Int?

    /// What one data set has for the strategy.
    struct News {
        /// By `at`, then key.
        let events: [StoredEvent]
        let startedAt: Int64
        /// An occurrence up to this instant is too late: the start, less `look back`.
        let start: Int64
        /// What is seen after this judgement.
        let feed: LedgerFeed
    }

    func news(of dataSet: DataSetID) throws -> News {
        let name = base.program.dataSets[dataSet.index].name
        let known = try seen[name] ?? firstSight(of: dataSet)
        let events = try base.unseenEvents(
            in: dataSet, afterRow: known.highRow, since: known.judgedAt, of: member
        ).corrected(by: known.sightings) { row in
            let event = try base.events([row], in: dataSet).first
            return member == nil || event?.member == member ? event : nil
        }
        return News(
            events: events, startedAt: known.startedAt, start: start(from: known.startedAt),
            feed: LedgerFeed(
                dataSet: name, startedAt: known.startedAt,
                highRow: try base.store.lastRow(of: dataSet, base.program),
                judgedAt: base.moment.now, beforeStart: known.beforeStart))
    }

    /// Rows from before the origin, less `look back`, count as seen at the first judgement.
    private func firstSight(of dataSet: DataSetID) throws -> LedgerFeed {
        let since = start(from: origin)
        return LedgerFeed(
            dataSet: base.program.dataSets[dataSet.index].name, startedAt: origin,
            highRow: try base.store.lastRow(of: dataSet, base.program), judgedAt: since,
            beforeStart: member != nil ? 0 : try base.eventCount(of: dataSet, upTo: since))
    }

    /// What is seen of a feed of its own over the rows of a data set: one whose `judgedAt` is not
    /// the instant of the last run.
    func state(of feed: String, over dataSet: DataSetID) throws -> LedgerFeed {
        try seen[feed]
            ?? LedgerFeed(
                dataSet: feed, startedAt: origin,
                highRow: base.store.lastRow(of: dataSet, base.program),
                judgedAt: start(from: origin), beforeStart: 0)
    }

    func start(from instant: Int64) -> Int64 {
        strategy.lookBack?.shift(instant: instant, times: -1, in: base.moment.zone) ?? instant
    }

    /// Not after the start, or older than `fresh`; by local days where events have no hour.
    /// - Parameter at: as stored: days for events dated by day.
    func isTooLate(_ at: Int64, isDated: Bool, start: Int64, fresh: Period) -> Bool {
        let zone = base.moment.zone
        let oldest = fresh.shift(instant: base.moment.now, times: -1, in: zone)
        if isDated { return at < Int64(zone.day(of: start)) || at < Int64(zone.day(of: oldest)) }
        return at <= start || at < oldest
    }
}

extension [StoredEvent] {
    /// Without rows that were seen at another time, and with those that were to come and now lie
    /// before the last look.
    func corrected(
        by sightings: [Int64: Bool], reading event: (Int64) throws -> StoredEvent?
    ) rethrows -> [StoredEvent] {
        if sightings.isEmpty { return self }
        let unseen = try sightings.filter { !$0.value }.compactMap { try event($0.key) }
        return (filter { sightings[$0.row] != true } + unseen).sorted()
    }
}
