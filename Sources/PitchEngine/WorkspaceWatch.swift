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
        let paces = try attempt { try self.paces(of: program) }
        return { instant in
            program.plans.flatMap { plan in
                plan.strategies.compactMap { strategy in
                    let pace = paces["\(plan.name).\(strategy.name)"] ?? Pace()
                    let end = pace.deferralEnds.first { $0 > instant }
                    let slot = DueSlots.next(
                        strategy, of: plan, last: pace.last, after: instant, zone)
                    return [slot, end].compactMap { $0 }.min()
                }
            }.min()
        }
    }

    /// What the ledger says of when a strategy is to be judged.
    struct Pace {
        var last: Int64?
        /// When what waits for the end of quiet hours is judged again.
        var deferralEnds: [Int64] = []
    }

    /// By `plan.strategy`.
    func paces(of program: Program) throws -> [String: Pace] {
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
        return try entries.reduce(into: [:]) { paces, entry in
            let known = try ledger.strategy(named: entry.name, formerly: entry.formerName)
            guard let known else { return }
            paces[entry.name] = Pace(
                last: known.judgedAt, deferralEnds: try ledger.deferralEnds(of: known.id))
        }
    }
}
