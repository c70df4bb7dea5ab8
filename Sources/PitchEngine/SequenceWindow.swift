import PitchProgram
import PitchSchema
import PitchStore

/// In which time B follows A.
struct SequenceWindow {
    private let sequence: EventSequence
    private let base: CustomerBase
    /// Whether whole days count: one of the data sets has no hour.
    private let isDaily: Bool
    /// Whether A and B are of one scene, so that one `at` has an order.
    private let isOneScene: Bool

    init(_ sequence: EventSequence, _ base: CustomerBase) {
        self.sequence = sequence
        self.base = base
        let all = sequence.first + sequence.second
        isDaily = all.contains { base.program.dataSets[$0.dataSet.index].isDated }
        let firsts = Set(sequence.first.map(\.dataSet))
        isOneScene = sequence.second.contains { firsts.contains($0.dataSet) }
    }

    private var zone: ZoneRules { base.moment.zone }

    private func isDated(_ dataSet: DataSetID) -> Bool {
        base.program.dataSets[dataSet.index].isDated
    }

    /// The events that follow A in time and within D, in their order.
    /// - Parameter events: in their order.
    func events(_ events: [TimedEvent], after first: TimedEvent) -> [TimedEvent] {
        let clock = { (event: TimedEvent) in
            isDaily ? Int64(zone.day(of: event.instant)) : event.instant
        }
        let from = clock(first)
        let until =
            isDaily
            ? Int64(sequence.within.shift(day: Int32(clamping: from), times: 1))
            : sequence.within.shift(instant: from, times: 1, in: zone)
        return events.filter { event in
            let at = clock(event)
            guard at >= from, at <= until else { return false }
            return at > from || !isOneScene || isLater(event, first)
        }
    }

    /// By `at`, then data set, then key.
    private func isLater(_ event: TimedEvent, _ first: TimedEvent) -> Bool {
        (event.instant, event.dataSet.index, event.place)
            > (first.instant, first.dataSet.index, first.place)
    }

    /// Whether an event that follows A is a B; nil: that fails.
    func matches(_ event: TimedEvent, _ first: TimedEvent) -> Bool? {
        guard let these = event.same, let those = first.same else { return nil }
        let isSame = zip(these, those).allSatisfy { !$0.isMissing && $0 == $1 }
        return isSame ? (event.fails ? nil : true) : false
    }

    /// When the window of an A ends: A's `at` + D; with whole days, when its last day is over.
    /// - Parameter at: as stored.
    func end(of at: Int64, in dataSet: DataSetID) -> Int64 {
        guard isDaily else { return sequence.within.shift(instant: at, times: 1, in: zone) }
        let day = isDated(dataSet) ? Int32(clamping: at) : zone.day(of: at)
        return zone.instant(day: sequence.within.shift(day: day, times: 1) + 1)
    }

    /// The end of the windows that are known whole: all data of B has rows past it that have come.
    /// Nil while some data set of B has none.
    func loadedUntil() throws -> Int64? {
        var until = Int64.max
        for rows in sequence.second {
            guard let latest = try base.latestEvent(of: rows.dataSet) else { return nil }
            let instant =
                isDated(rows.dataSet) ? zone.instant(day: Int32(clamping: latest)) : latest
            // The last instant of a window by the hour belongs to it, so that a row must lie past
            // it; days end before the first instant of the next.
            until = min(until, isDaily ? instant : instant - 1)
        }
        return until
    }

    /// The instants between which windows end by `end` or after it: no A up to the lower has a
    /// window that ends after it, and no A after the upper one that ends by it. They are equal but
    /// where clocks go back, and windows end in another order than they begin.
    func starts(endingBy end: Int64, in dataSet: DataSetID) -> ClosedRange<Int64> {
        let ends = { (instant: Int64) in
            self.end(of: isDated(dataSet) ? Int64(zone.day(of: instant)) : instant, in: dataSet)
        }
        // Months of different lengths, and a day's rest, are less than a week.
        let week = 7 * millisecondsPerDay
        var low = sequence.within.shift(instant: end, times: -1, in: zone) - week
        var high = end
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if ends(middle) <= end { low = middle } else { high = middle }
        }
        let halfDay = millisecondsPerDay / 2
        let turnedBack = max(0, zone.offset(at: low - halfDay) - zone.offset(at: low + halfDay))
        return low - turnedBack...low + turnedBack
    }

    /// - Parameter end: of a window.
    func isTooLate(_ end: Int64, since startedAt: Int64, fresh: Period, _ reading: FeedReading)
        -> Bool
    {
        reading.isTooLate(
            isDaily ? Int64(zone.day(of: end)) : end, isDated: isDaily,
            start: reading.start(from: startedAt), fresh: fresh)
    }
}
