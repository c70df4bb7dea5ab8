/// Allocates at most one offer to every member: the multiple-choice knapsack problem.
///
/// The linear relaxation is solved exactly in one streaming pass around a sampled multiplier, its
/// break filled greedily, and what remains of the gap closed by an exact core (Pisinger 1995). The
/// result depends on the table alone, not on threads or timing.
package struct Allocator: Sendable {
    /// What is allocated.
    package let table: OfferTable
    /// How many threads a pass may use.
    package let threads: Int
    /// After how many states the exact search ends and reports the gap that is left; 0 for the
    /// greedy choice alone.
    package let workLimit: Int
    /// Whether members with equal rows are treated as one class in the exact search.
    let mergesEqual: Bool

    /// An allocator whose exact search ends after `workLimit` states.
    package init(_ table: OfferTable, threads: Int = 2, workLimit: Int = 4_000_000) {
        self.init(table, threads: threads, workLimit: workLimit, mergesEqual: true)
    }

    init(_ table: OfferTable, threads: Int, workLimit: Int, mergesEqual: Bool) {
        precondition(threads > 0, "a pass needs a thread")
        (self.table, self.threads) = (table, threads)
        (self.workLimit, self.mergesEqual) = (workLimit, mergesEqual)
    }

    /// The choice of greatest value whose cost is at most a budget in minor units.
    /// - Throws: `negativeBudget`.
    package func maximizeValue(budgetMinor: Int64) throws(OptimizerError) -> Allocation {
        guard budgetMinor >= 0 else { throw .negativeBudget(budgetMinor) }
        return table.withColumns { solve(.budget(budgetMinor), $0) }
    }

    /// The choice of least cost whose value is at least a floor.
    /// - Throws: `parameterOutOfRange` for a floor that is not finite, `floorIsOutOfReach`.
    package func minimizeCost(valueFloor: Double) throws(OptimizerError) -> Allocation {
        guard valueFloor.isFinite else { throw .parameterOutOfRange }
        let allocation = table.withColumns { solve(.floor(valueFloor), $0) }
        let rounding = 1e-12 * max(abs(valueFloor), abs(allocation.value))
        guard allocation.value >= valueFloor - rounding else {
            throw .floorIsOutOfReach(greatest: allocation.value)
        }
        return allocation
    }

    private func solve(_ goal: Goal, _ columns: OfferColumns) -> Allocation {
        var choices = [Int16](repeating: -1, count: table.members)
        let frontier = Frontier.around(goal, table, columns, threads: threads, into: &choices)
        let selection = Selection(frontier, goal, &choices)
        let totals = Totals.of(choices, columns, threads: threads)
        guard let multiplier = selection.multiplier else {
            return unlimited(goal, choices, totals)
        }
        let margin = Margin(goal, multiplier, at: totals)
        var incumbent =
            switch goal {
            case .budget: Incumbent.filled(selection.rest, margin)
            case .floor: Incumbent.swapped(selection, margin)
            }
        let isOptimal = improve(&incumbent, columns, choices, margin)
        for edit in incumbent.edits { choices[Int(edit.member)] = edit.offer }
        return Allocation(
            choices: choices, totals: Totals.of(choices, columns, threads: threads),
            bound: margin.bound(totals), isOptimal: isOptimal, multiplier: multiplier,
            isFloor: goal.isFloor)
    }

    /// The whole frontier is within the budget, or its foot above the floor.
    private func unlimited(_ goal: Goal, _ choices: [Int16], _ totals: Totals) -> Allocation {
        Allocation(
            choices: choices, totals: totals,
            bound: goal.isFloor ? Double(totals.cost) : totals.value, isOptimal: true,
            multiplier: goal.isFloor ? .infinity : 0, isFloor: goal.isFloor)
    }

    /// Searches the members of least regret first: what they find mostly proves that no other
    /// member matters. If not, all members of a regret below the gap that is left are searched.
    /// - Returns: whether the incumbent is proven optimal.
    private func improve(
        _ incumbent: inout Incumbent, _ columns: OfferColumns, _ choices: [Int16],
        _ margin: Margin
    ) -> Bool {
        if incumbent.gap <= margin.tolerance { return true }
        if workLimit == 0 { return false }
        let found = columns.coreMembers(
            at: margin.multiplier, gap: incumbent.gap, threads: threads)
        for limit in [Self.firstCore] + Array(repeating: Int.max, count: Self.fullCores) {
            let before = incumbent.gap
            let (kept, excluded) = Self.least(found, limit, below: incumbent.gap)
            let core = Core(
                kept, excludedRegret: excluded, columns, choices, margin, gap: incumbent.gap,
                mergesEqual: mergesEqual)
            var search = CoreSearch(core, margin, gap: incumbent.gap, workLimit: workLimit)
            let outcome = search.run()
            if let better = outcome.incumbent { incumbent = better }
            // A smaller gap leaves less to search, also where the limit ended this search.
            let isOver = !outcome.isComplete && incumbent.gap > 0.9 * before
            if outcome.isOptimal || isOver { return outcome.isOptimal }
        }
        return false
    }

    private static let firstCore = 2048
    private static let fullCores = 3

    /// The members of least regret: about a number of them, all of one regret together.
    /// - Returns: these, and the least regret of those below the gap that were left out.
    private static func least(
        _ found: [CoreMember], _ limit: Int, below gap: Double
    ) -> (kept: [CoreMember], excluded: Double) {
        let regrets = found.lazy.map(\.regret).filter { $0 < gap }.sorted()
        guard regrets.count > limit else { return (found.filter { $0.regret < gap }, .infinity) }
        let kept = found.filter { $0.regret <= regrets[limit] }
        return (kept, regrets.first { $0 > regrets[limit] } ?? .infinity)
    }
}
