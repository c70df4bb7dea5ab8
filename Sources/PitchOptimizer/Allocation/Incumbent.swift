/// The best feasible choice found so far, as changes of the choices at the break.
struct Incumbent {
    struct Edit {
        var member: Int32
        var offer: Int16
    }
    var edits: [Edit] = []
    /// What it lacks of the linear bound, in value; 0 is optimal.
    var gap: Double

    /// Takes further increments that fit into what a budget has left. The chain of a member is
    /// broken by its first increment that does not fit.
    static func filled(_ rest: ArraySlice<Increment>, _ margin: Margin) -> Incumbent {
        var room = Int64(margin.slack)
        var incumbent = Incumbent(gap: margin.gap)
        var broken: Set<Int32> = []
        for increment in rest where room > 0 && !broken.contains(increment.member) {
            guard Int64(increment.cost) <= room else {
                broken.insert(increment.member)
                continue
            }
            room -= Int64(increment.cost)
            incumbent.gap -= increment.value
            incumbent.edits.append(Edit(member: increment.member, offer: increment.offer))
        }
        return incumbent
    }

    /// Takes, in place of the last increment before a floor, the cheapest later one that reaches
    /// it as well.
    static func swapped(_ selection: Selection, _ margin: Margin) -> Incumbent {
        var incumbent = Incumbent(gap: margin.gap)
        guard let last = selection.last else { return incumbent }
        let needed = last.increment.value - margin.slack
        var cost = last.increment.cost
        var seen: Set<Int32> = [last.increment.member]
        for increment in selection.rest where seen.insert(increment.member).inserted {
            guard increment.value >= needed, increment.cost < cost else { continue }
            cost = increment.cost
            incumbent.gap =
                margin.gap - margin.multiplier * Double(last.increment.cost - cost)
            incumbent.edits = [
                Edit(member: last.increment.member, offer: last.offer),
                Edit(member: increment.member, offer: increment.offer),
            ]
        }
        return incumbent
    }
}

/// How far the choices at the break are from the goal, and what that is worth.
///
/// Every choice x with multiplier λ satisfies:
/// bound − value(x) = Σ regret + λ · (budget − cost(x)), and for a floor
/// λ · (cost(x) − bound) = Σ regret + value(x) − floor. The regret of an option is what its priced
/// value lacks of the member's best (Pisinger, A Minimal Algorithm for the Multiple-Choice Knapsack
/// Problem, 1995).
struct Margin: Sendable {
    let goal: Goal
    let multiplier: Double
    /// What is left of a budget, or above a floor.
    let slack: Double
    /// How much of the slack may be overdrawn by rounding.
    let rounding: Double
    /// No choice that is better by less than this is looked for, in value.
    let tolerance: Double

    init(_ goal: Goal, _ multiplier: Double, at totals: Totals) {
        (self.goal, self.multiplier) = (goal, multiplier)
        switch goal {
        case .budget(let budget):
            slack = Double(budget - totals.cost)
            rounding = 0
            tolerance = 1e-11 * abs(totals.value + multiplier * slack)
        case .floor(let floor):
            slack = totals.value - floor
            rounding = 1e-12 * max(abs(floor), abs(totals.value))
            // A better choice costs at least one minor unit less.
            tolerance = multiplier * (1 - 1e-6)
        }
    }

    /// What one unit of slack is worth.
    var price: Double {
        switch goal {
        case .budget: multiplier
        case .floor: 1
        }
    }

    /// What the choices at the break lack of the bound.
    var gap: Double { price * max(0, slack) }

    /// How much of the slack a change uses.
    @inline(__always)
    func use(cost: Int64, value: Double) -> Double {
        switch goal {
        case .budget: Double(cost)
        case .floor: -value
        }
    }

    /// The bound in the goal's own terms: value, or cost in minor units.
    func bound(_ totals: Totals) -> Double {
        switch goal {
        case .budget: totals.value + multiplier * slack
        case .floor: Double(totals.cost) - slack / multiplier
        }
    }
}
