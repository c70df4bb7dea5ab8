/// Local search from some choices to choices within all limits: members of one class get another
/// option while that lowers
/// `Σ regret + Σ (slack >= 0 ? multiplier · slack : penalty · −slack)`.
struct RowRepair {
    private let program: RowProgram
    private let multipliers: [Double]
    private var penalties: [Double]
    /// How many members have every option.
    private(set) var counts: [Double]
    /// What is left of every limit.
    private var left: [Double]
    /// What every option lacks of the best of its class.
    private var regrets: [Double]
    /// The classes by the regret of their second option, ascending.
    private var order: [Int] = []
    private var seconds: [Double] = []

    private static let sweeps = 30
    private static let rounds = 25

    /// - Parameters:
    ///   - multipliers: what a unit of every row is worth; the regrets are at these.
    ///   - penalties: what a unit beyond every limit costs.
    init(_ program: RowProgram, multipliers: [Double], penalties: [Double], counts: [Double]) {
        (self.program, self.multipliers) = (program, multipliers)
        (self.penalties, self.counts) = (penalties, counts)
        left = program.left(counts)
        regrets = program.offers.indices.map { -program.priced($0, at: multipliers) }
        var all: [(second: Double, kept: Int)] = []
        for kept in program.sizes.indices {
            let options = program.options(of: kept)
            var (least, second) = (Double.infinity, Double.infinity)
            for option in options {
                second = min(second, max(least, regrets[option]))
                least = min(least, regrets[option])
            }
            for option in options { regrets[option] -= least }
            all.append((second - least, kept))
        }
        all.sort { ($0.second, $0.kept) < ($1.second, $1.kept) }
        (order, seconds) = (all.map(\.kept), all.map(\.second))
    }

    /// Whether all limits hold.
    var isFeasible: Bool { left.allSatisfy { $0 >= 0 } }

    /// Regrets from nearly none to any: where many members are tied, those close the limits before
    /// any that loses value.
    private var cutoffs: [Double] {
        let greatest = seconds.last { $0.isFinite } ?? 0
        return (0...8).reversed().map { greatest / Double(1 << (2 * $0)) } + [.infinity]
    }

    /// Searches until all limits hold, among options of ever greater regret. When all were tried,
    /// the penalties of the limits that do not hold are tripled.
    mutating func repair() {
        for _ in 0..<Self.rounds {
            for cutoff in cutoffs {
                descend(below: cutoff)
                if isFeasible { return polish() }
            }
            for row in left.indices where left[row] < 0 { penalties[row] *= 3 }
        }
    }

    /// Goes on with all options, if what that ends with holds all limits as well.
    private mutating func polish() {
        var copy = self
        copy.descend(below: .infinity)
        if copy.isFeasible { self = copy }
    }

    // MARK: - One class at a time

    /// Searches with the penalties as they are.
    mutating func descend() { for cutoff in cutoffs { descend(below: cutoff) } }

    /// Changes one class at a time, to options of at most some regret, until no change is better.
    private mutating func descend(below cutoff: Double) {
        let count = seconds.firstIndex { $0 > cutoff } ?? seconds.count
        for _ in 0..<Self.sweeps {
            var changes = 0
            for place in 0..<count where improve(order[place], below: cutoff) { changes += 1 }
            if changes == 0 { return }
        }
    }

    private mutating func improve(_ kept: Int, below cutoff: Double) -> Bool {
        var isChanged = false
        for old in program.options(of: kept) {
            var moves = 0
            while counts[old] > 0, moves < Self.sweeps,
                let best = better(than: old, kept, below: cutoff)
            {
                move(old, best)
                moves += 1
            }
            if moves > 0 { isChanged = true }
        }
        return isChanged
    }

    /// The option that is best for one member who has another now.
    private mutating func better(than old: Int, _ kept: Int, below cutoff: Double) -> Int? {
        give(old, -1)
        defer { give(old, 1) }
        var found: Int?
        var least = charge(old)
        least -= 1e-12 * abs(least) + 1e-15
        for option in program.options(of: kept) where option != old && regrets[option] <= cutoff {
            let charge = charge(option)
            if charge < least { (found, least) = (option, charge) }
        }
        return found
    }

    private mutating func give(_ option: Int, _ count: Double) {
        for place in program.useStarts[option]..<program.useStarts[option + 1] {
            let use = program.uses[place]
            left[use.row] -= count * use.amount
        }
    }

    /// Moves members as long as every one of them makes the same difference.
    private mutating func move(_ old: Int, _ new: Int) {
        var count = counts[old]
        if count > 1 {
            var changes: [Int: Double] = [:]
            for use in program.uses(of: new) { changes[use.row, default: 0] -= use.amount }
            for use in program.uses(of: old) { changes[use.row, default: 0] += use.amount }
            for (row, change) in changes {
                let isTowardsZero = change * left[row] < 0 || left[row] == 0 && change < 0
                if isTowardsZero { count = min(count, (-left[row] / change).rounded(.down)) }
            }
            count = max(1, count)
        }
        give(old, -count)
        give(new, count)
        counts[old] -= count
        counts[new] += count
    }

    /// What an option adds to the sum for one more member.
    private func charge(_ option: Int) -> Double {
        var sum = regrets[option]
        for place in program.useStarts[option]..<program.useStarts[option + 1] {
            let use = program.uses[place]
            sum += charge(use.row, left[use.row] - use.amount)
            sum -= charge(use.row, left[use.row])
        }
        return sum
    }

    @inline(__always)
    private func charge(_ row: Int, _ slack: Double) -> Double {
        slack >= 0 ? multipliers[row] * slack : penalties[row] * -slack
    }
}
