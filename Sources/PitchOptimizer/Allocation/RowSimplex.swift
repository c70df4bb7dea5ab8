/// The dual simplex method on the linear relaxation of a program: how many members of every class
/// get which option. One option of every class, its key, is basic by itself, so that the basis is
/// as large as the number of rows (Dantzig and Van Slyke, Generalized Upper Bounding Techniques,
/// 1967).
///
/// Whatever rounding does to the basis, its multipliers prove a bound.
struct RowSimplex {
    let program: RowProgram
    let count: Int
    /// The range of every option, and whether one that is not basic is at the high end.
    private(set) var low: [Double]
    private(set) var high: [Double]
    private(set) var isHigh: [Bool]
    /// The key of every class, what all options that are not basic leave to it and the basic ones,
    /// and how many of these there are.
    private(set) var keys: [Int]
    private(set) var rests: [Double]
    private var basics: [Int]
    private var isBasic: [Bool]
    /// Whether every option of a class may have all of its members.
    private var isWhole: [Bool]
    /// What options that are not basic leave of every limit, the rests being given to the keys.
    private var left: [Double]
    /// Basic variables, by the numbers of `RowVariables.swift`.
    private var variables: [Int]
    private var basis: WorkingBasis
    private var amounts: [Double] = []
    private(set) var multipliers: [Double]
    /// What no choice in the ranges can pass.
    private(set) var bound = Double.infinity
    /// The classes with a choice left, how many options they have, and what all others leave of
    /// the limits and add to the objective.
    private(set) var open: [Int]
    private var openOptions: Int
    private(set) var openLimits: [Double]
    private var closedValue: Double
    private var work = 0

    static let zero = 1e-9
    /// After so many steps that change nothing, classes are passed one by one, lest they go back
    /// and forth.
    private static let stallLimit = 10

    init(_ program: RowProgram) {
        self.program = program
        count = program.limits.count
        let options = program.offers.count
        low = Array(repeating: 0, count: options)
        high = (0..<options).map { program.sizes[program.classOf[$0]] }
        isHigh = Array(repeating: false, count: options)
        isBasic = isHigh
        (multipliers, rests) = (program.multipliers, program.sizes)
        basics = Array(repeating: 0, count: rests.count)
        isWhole = Array(repeating: true, count: rests.count)
        (left, openLimits, closedValue) = (program.limits, program.limits, program.fixedValue)
        (open, openOptions) = (Array(rests.indices), options)
        variables = multipliers.indices.map { [count] row in
            options + (program.multipliers[row] > 0 ? 2 * count + row : row)
        }
        basis = WorkingBasis(count: count)
        keys = []
        keys = rests.indices.map { kept in
            program.options(of: kept).max { (priced($0), -$0) < (priced($1), -$1) } ?? 0
        }
        for kept in rests.indices { use(keys[kept], -rests[kept]) }
    }

    private mutating func use(_ option: Int, _ times: Double) {
        for use in program.uses(of: option) { left[use.row] += times * use.amount }
    }

    private func priced(_ option: Int) -> Double {
        program.uses(of: option).reduce(program.values[option]) {
            $0 - multipliers[$1.row] * $1.amount
        }
    }

    // MARK: - Ranges

    /// Lets an option have at least so many members.
    mutating func raise(_ option: Int, to least: Double) { limit(option, least, high[option]) }

    /// Lets an option have at most so many members.
    mutating func lower(_ option: Int, to most: Double) { limit(option, low[option], most) }

    private mutating func limit(_ option: Int, _ least: Double, _ most: Double) {
        let isFree = isBasic[option] || keys[program.classOf[option]] == option
        if !isFree { give(option, -held(option)) }
        (low[option], high[option]) = (least, most)
        isWhole[program.classOf[option]] = false
        if !isFree { give(option, held(option)) }
    }

    /// How many members an option that is not basic has.
    private func held(_ option: Int) -> Double { isHigh[option] ? high[option] : low[option] }

    /// Gives members to an option that is not basic, in place of the key.
    private mutating func give(_ option: Int, _ times: Double) {
        if times == 0 { return }
        let kept = program.classOf[option]
        use(option, -times)
        use(keys[kept], times)
        rests[kept] -= times
    }

    /// Keeps options to what can be part of a choice above an objective.
    mutating func tighten(above least: Double) {
        for kept in open {
            let best = priced(keys[kept])
            for option in program.options(of: kept)
            where option != keys[kept] && !isHigh[option] && !isBasic[option] {
                let loss = best - priced(option)
                let most = low[option] + ((bound - least) / loss).rounded(.down)
                if loss > 0, most < high[option] {
                    (high[option], isWhole[kept]) = (most, false)
                }
            }
        }
        closeClasses()
    }

    /// Takes classes without a choice left out of the steps to come.
    private mutating func closeClasses() {
        var kept: [Int] = []
        for place in open {
            let options = program.options(of: place)
            let isClosed = options.allSatisfy { low[$0] == high[$0] || $0 == keys[place] }
            guard isClosed, basics[place] == 0, isWithin(keys[place], rests[place]) else {
                kept.append(place)
                continue
            }
            openOptions -= options.count
            for option in options {
                let times = option == keys[place] ? rests[place] : low[option]
                closedValue += times * program.values[option]
                for use in program.uses(of: option) { openLimits[use.row] -= times * use.amount }
            }
        }
        open = kept
    }

