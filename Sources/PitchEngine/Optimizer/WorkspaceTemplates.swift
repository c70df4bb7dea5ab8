import PitchColumnar
import PitchOptimizer
import PitchProgram
import PitchSchema
import PitchStore

/// Themes to numbered templates, and what is picked of them.
extension Workspace {
    /// Generates and tries templates of a theme, and writes the best of them down, each under a
    /// number of its own.
    /// - Parameter progress: called now and then with how many templates were tried.
    /// - Throws: `usage` for names that are none, and a goal that templates do not have.
    package func optimize(
        theme name: String, for goal: String, progress: ((_ tried: Int) -> Void)? = nil
    ) throws(WorkspaceError) -> OptimizeReport {
        let program = try checkedProgram()
        let theme = try theme(named: name, in: program)
        guard let goal = program.goals.first(where: { $0.name == goal }) else {
            throw WorkspaceError(.usage, "there is no goal '\(goal)'")
        }
        let moment = try moment()
        return try attempt {
            try self.writing(program, at: moment) { ledger, base in
                let basis = try ThemeBasis(theme, base, ledger)
                let search = ThemeSearch(basis: basis, goal: goal, base: base, ledger: ledger)
                let start = ContinuousClock.now
                let limit = Duration.milliseconds(theme.timeLimit)
                let outcome = try search.run { tried in
                    progress?(tried)
                    return ContinuousClock.now - start > limit || self.isCancelled()
                }
                if self.isCancelled() { throw Cancelled() }
                let history = TemplateHistory(basis: basis, goal: goal, base: base, ledger: ledger)
                let numbers = try ledger.record(try history.merged(outcome.found))
                return try self.report(outcome, numbers, basis, goal, ledger)
            }
        }
    }

    private func report(
        _ outcome: (result: SearchResult, found: [ThemeSearch.Found]), _ numbers: [Int64],
        _ basis: ThemeBasis, _ goal: Goal, _ ledger: Ledger
    ) throws -> OptimizeReport {
        let records = try records(of: basis.theme.name, ledger)
        let found = numbers.compactMap { number in records.first { $0.number == number } }
        let result = outcome.result
        let members = Double(basis.audience.members)
        let cap = goal.limits.compactMap { limit -> Int64? in
            if case .cost(let minor) = limit.measure { minor } else { nil }
        }.min()
        let floor = goal.limits.compactMap { limit -> Double? in
            if case .conversion(let share) = limit.measure {
                share.members(of: basis.audience.members) / members
            } else { nil }
        }.max()
        return OptimizeReport(
            theme: basis.theme.name, goal: goal.name, audience: basis.audience.members,
            templates: result.templates, evaluated: result.evaluated,
            end: result.ranked.isEmpty ? .unreachable : result.isProven ? .proven : .open,
            bound: result.bound, gap: result.gap, objective: goal.objective.rawValue,
            found: found, imported: basis.history.importedCount, own: basis.history.ownCount,
            expectedOnly: basis.history.expected, currency: try currency(),
            costCapMinor: cap, conversionFloor: floor,
            targets: goal.score.map {
                ($0.costMinor, $0.conversion.members(of: basis.audience.members) / members)
            })
    }

    private func currency() throws -> String { try checkedProgram().project.currency.code }

    /// All numbered templates, by number.
    /// - Parameter theme: of this theme only.
    package func templates(
        of theme: String? = nil
    ) throws(WorkspaceError) -> (templates: [TemplateRecord], currency: String) {
        let program = try checkedProgram()
        if let theme { _ = try self.theme(named: theme, in: program) }
        return try retrying {
            (
                try self.records(of: theme, Ledger(try self.openStore())),
                program.project.currency.code
            )
        }
    }

