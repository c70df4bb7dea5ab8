/// Branch and bound over the options of a program: depth first, bounded by its linear relaxation.
/// Exact when it ends before its limit.
struct RowSearch {
    let program: RowProgram
    /// What must be passed by more than the tolerance.
    private var least: Double
    private let tolerance: Double
    /// Whether any choice within the limits will do.
    private let endsAtFirst: Bool
    private let workLimit: Int
    private let isLarge: Bool
    /// No deeper: numbers far from the limits change one by one, and every open node takes memory.
    private let depth: Int
    /// A repair takes as long as some nodes do.
    private var repairEvery: Int { max(4, program.offers.count / 64) }
    private var visits = 0
    private var work = 0
    private var isSpent = false
    private var isComplete = true
    /// What is still to be visited, the next one last.
    private var nodes: [RowSimplex] = []
    /// What nothing that was left out can pass.
    private var leftOut = -Double.infinity

    /// From this share of the bound on, what may be missing is worth only a part of the work, but
    /// where members are few.
    private static let little = 1e-6
    private static let littleShare = 32
    private static let largeMembers = 1000.0
    private static let greatestDepth = 500
    private static let numbersInMemory = 16_000_000
    /// So many nodes are branched with care, which takes longer, and among so many classes.
    private static let carefulVisits = 64
    private static let carefulBranches = 8

    /// What no choice can pass.
    private(set) var bound = Double.infinity
    /// What a unit of every limit is worth in the relaxation of all choices.
    private(set) var multipliers: [Double] = []
    /// How many members have every option in the best choice found, and its objective.
    private(set) var best: (counts: [Double], objective: Double)?

    /// - Parameters:
    ///   - least: the objective to pass; without one, the first choice found ends the search.
    ///   - tolerance: no choice that is better by less than this is looked for.
    ///   - workLimit: how many options may be priced.
    init(_ program: RowProgram, least: Double?, tolerance: Double, workLimit: Int) {
        (self.program, self.tolerance, self.workLimit) = (program, tolerance, workLimit)
        endsAtFirst = least == nil
        let numbers = 4 * program.offers.count + program.limits.count * program.limits.count
        depth = min(Self.greatestDepth, max(16, Self.numbersInMemory / max(1, numbers)))
        isLarge = program.sizes.reduce(0, +) >= Self.largeMembers
        self.least = least.map { $0 + tolerance } ?? -.infinity
    }

    /// - Returns: whether all was searched, so that `best` is the best there is, or none is.
    mutating func run() -> Bool {
        nodes = [RowSimplex(program)]
        while !isOver, let node = nodes.popLast() { visit(node) }
        let open = nodes.reduce(leftOut) { max($0, $1.bound) }
        bound = min(bound, max(open, best?.objective ?? -.infinity))
        return isComplete
    }

    private var isOver: Bool { isSpent || endsAtFirst && best != nil }

    private mutating func visit(_ start: RowSimplex) {
        var node = start
        let isRoot = visits == 0
        visits += 1
        let isOpen = node.solve(above: least)
        let spent = node.takeWork()
        if isRoot { (bound, multipliers) = (node.bound, node.multipliers) } else { work += spent }
        if !isOpen { return }
        let shares = node.shares
        let counts = rounded(shares)
        consider(counts)
        let isDue = visits & (visits - 1) == 0 || visits.isMultiple(of: repairEvery)
        if isDue, bound - least > Self.little * abs(bound) { consider(repaired(counts)) }
        if node.bound <= least || isOver { return }
        let isLittle = isLarge && bound - least <= Self.little * abs(bound)
        if work > (isLittle ? workLimit / Self.littleShare : workLimit) {
            isSpent = true
            leaveOut(node)
            return
        }
        node.tighten(above: least)
        if nodes.count >= depth { return leaveOut(node) }
        if visits <= Self.carefulVisits, let children = bestChildren(of: node, shares) {
            nodes += children
        } else if let branch = splits(shares).first ?? moved(counts, node) {
            nodes += children(of: node, branch)
        }
    }

    private mutating func leaveOut(_ node: RowSimplex) {
        isComplete = false
        leftOut = max(leftOut, node.bound)
    }

