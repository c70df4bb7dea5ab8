/// Depth-first search over the candidates: exact when it ends before its limit. All other members
/// keep their choices.
///
/// With multipliers λ >= 0 a choice within all limits lacks Σ regret + Σ λ · slack of the dual, so
/// the regrets of the members decided so far bound what it lacks; so do the least uses of those
/// not decided yet.
struct RowSearch {
    private let limits: [Double]
    private let units: [Double]
    /// The price of a violation, per unit; `nil` when limits must hold.
    private let violationPrice: Double?
    private let dual: Double
    private let depth: Int
    private let rowCount: Int
    private let tolerance: Double
    private var members: [Int32] = []
    private var starts: [Int] = [0]
    private var offers: [Int16] = []
    private var regrets: [Double] = []
    private var values: [Double] = []
    private var amounts: [Double] = []
    /// The least that the members from one on can use, by member and row.
    private var least: [Double]
    private var activities: [Double]
    private var path: [Int16]
    private var nodes = 0
    private let nodeLimit: Int
    private let fixedValue: Double
    /// What the best choice found lacks of the dual, and the choices of the members.
    private(set) var lack: Double
    private(set) var best: [(member: Int32, offer: Int16)]?

    /// The most members a search is tried for.
    static let memberLimit = 48

    /// - Parameters:
    ///   - fixed: what the members that are no candidates add up to: value and activities.
    ///   - limits: of every row; infinite ones do not count.
    ///   - lack: what a choice must lack less of than this.
    init(
        _ rows: RowSet, _ columns: OfferColumns, _ candidates: RowCandidates, dual: Double,
        fixed: (value: Double, activities: [Double]), limits: [Double],
        violationPrice: Double?, lack: Double, nodeLimit: Int = 400_000
    ) {
        self.limits = zip(limits, rows.rows.indices).map { $0 + rows.rounding($1) }
        units = rows.rows.indices.map { rows.unit($0) }
        (self.violationPrice, self.dual, self.lack) = (violationPrice, dual, lack)
        self.nodeLimit = nodeLimit
        (depth, rowCount) = (candidates.members.count, rows.rows.count)
        tolerance = 1e-12 * max(1, abs(dual))
        activities = fixed.activities
        path = Array(repeating: -1, count: depth)
        least = Array(repeating: 0, count: (depth + 1) * rowCount)
        fixedValue = fixed.value
        let order = candidates.members.indices.sorted { one, other in
            let left = candidates.regrets[candidates.options(one)].max() ?? 0
            let right = candidates.regrets[candidates.options(other)].max() ?? 0
            return left != right ? left > right : one < other
        }
        for place in order { add(place, rows, columns, candidates) }
        for place in (0..<depth).reversed() { setLeast(place) }
    }

    private mutating func add(
        _ place: Int, _ rows: RowSet, _ columns: OfferColumns, _ candidates: RowCandidates
    ) {
        let member = Int(candidates.members[place])
        members.append(candidates.members[place])
        let options = candidates.options(place).sorted {
            candidates.regrets[$0] < candidates.regrets[$1]
        }
        for option in options {
            let offer = Int(candidates.offers[option])
            offers.append(candidates.offers[option])
            regrets.append(candidates.regrets[option])
            values.append(columns.value(member, offer))
            var uses = Array(repeating: 0.0, count: rowCount)
            if offer >= 0 {
                let (cost, value) = (Double(columns.cost(member, offer)), values[values.count - 1])
                for use in rows.uses[rows.uses(Int(rows.segments.ofMember[member]), offer)] {
                    uses[use.row] = use.amount(cost: cost, value: value)
                }
            }
            amounts += uses
        }
        starts.append(offers.count)
    }

    private mutating func setLeast(_ place: Int) {
        for row in 0..<rowCount {
            let smallest =
                (starts[place]..<starts[place + 1])
                .map { amounts[$0 * rowCount + row] }.min() ?? 0
            least[place * rowCount + row] = least[(place + 1) * rowCount + row] + smallest
        }
    }

    /// - Returns: whether all was searched, so that `best` is the best there is, or none is.
    mutating func run() -> Bool {
        visit(0, regret: 0, value: fixedValue)
        return nodes <= nodeLimit
    }

    private mutating func visit(_ place: Int, regret: Double, value: Double) {
        nodes += 1
        if nodes > nodeLimit || regret >= lack - tolerance { return }
        let violation = violation(from: place)
        if let violationPrice {
            if dual + violationPrice * violation >= lack - tolerance { return }
        } else if violation > 0 {
            return
        }
        guard place < depth else {
            let found = violationPrice.map { dual + $0 * violation } ?? dual - value
            if found < lack - tolerance {
                lack = found
                best = zip(members, path).map { ($0, $1) }
            }
            return
        }
        for option in starts[place]..<starts[place + 1] {
            path[place] = offers[option]
            for row in 0..<rowCount { activities[row] += amounts[option * rowCount + row] }
            visit(place + 1, regret: regret + regrets[option], value: value + values[option])
            for row in 0..<rowCount { activities[row] -= amounts[option * rowCount + row] }
        }
    }

    /// The least sum of violations, in units of their limits, that can still be reached.
    private func violation(from place: Int) -> Double {
        var sum = 0.0
        for row in 0..<rowCount {
            let excess = activities[row] + least[place * rowCount + row] - limits[row]
            if excess > 0 { sum += excess / units[row] }
        }
        return sum
    }
}
