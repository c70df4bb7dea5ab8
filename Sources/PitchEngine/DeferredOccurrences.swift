import PitchEvaluator
import PitchProgram
import PitchSchema
import PitchStore

/// Occurrences that waited for the end of their quiet hours, as occasions to be judged again. How
/// old they are is not asked again: the strategy itself let them wait.
struct DeferredOccurrences {
    let strategy: Strategy
    let base: CustomerBase
    /// Only this member's; nil: everyone's.
    let member: Int?

    func find(_ ended: [DeferredOutcome]) throws -> [Occasion] {
        try ended.compactMap { deferred in
            let known = try base.store.member(deferred.outcome.member, base.program)
            guard let number = known?.number, member == nil || number == member else { return nil }
            return try occasion(deferred, member: number)
        }
    }

    private func occasion(_ deferred: DeferredOutcome, member: Int) throws -> Occasion {
        let (outcome, cause) = (deferred.outcome, deferred.cause)
        var occasion = Occasion(
            member: member, feed: outcome.feed, key: outcome.occurrence, at: outcome.at,
            trigger: outcome.trigger, alsoMatched: outcome.alsoMatched,
            settled: base.isPresent(member) ? nil : .tooLate, rows: [], dataSet: nil,
            label: cause.label, wasDeferred: true, isDay: cause.isDay)
        occasion.holiday = try holiday(outcome)
        guard let name = cause.dataSet else { return occasion }
        let number = base.program.dataSets.firstIndex { $0.name == name }
        guard let id = number.map(DataSetID.init) else {
            // The script no longer declares its data.
            occasion.settled = .tooLate
            return occasion
        }
        let rows = try cause.rows.compactMap { row in
            try base.store.event(row: row, in: id, base.program)
                .map { EventRecord(row: $0.row, values: $0.values) }
        }
        occasion.dataSet = id
        occasion.rows = isBasket(outcome.trigger)
            ? EventOccurrences.summed(rows, in: base.program.dataSets[id.index]).rows : rows
        return occasion
    }

    /// What the day of a table is called now.
    private func holiday(_ outcome: LedgerOutcome) throws -> String? {
        guard strategy.triggers.indices.contains(outcome.trigger),
            case .date(let pattern) = strategy.triggers[outcome.trigger].source,
            case .table(let table, let date, let name) = pattern.days
        else { return nil }
        let days = try base.holidays(in: table, date: date, name: name)
        return days[Int32(clamping: outcome.occurrence)] ?? nil
    }

    private func isBasket(_ line: Int) -> Bool {
        guard strategy.triggers.indices.contains(line),
            case .event(_, per: .some) = strategy.triggers[line].source
        else { return false }
        return true
    }
}
