/// The choices whose violations, each measured by its limit, have the least sum.
///
/// A violation priced at a unit of its limit caps the multiplier of its row: the dual of the sum is
/// the same dual with values left out and ceilings (elastic programming; Brown and Graves 1975).
/// Its bound is proven; the choices are by local search, and exact where few members are open.
struct Relaxation {
    private let solver: RowSolver
    private let dual: RowSolver.Dual
    /// The price of a violation of one unit; as many as members, so that a member counts about 1.
    private let price: Double
    private(set) var choices: [Int16]
    private var isExact = false
    /// What minus the price of the violations of no choice can pass.
    private var ceiling: Double

    private let workLimit: Int

    init(_ solver: RowSolver, workLimit: Int) {
        (self.solver, self.workLimit) = (solver, workLimit)
        let rows = solver.rows
        price = Double(solver.columns.members)
        let ceilings = rows.rows.indices.map { [price] in price / rows.unit($0) }
        dual = solver.dual(valueWeight: 0, ceilings: ceilings)
        (choices, ceiling) = (dual.choices, dual.value)
        descend()
        let lack = dual.value + price * violation(choices)
        if lack <= 0 {
            isExact = true
        } else {
            let found = solver.search(
                dual, lack: lack, terms(rows.rows.map(\.limit), violationPrice: price),
                workLimit: workLimit)
            (isExact, ceiling) = (found.isComplete, found.bound)
            if let better = found.choices, violation(better) < violation(choices) {
                choices = better
            }
        }
    }

    /// What a choice lacks of this dual is its regrets, the multiplier times any slack, and the
    /// ceiling less the multiplier times any violation: a local search on that is one on the sum.
    private mutating func descend() {
        let open = solver.program(
            dual, from: choices, solver.candidates(dual, count: 4 * solver.candidateCount),
            terms(solver.rows.rows.map(\.limit), violationPrice: price))
        let program = open.program
        var repair = RowRepair(
            program, multipliers: program.multipliers,
            penalties: zip(program.penalties ?? [], program.multipliers).map { $0 - $1 },
            counts: open.counts(choices))
        repair.descend()
        var better = choices
        open.assign(repair.counts, to: &better)
        if violation(better) < violation(choices) { choices = better }
    }

    private func terms(_ limits: [Double], violationPrice: Double?) -> RowProgram.Terms {
        RowProgram.Terms(
            limits: limits, multipliers: dual.multipliers, hasValues: false,
            violationPrice: violationPrice)
    }

    /// How far every row is beyond its limit.
    private func excesses(_ choices: [Int16]) -> [Double] {
        let rows = solver.rows
        let activities = rows.activities(solver.totals(choices))
        return rows.rows.indices.map { row in
            let excess = activities[row] - rows.rows[row].limit
            return excess > rows.rounding(row) ? excess : 0
        }
    }

    private func violation(_ choices: [Int16]) -> Double {
        excesses(choices).enumerated().reduce(0) { $0 + $1.element / solver.rows.unit($1.offset) }
    }

    func conflict() -> Conflict<[Int16]> {
        let relaxations = excesses(choices)
        let sum = violation(choices)
        let bound = isExact ? sum : max(0, -ceiling / price)
        return Conflict(
            rows: conflictingRows(
                in: solver.rows.rows.map(\.limit),
                orElse: { relaxations[$0] > 0 || dual.multipliers[$0] > 0 }
            ) { limits in
                let found = solver.search(
                    dual, lack: nil, terms(limits, violationPrice: nil), workLimit: workLimit / 4)
                return found.choices != nil ? true : found.isComplete ? false : nil
            }, relaxations: relaxations, choices: choices, bound: bound,
            isLeast: isExact || bound >= 0.99 * sum)
    }
}

/// Rows none of which can be left out of their conflict: one after another is left out as long as
/// the rest still conflict.
/// - Parameters:
///   - isCharged: the rows where that cannot be searched.
///   - hasChoices: whether there are choices within limits, infinite ones left out; `nil` when it
///     is not known.
func conflictingRows(
    in limits: [Double], orElse isCharged: (Int) -> Bool, hasChoices: ([Double]) -> Bool?
) -> [Int] {
    var limits = limits
    var kept: [Int] = []
    for row in limits.indices {
        let limit = limits[row]
        limits[row] = .infinity
        guard let isPossible = hasChoices(limits) else { return limits.indices.filter(isCharged) }
        if isPossible {
            limits[row] = limit
            kept.append(row)
        }
    }
    return kept
}