    private func isWithin(_ option: Int, _ amount: Double) -> Bool {
        low[option] - Self.zero <= amount && amount <= high[option] + Self.zero
    }

    // MARK: - Solution

    /// How many members every option has; fractions where a class is split.
    var shares: [Double] {
        var shares = isHigh.indices.map { held($0) }
        for kept in keys.indices { shares[keys[kept]] = rests[kept] }
        for (place, variable) in variables.enumerated() {
            guard let kept = classOf(variable) else { continue }
            shares[variable] = amounts[place]
            shares[keys[kept]] -= amounts[place]
        }
        return shares
    }

    /// How many options were priced since this was asked, and the work on the basis.
    mutating func takeWork() -> Int {
        defer { work = 0 }
        return work
    }

    // MARK: - Steps

    /// A basic variable that is out of its range, on which side, and how far.
    private struct Leaving {
        var place: Int
        var isBelow: Bool
        var excess: Double
    }

    /// Moves to the optimum.
    /// - Returns: whether there may be a choice above an objective; if not, that is proven.
    mutating func solve(above least: Double) -> Bool {
        var stalled = 0
        for _ in 0..<50 + 20 * count {
            for kept in open where basics[kept] == 0 {
                guard settle(kept) else { return false }
            }
            amounts = basis.amounts(of: left)
            guard let leaving = leaving() else {
                _ = entering(for: nil)
                return bound > least
            }
            let before = bound
            let entering = entering(for: leaving, passes: stalled < Self.stallLimit)
            if bound <= least { return false }
            stalled = bound < before ? 0 : stalled + 1
            guard let entering else { return !isImpossible(leaving) }
            pivot(leaving, entering)
        }
        return true
    }

    /// Finds another key for a class whose key alone is out of its range.
    /// - Returns: whether the ranges of the class leave any choice.
    private mutating func settle(_ kept: Int) -> Bool {
        while !isWithin(keys[kept], rests[kept]) {
            let key = keys[kept]
            let isBelow = rests[kept] < low[key]
            let others = program.options(of: kept).filter {
                $0 != key && low[$0] < high[$0] && isHigh[$0] == isBelow
            }
            let sign = isBelow ? -1.0 : 1
            let best = others.max { (sign * priced($0), -$0) < (sign * priced($1), -$1) }
            guard let best else { return false }
            give(best, -held(best))
            setKey(kept, best)
            isHigh[key] = !isBelow
            give(key, held(key))
        }
        return true
    }

    /// The variable that is out of its range by the most. A key changes places with a basic option
    /// of its class first.
    private mutating func leaving() -> Leaving? {
        var found: Leaving?
        var farthest = Self.zero
        func note(_ amount: Double, _ range: (low: Double, high: Double), _ place: Int) -> Bool {
            let (below, above) = (range.low - amount, amount - range.high)
            guard max(below, above) > farthest else { return false }
            farthest = max(below, above)
            found = Leaving(place: place, isBelow: below > above, excess: farthest)
            return true
        }
        var keyAmounts: [Int: (amount: Double, place: Int)] = [:]
        for (place, variable) in variables.enumerated() {
            _ = note(amounts[place], range(variable), place)
            guard let kept = classOf(variable) else { continue }
            let before = keyAmounts[kept]?.amount ?? rests[kept]
            keyAmounts[kept] = (before - amounts[place], place)
        }
        var isKey = false
        for (kept, key) in keyAmounts.sorted(by: { $0.key < $1.key })
        where note(key.amount, range(keys[kept]), key.place) { isKey = true }
        if isKey, let found { makeKey(found.place) }
        return found
    }

    /// Lets a basic option and the key of its class change places.
    private mutating func makeKey(_ place: Int) {
        let option = variables[place]
        let kept = program.classOf[option]
        basis.turn(
            place,
            others: variables.indices.filter { $0 != place && classOf(variables[$0]) == kept })
        use(keys[kept], rests[kept])
        use(option, -rests[kept])
        (isBasic[keys[kept]], isBasic[option]) = (true, false)
        isHigh[keys[kept]] = false
        (variables[place], keys[kept]) = (keys[kept], option)
    }

    /// Prices all options at the multipliers of the basis, which sets the bound, and finds the one
    /// that keeps all on their side of the keys when a variable leaves.
    private mutating func entering(for leaving: Leaving?, passes: Bool = false) -> Int? {
        multipliers = basis.multipliers(of: variables.map { value($0) })
        let sign = leaving?.isBelow == true ? -1.0 : 1
        let slopes =
            leaving.map { basis.row($0.place).map { sign * $0 } }
            ?? Array(repeating: 0, count: count)
        let charged = multipliers.indices.map { row in
            min(program.penalties?[row] ?? .infinity, max(0, multipliers[row]))
        }
        var test = RatioTest()
        bound = zip(charged, openLimits).reduce(closedValue) { $0 + $1.0 * $1.1 }
        for kept in open { bound += price(kept, charged, slopes, passes, &test) }
        work += openOptions + count * count
        guard let leaving else { return nil }
        for row in 0..<count {
            let first = program.offers.count + row
            test.add(.init(first, loss: multipliers[row], slope: slopes[row]))
            if let penalty = program.penalties?[row] {
                test.add(
                    .init(first + count, loss: penalty - multipliers[row], slope: -slopes[row]))
            }
        }
        return passed(&test, leaving.excess, charged, slopes)
    }

