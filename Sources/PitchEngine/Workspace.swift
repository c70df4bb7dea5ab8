import Glibc
import PitchChecker
import PitchColumnar
import PitchProgram
import PitchSchema
import PitchSource
import PitchStore
import PitchSyntax

/// One script with its imports, its store and its instant: everything that commands and the prompt
/// ask for. It prints nothing, and reads no clock.
package final class Workspace {
    /// The script first, then what it imports, then what was entered at the prompt.
    package internal(set) var sources: SourceSet
    package internal(set) var diagnostics: [Diagnostic]
    /// Nil while the script has errors.
    package internal(set) var program: Program?
    /// The script's folder, which its paths are relative to.
    package let folder: String
    private let asOf: String?
    private let store: String?
    let clock: Int64
    /// Asked now and then while a question is answered; when it says yes, that ends with
    /// `cancelled`.
    package var isCancelled: () -> Bool = { false }
    /// Called before the first message is handed over: from then on `isCancelled` counts.
    package var deliveryBegins: () -> Void = {}
    /// The value of an environment variable.
    package var environment: (String) -> String? = { getenv($0).map { String(cString: $0) } }
    /// Where questions are asked again and again; nil: each is asked once.
    package var standing: StandingQuestions?
    /// The data as last read; commands at the prompt share it.
    private var base: CustomerBase?
    private var script = Script()
    private var checked: Checked?

    /// Reads and checks a script. Faults in it are `diagnostics`; only a script that cannot be read
    /// throws.
    /// - Parameters:
    ///   - path: the script; nil for a prompt without one.
    ///   - asOf: the instant as the user wrote it; nil: `clock`.
    ///   - store: in place of the script's `store`, relative to the working folder.
    ///   - clock: milliseconds since 1970, read once by the caller.
    package convenience init(
        script path: String?, asOf: String? = nil, store: String? = nil, clock: Int64
    ) throws(WorkspaceError) {
        let script = try path.map { path throws(WorkspaceError) in try Script(path: path) }
        let checked = script?.check()
        self.init(
            checked?.program, sources: checked?.sources ?? SourceSet(),
            diagnostics: (checked?.diagnostics ?? []) + (script?.faults ?? []),
            folder: path?.folder ?? "", asOf: asOf, store: store, clock: clock)
        if script?.faults.isEmpty == false { program = nil }
        // Also for what asks for no instant: a mistake in it is told at once.
        if asOf != nil, program != nil { _ = try moment() }
        self.script = script ?? Script()
        self.checked = checked
    }

    /// A workspace of a program that is checked already.
    package init(
        _ program: Program?, sources: SourceSet = SourceSet(), diagnostics: [Diagnostic] = [],
        folder: String, asOf: String? = nil, store: String? = nil, clock: Int64
    ) {
        self.program = program
        self.sources = sources
        self.diagnostics = diagnostics
        self.folder = folder
        self.asOf = asOf
        self.store = store
        self.clock = clock
    }

    /// The instant of everything that this workspace does, in the project's zone.
    package func moment() throws(WorkspaceError) -> Moment {
        let project = try checkedProgram().project
        guard let zone = ZoneRules.named(project.zone) else {
            throw WorkspaceError(.world, "this system has no time zone '\(project.zone)'")
        }
        guard let asOf else {
            return Moment(now: clock, zone: zone, weekStart: project.weekStart)
        }
        guard let now = InstantText.parse(asOf, zone: zone) else {
            throw WorkspaceError(
                .usage,
                "expected an instant such as '2026-03-01 09:30' or '2026-03-01', found '\(asOf)'")
        }
        return Moment(now: now, zone: zone, weekStart: project.weekStart)
    }

    /// What an approval is bound to.
    var fingerprint: String { script.fingerprint }

    /// Adds a `let`, `define`, `segment` or `field` entered at the prompt, which replaces one of
    /// the same name that was entered there before.
    /// - Returns: its faults; empty when it was taken. Their ranges are of `sources`.
    package func define(_ text: String) -> [Diagnostic] {
        let (extended, index) = script.adding(text)
        let result = extended.check()
        sources = result.sources
        let faults = result.diagnostics.filter { Int($0.range.file) == index }
        guard let program = result.program else {
            return faults.isEmpty ? result.diagnostics : faults
        }
        script = extended
        checked = result
        self.program = program
        diagnostics = result.diagnostics
        // What was read of the data stays: an entry declares none.
        base = base.map { CustomerBase(program, over: $0) }
        base?.runtime.isCancelled = isCancelled
        return []
    }

    /// An expression typed by the user.
    func expression(_ text: String) throws(WorkspaceError) -> Expression {
        _ = try checkedProgram()
        guard let checked else { throw WorkspaceError(.usage, "there is no script") }
        let file = SourceFile(name: "<expression>", text: text)
        let result = checkExpression(
            parseExpression(file, index: checked.sources.files.count), in: checked)
        sources = result.sources
        if let expression = result.expression { return expression }
        throw WorkspaceError(
            .script, "the expression has errors", diagnostics: result.diagnostics)
    }

    /// Every name that can be written, sorted.
    package var symbols: [Symbol] {
        guard let checked else { return [] }
        return checked.symbols.all.flatMap { Symbol.all(of: $0) }
            .sorted { ($0.name, $0.kind.rawValue) < ($1.name, $1.kind.rawValue) }
    }
}

