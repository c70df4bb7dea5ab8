import PitchProgram
import PitchSchema
import PitchStore

/// When the next cycle is to begin.
extension Workspace {
    /// The first instants after others at which a strategy becomes due, by the ledger as it is now:
    /// what another run judged meanwhile is not due again.
    /// - Returns: of an instant the next slot's beginning; nil when every plan has ended.
    package func slots() throws(WorkspaceError) -> (Int64) -> Int64? {
        let program = try executableProgram()
        let zone = try moment().zone
        let last = try attempt { try self.lastJudgements(of: program) }
        return { instant in
            program.plans.flatMap { plan in
                plan.strategies.compactMap { strategy in
                    DueSlots.next(
                        strategy, of: plan, last: last["\(plan.name).\(strategy.name)"],
                        after: instant, zone)
                }
            }.min()
        }
    }

    /// By `plan.strategy`.
    private func lastJudgements(of program: Program) throws -> [String: Int64] {
        let store: Store
        do {
            store = try openStore()
        } catch let error as StoreError where [.missing, .outdated].contains(error.kind) {
            return [:]
        }
        let ledger = Ledger(store)
        let entries = program.plans.flatMap { plan in
            plan.strategies.map { Cycle.Entry(plan: plan, strategy: $0) }
        }
        return try entries.reduce(into: [:]) { known, entry in
            known[entry.name] = try ledger.strategy(named: entry.name)?.judgedAt
        }
    }
}
