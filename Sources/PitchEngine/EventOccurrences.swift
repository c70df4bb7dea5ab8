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
    /// Only this member's rows; nil: everyone's.
    let member: Int?

    var program: Program { base.program }
    var now: Int64 { base.moment.now }

    private var reading: FeedReading {
        FeedReading(strategy: strategy, base: base, seen: seen, member: member)
    }

    func find(into sighting: inout Sighting) throws {
        var dataSets: [DataSetID] = []
        for case .event(let dataSet, _) in strategy.triggers.map(\.source)
        where !dataSets.contains(dataSet) { dataSets.append(dataSet) }
        for dataSet in dataSets {
            let news = try reading.news(of: dataSet)
            sighting.rowsRead += news.events.count
            let found = try occasions(of: news.events, in: dataSet, start: news.start)
            sighting.occasions += found
            sighting.lookedBack += found.count {
                $0.settled == nil && $0.at <= news.startedAt && strategy.lookBack != nil
            }
            sighting.feeds.append(news.feed)
        }
    }

    /// Groups the rows as each form of `when` line asks (`per`), and matches them.
    private func occasions(
        of events: [StoredEvent], in dataSet: DataSetID, start: Int64
    ) throws -> [Occasion] {
        var forms: [Int?] = []
        for case .event(dataSet, let per) in strategy.triggers.map(\.source)
        where !forms.contains(where: { $0 == per }) { forms.append(per) }
        return try forms.flatMap { per in
            let candidates =
                try per.map { try baskets(events, by: $0, in: dataSet) }
                ?? events.map {
                    Candidate(
                        member: $0.member, key: $0.row, at: instant(of: $0.at, dataSet),
                        day: $0.at, label: $0.key,
                        rows: [EventRecord(row: $0.row, values: $0.values)])
                }
            return try match(
                candidates.filter { base.isPresent($0.member) }, dataSet, per: per, start: start)
        }
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
        _ candidates: [Candidate], _ dataSet: DataSetID, per: Int?, start: Int64
    ) throws -> [Occasion] {
        var matched = [[Int]](repeating: [], count: candidates.count)
        var failed = [Int?](repeating: nil, count: candidates.count)
        for (index, trigger) in strategy.triggers.enumerated() {
            guard case .event(dataSet, let form) = trigger.source, form == per else { continue }
            for (place, holds) in try holds(trigger.filter, for: candidates).enumerated() {
                switch holds {
                case .some(true): matched[place].append(index)
                case .none: failed[place] = failed[place] ?? index
                case .some(false): break
                }
            }
        }
        let declared = program.dataSets[dataSet.index]
        let feed = Self.feed(of: declared, per: per)
        return candidates.enumerated().compactMap { place, candidate in
            let lines = matched[place]
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
        let shallow =
            filter.isShallow
            ? try base.shallowRecords(of: candidates.map(\.member), for: filter) : nil
        return try candidates.enumerated().map { place, candidate in
            if candidate.overflows { return nil }
            let member = try shallow?[place] ?? base.record(of: candidate.member)
            return holds(filter, for: member, candidate.rows)
        }
    }

    private func holds(
        _ filter: Expression, for member: MemberRecord, _ rows: [EventRecord]
    ) -> Bool? {
        var fails = false
        for row in rows {
            do throws(EvaluationError) {
                let value = try base.evaluator.evaluate(filter, for: member, event: row)
                if value == .truth(true) { return true }
            } catch {
                fails = true
            }
        }
        return fails ? nil : false
    }
}
