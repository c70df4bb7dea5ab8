/// Rules compiled for all members, which may be evaluated again and again.
package final class PreparedRules {
    private let plan: Plan
    private let runs: [PlanRun]
    private let everybody: Bitmap
    private let nobody: Bitmap
    private let isCancelled: () -> Bool

    /// - Parameters:
    ///   - runs: one a thread.
    ///   - everybody: a bit for every member, all set; `nobody` has none set.
    init(
        _ plan: Plan, _ runs: [PlanRun], everybody: Bitmap, nobody: Bitmap,
        isCancelled: @escaping () -> Bool
    ) {
        self.plan = plan
        self.runs = runs
        self.everybody = everybody
        self.nobody = nobody
        self.isCancelled = isCancelled
    }

    /// How many numbers were not looked at because the zones of their columns told enough.
    package var rowsSkipped: Int { runs.reduce(0) { $0 + $1.rowsSkipped } }

    /// Whom every rule selects. After the first round nothing is allocated for a batch.
    /// - Parameters:
    ///   - rounds: how often everything is evaluated.
    ///   - after: called after each round.
    package func select(rounds: Int = 1, after: (Int) -> Void = { _ in }) throws -> [Selection] {
        var results = RuleResults(plan.rules, count: everybody.count)
        try results.withMasks { masks in
            let morsels = Morsels(
                plan, runs, masks, count: everybody.count, isCancelled: isCancelled)
            for round in 0..<rounds {
                try morsels.evaluate()
                after(round)
            }
        }
        return results.selections(all: everybody, none: nobody)
    }
}
