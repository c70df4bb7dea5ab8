/// What the model believes before it has seen any history. Every number is a guess, said as such
/// by `priorShare`; spreads are standard deviations.
package struct ResponsePrior: Hashable, Sendable {
    /// The middle conversion of a coupon of a middle face.
    package var conversion = 0.05
    /// How far a business's level lies from that, in log odds: 5 % stands for 0.7 % … 27 %.
    package var levelSpread = 1.0
    /// How far kinds of coupons lie from each other, in log odds.
    package var kindSpread = 0.7
    /// How far segments lie from each other, in log odds. Partial pooling: a segment with few
    /// members stays near all members.
    package var segmentSpread = 0.4
    /// Odds rise as the face to the power of this: below 1, so that each further yuan does less.
    package var elasticity = 0.5
    /// Of the logarithm of the elasticity.
    package var elasticitySpread = 0.5
    /// The scale of the half-normal prior of how far campaigns lie from each other, in log odds.
    package var campaignSpread = 0.4
    /// A middle face, in minor units, for kinds of which no face is known.
    package var middleFaceMinor: Int64 = 2_000
    /// Of the logarithm of the face, for questions that leave the face open.
    package var faceSpread = 0.7
    /// How many uses at the full worst cost stand against the costs of history.
    package var usesAtWorst = 5.0
    /// How far the cost of a use lies from its mean between campaigns, as a share of it; it stands
    /// against history as two campaigns do.
    package var costSpread = 0.15
    /// How far a cost that is not known at all may lie from the worst, as a share of it.
    package var unknownCostSpread = 0.4
    /// How much a campaign tells whose theme shares no word with the theme asked for; one that
    /// shares all of them counts 1.
    package var otherThemeWeight = 0.2
    /// Of what further coupons would add to a member's conversion if members used each one
    /// independently of the others, the share that is lost, because the same members use them.
    package var overlap = 0.5

    /// The values above; set those that are known better.
    package init() {}

    var isPossible: Bool {
        let spreads = [
            levelSpread, kindSpread, segmentSpread, elasticity, elasticitySpread, campaignSpread,
            faceSpread, usesAtWorst, costSpread, unknownCostSpread, Double(middleFaceMinor),
        ]
        return spreads.allSatisfy { $0 > 0 && $0.isFinite } && conversion > 0 && conversion < 1
            && otherThemeWeight > 0 && otherThemeWeight <= 1 && (0...1).contains(overlap)
    }
}
