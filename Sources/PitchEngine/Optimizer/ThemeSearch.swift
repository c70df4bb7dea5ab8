import PitchOptimizer
import PitchProgram
import PitchStore

/// Generates templates of a theme, tries them, and betters them until the goal's completion
/// condition holds or no better one exists.
struct ThemeSearch {
    let basis: ThemeBasis
    let goal: Goal
    let base: CustomerBase
    let ledger: Ledger

    private var theme: Theme { basis.theme }

    /// How many templates are ranked, and how many others of the frontier are kept beside them.
    static let ranked = 10
    static let frontier = 20

    /// A template that is worth a number.
    struct Found {
        let template: Template
        /// From 1; 0: only on the frontier.
        let place: Int
        let isFrontier: Bool
        let score: Double?
        let trial: Trial
    }

    func run(isOver: (_ tried: Int) -> Bool) throws -> (result: SearchResult, found: [Found]) {
        var limits = SearchLimits()
        limits.exhaustive = Double(theme.tries)
        limits.starts = min(limits.starts, theme.tries)
        limits.ranked = Self.ranked
        let result = try search(
            candidates, theme: ThemeWords(theme.words), for: templateGoal(), on: basis.audience,
            with: basis.model, stock: stock(),
            // An occurrence gives a member one of them.
            items: basis.audience.members, limits: limits, isOver: isOver)
        return (result, try tried(result))
    }

    private func tried(_ result: SearchResult) throws -> [Found] {
        let frontier = Set(result.frontier.map(\.template))
        let ranked = result.ranked.enumerated().map { place, ranked in
            (ranked.template, place + 1, frontier.contains(ranked.template), ranked.score)
        }
        let known = Set(ranked.map(\.0))
        // Evenly along the frontier: a plot needs its shape, not every point.
        let others = result.frontier.filter {
            !known.contains($0.template) && !$0.template.items.isEmpty
        }
        let step = max(1, (others.count + Self.frontier - 1) / Self.frontier)
        let kept = stride(from: 0, to: others.count, by: step).map { place in
            (others[place].template, 0, true, others[place].score)
        }
        let all = ranked.filter { !$0.0.items.isEmpty } + kept
        return try all.map { template, place, best, score in
            Found(
                template: template, place: place, isFrontier: best, score: score,
                trial: try trial(template, on: basis.audience, with: basis.model))
        }
    }

    /// Every coupon and bundle in several quantities.
    private var candidates: [Candidate] {
        let range = theme.quantity ?? 0...basis.audience.members
        return theme.candidates.map {
            Candidate([base.program.copies(of: $0)], quantities: range, steps: theme.steps)
        }
    }

    /// What is left of each coupon that has a stock.
    private func stock() throws -> [String: Int] {
        let issued = try ledger.issuedCoupons()
        let coupons = theme.candidates.flatMap { base.program.items(of: $0) }
            .map { base.program.coupons[$0.coupon] }
        return Dictionary(
            coupons.compactMap { coupon in
                coupon.stock.map {
                    (coupon.name, Int(clamping: max(0, $0 - issued[coupon.name, default: 0])))
                }
            }) { first, _ in first }
    }

    /// - Throws: `usage` for a goal that templates do not have.
    private func templateGoal() throws -> TemplateGoal {
        var cap = Int64.max
        var floor: Double?
        for limit in goal.limits {
            switch (limit.measure, limit.segment) {
            case (.cost(let minor), nil): cap = min(cap, minor)
            case (.conversion(let share), nil):
                let members = share.members(of: basis.audience.members)
                floor = max(floor ?? 0, members / Double(basis.audience.members))
            default:
                throw WorkspaceError(
                    .usage,
                    "a template is limited by its cost or its conversion, and not by "
                        + "'\(limit.text)'")
            }
        }
        switch (goal.objective, goal.score) {
        case (.conversion, _) where floor == nil: return .mostConversion(costAtMost: cap)
        case (.cost, _) where cap == .max && floor != nil:
            return .leastCost(conversionAtLeast: min(1, floor ?? 0))
        case (.score, let score?) where floor == nil && cap == .max:
            let target = score.conversion.members(of: basis.audience.members)
            return .bestScore(
                TemplateGoal.Score(
                    costMinor: score.costMinor,
                    conversion: min(1, target / Double(basis.audience.members)),
                    costWeight: Double(score.costWeight) / 1e6,
                    atLeast: Double(score.atLeast) / 1e6))
        default:
            throw WorkspaceError(
                .usage,
                "goal '\(goal.name)' is none for templates: they have the most conversion below a "
                    + "cost, the least cost above a conversion, or the best score")
        }
    }
}
