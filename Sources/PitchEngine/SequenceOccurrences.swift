import PitchEvaluator
import PitchProgram
import PitchSchema
import PitchStore

/// What follows an event, or fails to, as occurrences: one for each A.
struct SequenceOccurrences {
    let strategy: Strategy
    let base: CustomerBase
    let reading: FeedReading
    /// Of the data sets of `then` lines.
    let news: [DataSetID: FeedReading.News]
    /// What the strategy decided of members.
    let histories: ([Int]) throws -> [MemberHistory]

    /// An A with what came of it.
    private struct Find {
        let line: Int
        let feed: String
        let member: Int
        let first: TimedEvent
        /// What `this` reads: B, or where it is missing A.
        let shown: TimedEvent
        let at: Int64
        /// Whether it may not have been found before.
        let isNew: Bool
        let fails: Bool
        let isTooLate: Bool
        let isLookedBack: Bool
    }

    private struct Place: Hashable {
        let feed: String
        let row: Int64
    }

    private typealias Rows = [RowID: StoredEvent]

    func find(into sighting: inout Sighting) throws {
        var finds: [Find] = []
        var feeds: [String: LedgerFeed] = [:]
        for (line, trigger) in strategy.triggers.enumerated() {
            guard case .sequence(let sequence) = trigger.source else { continue }
            finds +=
                try sequence.isAbsence
                ? absences(sequence, line, &feeds) : successions(sequence, line)
        }
        finds = try undecided(finds)
        let rows = try rows(of: finds)
        var occasions: [Occasion] = []
        var places: [Place: Int] = [:]
        for find in finds {
            let place = Place(feed: find.feed, row: find.first.id.row)
            if let known = places[place] {
                merge(find, rows, into: &occasions[known])
                continue
            }
            places[place] = occasions.count
            occasions.append(occasion(find, rows))
            if find.isLookedBack, !find.fails, !find.isTooLate { sighting.lookedBack += 1 }
        }
        sighting.occasions += occasions
        sighting.feeds += feeds.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Without those that were found again because yet another B came.
    private func undecided(_ finds: [Find]) throws -> [Find] {
        let members = Set(finds.lazy.filter { !$0.isNew }.map(\.member)).sorted()
        if members.isEmpty { return finds }
        let known = Dictionary(uniqueKeysWithValues: zip(members, try histories(members)))
        return finds.filter { find in
            guard !find.isNew, let history = known[find.member] else { return true }
            return !history.holds(feed: find.feed, occurrence: find.first.id.row)
        }
    }

    /// `carts then no purchase within 2 hours`
    private func feed(of dataSet: DataSetID, _ sequence: EventSequence) -> String {
        base.program.dataSets[dataSet.index].name + " " + sequence.wording
    }

    /// The rows that occurrences began with, and show.
    private func rows(of finds: [Find]) throws -> Rows {
        let wanted = Set(finds.flatMap { [$0.first.id, $0.shown.id] })
        var rows: Rows = [:]
        for (dataSet, ids) in Dictionary(grouping: wanted, by: \.dataSet) {
            for event in try base.events(ids.map(\.row).sorted(), in: dataSet) {
                rows[RowID(dataSet: dataSet, row: event.row)] = event
            }
        }
        return rows
    }

    private func occasion(_ find: Find, _ rows: Rows) -> Occasion {
        let shown = rows[find.shown.id].map { EventRecord(row: $0.row, values: $0.values) }
        return Occasion(
            member: find.member, feed: find.feed, key: find.first.id.row, at: find.at,
            trigger: find.line, alsoMatched: [],
            settled: find.isTooLate ? .tooLate : find.fails ? .failed : nil,
            rows: [shown].compactMap { $0 }, dataSet: find.shown.dataSet,
            label: rows[find.first.id]?.key ?? "")
    }

    /// A line that matches goes before one that fails.
    private func merge(_ find: Find, _ rows: Rows, into occasion: inout Occasion) {
        if find.fails { return }
        if occasion.settled == .failed {
            occasion = self.occasion(find, rows)
        } else {
            occasion.alsoMatched.append(find.line)
        }
    }

    private func timelines(of sequence: EventSequence) -> (first: Timeline, second: Timeline) {
        (Timeline(sequence.first, base), Timeline(sequence.second, base))
    }

    /// Goes through members with the events of both timelines at hand.
    private func forEach(
        of members: Set<Int>, _ first: Timeline, _ second: Timeline, _ body: (Int) throws -> Void
    ) throws {
        var reads = first.reads
        reads.formUnion(second.reads)
        try base.records.forEach(of: members, reading: reads, body)
    }

    // MARK: - A then B

    /// The pairs of an A and the first B that follows it, of which one is new.
    private func successions(_ sequence: EventSequence, _ line: Int) throws -> [Find] {
        let window = SequenceWindow(sequence, base)
        let (firstLine, secondLine) = timelines(of: sequence)
        var new: Set<RowID> = []
        var members: Set<Int> = []
        for dataSet in Set((sequence.first + sequence.second).map(\.dataSet)) {
            for event in news[dataSet]?.events ?? [] where base.isPresent(event.member) {
                new.insert(RowID(dataSet: dataSet, row: event.row))
                members.insert(event.member)
            }
        }
        var finds: [Find] = []
        try forEach(of: members, firstLine, secondLine) { member in
            let seconds = try secondLine.events(of: member)
            if seconds.isEmpty { return }
            for (first, fails) in try firsts(of: member, firstLine, sequence) {
                let following = window.events(seconds, after: first)
                guard new.contains(first.id) || following.contains(where: { new.contains($0.id) })
                else { continue }
                guard let second = following.first(where: { window.matches($0, first) != false })
                else { continue }
                let isCertain = window.matches(second, first) == true && !fails
                finds.append(
                    find(
                        line, member, first, second, sequence,
                        isNew: new.contains(first.id) || new.contains(second.id),
                        fails: !isCertain))
            }
        }
        return finds
    }

    private func find(
        _ line: Int, _ member: Int, _ first: TimedEvent, _ second: TimedEvent,
        _ sequence: EventSequence, isNew: Bool, fails: Bool
    ) -> Find {
        let news = news[second.dataSet]
        let isDated = base.program.dataSets[second.dataSet.index].isDated
        let startedAt = news?.startedAt ?? base.moment.now
        return Find(
            line: line, feed: feed(of: first.dataSet, sequence), member: member, first: first,
            shown: second, at: second.instant, isNew: isNew, fails: fails,
            isTooLate: reading.isTooLate(
                second.at, isDated: isDated, start: news?.start ?? startedAt,
                fresh: strategy.freshFor(.sequence(sequence))),
            isLookedBack: strategy.lookBack != nil && second.instant <= startedAt)
    }

    /// The A of a member, each with whether it cannot be told that it is one.
    private func firsts(
        of member: Int, _ timeline: Timeline, _ sequence: EventSequence
    ) throws -> [(event: TimedEvent, fails: Bool)] {
        let events = try timeline.events(of: member)
        guard let ordinal = sequence.ordinal else { return events.map { ($0, $0.fails) } }
        let firstFailure = events.firstIndex(where: \.fails) ?? events.count
        return events.indices.filter { ordinal.holds(at: $0 + 1) }
            .map { (events[$0], firstFailure <= $0) }
    }

    // MARK: - A then no B

    /// The A whose window has ended since the last judgement, B's data having been loaded past its
    /// end, without a B. Of a feed `judgedAt` is the instant up to which windows are judged.
    private func absences(
        _ sequence: EventSequence, _ line: Int, _ feeds: inout [String: LedgerFeed]
    ) throws -> [Find] {
        let window = SequenceWindow(sequence, base)
        let loadedUntil = try window.loadedUntil()
        return try sequence.first.flatMap { rows in
            let name = feed(of: rows.dataSet, sequence)
            let known = try reading.state(of: name, over: rows.dataSet)
            let until = max(known.judgedAt, loadedUntil ?? known.judgedAt)
            feeds[name] = LedgerFeed(
                dataSet: name, startedAt: known.startedAt,
                highRow: try base.store.lastRow(of: rows.dataSet, base.program), judgedAt: until,
                beforeStart: 0)
            let ended = try base.unseenEvents(
                in: rows.dataSet, afterRow: known.highRow,
                since: window.starts(endingBy: known.judgedAt, in: rows.dataSet).lowerBound,
                until: window.starts(endingBy: until, in: rows.dataSet).upperBound,
                of: reading.member)
            var new: [Int: Set<Int64>] = [:]
            for event in ended where base.isPresent(event.member) {
                let end = window.end(of: event.at, in: rows.dataSet)
                guard end <= until, event.row > known.highRow || end > known.judgedAt else {
                    continue
                }
                new[event.member, default: []].insert(event.row)
            }
            return try absences(sequence, line, new, in: rows.dataSet, window, known)
        }
    }

    private func absences(
        _ sequence: EventSequence, _ line: Int, _ new: [Int: Set<Int64>], in dataSet: DataSetID,
        _ window: SequenceWindow, _ known: LedgerFeed
    ) throws -> [Find] {
        let (firstLine, secondLine) = timelines(of: sequence)
        var finds: [Find] = []
        try forEach(of: Set(new.keys), firstLine, secondLine) { member in
            let rows = new[member] ?? []
            let seconds = try secondLine.events(of: member)
            for (first, fails) in try firsts(of: member, firstLine, sequence)
            where first.dataSet == dataSet && rows.contains(first.id.row) {
                let matches = window.events(seconds, after: first).map { window.matches($0, first) }
                if matches.contains(true) { continue }
                let end = window.end(of: first.at, in: dataSet)
                finds.append(
                    Find(
                        line: line, feed: known.dataSet, member: member, first: first,
                        shown: first, at: end, isNew: true,
                        fails: fails || matches.contains(nil),
                        isTooLate: window.isTooLate(
                            end, since: known.startedAt,
                            fresh: strategy.freshFor(.sequence(sequence)), reading),
                        isLookedBack: strategy.lookBack != nil && end <= known.startedAt))
            }
        }
        return finds
    }
}
