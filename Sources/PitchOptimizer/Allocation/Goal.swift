/// What ends the way up the efficiency frontier: a budget not to pass, or a floor to reach. The
/// same increments in the same order solve both.
enum Goal: Sendable {
    /// Greatest value at a cost of at most this, in minor units.
    case budget(Int64)
    /// Least cost at a value of at least this.
    case floor(Double)

    /// What the goal limits: cost or value.
    @inline(__always)
    func amount(_ totals: Totals) -> Double {
        switch self {
        case .budget: Double(totals.cost)
        case .floor: totals.value
        }
    }

    @inline(__always)
    func amount(_ increment: Increment) -> Double {
        switch self {
        case .budget: Double(increment.cost)
        case .floor: increment.value
        }
    }

    var isFloor: Bool {
        switch self {
        case .budget: false
        case .floor: true
        }
    }

    var limit: Double {
        switch self {
        case .budget(let budget): Double(budget)
        case .floor(let floor): floor
        }
    }

    /// Whether the way ends before a step: it would pass the budget, or the floor is reached.
    @inline(__always)
    func ends(at totals: Totals, before step: Totals) -> Bool {
        switch self {
        case .budget(let budget): totals.cost + step.cost > budget
        case .floor(let floor): totals.value >= floor
        }
    }

    /// Whether the choices at the high end of a bracket are already past the goal.
    func isPassed(by totals: Totals) -> Bool {
        switch self {
        case .budget(let budget): totals.cost > budget
        case .floor(let floor): totals.value >= floor
        }
    }
}
