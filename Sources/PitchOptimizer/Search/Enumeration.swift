/// Looks at every template; under a cap, at those only whose start does not cost more already.
struct Enumeration {
    private let space: SearchSpace
    private let goal: TemplateGoal
    /// Nothing that costs more is looked at. A cost is rounded, so half a unit more may be kept.
    private let mostCost: Double
    /// Of the candidates from each place on, what they cost at least.
    private let leastRest: [Double]
    private var path: [Int]
    private var found: Found
    private let bound: Double
    private var visits = 0
    private var isOver = false

    init(_ space: SearchSpace, _ goal: TemplateGoal, keeping count: Int) {
        (self.space, self.goal) = (space, goal)
        if case .mostConversion(let cap) = goal {
            mostCost = (Double(cap) + 0.5) * (1 + 1e-12)
        } else {
            mostCost = .infinity
        }
        leastRest = space.sumsFromEnd { $0.first?.costMinor ?? 0 }
        bound = LinearBound(goal, space).value(0, from: 0)
        path = Array(repeating: 0, count: space.levels.count)
        found = Found(ranking: Ranking(keeping: count))
    }

    mutating func run(until end: (Int) -> Bool) throws(OptimizerError) -> Found {
        try visit(0, SearchSpace.Partial(), end)
        if isOver { found.leftOut = bound }
        return found
    }

    private mutating func visit(
        _ candidate: Int, _ start: SearchSpace.Partial, _ end: (Int) -> Bool
    ) throws(OptimizerError) {
        if candidate == path.count {
            visits += 1
            if visits.isMultiple(of: 4096) { isOver = end(visits) }
            found.add(try space.outcome(path, start), path, goal)
            return
        }
        for (place, level) in space.levels[candidate].enumerated() {
            var next = start
            next.add(level)
            // Levels rise in cost, so all that follow cost more, too.
            if next.costMinor + leastRest[candidate + 1] > mostCost { break }
            if isOver { return }
            if !space.allows(next) { continue }
            path[candidate] = place
            try visit(candidate + 1, next, end)
        }
    }
}
