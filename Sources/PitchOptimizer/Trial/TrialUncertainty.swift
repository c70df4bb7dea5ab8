/// How sure a sum of a trial is under one fit: the sum as a share of the most it can be, in log
/// odds, linear in the effects (the delta method; Oehlert, 1992). All lines share the campaign's
/// luck and the errors of the effects, so errors of one sign add up and do not cancel.
struct TrialUncertainty {
    /// Of the log odds.
    let mean: Double
    let variance: Double
    /// How much of the mean is prior.
    let priorShare: Double

    private static let step = 1e-4

    /// - Parameters:
    ///   - most: above 0: what the sum can be at most.
    ///   - sum: of the conversions of all lines.
    init(
        of sum: (TrialSums.Shares) -> Double, most: Double, _ sums: TrialSums,
        _ model: ResponseModel, under fit: ResponseFit
    ) {
        let places = sums.places(in: model.layout)
        let odds = places.map { $0.map(fit.value) }
        let mean = logOdds(sum(odds.map { $0.map(logistic) }) / most)
        let slopes = Self.slopes(odds, mean) { logOdds(sum($0) / most) }
        var effects: [Int: Double] = [:]
        var (luck, faces) = (0.0, 0.0)
        for (places, slopes) in zip(places, slopes) {
            for (place, slope) in zip(places, slopes) {
                for (effect, by) in fit.gradient(place) {
                    effects[effect, default: 0] += slope * by
                }
            }
            let slope = slopes.reduce(0, +)
            luck += slope
            faces += slope * slope * (places.first.map(fit.faceVariance) ?? 0)
        }
        // In order, so that the sums below are the same in every run.
        let gradient = effects.sorted { $0.key < $1.key }.map { (effect: $0.key, by: $0.value) }
        self.mean = mean
        variance = fit.variance(gradient) + luck * luck * fit.spread * fit.spread + faces
        priorShare = model.priorShare(of: gradient, in: fit)
    }

    /// How a value changes with the log odds of every line in every group.
    private static func slopes(
        _ odds: [[Double]], _ start: Double, of value: (TrialSums.Shares) -> Double
    ) -> [[Double]] {
        var shares = odds.map { $0.map(logistic) }
        return odds.indices.map { line in
            odds[line].indices.map { group in
                let kept = shares[line][group]
                shares[line][group] = logistic(odds[line][group] + step)
                defer { shares[line][group] = kept }
                return (value(shares) - start) / step
            }
        }
    }
}
