import Glibc

/// From history, how likely a member converts on a coupon of a kind and a face, in a segment.
///
/// A logistic curve in the logarithm of the face with an elasticity above zero, so conversion
/// never falls as the face rises and each further yuan does less (Reibstein & Traver, 1982, fit
/// coupon redemption by a logistic curve; Ben-Akiva & Lerman, 1985, for the form). Kinds and
/// segments are drawn to the common level as far as history is thin (partial pooling; Gelman &
/// Hill, 2007, chapter 12). Campaigns have a random effect, so that intervals are as wide as
/// campaigns differ. How far these differ is not fixed at one estimate: eight values are fitted
/// and averaged by their likelihood, which matters when history is thin (Rue, Martino & Chopin,
/// 2009). What is believed without history is `ResponsePrior`.
package struct ResponseModel: Sendable {
    /// What it believed before history.
    package let prior: ResponsePrior
    let layout: EffectLayout
    /// Fits for several spreads between campaigns, with their probabilities.
    let fits: [(probability: Double, fit: ResponseFit)]
    let costs: CostShares
    private let priorVariances: [Double]
    private let faceRows: [String: (known: Int, missing: Int)]

    /// Spreads between campaigns, as multiples of the scale of their prior; the steps grow with
    /// the value, so each stands for a stretch as long as itself.
    private static let spreads = [0.1, 0.25, 0.45, 0.7, 1.0, 1.4, 2.0, 2.9]
    /// Fits less likely than this change nothing that is shown.
    private static let leastProbability = 1e-4

    /// - Parameters:
    ///   - history: in any order; rows of nothing issued are passed over.
    ///   - theme: campaigns whose themes share its words count for more; without words all count
    ///     the same.
    /// - Throws: `impossibleResult`, `impossiblePrior`.
    package init(
        history: [CampaignResult], theme: ThemeWords = ThemeWords([]),
        prior: ResponsePrior = ResponsePrior()
    ) throws(OptimizerError) {
        if let row = history.firstIndex(where: { !$0.isPossible }) {
            throw .impossibleResult(row: row)
        }
        if !prior.isPossible { throw .impossiblePrior }
        let sorted = history.sorted(by: CampaignResult.precedes)
        let design = ResponseDesign(sorted, theme: theme, prior: prior)
        (self.prior, layout) = (prior, design.layout)
        priorVariances = design.variances
        costs = CostShares(sorted, prior: prior)
        fits = Self.fits(design, scale: prior.campaignSpread)
        var faceRows: [String: (known: Int, missing: Int)] = [:]
        for row in sorted where row.issued > 0 {
            let known = row.faceMinor != nil
            faceRows[row.kind, default: (0, 0)].known += known ? 1 : 0
            faceRows[row.kind, default: (0, 0)].missing += known ? 0 : 1
        }
        self.faceRows = faceRows
    }

    private static func fits(
        _ design: ResponseDesign, scale: Double
    ) -> [(probability: Double, fit: ResponseFit)] {
        var weighed: [(log: Double, fit: ResponseFit)] = []
        for (index, multiple) in spreads.enumerated() {
            let fit = ResponseFit(design, spread: multiple * scale, from: weighed.last?.fit)
            let next = index + 1 < spreads.count ? spreads[index + 1] : multiple * 1.4
            let last = index > 0 ? spreads[index - 1] : 0
            weighed.append((fit.logEvidence - multiple * multiple / 2 + log(next - last), fit))
        }
        let most = weighed.reduce(-Double.infinity) { max($0, $1.log) }
        let kept = weighed.map { (probability: exp($0.log - most), fit: $0.fit) }
            .filter { $0.probability > leastProbability }
        let total = kept.reduce(0) { $0 + $1.probability }
        return kept.map { ($0.probability / total, $0.fit) }
    }
}

