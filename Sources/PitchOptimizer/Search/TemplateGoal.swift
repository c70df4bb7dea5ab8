/// When a template completes. Caps, floors and thresholds are inclusive; shares and scores are
/// compared to twelve digits, so that rounding in a sum excludes nothing.
package enum TemplateGoal: Hashable, Sendable {
    /// The most conversion P with a cost T of at most so many minor units.
    case mostConversion(costAtMost: Int64)
    /// The least cost T with a conversion P of at least this share of the audience.
    case leastCost(conversionAtLeast: Double)
    /// The highest score, at least the score's threshold.
    case bestScore(Score)

    /// S = w₁·(T₀ − T) ÷ T₀ + w₂·(P − P₀) ÷ P₀: 0 exactly on both targets.
    package struct Score: Hashable, Sendable {
        /// T₀, in minor units, above 0.
        package var costMinor: Int64
        /// P₀, above 0.
        package var conversion: Double
        /// w₁, 0 to 1; w₂ is what is left of 1.
        package var costWeight: Double
        /// S₀.
        package var atLeast: Double

        /// Amounts in minor units, shares of one; `search` refuses targets that are not above 0.
        package init(
            costMinor: Int64, conversion: Double, costWeight: Double, atLeast: Double = 0
        ) {
            self.costMinor = costMinor
            self.conversion = conversion
            self.costWeight = costWeight
            self.atLeast = atLeast
        }

        /// S, of a T in minor units and a P.
        package func value(costMinor cost: Double, conversion share: Double) -> Double {
            costWeight * (Double(costMinor) - cost) / Double(costMinor)
                + (1 - costWeight) * (share - conversion) / conversion
        }
    }

    static let tolerance = 1e-12

    /// - Throws: `impossibleGoal`.
    func check() throws(OptimizerError) {
        let isPossible =
            switch self {
            case .mostConversion(let cap): cap >= 0
            case .leastCost(let floor): (0...1).contains(floor)
            case .bestScore(let score):
                score.costMinor > 0 && score.conversion > 0 && score.conversion <= 1
                    && (0...1).contains(score.costWeight) && score.atLeast.isFinite
            }
        if !isPossible { throw .impossibleGoal }
    }

    /// What is to be as large as it can be.
    /// - Returns: nil when the cap or the floor is not kept. A score is told even below its
    ///   threshold, because the best one shows how far away that is.
    func value(_ outcome: Outcome) -> Double? {
        switch self {
        case .mostConversion(let cap): outcome.costMinor <= cap ? outcome.conversion : nil
        case .leastCost(let floor):
            outcome.conversion >= floor - Self.tolerance ? -Double(outcome.costMinor) : nil
        case .bestScore(let score):
            score.value(costMinor: Double(outcome.costMinor), conversion: outcome.conversion)
        }
    }

    /// Whether a value passes that has kept the cap or the floor.
    func accepts(_ value: Double) -> Bool {
        guard case .bestScore(let score) = self else { return true }
        return value >= score.atLeast - Self.tolerance
    }
}

/// T and P of one template.
struct Outcome: Hashable {
    let costMinor: Int64
    let conversion: Double
}
