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

    /// An A with what came of it.
    private struct Find {
        let member: Int
        let first: TimedEvent
        /// What `this` reads: B, or where it is missing A.
        let shown: TimedEvent
        let at: Int64
        let fails: Bool
        let isTooLate: Bool
        let isLookedBack: Bool
    }

    private struct Place: Hashable {
        let feed: String
        let row: Int64
    }

    func find(into sighting: inout Sighting) throws {
        var occasions: [Occasion] = []
        var places: [Place: Int] = [:]
        var feeds: [String: LedgerFeed] = [:]
        for (line, trigger) in strategy.triggers.enumerated() {
            guard case .sequence(let sequence) = trigger.source else { continue }
            let finds =
                try sequence.isAbsence
                ? absences(sequence, &feeds) : successions(sequence)
            for find in finds {
                let feed = feed(of: find.first.dataSet, sequence)
                let place = Place(feed: feed, row: find.first.event.row)
                if let known = places[place] {
                    merge(find, line, into: &occasions[known])
                    continue
                }
                places[place] = occasions.count
                occasions.append(occasion(find, feed, line))
                if find.isLookedBack, !find.fails, !find.isTooLate { sighting.lookedBack += 1 }
            }
        }
        sighting.occasions += occasions
        sighting.feeds += feeds.sorted { $0.key < $1.key }.map(\.value)
    }

    /// `carts then no purchase within 2 hours`
    private func feed(of dataSet: DataSetID, _ sequence: EventSequence) -> String {
        base.program.dataSets[dataSet.index].name + " " + sequence.wording
    }

    private func occasion(_ find: Find, _ feed: String, _ line: Int) -> Occasion {
        Occasion(
            member: find.member, feed: feed, key: find.first.event.row, at: find.at, trigger: line,
            alsoMatched: [], settled: find.isTooLate ? .tooLate : find.fails ? .failed : nil,
            rows: [find.shown.row], dataSet: find.shown.dataSet, label: find.first.event.key)
    }

    /// A line that matches goes before one that fails.
    private func merge(_ find: Find, _ line: Int, into occasion: inout Occasion) {
        if find.fails { return }
        if occasion.settled == .failed {
            occasion = self.occasion(find, occasion.feed, line)
        } else {
            occasion.alsoMatched.append(line)
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
    private func successions(_ sequence: EventSequence) throws -> [Find] {
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
                guard
                    new.contains(RowID(first))
                        || following.contains(where: {
                            new.contains(RowID($0))
                        })
                else { continue }
                guard let second = following.first(where: { window.matches($0, first) != false })
                else { continue }
                let isCertain = window.matches(second, first) == true && !fails
                finds.append(find(member, first, second, sequence, fails: !isCertain))
            }
        }
        return finds
    }

    private func find(
        _ member: Int, _ first: TimedEvent, _ second: TimedEvent, _ sequence: EventSequence,
        fails: Bool
    ) -> Find {
        let news = news[second.dataSet]
        let isDated = base.program.dataSets[second.dataSet.index].isDated
        let startedAt = news?.startedAt ?? base.moment.now
        return Find(
            member: member, first: first, shown: second, at: second.instant, fails: fails,
            isTooLate: reading.isTooLate(
                second.event.at, isDated: isDated, start: news?.start ?? startedAt,
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
        _ sequence: EventSequence, _ feeds: inout [String: LedgerFeed]
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
            return try absences(sequence, new, in: rows.dataSet, window, known)
        }
    }

    private func absences(
        _ sequence: EventSequence, _ new: [Int: Set<Int64>], in dataSet: DataSetID,
        _ window: SequenceWindow, _ known: LedgerFeed
    ) throws -> [Find] {
        let (firstLine, secondLine) = timelines(of: sequence)
        var finds: [Find] = []
        try forEach(of: Set(new.keys), firstLine, secondLine) { member in
            let rows = new[member] ?? []
            let seconds = try secondLine.events(of: member)
            for (first, fails) in try firsts(of: member, firstLine, sequence)
            where first.dataSet == dataSet && rows.contains(first.event.row) {
                let matches = window.events(seconds, after: first).map { window.matches($0, first) }
                if matches.contains(true) { continue }
                let end = window.end(of: first.event.at, in: dataSet)
                finds.append(
                    Find(
                        member: member, first: first, shown: first, at: end,
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
