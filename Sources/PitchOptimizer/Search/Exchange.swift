/// Improves the best template of a search that met its limit: two of its levels at a time change
/// for others as long as that helps (pairwise exchange; Croes, 1958, for routes). It proves
/// nothing; the bound does.
struct Exchange {
    let space: SearchSpace
    let goal: TemplateGoal
    /// How many templates may be looked at.
    var left: Int

    mutating func improve(_ found: inout Found) throws(OptimizerError) {
        guard let first = found.ranking.entries.first else { return }
        var best = first
        var improves = true
        while improves, left > 0 {
            improves = false
            for one in space.levels.indices {
                // A single candidate is exchanged with itself.
                for other in min(one + 1, space.levels.count - 1)..<space.levels.count {
                    let better = try exchange(one, other, of: best, &found)
                    if let better { (best, improves) = (better, true) }
                }
            }
        }
    }

    /// The best template in which two candidates may have any levels; nil when that is the one
    /// given, or nothing is left.
    private mutating func exchange(
        _ one: Int, _ other: Int, of start: Ranking.Entry, _ found: inout Found
    ) throws(OptimizerError) -> Ranking.Entry? {
        let pairs = space.levels[one].count * space.levels[other].count
        left -= pairs
        if left < 0 { return nil }
        var best = start
        var path = start.path
        for level in space.levels[one].indices {
            for otherLevel in space.levels[other].indices {
                path[one] = level
                path[other] = otherLevel
                if !space.allows(path: path) { continue }
                let outcome = try space.outcome(path)
                found.add(outcome, path, goal)
                guard let value = goal.value(outcome), value >= best.value else { continue }
                let entry = Ranking.Entry(value: value, outcome: outcome, path: path)
                if entry.precedes(best) { best = entry }
            }
        }
        return best.path == start.path ? nil : best
    }
}
