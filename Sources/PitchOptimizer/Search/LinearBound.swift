import Glibc

/// What a goal's value can be at most, as a sum of scores of levels. The cap or the floor is not
/// kept but priced (Lagrangian relaxation; Geoffrion, 1974); so is, in `SearchSpace.gains`, that
/// a member has one best coupon. Every price gives an admissible bound; those are taken that make
/// the bound of the whole space lowest.
struct LinearBound {
    /// Of every candidate, by level.
    let scores: [[Double]]
    private let constant: Double
    /// Of the candidates from each place on, the most that they can add.
    private let rest: [Double]

    private typealias Gains = (byLevel: [[Double]], constant: Double)

    private init(
        _ gains: Gains, times gain: Double, charge: Double, plus constant: Double,
        _ space: SearchSpace
    ) {
        scores = zip(gains.byLevel, space.levels).map { gains, levels in
            zip(gains, levels).map { gain * $0 - charge * $1.costMinor }
        }
        self.constant = constant + gain * gains.constant
        rest = scores.map { $0.max() ?? 0 }.sumsFromEnd()
    }

    /// The best value that a start of a path can lead to.
    /// - Parameter score: the sum of the scores of the start.
    func value(_ score: Double, from candidate: Int) -> Double {
        let sum = score + rest[candidate] + constant
        // Sums in another order differ in their last digits.
        return sum + 1e-9 * max(abs(score), abs(rest[candidate]), abs(constant))
    }

    private var whole: Double { rest[0] + constant }

    init(_ goal: TemplateGoal, _ space: SearchSpace) {
        let most = space.bestShare
        let best = Self.lowest(from: 0, to: most, steps: 20) { share in
            Self.priced(goal, space.gains(beyond: share), space)
        }
        let plain = Self.priced(goal, space.gains(beyond: 0), space)
        self = plain.whole <= best.whole ? plain : best
    }

    /// The lowest bound over the price of the cap or the floor.
    private static func priced(
        _ goal: TemplateGoal, _ gains: Gains, _ space: SearchSpace
    ) -> LinearBound {
        // A cost is rounded, so half a unit less may have been added up.
        switch goal {
        case .mostConversion(let cap):
            let scale = priceScale(space)
            return lowest(from: -20, to: 20, steps: 60) { power in
                let price = scale * exp2(power)
                return LinearBound(
                    gains, times: 1, charge: price, plus: price * (Double(cap) + 0.5), space)
            }
        case .leastCost(let floor):
            let scale = 1 / priceScale(space)
            return lowest(from: -20, to: 20, steps: 60) { power in
                let price = scale * exp2(power)
                return LinearBound(
                    gains, times: price, charge: 1,
                    plus: 0.5 - price * (floor - TemplateGoal.tolerance), space)
            }
        case .bestScore(let score):
            return LinearBound(
                gains, times: (1 - score.costWeight) / score.conversion,
                charge: score.costWeight / Double(score.costMinor),
                plus: score.value(costMinor: -0.5, conversion: 0), space)
        }
    }

    /// A middle price of a minor unit, in conversion.
    private static func priceScale(_ space: SearchSpace) -> Double {
        let levels = space.levels.joined()
        let reach = levels.reduce(0) { $0 + $1.reach }
        let cost = levels.reduce(0) { $0 + $1.costMinor }
        return reach > 0 && cost > 0 ? reach / cost : 1
    }

    /// The lowest of a family of bounds with one valley, which thirds close in on.
    private static func lowest(
        from low: Double, to high: Double, steps: Int, _ bound: (Double) -> LinearBound
    ) -> LinearBound {
        var (low, high) = (low, high)
        for _ in 0..<steps {
            let third = (high - low) / 3
            if bound(low + third).whole <= bound(high - third).whole {
                high -= third
            } else {
                low += third
            }
        }
        return bound((low + high) / 2)
    }
}