    /// Passes classes as long as that leaves something of what is out of range.
    /// - Returns: the variable to bring in.
    private mutating func passed(
        _ test: inout RatioTest, _ excess: Double, _ charged: [Double], _ slopes: [Double]
    ) -> Int? {
        var excess = excess
        for (kept, candidate) in test.passable() {
            if let first = test.first, first.isBefore(candidate) { break }
            let mended = rests[kept] * candidate.slope
            if mended >= excess - Self.zero { return candidate.variable }
            excess -= mended
            setKey(kept, candidate.variable)
            test.add(next(kept, charged, slopes))
        }
        return test.first?.variable
    }

    /// The first option of a class that comes before its key.
    private func next(
        _ kept: Int, _ charged: [Double], _ slopes: [Double]
    ) -> RatioTest.Candidate? {
        let (own, ownSlope) = terms(keys[kept], charged, slopes)
        var test = RatioTest()
        for option in program.options(of: kept) where option != keys[kept] {
            let (priced, slope) = terms(option, charged, slopes)
            test.add(.init(option, loss: own - priced, slope: slope - ownSlope))
        }
        return test.first
    }

    /// Gives what is left of a class to another option, which has none.
    private mutating func setKey(_ kept: Int, _ option: Int) {
        use(keys[kept], rests[kept])
        use(option, -rests[kept])
        keys[kept] = option
    }

    /// - Returns: what the class's priced values come to at most.
    private func price(
        _ kept: Int, _ charged: [Double], _ slopes: [Double], _ passes: Bool,
        _ test: inout RatioTest
    ) -> Double {
        let key = keys[kept]
        let (own, ownSlope) = terms(key, charged, slopes)
        var sum = own * program.sizes[kept]
        let isPassable = passes && isWhole[kept] && basics[kept] == 0
        var ownTest = RatioTest()
        for option in program.options(of: kept) where high[option] > 0 && option != key {
            let (priced, slope) = terms(option, charged, slopes)
            let gain = priced - own
            sum += gain * (gain > 0 ? high[option] : low[option])
            if low[option] == high[option] || isBasic[option] { continue }
            let sign = isHigh[option] ? -1.0 : 1
            let candidate = RatioTest.Candidate(
                option, loss: -sign * gain, slope: sign * (slope - ownSlope))
            if isPassable { ownTest.add(candidate) } else { test.add(candidate) }
        }
        if let first = ownTest.first { test.add(first, passing: kept) }
        // Where the key itself is out of its range, this is more than the class can come to.
        return sum
    }

    @inline(__always)
    private func terms(
        _ option: Int, _ charged: [Double], _ slopes: [Double]
    ) -> (priced: Double, slope: Double) {
        var (priced, slope) = (program.values[option], 0.0)
        for place in program.useStarts[option]..<program.useStarts[option + 1] {
            let use = program.uses[place]
            priced -= charged[use.row] * use.amount
            slope += slopes[use.row] * use.amount
        }
        return (priced, slope)
    }

    /// Whether the row of a variable that cannot get into its range proves that no choice is
    /// within the limits.
    private func isImpossible(_ leaving: Leaving) -> Bool {
        if program.penalties != nil { return false }
        let sign = leaving.isBelow ? 1.0 : -1
        let weights = basis.row(leaving.place).map { max(0, sign * $0) }
        func weight(_ option: Int) -> Double {
            program.uses(of: option).reduce(0) { $0 + weights[$1.row] * $1.amount }
        }
        var (least, size) = (0.0, 0.0)
        for kept in open {
            let own = weight(keys[kept])
            var sum = own * program.sizes[kept]
            for option in program.options(of: kept) where option != keys[kept] {
                let more = weight(option) - own
                sum += more * (more < 0 ? high[option] : low[option])
            }
            (least, size) = (least + sum, size + abs(sum))
        }
        let room = zip(weights, openLimits).reduce(0) { $0 + $1.0 * $1.1 }
        return least - room > 1e-11 * (size + abs(room))
    }

    private mutating func pivot(_ leaving: Leaving, _ entering: Int) {
        let old = variables[leaving.place]
        if let kept = classOf(old) {
            (isHigh[old], isBasic[old]) = (!leaving.isBelow, false)
            give(old, held(old))
            basics[kept] -= 1
        }
        if let kept = classOf(entering) {
            give(entering, -held(entering))
            (isHigh[entering], isBasic[entering]) = (false, true)
            basics[kept] += 1
        }
        basis.replace(leaving.place, by: column(entering))
        variables[leaving.place] = entering
    }
}
