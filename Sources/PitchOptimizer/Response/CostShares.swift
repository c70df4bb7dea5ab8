import Glibc

/// What a use costs, as a share of the coupon's face, by kind: the costs of history over the
/// faces of its uses, against some uses at the full face (a ratio estimate, Cochran, Sampling
/// Techniques, 1977, chapter 6). Without history a use costs its worst, so that nothing is
/// counted for less than it may cost.
struct CostShares: Sendable {
    private var shares: [String: Share] = [:]
    private let prior: Share

    struct Share: Hashable, Sendable {
        /// 0 to 1.
        var mean: Double
        /// Of the logarithm of the share, between campaigns and from not knowing it.
        var spread: Double
        /// How much of the mean is no history.
        var priorShare: Double
    }

    /// The uses of one campaign.
    private struct Uses {
        var costMinor = 0.0
        var faceMinor = 0.0
        var count = 0.0
    }

    /// - Parameter results: in the order of `CampaignResult.precedes`.
    init(_ results: [CampaignResult], prior: ResponsePrior) {
        self.prior = Self.share([], prior: prior)
        var uses: [String: [Uses]] = [:]
        var last: [String: Int] = [:]
        for result in results where result.converted > 0 {
            guard let cost = result.costMinor, let face = result.faceMinor, face > 0 else {
                continue
            }
            var campaigns = uses[result.kind] ?? []
            if last[result.kind] != result.campaign { campaigns.append(Uses()) }
            last[result.kind] = result.campaign
            campaigns[campaigns.count - 1].costMinor += Double(cost)
            campaigns[campaigns.count - 1].faceMinor += Double(face) * Double(result.converted)
            campaigns[campaigns.count - 1].count += Double(result.converted)
            uses[result.kind] = campaigns
        }
        shares = uses.mapValues { Self.share($0, prior: prior) }
    }

    private static func share(_ campaigns: [Uses], prior: ResponsePrior) -> Share {
        let cost = campaigns.reduce(0) { $0 + $1.costMinor }
        let face = campaigns.reduce(0) { $0 + $1.faceMinor }
        let unseen = prior.usesAtWorst
            / (prior.usesAtWorst + campaigns.reduce(0) { $0 + $1.count })
        let mean = min(1, unseen + (face > 0 ? (1 - unseen) * cost / face : 0))
        let squares = campaigns.reduce(2 * prior.costSpread * prior.costSpread) { sum, campaign in
            let distance = campaign.costMinor / campaign.faceMinor / mean - 1
            return sum + distance * distance
        }
        let between = squares / Double(2 + campaigns.count)
        let doubt = unseen * prior.unknownCostSpread
        return Share(
            mean: mean, spread: (between + doubt * doubt).squareRoot(), priorShare: unseen)
    }

    func share(of kind: String) -> Share { shares[kind] ?? prior }
}