extension ResponseModel {
    /// The expected share of members who convert, over campaigns like those of history. It does
    /// not fall when the face rises.
    /// - Parameters:
    ///   - faceMinor: in minor units; nil: the kind's middle face.
    ///   - segment: nil: all members together.
    package func conversion(kind: String, faceMinor: Int64?, segment: String? = nil) -> Double {
        let place = layout.place(kind: kind, faceMinor: faceMinor, segment: segment)
        // How unsure the effects are is taken at the middle face: were it taken at the face
        // asked for, the mean would bend up where history ends, and could fall towards its middle.
        let middle = layout.place(kind: kind, faceMinor: nil, segment: segment)
        let mean = fits.reduce(0) { sum, one in
            let unsure = one.fit.variance(one.fit.gradient(middle))
            let spread = (one.fit.spread * one.fit.spread + unsure).squareRoot()
            let value = one.fit.value(place)
            let share = Normal.coarse.points.reduce(0) {
                $0 + $1.weight * logistic(value + $1.z * spread)
            }
            return sum + one.probability * share
        }
        return min(1, mean)
    }

    /// What the next campaign of this coupon will bring.
    /// - Parameter members: how many it is issued to, at least 0.
    package func prediction(
        kind: String, faceMinor: Int64?, segment: String? = nil, members: Int
    ) -> Prediction {
        precondition(members >= 0, "a campaign has no negative number of members")
        let place = layout.place(kind: kind, faceMinor: faceMinor, segment: segment)
        let parts = fits.map { one in
            CountDistribution.Part(
                weight: one.probability, mean: one.fit.value(place),
                variance: one.fit.variance(place))
        }
        let counts = CountDistribution(parts, members: Double(members))
        let shares = fits.map { priorShare(of: $0.fit.gradient(place), in: $0.fit) }
        return Prediction(
            conversion: conversion(kind: kind, faceMinor: faceMinor, segment: segment),
            converted: counts.ninetyPercent, priorShare: mean(shares))
    }

    /// Conversion of one coupon in one future campaign.
    package struct Prediction: Hashable, Sendable {
        /// The expected share of members.
        package let conversion: Double
        /// How many members convert in at least nine campaigns of ten.
        package let converted: ClosedRange<Int>
        /// 0 to 1: how much of the estimate is prior and not history.
        package let priorShare: Double
    }

    /// How conversion rises with a kind's face.
    package func elasticity(of kind: String) -> Elasticity {
        let place = layout.place(kind: kind, faceMinor: nil, segment: nil)
        let rows = faceRows[kind] ?? (0, 0)
        let shares = fits.map { priorShare(of: [(place.elasticity, 1)], in: $0.fit) }
        return Elasticity(
            value: exp(mean(fits.map { $0.fit.effects[place.elasticity] })),
            priorShare: mean(shares), rowsWithFace: rows.known, rowsWithoutFace: rows.missing)
    }

    /// How a kind's conversion depends on its face, and what that rests on.
    package struct Elasticity: Hashable, Sendable {
        /// Odds rise as the face to the power of this.
        package let value: Double
        /// 0 to 1: how much of it is prior and not history.
        package let priorShare: Double
        /// These tell the level and the elasticity.
        package let rowsWithFace: Int
        /// These tell the level only.
        package let rowsWithoutFace: Int
    }

    /// The shrinkage of a sum of effects: its variance after history over that before, which is
    /// the weight that its estimate gives to the prior (Gelman & Pardoe, 2006).
    func priorShare(of gradient: [(effect: Int, by: Double)], in fit: ResponseFit) -> Double {
        let before = gradient.reduce(0) { $0 + $1.by * $1.by * priorVariances[$1.effect] }
        return before > 0 ? min(1, fit.variance(gradient) / before) : 1
    }

    /// Over the fits, by their probability.
    func mean(_ values: [Double]) -> Double {
        zip(fits, values).reduce(0) { $0 + $1.0.probability * $1.1 }
    }
}
