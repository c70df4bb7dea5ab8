/// Dynamic programming over the classes of a core, least regret first (Pisinger 1995): states of
/// changed cost and value, kept while no other is cheaper and as valuable and while the bound of
/// what can follow is better than the best choice found.
struct CoreSearch {
    private let core: Core
    private let margin: Margin
    private let slack: Double
    /// The least regret per unit of slack used or given back, of this class and all after it.
    private let uses: [Double]
    private let returns: [Double]
    /// The least regret of this class and all after it.
    private let least: [Double]
    private var classes: [CoreClass]
    private var moves: [CoreMove] = []
    private var counts: [CoreCount] = []
    private var states = [State(cost: 0, value: 0, trail: -1, move: -1)]
    private var trails: [Trail] = []
    private var best: State?
    private var gap: Double
    private var work = 0
    private var isComplete = true
    private let workLimit: Int

    private struct State {
        var cost: Int64
        var value: Double
        /// The trail that led here, and the move made since; −1 for none.
        var trail: Int32
        var move: Int32
    }

    private struct Trail {
        var previous: Int32
        var move: Int32
    }

    /// What a search found: a better choice if there is one, whether the limit let it see all of
    /// the core, and whether nothing outside of it can be better either.
    struct Outcome {
        var incumbent: Incumbent?
        var isComplete: Bool
        var isOptimal: Bool
    }

    /// - Parameters:
    ///   - gap: what the best choice found so far lacks of the bound.
    ///   - workLimit: after how many states the search ends without a proof.
    init(_ core: Core, _ margin: Margin, gap: Double, workLimit: Int) {
        (self.core, self.margin, self.gap, self.workLimit) = (core, margin, gap, workLimit)
        classes = core.classes
        slack = margin.slack - margin.use(cost: core.shift.cost, value: core.shift.value)
        var uses = Array(repeating: Double.infinity, count: classes.count + 1)
        var (returns, least) = (uses, uses)
        for (place, kept) in classes.enumerated().reversed() {
            (uses[place], returns[place]) = (uses[place + 1], returns[place + 1])
            least[place] = min(least[place + 1], kept.leastRegret)
            for option in core.options[kept.options] {
                let use = margin.use(cost: option.cost, value: option.value)
                if use > 0 {
                    uses[place] = min(uses[place], option.regret / use)
                } else {
                    returns[place] = min(returns[place], option.regret / -use)
                }
            }
        }
        (self.uses, self.returns, self.least) = (uses, returns, least)
    }

    /// Searches until no class left can improve, or the limit ends it.
    mutating func run() -> Outcome {
        for place in classes.indices where !states.isEmpty && work <= workLimit {
            if least[place] >= gap - margin.tolerance { break }
            makeMoves(of: place)
            expand(place)
        }
        let isOptimal = isComplete && core.excludedRegret >= gap - margin.tolerance
        return Outcome(
            incumbent: best.map(incumbent), isComplete: isComplete, isOptimal: isOptimal)
    }

    // MARK: - Moves of a class

    /// Lists what a class may do, by what it uses: every number of members for every option, of a
    /// regret below the gap in total, up to a limit.
    private mutating func makeMoves(of place: Int) {
        let kept = classes[place]
        let none = CoreMove(cost: 0, value: 0, regret: 0, use: 0, counts: 0..<0)
        var found: [(move: CoreMove, left: Int)] = [(none, kept.members.count)]
        for option in kept.options {
            for base in found {
                for times in stride(from: 1, through: base.left, by: 1) {
                    let regret = base.move.regret + Double(times) * core.options[option].regret
                    if regret >= gap - margin.tolerance { break }
                    if found.count > workLimit >> 4 {
                        isComplete = false
                        break
                    }
                    let move = move(base.move, option, times)
                    found.append((move, base.left - times))
                }
            }
        }
        let start = moves.count
        moves += found.dropFirst().map(\.move).sorted { one, other in
            one.use != other.use ? one.use < other.use : one.regret < other.regret
        }
        classes[place].moves = start..<moves.count
    }

