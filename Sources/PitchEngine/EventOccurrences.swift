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

    private var program: Program { base.program }
    private var now: Int64 { base.moment.now }

    func find(into sighting: inout Sighting) throws {
        var dataSets: [DataSetID] = []
        for case .event(let dataSet, _) in strategy.triggers.map(\.source)
        where !dataSets.contains(dataSet) { dataSets.append(dataSet) }
        for dataSet in dataSets {
            let name = program.dataSets[dataSet.index].name
            let feed = try seen[name] ?? firstSight(of: dataSet)
            let events = try base.unseenEvents(
                in: dataSet, afterRow: feed.highRow, since: feed.judgedAt, of: member)
            sighting.rowsRead += events.count
            let found = try occasions(of: events, in: dataSet, start: start(of: feed))
            sighting.occasions += found
            sighting.lookedBack += found.count {
                $0.settled == nil && $0.at <= feed.startedAt && strategy.lookBack != nil
            }
            sighting.feeds.append(
                LedgerFeed(
                    dataSet: name, startedAt: feed.startedAt,
                    highRow: try base.store.lastRow(of: dataSet, program), judgedAt: now,
                    beforeStart: feed.beforeStart))
        }
    }

    /// Rows that are there at the first judgement count as seen, but for those of `look back`.
    private func firstSight(of dataSet: DataSetID) throws -> LedgerFeed {
        let since = start(from: now)
        return LedgerFeed(
            dataSet: program.dataSets[dataSet.index].name, startedAt: now,
            highRow: try base.store.lastRow(of: dataSet, program), judgedAt: since,
            beforeStart: member != nil ? 0 : try base.eventCount(of: dataSet, upTo: since))
    }

    private func start(of feed: LedgerFeed) -> Int64 { start(from: feed.startedAt) }

    private func start(from instant: Int64) -> Int64 {
        strategy.lookBack?.shift(instant: instant, times: -1, in: base.moment.zone) ?? instant
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
    private struct Candidate {
        let member: Int
        let key: Int64
        let at: Int64
        /// `at` as stored: days for events dated by day.
        let day: Int64
        let label: String
        let rows: [EventRecord]
        var overflows = false
    }

    private func instant(of at: Int64, _ dataSet: DataSetID) -> Int64 {
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
            let isLate = isTooLate(candidate, isDated: declared.isDated, start: start)
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

    /// Not after the start, or older than `fresh for`; by local days where events have no hour.
    private func isTooLate(_ candidate: Candidate, isDated: Bool, start: Int64) -> Bool {
        let moment = base.moment
        if isDated {
            let oldest = strategy.freshFor.shift(day: moment.today, times: -1)
            return candidate.day < Int64(moment.zone.day(of: start)) || candidate.day < oldest
        }
        let oldest = strategy.freshFor.shift(instant: now, times: -1, in: moment.zone)
        return candidate.at <= start || candidate.at < oldest
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

extension EventOccurrences {
    /// The rows of each member with one value of a field, as one occurrence: `amount` and
    /// `quantity` are sums over all its rows that have come, `at` is the last row's. A row without
    /// a value is an occurrence of its own.
    private func baskets(
        _ events: [StoredEvent], by field: Int, in dataSet: DataSetID
    ) throws -> [Candidate] {
        var done: Set<BasketKey> = []
        return try events.compactMap { event in
            guard case let value = event.values[field], !value.isMissing else {
                return basket([EventRecord(row: event.row, values: event.values)], event, dataSet)
            }
            guard done.insert(BasketKey(member: event.member, value: value)).inserted else {
                return nil
            }
            let rows = try base.record(of: event.member).events[dataSet.index] ?? []
            return basket(rows.filter { $0.values[field] == value }, event, dataSet, value)
        }
    }

    private struct BasketKey: Hashable {
        let member: Int
        let value: Value
    }

    private func basket(
        _ rows: [EventRecord], _ event: StoredEvent, _ dataSet: DataSetID, _ value: Value = .missing
    ) -> Candidate {
        let declared = program.dataSets[dataSet.index]
        let clock = declared.isDated ? Int64(base.moment.today) : now
        let at = { (row: EventRecord) in declared.at.flatMap { row.values[$0].raw } ?? event.at }
        let come = rows.filter { at($0) <= clock }
        var summed = come
        var overflows = false
        for name in ["amount", "quantity"] {
            guard let index = declared.field(named: name) else { continue }
            guard let total = Self.sum(come, index, declared.fields[index].type) else {
                overflows = true
                continue
            }
            summed = summed.map { row in
                var values = row.values
                values[index] = total
                return EventRecord(row: row.row, values: values)
            }
        }
        let last = come.map(at).max() ?? event.at
        // The first of all rows, come or not, so that the key stays when others come later.
        let key = rows.map(\.row).min() ?? event.row
        var label = event.key
        if case .text(let text) = value { label = text }
        return Candidate(
            member: event.member, key: key, at: instant(of: last, dataSet), day: last,
            label: label, rows: summed, overflows: overflows)
    }

    /// The sum of the known values; nil on overflow.
    private static func sum(_ rows: [EventRecord], _ field: Int, _ type: ValueType) -> Value? {
        var total: Int64 = 0
        for row in rows {
            guard let count = row.values[field].raw else { continue }
            let (sum, overflow) = total.addingReportingOverflow(count)
            if overflow { return nil }
            total = sum
        }
        return Value(raw: total, as: type)
    }
}
