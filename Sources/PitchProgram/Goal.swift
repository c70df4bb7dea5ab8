import PitchSchema
import PitchSource

/// What the optimizer is to reach: something to make large or small, and limits that must hold.
package struct Goal: Sendable {
    package enum Objective: String, Sendable {
        /// The most converting members.
        case conversion
        /// What they are worth less what they cost.
        case profit
        /// The most members that convert and would not have without an offer.
        case uplift
        /// The best score of cost and conversion against their targets.
        case score
        /// The least cost.
        case cost
    }

    package var name: String
    package var title: String?
    package var objective: Objective
    /// In the order of the file.
    package var limits: [GoalLimit]
    /// What a converting member brings, in minor units; there when profit or a return is asked
    /// for.
    package var worthMinor: Int64?
    /// There when the objective is the score.
    package var score: ScoreTargets?
    package var range: SourceRange

    package init(
        name: String, title: String? = nil, objective: Objective, limits: [GoalLimit] = [],
        worthMinor: Int64? = nil, score: ScoreTargets? = nil, range: SourceRange = .none
    ) {
        self.name = name
        self.title = title
        self.objective = objective
        self.limits = limits
        self.worthMinor = worthMinor
        self.score = score
        self.range = range
    }
}

/// `keep cost in vips at most 50_000 CNY`
package struct GoalLimit: Sendable {
    package enum Measure: Sendable {
        /// At most so many minor units.
        case cost(Int64)
        /// At least this share of the whole audience converts, or so many members.
        case conversion(ShareOrCount)
        /// A converting member's worth is at least this many times the cost; millionths.
        case returnOnCost(Int64)
        /// So many members get something: at least, or at most.
        case coverage(ShareOrCount, isFloor: Bool)
        /// At most so many messages go by a channel: an index into `Program.channels`.
        case sends(Int, via: Int)
        /// The share that gets something differs between the values of a field by at most this
        /// share (millionths of one) from that of all.
        case rateGap(Int64, by: Expression)
    }

    package let measure: Measure
    /// Only these members count; nil: all.
    package let segment: DefinitionID?
    /// As written, without `keep`.
    package let text: String
    package let range: SourceRange

    package init(
        _ measure: Measure, of segment: DefinitionID? = nil, text: String, at range: SourceRange
    ) {
        self.measure = measure
        self.segment = segment
        self.text = text
        self.range = range
    }
}

/// `5%` of the audience, or `5_000` members.
package enum ShareOrCount: Sendable, Hashable {
    /// Millionths of one.
    case share(Int64)
    case count(Int64)

    /// Of so many members.
    package func members(of audience: Int) -> Double {
        switch self {
        case .share(let share): Double(share) / 1e6 * Double(audience)
        case .count(let count): Double(count)
        }
    }
}

/// `cost near 200_000 CNY weight 0.4`, `conversion near 5% weight 0.6`, `score at least 0`:
/// S = w₁·(T₀ − T) ÷ T₀ + w₂·(P − P₀) ÷ P₀.
package struct ScoreTargets: Sendable, Hashable {
    /// T₀, in minor units, above 0.
    package let costMinor: Int64
    /// P₀, above 0.
    package let conversion: ShareOrCount
    /// w₁ in millionths of one; w₂ is the rest.
    package let costWeight: Int64
    /// S₀ in millionths.
    package let atLeast: Int64

    package init(
        costMinor: Int64, conversion: ShareOrCount, costWeight: Int64, atLeast: Int64 = 0
    ) {
        self.costMinor = costMinor
        self.conversion = conversion
        self.costWeight = costWeight
        self.atLeast = atLeast
    }
}
