/// Two multipliers, in value per minor unit, between which the marginal one should lie.
struct Bracket: Sendable, Equatable {
    var low: Double
    var high: Double

    /// The bracket that holds every increment: no efficiency can be above its high end, as costs
    /// differ by at least one minor unit.
    static func whole(_ table: OfferTable) -> Bracket {
        Bracket(low: 0, high: 2 * table.largestValue + 1)
    }

    /// Estimates the bracket from members taken at equal distances: where the way up their own
    /// frontier passes their share of the goal, less and plus four standard deviations.
    static func sampled(_ table: OfferTable, _ columns: OfferColumns, _ goal: Goal) -> Bracket {
        let size = max(4096, Int(8 * Double(columns.members).squareRoot()))
        guard size < columns.members else { return whole(table) }
        var increments: [Increment] = []
        var hull = Hull(offers: columns.offers)
        var totals = Totals()
        var squares = 0.0
        for index in 0..<size {
            hull.build(columns, index * columns.members / size)
            let start = hull.append(
                index, above: 0, upTo: .infinity, to: &increments)
            let point = Totals(value: start.value, cost: start.cost)
            totals = totals + point
            squares += goal.amount(point) * goal.amount(point)
        }
        increments.sort(by: Increment.precedes)
        let share = goal.limit * Double(size) / Double(columns.members)
        return around(share, goal, increments, from: goal.amount(totals), squares, whole(table))
    }

    private static func around(
        _ share: Double, _ goal: Goal, _ increments: [Increment], from start: Double,
        _ startSquares: Double, _ whole: Bracket
    ) -> Bracket {
        var squares = startSquares
        var sum = start
        for increment in increments {
            if sum >= share { break }
            let amount = goal.amount(increment)
            (sum, squares) = (sum + amount, squares + amount * amount)
        }
        let margin = 4 * squares.squareRoot()
        var bracket = whole
        sum = start
        for increment in increments {
            sum += goal.amount(increment)
            if sum < share - margin { bracket.high = increment.efficiency }
            guard sum <= share + margin else {
                bracket.low = increment.efficiency
                break
            }
        }
        return bracket
    }
}
