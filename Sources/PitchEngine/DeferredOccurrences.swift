import PitchEvaluator
import PitchProgram
import PitchSchema
import PitchStore

/// Occurrences that waited for the end of their quiet hours, as occasions to be judged again. How
/// old they are is not asked again: the strategy itself let them wait.
struct DeferredOccurrences {
    let strategy: Strategy
    let base: CustomerBase
    let ledger: Ledger
    /// Only this member's; nil: everyone's.
    let member: Int?

    /// - Parameter settled: what all come to that are not judged again.
    func find(
        _ ended: [DeferredOutcome], settled: OutcomeReason? = nil
    ) throws -> [Occasion] {
        var occasions = try occasions(ended)
        guard let settled else { return occasions }
        for place in occasions.indices { occasions[place].settled = settled }
        return occasions
    }

    private func occasions(_ ended: [DeferredOutcome]) throws -> [Occasion] {
        try ended.compactMap { deferred in
            let known = try base.member(deferred.outcome.member)
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
        guard let name = cause.dataSet else {
            if ExpiryOccurrences.isFeed(outcome.feed) { try recall(outcome, into: &occasion) }
            return occasion
        }
        let number = base.program.dataSets.firstIndex { $0.name == name }
        guard let id = number.map(DataSetID.init) else {
            // The script no longer declares its data.
            occasion.settled = .tooLate
            return occasion
        }
        let rows = try base.events(cause.rows, in: id)
            .map { EventRecord(row: $0.row, values: $0.values) }
        occasion.dataSet = id
        occasion.rows = outcome.feed.hasPrefix(name + " per ")
            ? EventOccurrences.summed(rows, in: base.program.dataSets[id.index]).rows : rows
        return occasion
    }

    /// What the day of a table is called now.
    private func holiday(_ outcome: LedgerOutcome) throws -> String? {
        let trigger = strategy.triggers.first { $0.line == outcome.trigger }
        guard case .date(let pattern)? = trigger?.source,
            case .table(let table, let date, let name) = pattern.days
        else { return nil }
        let days = try base.holidays(in: table, date: date, name: name)
        return days[Int32(clamping: outcome.occurrence)] ?? nil
    }

    /// A coupon that runs out, unless it was used meanwhile.
    private func recall(_ coupon: LedgerOutcome, into occasion: inout Occasion) throws {
        let known = try ledger.coupon(coupon.occurrence, of: coupon.member)
        guard let known, known.isOpen else {
            occasion.settled = .tooLate
            return
        }
        occasion.facts = ExpiryOccurrences.facts(
            of: known.name, at: coupon.at, lastDay: known.lastDay)
    }
}
