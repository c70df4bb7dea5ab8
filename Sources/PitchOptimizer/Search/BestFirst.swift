/// Extends the start of a template with the highest bound first, and stops when none can reach
/// the ranking any more (Hart, Nilsson & Raphael, 1968; Land & Doig, 1960), or at its limit, where
/// the best template is improved by exchange.
struct BestFirst {
    private struct Start {
        let parent: Int
        /// The place of the last candidate's level.
        let level: Int
        /// How many candidates are decided.
        let depth: Int
        let sum: SearchSpace.Partial
        /// The bound's, of the levels decided.
        let score: Double
        let bound: Double
    }

    private let space: SearchSpace
    private let goal: TemplateGoal
    private let bound: LinearBound
    private let limits: SearchLimits
    private let reachable: Reachable
    /// Levels that complete a start: the cheapest, those that reach most, and those that the
    /// bound counts on.
    private let completions: [[Int]]
    private var starts: [Start] = []
    /// Places of starts, a heap by bound.
    private var open: [Int] = []
    private var found: Found
    private var extended = 0

    init(_ space: SearchSpace, _ goal: TemplateGoal, _ limits: SearchLimits) {
        let bound = LinearBound(goal, space)
        (self.space, self.goal, self.bound, self.limits) = (space, goal, bound, limits)
        reachable = Reachable(space, goal)
        completions = [
            space.levels.map { _ in 0 }, space.levels.map { Self.highest($0.map(\.reach)) },
            bound.scores.map(Self.highest),
        ]
        found = Found(ranking: Ranking(keeping: limits.ranked))
    }

    private static func highest(_ values: [Double]) -> Int {
        values.indices.max { values[$0] < values[$1] } ?? 0
    }

    mutating func run(until end: (Int) -> Bool) throws(OptimizerError) -> Found {
        starts = [
            Start(
                parent: -1, level: 0, depth: 0, sum: SearchSpace.Partial(), score: 0,
                bound: bound.value(0, from: 0))
        ]
        open = [0]
        while let place = open.first {
            if starts[place].bound < found.ranking.leastValue { break }
            extended += 1
            let isAsked = extended.isMultiple(of: 256)
            if starts.count >= limits.starts || isAsked && end(found.evaluated) {
                found.leftOut = starts[place].bound
                var exchange = Exchange(space: space, goal: goal, left: limits.starts)
                try exchange.improve(&found)
                break
            }
            removeFirst()
            try extend(place)
        }
        return found
    }

    private mutating func extend(_ place: Int) throws(OptimizerError) {
        let start = starts[place]
        let path = path(to: place)
        for completion in completions {
            let whole = path + completion[start.depth...]
            if !space.allows(path: whole) { continue }
            found.add(try space.outcome(whole), whole, goal)
        }
        if start.depth == space.levels.count { return }
        for (level, added) in space.levels[start.depth].enumerated() {
            var sum = start.sum
            sum.add(added)
            let score = start.score + bound.scores[start.depth][level]
            let most = bound.value(score, from: start.depth + 1)
            let isLost = most < found.ranking.leastValue
                || !reachable.allows(sum, from: start.depth + 1)
                || !space.allows(sum)
            if isLost { continue }
            starts.append(
                Start(
                    parent: place, level: level, depth: start.depth + 1, sum: sum, score: score,
                    bound: most))
            insert(starts.count - 1)
        }
    }

    private func path(to place: Int) -> [Int] {
        var (levels, next): ([Int], Int) = ([], place)
        while starts[next].parent >= 0 {
            levels.append(starts[next].level)
            next = starts[next].parent
        }
        return levels.reversed()
    }
}

/// Whether the cap or the floor can still be kept.
private struct Reachable {
    private let mostCost: Double
    private let leastReach: Double
    private let cheapest: [Double]
    private let farthest: [Double]

    init(_ space: SearchSpace, _ goal: TemplateGoal) {
        cheapest = space.sumsFromEnd { $0.first?.costMinor ?? 0 }
        farthest = space.sumsFromEnd { $0.map(\.reach).max() ?? 0 }
        var (mostCost, leastReach) = (Double.infinity, -Double.infinity)
        // Room for the rounding of costs and of sums.
        if case .mostConversion(let cap) = goal { mostCost = (Double(cap) + 0.5) * (1 + 1e-12) }
        if case .leastCost(let floor) = goal { leastReach = floor - 1e-9 }
        (self.mostCost, self.leastReach) = (mostCost, leastReach)
    }

    func allows(_ start: SearchSpace.Partial, from candidate: Int) -> Bool {
        start.costMinor + cheapest[candidate] <= mostCost
            && start.reach + farthest[candidate] >= leastReach
    }
}

// MARK: - The heap (Williams, 1964)

extension BestFirst {
    /// The higher bound first; then the one nearer to its end; then the earlier.
    private func precedes(_ one: Int, _ other: Int) -> Bool {
        if starts[one].bound != starts[other].bound {
            return starts[one].bound > starts[other].bound
        }
        if starts[one].depth != starts[other].depth {
            return starts[one].depth > starts[other].depth
        }
        return one < other
    }

    private mutating func insert(_ start: Int) {
        open.append(start)
        var place = open.count - 1
        while place > 0, precedes(open[place], open[(place - 1) / 2]) {
            open.swapAt(place, (place - 1) / 2)
            place = (place - 1) / 2
        }
    }

    private mutating func removeFirst() {
        open.swapAt(0, open.count - 1)
        open.removeLast()
        var place = 0
        while true {
            var first = place
            for child in [2 * place + 1, 2 * place + 2] where child < open.count {
                if precedes(open[child], open[first]) { first = child }
            }
            if first == place { return }
            open.swapAt(place, first)
            place = first
        }
    }
}