extension Workspace {
    /// Runs a body, and turns whatever failed in it into the engine's error.
    func attempt<Result>(_ body: () throws -> Result) throws(WorkspaceError) -> Result {
        do {
            return try body()
        } catch {
            throw WorkspaceError(from: error)
        }
    }

    /// Reads from the store; once more when a run changed it meanwhile.
    func read<Result>(_ body: (CustomerBase) throws -> Result) throws(WorkspaceError) -> Result {
        try retrying { try body(self.openBase()) }
    }

    func retrying<Result>(_ body: () throws -> Result) throws(WorkspaceError) -> Result {
        try attempt {
            do {
                return try body()
            } catch let error as StoreError where error.kind == .busy {
                self.forgetData()
                return try body()
            }
        }
    }

    func checkedProgram() throws(WorkspaceError) -> Program {
        if let program { return program }
        let errors = diagnostics.filter { $0.severity == .error }
        throw WorkspaceError(
            .script, errors.isEmpty ? "there is no script" : "the script has errors",
            diagnostics: errors)
    }

    /// The program, if everything in it is executed.
    func executableProgram() throws(WorkspaceError) -> Program {
        let program = try checkedProgram()
        if !program.unexecuted.isEmpty {
            throw WorkspaceError(
                .script, "the script uses what is not executed yet",
                diagnostics: program.unexecuted.map {
                    Diagnostic(.notExecuted, "'\($0.word)' is not executed yet", at: $0.range)
                })
        }
        let unbounded = program.unboundedOffers
        if !unbounded.isEmpty {
            throw WorkspaceError(
                .script, "a plan with a budget gives a coupon without an upper bound",
                diagnostics: unbounded)
        }
        return program
    }

    /// A condition typed by the user.
    func predicate(_ text: String) throws(WorkspaceError) -> Expression {
        let expression = try expression(text)
        guard expression.type == .truth else {
            throw WorkspaceError(.usage, "expected a condition, found a value: '\(text)'")
        }
        return expression
    }

    func storePath(of program: Program) -> String {
        if let store { return store }
        let path = program.project.store
        return path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
    }

    /// The store for reading; none of its bytes change.
    func openStore() throws -> Store {
        if let base { return base.store }
        return try Store(path: storePath(of: checkedProgram()), access: .readOnly)
    }

    /// The data at this workspace's instant, for reading.
    func openBase() throws -> CustomerBase {
        if let base { return base }
        if isCancelled() { throw Cancelled() }
        let opened = try CustomerBase(checkedProgram(), at: moment(), in: openStore())
        opened.runtime.isCancelled = isCancelled
        base = opened
        return opened
    }

    /// After the store or the program changed.
    func forgetData() { base = nil }

    /// The plans of these names that are valid today; refuses when there is nothing to do.
    /// - Parameter remains: of plans that have ended.
    func plans(
        named names: [String], in program: Program, at moment: Moment,
        remains: [Cycle.Entry] = []
    ) throws(WorkspaceError) -> [Plan] {
        for name in names where !program.plans.contains(where: { $0.name == name }) {
            throw WorkspaceError(.usage, "there is no plan '\(name)'")
        }
        let asked = program.plans.filter { names.isEmpty || names.contains($0.name) }
        let valid = asked.filter { $0.firstDay <= moment.today && moment.today <= $0.lastDay }
        if valid.isEmpty, remains.isEmpty {
            let day = CivilDate(days: Int(moment.today)).text
            throw WorkspaceError(.nothingToRun, "no plan is valid on \(day)")
        }
        return valid
    }

    /// Whether one of these plans is valid today, approved or not.
    package func isAnyPlanValid(_ names: [String]) -> Bool {
        guard let program = try? checkedProgram(), let moment = try? moment() else { return false }
        return (try? plans(named: names, in: program, at: moment)) != nil
    }

    /// The valid plans, and of which strategies the decisions are asked for (nil: of all).
    func selection(
        named names: [String], in program: Program, at moment: Moment
    ) throws(WorkspaceError) -> (plans: [Plan], only: Set<String>?) {
        var asked: Set<String> = []
        for name in names {
            let matches = program.plans.flatMap { plan in
                plan.strategies.filter {
                    [plan.name, $0.name, "\(plan.name).\($0.name)"].contains(name)
                }.map { "\(plan.name).\($0.name)" }
            }
            if matches.isEmpty {
                throw WorkspaceError(.usage, "there is no plan or strategy '\(name)'")
            }
            asked.formUnion(matches)
        }
        let plans = try plans(named: [], in: program, at: moment)
        return (plans, names.isEmpty ? nil : asked)
    }
}

extension Program {
    /// Coupons that can cost any amount in plans whose budget counts the worst case.
    fileprivate var unboundedOffers: [Diagnostic] {
        plans.filter { $0.budgetMinor != nil }.flatMap { plan in
            plan.strategies.compactMap { strategy in
                let item = offers(of: strategy).flatMap { items(of: $0) }
                    .first { coupons[$0.coupon].worstCaseMinor == nil }
                guard let item else { return nil }
                let coupon = coupons[item.coupon]
                return Diagnostic(
                    .unboundedCoupon,
                    "plan '\(plan.name)' has a budget, and nothing bounds what '\(coupon.name)' costs",
                    at: strategy.range,
                    notes: [Diagnostic.Note("the coupon", at: coupon.range)])
            }
        }
    }
}