    /// The nodes of a branch, the one to be visited first last.
    private func children(of node: RowSimplex, _ branch: Branch) -> [RowSimplex] {
        var (near, far) = (node, node)
        near.raise(branch.option, to: branch.least)
        far.lower(branch.option, to: branch.least - 1)
        return [far, near]
    }

    /// The nodes of the branch that lowers the bound the most, of those of the classes that are
    /// split (strong branching; Applegate, Bixby, Chvátal and Cook 1995).
    private mutating func bestChildren(of node: RowSimplex, _ shares: [Double]) -> [RowSimplex]? {
        var (found, most) = ([RowSimplex]?.none, -1.0)
        for branch in splits(shares).prefix(Self.carefulBranches) {
            var children = children(of: node, branch)
            var drops = 1.0
            var open: [RowSimplex] = []
            for place in children.indices {
                let isOpen = children[place].solve(above: least)
                work += children[place].takeWork()
                let drop = isOpen ? max(0, node.bound - children[place].bound) : node.bound - least
                drops *= max(drop, 1e-9 * abs(node.bound))
                if isOpen { open.append(children[place]) }
            }
            if drops > most || open.count < 2 { (found, most) = (open, drops) }
            if open.count < 2 { break }
        }
        found?.sort { $0.bound < $1.bound }
        return found
    }

    private mutating func consider(_ counts: [Double]) {
        guard let objective = program.objective(counts), objective > least else { return }
        (best, least) = ((counts, objective), objective + tolerance)
    }

    /// Choices near some that are within the limits, or less far beyond them.
    private func repaired(_ counts: [Double]) -> [Double] {
        let charged = multipliers.map { max(0, $0) }
        let penalties =
            program.penalties.map { zip($0, charged).map { max(0, $0 - $1) } }
            ?? zip(charged, program.multiplierSizes).map { 4 * $0 + 0.1 * $1 }
        var repair = RowRepair(
            program, multipliers: charged, penalties: penalties, counts: counts)
        if program.penalties == nil { repair.repair() } else { repair.descend() }
        return repair.counts
    }

    // MARK: - Whole numbers

    /// What a share is above a whole number; 0 where only rounding makes the difference.
    private func fraction(_ share: Double) -> Double {
        let part = share - share.rounded(.down)
        return min(part, 1 - part) <= RowSimplex.zero ? 0 : part
    }

    /// Rounds the shares of every class down, and gives the members left over to the options of
    /// the greatest fractions.
    private func rounded(_ shares: [Double]) -> [Double] {
        var counts = shares.map { max(0, fraction($0) == 0 ? $0.rounded() : $0.rounded(.down)) }
        for kept in program.sizes.indices {
            let options = program.options(of: kept)
            var rest = program.sizes[kept] - counts[options].reduce(0, +)
            if rest == 0 { continue }
            let ordered = options.sorted {
                (fraction(shares[$0]), -$0) > (fraction(shares[$1]), -$1)
            }
            for option in ordered where rest != 0 {
                let step = rest > 0 ? min(1, rest) : max(rest, -counts[option])
                (counts[option], rest) = (counts[option] + step, rest - step)
            }
            if rest > 0 { counts[ordered[0]] += rest }
        }
        return counts
    }

    /// The option to branch on, and how many members it has at least in the first branch.
    private typealias Branch = (option: Int, least: Double)

    /// The greatest fraction of every class that is split, the class that is split the most first.
    private func splits(_ shares: [Double]) -> [Branch] {
        var found: [(part: Double, branch: Branch)] = []
        for kept in program.sizes.indices {
            let options = program.options(of: kept)
            let most = options.max { (fraction(shares[$0]), -$0) < (fraction(shares[$1]), -$1) }
            guard let most, fraction(shares[most]) > 0 else { continue }
            found.append((fraction(shares[most]), (most, shares[most].rounded(.up))))
        }
        return found.sorted { ($0.part, $0.branch.option) < ($1.part, $1.branch.option) }
            .map(\.branch)
    }

    /// A number that can still change, where only rounding keeps whole ones from the limits.
    private func moved(_ counts: [Double], _ node: RowSimplex) -> Branch? {
        for kept in node.open {
            for option in program.options(of: kept) where node.low[option] < node.high[option] {
                let count = counts[option]
                return (option, count > node.low[option] ? count : node.low[option] + 1)
            }
        }
        return nil
    }
}
