/// The best templates of a space.
package struct SearchResult: Sendable {
    /// A template with what it is expected to cost and to bring; `trial` tells more.
    package struct Ranked: Hashable, Sendable {
        /// Without items of quantity 0.
        package let template: Template
        /// T, expected, in minor units.
        package let costMinor: Int64
        /// P, expected, as a share of the audience.
        package let conversion: Double
        /// S, when the goal is a score.
        package let score: Double?
    }

    /// Those that meet the goal, the best first: by the goal, then the cheaper, then the more
    /// converting, then by the order of candidates, costs and quantities.
    package let ranked: [Ranked]
    /// Templates of which none is both as cheap and as converting as another, by rising cost,
    /// among those looked at. When all were to be looked at and the goal caps the cost, these
    /// are all up to the cap; without a cap, all.
    package let frontier: [Ranked]
    /// How many templates there are; infinite beyond what a number holds.
    package let templates: Double
    /// How many of them were looked at.
    package let evaluated: Int
    /// Whether the first of `ranked` is proven to be the best, or the goal to be out of reach.
    package let isProven: Bool
    /// What no template betters: for the most conversion a P, for the least cost a T in minor
    /// units, for a score an S. Nil: no template keeps the cap or the floor.
    package let bound: Double?
    /// How far the best value found lies from the bound, as a share of that value; 0 when proven,
    /// nil when none was found.
    package let gap: Double?
}

/// How much work a search may do.
package struct SearchLimits: Hashable, Sendable {
    /// Up to so many templates are all looked at.
    package var exhaustive = 1_000_000.0
    /// Beyond, so many starts of templates are, and at the limit so many templates more.
    package var starts = 300_000
    /// How many templates are ranked.
    package var ranked = 10

    /// The values above.
    package init() {}
}

/// Searches the templates that candidates allow.
/// - Parameters:
///   - stock: by the name of a coupon, how many all items together may issue.
///   - items: how many items a template may have together.
///   - isOver: asked now and then, with how many templates were looked at; when it says yes, the
///     search ends with the best found.
/// - Throws: `impossibleGoal`, `emptyCandidate`, `impossibleItem`, `moneyOverflow`.
package func search(
    _ candidates: [Candidate], theme: ThemeWords = ThemeWords([]), for goal: TemplateGoal,
    on audience: Audience, with model: ResponseModel, stock: [String: Int] = [:],
    items: Int = .max, limits: SearchLimits = SearchLimits(),
    isOver: (_ evaluated: Int) -> Bool = { _ in false }
) throws(OptimizerError) -> SearchResult {
    precondition(limits.ranked > 0 && limits.starts > 0, "a search keeps and looks at something")
    try goal.check()
    let space = try SearchSpace(candidates, on: audience, with: model, stock: stock, items: items)
    let found: Found
    if space.count <= limits.exhaustive {
        var enumeration = Enumeration(space, goal, keeping: limits.ranked)
        found = try enumeration.run(until: isOver)
    } else {
        var search = BestFirst(space, goal, limits)
        found = try search.run(until: isOver)
    }
    return result(found, space, goal, theme)
}

/// What a way of searching hands back.
struct Found {
    var ranking: Ranking
    var frontier = TemplateFrontier()
    var evaluated = 0
    /// The goal's value that nothing left out can pass; nil when nothing was left out.
    var leftOut: Double?

    mutating func add(_ outcome: Outcome, _ path: [Int], _ goal: TemplateGoal) {
        evaluated += 1
        frontier.add(outcome, path)
        if let value = goal.value(outcome) { ranking.add(value, outcome, path) }
    }
}

private func result(
    _ found: Found, _ space: SearchSpace, _ goal: TemplateGoal, _ theme: ThemeWords
) -> SearchResult {
    func ranked(_ outcome: Outcome, _ path: [Int]) -> SearchResult.Ranked {
        var score: Double?
        if case .bestScore = goal { score = goal.value(outcome) }
        return SearchResult.Ranked(
            template: space.template(path, theme: theme), costMinor: outcome.costMinor,
            conversion: outcome.conversion, score: score)
    }
    let best = found.ranking.entries.first?.value
    var bound = found.leftOut.map { max($0, best ?? $0) } ?? best
    var shown = bound
    if case .leastCost = goal {
        // The value is the cost below zero, and no cost is.
        bound = bound.map { min(0, $0) }
        shown = bound.map { -$0 }
    }
    let gap = bound.flatMap { bound in
        best.map { bound == $0 ? 0 : (bound - $0) / max(abs($0), 1e-12) }
    }
    let isProven = bound == best || bound.map { !goal.accepts($0) } ?? true
    // Candidates that share a version make one template in several ways.
    var seen: Set<Template> = []
    return SearchResult(
        ranked: found.ranking.entries.filter { goal.accepts($0.value) }
            .map { ranked($0.outcome, $0.path) }.filter { seen.insert($0.template).inserted },
        frontier: found.frontier.points.map { ranked($0.outcome, $0.path) },
        templates: space.count, evaluated: found.evaluated, isProven: isProven, bound: shown,
        gap: gap)
}