    private func records(of theme: String?, _ ledger: Ledger) throws -> [TemplateRecord] {
        var picked: [String: TemplatePick] = [:]
        for pick in try ledger.picks() { picked[pick.strategy] = pick }
        let actuals = Dictionary(try ledger.templateSums().map { ($0.template, $0) }) { $1 }
        return try ledger.templates(of: theme).map { stored in
            var record = TemplateRecord(stored)
            record.pickedFor = picked.values.filter { $0.template == stored.number }
                .map(\.strategy).sorted()
            record.actual = actuals[stored.number]
            return record
        }
    }

    /// Picks a template for a strategy, or declines all.
    /// - Parameter number: nil: declines all templates of the strategy's theme.
    /// - Throws: `usage` when the strategy does not give what is picked, when there is no such
    ///   template, and when what it was tried on has changed.
    package func pick(
        _ number: Int64?, for strategy: String
    ) throws(WorkspaceError) -> TemplatePick {
        let program = try checkedProgram()
        let (name, theme) = try pickingStrategy(strategy, in: program)
        let moment = try moment()
        return try attempt {
            try self.writing(program, at: moment) { ledger, base in
                var items: [StoredItem] = []
                if let number {
                    items = try self.items(of: number, theme, ledger, base)
                }
                let pick = TemplatePick(
                    strategy: name, theme: theme.name, template: number, items: items,
                    at: moment.now)
                try ledger.record(pick)
                return pick
            }
        }
    }

    private func items(
        of number: Int64, _ theme: Theme, _ ledger: Ledger, _ base: CustomerBase
    ) throws -> [StoredItem] {
        let templates = try ledger.templates()
        guard let template = templates.first(where: { $0.number == number }) else {
            throw WorkspaceError(
                .usage,
                templates.isEmpty
                    ? "there is no template: 'pitch optimize' makes some"
                    : "there is no template \(number)")
        }
        guard template.theme == theme.name else {
            throw WorkspaceError(
                .usage,
                "template \(number) is of theme '\(template.theme)', and the strategy gives what is "
                    + "picked from '\(theme.name)'")
        }
        let basis = try ThemeBasis(theme, base, ledger)
        if let change = basis.change(since: template.trial.basis) {
            throw WorkspaceError(
                .usage,
                "\(change) changed since template \(number) was tried: optimize '\(theme.name)' again")
        }
        return template.items
    }

    private func pickingStrategy(
        _ name: String, in program: Program
    ) throws(WorkspaceError) -> (name: String, theme: Theme) {
        let known = program.plans.flatMap { plan in plan.strategies.map { (plan, $0) } }
            .filter { plan, strategy in
                [strategy.name, "\(plan.name).\(strategy.name)"].contains(name)
            }
        guard let (plan, strategy) = known.first else {
            throw WorkspaceError(.usage, "there is no strategy '\(name)'")
        }
        if known.count > 1 {
            throw WorkspaceError(
                .usage, "several plans have a strategy '\(name)': write '\(plan.name).\(name)'")
        }
        guard case .picked(let theme)? = strategy.gift else {
            throw WorkspaceError(
                .usage,
                "strategy '\(name)' gives nothing that is picked: it lacks 'give picked from …'")
        }
        return ("\(plan.name).\(strategy.name)", program.themes[theme])
    }

    func theme(named name: String, in program: Program) throws(WorkspaceError) -> Theme {
        if let theme = program.themes.first(where: { $0.name == name }) { return theme }
        throw WorkspaceError(.usage, "there is no theme '\(name)'")
    }

    /// Holds the store for what a body writes, over the data as loaded.
    private func writing<Result>(
        _ program: Program, at moment: Moment, _ body: (Ledger, CustomerBase) throws -> Result
    ) throws -> Result {
        let path = storePath(of: program)
        let lease = try RunLease(store: path)
        defer { lease.release() }
        let store = try Store(path: path, access: .readWrite)
        defer { store.close() }
        forgetData()
        let ledger = Ledger(store)
        try refuseTimeTravel(ledger, at: moment)
        return try body(ledger, CustomerBase(program, at: moment, in: store))
    }
}
