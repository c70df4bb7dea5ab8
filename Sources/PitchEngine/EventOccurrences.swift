import PitchEvaluator
import PitchProgram
import PitchSchema
import PitchStore

/// The event rows that the `when` lines of one strategy have not seen, as occurrences.
struct EventOccurrences {
    let strategy: Strategy
    let base: CustomerBase
    /// What the strategy has seen, by data set.
    let seen: [String: LedgerFeed]
    /// Where a data set begins that the strategy has not seen.
    let origin: Int64
    /// Only this member's rows; nil: everyone's.
    let member: Int?
    /// What the strategy decided of members, by number.
    let histories: ([Int]) throws -> [MemberHistory]

    var program: Program { base.program }
    var now: Int64 { base.moment.now }

    private var reading: FeedReading {
        FeedReading(
            strategy: strategy, base: base, seen: seen, origin: origin, member: member)
    }

    func find(into sighting: inout Sighting) throws {
        var news: [DataSetID: FeedReading.News] = [:]
        for dataSet in dataSets { news[dataSet] = try reading.news(of: dataSet) }
        let hits = try hits(news)
        for dataSet in dataSets {
            guard let news = news[dataSet] else { continue }
            let found = try occasions(
                news, in: dataSet, hits.filter { $0.id.dataSet == dataSet })
            sighting.occasions += found
            sighting.lookedBack += found.count {
                $0.settled == nil && $0.at <= news.startedAt && strategy.lookBack != nil
            }
            sighting.feeds.append(news.feed)
        }
        try SequenceOccurrences(
            strategy: strategy, base: base, reading: reading, news: news, histories: histories
        ).find(into: &sighting)
    }

    /// The data sets whose new rows the lines ask for, in the order of the file.
    private var dataSets: [DataSetID] {
        let all = strategy.triggers.flatMap { trigger -> [DataSetID] in
            switch trigger.source {
            case .event(let dataSet, _): [dataSet]
            case .count(let count): count.rows.map(\.dataSet)
            case .sequence(let sequence) where !sequence.isAbsence:
                (sequence.first + sequence.second).map(\.dataSet)
            default: []
            }
        }
        return Set(all).sorted { $0.index < $1.index }
    }

    private func hits(_ news: [DataSetID: FeedReading.News]) throws -> [CountedEvents.Hit] {
        let counted = CountedEvents(base: base, news: news)
        return try strategy.triggers.enumerated().flatMap { line, trigger in
            guard case .count(let count) = trigger.source else { return [CountedEvents.Hit]() }
            return try counted.hits(of: count, line: line)
        }
    }

    /// Groups the rows as each form of `when` line asks (`per`), and matches them. A row and the
    /// same row as the n-th of its member are one occurrence.
    private func occasions(
        _ news: FeedReading.News, in dataSet: DataSetID, _ hits: [CountedEvents.Hit]
    ) throws -> [Occasion] {
        var forms: [Int?] = hits.isEmpty ? [] : [nil]
        for case .event(dataSet, let per) in strategy.triggers.map(\.source)
        where !forms.contains(where: { $0 == per }) { forms.append(per) }
        return try forms.flatMap { per in
            let candidates =
                try per.map { try baskets(news.events, by: $0, in: dataSet) }
                ?? rows(news.events, hits, in: dataSet).map { candidate($0, dataSet) }
            return try match(
                candidates.filter { base.isPresent($0.member) }, dataSet, per: per,
                per == nil ? hits : [], start: news.start)
        }
    }

    /// The new rows, and those that came before and are the n-th now.
    private func rows(
        _ events: [StoredEvent], _ hits: [CountedEvents.Hit], in dataSet: DataSetID
    ) throws -> [StoredEvent] {
        if hits.isEmpty { return events }
        var known = Set(events.map(\.row))
        let former = hits.map(\.id.row).filter { known.insert($0).inserted }
        return try events + base.events(former, in: dataSet)
    }

    private func candidate(_ event: StoredEvent, _ dataSet: DataSetID) -> Candidate {
        Candidate(
            member: event.member, key: event.row, at: instant(of: event.at, dataSet),
            day: event.at, label: event.key,
            rows: [EventRecord(row: event.row, values: event.values)])
    }

    /// One occurrence before it is matched.
    struct Candidate {
        let member: Int
        let key: Int64
        let at: Int64
        /// `at` as stored: days for events dated by day.
        let day: Int64
        let label: String
        let rows: [EventRecord]
        var overflows = false
    }

    func instant(of at: Int64, _ dataSet: DataSetID) -> Int64 {
        program.dataSets[dataSet.index].isDated
            ? base.moment.zone.instant(day: Int32(clamping: at)) : at
    }

    private func match(
        _ candidates: [Candidate], _ dataSet: DataSetID, per: Int?,
        _ hits: [CountedEvents.Hit], start: Int64
    ) throws -> [Occasion] {
        var matched = [[Int]](repeating: [], count: candidates.count)
        var failed = [Int?](repeating: nil, count: candidates.count)
        let places = Dictionary(
            zip(hits.isEmpty ? [] : candidates.map(\.key), candidates.indices)
        ) { $1 }
        for hit in hits {
            guard let place = places[hit.id.row] else { continue }
            if hit.fails {
                failed[place] = min(failed[place] ?? hit.line, hit.line)
            } else {
                matched[place].append(hit.line)
            }
        }
        for (index, trigger) in strategy.triggers.enumerated() {
            guard case .event(dataSet, let form) = trigger.source, form == per else { continue }
            for (place, holds) in try holds(trigger.filter, for: candidates).enumerated() {
                switch holds {
                case .some(true): matched[place].append(index)
                case .none: failed[place] = min(failed[place] ?? index, index)
                case .some(false): break
                }
            }
        }
        let declared = program.dataSets[dataSet.index]
        let feed = Self.feed(of: declared, per: per)
        return candidates.enumerated().compactMap { place, candidate in
            let lines = matched[place].sorted()
            guard let line = lines.first ?? failed[place] else { return nil }
            let isLate = reading.isTooLate(
                candidate.day, isDated: declared.isDated, start: start,
                fresh: strategy.freshFor(strategy.triggers[line].source))
            return Occasion(
                member: candidate.member, feed: feed, key: candidate.key, at: candidate.at,
                trigger: line, alsoMatched: Array(lines.dropFirst()),
                settled: isLate ? .tooLate : lines.isEmpty ? .failed : nil,
                rows: candidate.rows, dataSet: dataSet, label: candidate.label)
        }
    }

    /// The name of what a `when` line of this form reads, as the ledger keeps it.
    static func feed(of dataSet: DataSet, per: Int?) -> String {
        per.map { "\(dataSet.name) per \(dataSet.fields[$0].name)" } ?? dataSet.name
    }

    /// Whether a filter is true for any row of each; nil: it fails for one and is true for none.
    private func holds(_ filter: Expression?, for candidates: [Candidate]) throws -> [Bool?] {
        guard let filter else { return candidates.map { $0.overflows ? nil : true } }
        let holds = { (place: Int, member: MemberRecord) -> Bool? in
            let candidate = candidates[place]
            if candidate.overflows { return nil }
            let answers = candidate.rows.map { base.holds(filter, for: member, $0) }
            return answers.contains(true) ? true : answers.contains(nil) ? nil : false
        }
        let members = candidates.map(\.member)
        guard filter.isShallow else {
            return try base.records.map(
                members, reading: RecordReads([filter], in: program), holds)
        }
        return try base.shallowRecords(of: members, for: filter).enumerated().map(holds)
    }
}