    private mutating func move(_ base: CoreMove, _ option: Int, _ times: Int) -> CoreMove {
        let one = core.options[option]
        let cost = base.cost + Int64(times) * one.cost
        let value = base.value + Double(times) * one.value
        return CoreMove(
            cost: cost, value: value, regret: base.regret + Double(times) * one.regret,
            use: margin.use(cost: cost, value: value),
            counts: appendCounts(base.counts, option, times))
    }

    private mutating func appendCounts(
        _ base: Range<Int>, _ option: Int, _ times: Int
    ) -> Range<Int> {
        let start = counts.count
        // A slice of the array would make it copy itself to grow.
        for place in base { counts.append(counts[place]) }
        counts.append(CoreCount(option: Int32(option), members: Int32(times)))
        return start..<counts.count
    }

    // MARK: - States

    private mutating func expand(_ place: Int) {
        var next: [State] = []
        for state in states {
            keep(state, before: place + 1, in: &next)
            let reachable = reachable(classes[place].moves, from: state, before: place + 1)
            for index in reachable {
                let move = moves[index]
                keep(
                    State(
                        cost: state.cost + move.cost, value: state.value + move.value,
                        trail: state.trail, move: Int32(index)),
                    before: place + 1, in: &next)
            }
            work += reachable.count + 1
            if work > workLimit {
                isComplete = false
                break
            }
        }
        next.sort { one, other in
            one.cost != other.cost ? one.cost < other.cost : one.value > other.value
        }
        dropDominated(next)
    }

    /// The moves after which what is left, or lacking, of the slack can still be made up for at
    /// less than the gap.
    private func reachable(
        _ range: Range<Int>, from state: State, before place: Int
    ) -> Range<Int> {
        let left = slack - margin.use(cost: state.cost, value: state.value)
        let low = left - gap / min(margin.price, uses[place])
        let high = left + max(margin.rounding, gap / returns[place])
        let first = firstMove(in: range) { $0 >= low }
        return first..<firstMove(in: first..<range.upperBound) { $0 > high }
    }

    /// The first move whose use passes a test that all after it pass as well.
    private func firstMove(in range: Range<Int>, _ isPast: (Double) -> Bool) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if isPast(moves[middle].use) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Notes a state that is feasible and the best so far, and keeps it if the bound of what can
    /// follow is better still.
    @inline(__always)
    private mutating func keep(_ state: State, before place: Int, in next: inout [State]) {
        let regret = margin.multiplier * Double(state.cost) - state.value
        let left = slack - margin.use(cost: state.cost, value: state.value)
        if left >= -margin.rounding, state.move >= 0 || state.trail < 0 {
            let lacking = regret + margin.price * left
            if lacking < gap {
                (gap, best) = (lacking, state)
            }
        }
        let rate = left >= 0 ? min(margin.price, uses[place]) : returns[place]
        let bound = left == 0 ? regret : regret + abs(left) * rate
        if bound < gap - margin.tolerance { next.append(state) }
    }

    /// Keeps the states that no cheaper one equals in value, and writes their trails down.
    private mutating func dropDominated(_ sorted: [State]) {
        states.removeAll(keepingCapacity: true)
        var greatest = -Double.infinity
        for var state in sorted where state.value > greatest {
            greatest = state.value
            if state.move >= 0 {
                trails.append(Trail(previous: state.trail, move: state.move))
                (state.trail, state.move) = (Int32(trails.count - 1), -1)
            }
            states.append(state)
        }
    }

    // MARK: - The best choice

    private func incumbent(_ state: State) -> Incumbent {
        var chosen: [Int32] = state.move >= 0 ? [state.move] : []
        var trail = state.trail
        while trail >= 0 {
            chosen.append(trails[Int(trail)].move)
            trail = trails[Int(trail)].previous
        }
        var incumbent = Incumbent(gap: gap)
        var pending = chosen.reversed()[...]
        for kept in classes {
            var moved: ArraySlice<CoreCount> = []
            if let move = pending.first, kept.moves.contains(Int(move)) {
                moved = counts[moves[Int(move)].counts]
                pending.removeFirst()
            }
            incumbent.edits += core.edits(kept, moved)
        }
        return incumbent
    }
}
