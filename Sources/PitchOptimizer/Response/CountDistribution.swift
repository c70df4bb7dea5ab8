import Glibc

/// How many of so many members convert when their log odds are uncertain: a mixture of normal
/// distributions of the log odds, with binomial chance on top (the logistic-normal binomial;
/// Williams, 1982, for why binomial chance alone is too narrow between campaigns).
struct CountDistribution {
    struct Part {
        let weight: Double
        /// Of the log odds.
        let mean: Double
        let variance: Double
    }

    private let members: Double
    private let shares: [(weight: Double, share: Double)]

    init(_ parts: [Part], members: Double) {
        self.members = members
        shares = parts.flatMap { part in
            Normal.fine.points.map { point in
                (
                    weight: part.weight * point.weight,
                    share: logistic(part.mean + point.z * part.variance.squareRoot())
                )
            }
        }
    }

    /// The least count that is not exceeded with at least this probability.
    func quantile(_ probability: Double) -> Int {
        var (low, high) = (-1, Int(members.rounded(.up)))
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if atMost(middle) >= probability { high = middle } else { low = middle }
        }
        return high
    }

    /// Between these lie at least 90 % of campaigns, at most 5 % on each side.
    var ninetyPercent: ClosedRange<Int> {
        let low = quantile(0.05)
        return low...max(low, quantile(0.95))
    }

    func atMost(_ count: Int) -> Double {
        shares.reduce(0) { $0 + $1.weight * Self.binomial(atMost: count, of: members, $1.share) }
    }

    /// Camp's and Paulson's approximation of the binomial distribution function, off by less than
    /// 0.007 ÷ √(n·p·(1 − p)) (Johnson, Kemp & Kotz, Univariate Discrete Distributions, 2005,
    /// section 3.6).
    static func binomial(atMost count: Int, of trials: Double, _ share: Double) -> Double {
        let left = trials - Double(count)
        if count < 0 { return 0 }
        if left <= 0 || share <= 0 { return 1 }
        if share >= 1 { return 0 }
        let (a, b) = (1 / (9 * left), 1 / (9 * Double(count + 1)))
        let ratio = cbrt(Double(count + 1) * (1 - share) / (left * share))
        let spread = (a + b * ratio * ratio).squareRoot()
        return Normal.below(((1 - b) * ratio - (1 - a)) / spread)
    }
}
