/// Local search from the best choices at some multipliers to choices within all limits: one member
/// at a time gets another option while that lowers
/// `Σ regret + Σ (slack >= 0 ? multiplier · slack : penalty · −slack)`.
struct RowRepair {
    private let rows: RowSet
    private let limits: [Double]
    private let candidates: RowCandidates
    private let multipliers: [Double]
    private var penalties: [Double]
    private(set) var choices: [Int16]
    private(set) var activities: [Double]
    /// The option that every candidate has now; −1 when it is none of those it may get.
    private var current: [Int]
    /// What an option uses is at `starts[option]..<starts[option + 1]`.
    private var starts = [0]
    private var uses: [Use] = []

    /// What an option uses of a row.
    private struct Use {
        var row: Int
        var amount: Double
    }

    private static let sweeps = 30
    private static let rounds = 25

    init(
        _ rows: RowSet, _ columns: OfferColumns, _ candidates: RowCandidates,
        multipliers: [Double], penalties: [Double], choices: [Int16], activities: [Double]
    ) {
        (self.rows, self.candidates, limits) = (rows, candidates, rows.rows.map(\.limit))
        (self.multipliers, self.penalties) = (multipliers, penalties)
        (self.choices, self.activities) = (choices, activities)
        current = Array(repeating: -1, count: candidates.members.count)
        for place in candidates.members.indices {
            let member = Int(candidates.members[place])
            for option in candidates.options(place) {
                if candidates.offers[option] == choices[member] { current[place] = option }
                addUses(columns, member, Int(candidates.offers[option]))
            }
        }
    }

    private mutating func addUses(_ columns: OfferColumns, _ member: Int, _ offer: Int) {
        if offer >= 0 {
            let cost = Double(columns.cost(member, offer))
            let value = columns.value(member, offer)
            for place in rows.uses(Int(rows.segments.ofMember[member]), offer) {
                let use = rows.uses[place]
                let amount = use.amount(cost: cost, value: value)
                if amount != 0 { uses.append(Use(row: use.row, amount: amount)) }
            }
        }
        starts.append(uses.count)
    }

    /// Whether all limits hold.
    var isFeasible: Bool { violated.isEmpty }

    private var violated: [Int] {
        rows.rows.indices.filter { activities[$0] > rows.rows[$0].limit + rows.rounding($0) }
    }

    /// Regrets from nearly none to any: where many members are tied, those close the limits before
    /// any that loses value.
    private var cutoffs: [Double] {
        let greatest = candidates.seconds.last ?? 0
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
            for row in violated { penalties[row] *= 3 }
        }
    }

    /// Goes on with all candidates, if what that ends with holds all limits as well.
    private mutating func polish() {
        var copy = self
        copy.descend(below: .infinity)
        if copy.isFeasible { self = copy }
    }

    private mutating func addUses(of option: Int, sign: Double) {
        for use in starts[option]..<starts[option + 1] {
            activities[uses[use].row] += sign * uses[use].amount
        }
    }

    // MARK: - One member at a time

    /// Searches with the penalties as they are.
    mutating func descend() { for cutoff in cutoffs { descend(below: cutoff) } }

    /// Changes one member at a time, to options of at most some regret, until no change is better.
    private mutating func descend(below cutoff: Double) {
        let count = candidates.seconds.firstIndex { $0 > cutoff } ?? candidates.members.count
        for _ in 0..<Self.sweeps {
            var changes = 0
            for place in 0..<count where improve(place, below: cutoff) { changes += 1 }
            if changes == 0 { return }
        }
    }

    private mutating func improve(_ place: Int, below cutoff: Double) -> Bool {
        let old = current[place]
        if old < 0 { return false }
        addUses(of: old, sign: -1)
        var best = old
        var least = charge(old)
        least -= 1e-12 * abs(least) + 1e-15
        for option in candidates.options(place) where option != old {
            if candidates.regrets[option] > cutoff { continue }
            let charge = charge(option)
            if charge < least { (best, least) = (option, charge) }
        }
        addUses(of: best, sign: 1)
        if best == old { return false }
        current[place] = best
        choices[Int(candidates.members[place])] = candidates.offers[best]
        return true
    }

    /// What an option adds to the sum when the member has none.
    private func charge(_ option: Int) -> Double {
        var sum = candidates.regrets[option]
        for place in starts[option]..<starts[option + 1] {
            let use = uses[place]
            sum += charge(use.row, activities[use.row] + use.amount)
            sum -= charge(use.row, activities[use.row])
        }
        return sum
    }

    @inline(__always)
    private func charge(_ row: Int, _ activity: Double) -> Double {
        let slack = limits[row] - activity
        return slack >= 0 ? multipliers[row] * slack : penalties[row] * -slack
    }
}
