/// Minimises the exact dual over all members by proximal bundle steps (Lemaréchal 1975; Kiwiel
/// 1990) in the metric of a Hessian: every point tried gives a cut below the dual, and the next is
/// the minimum of the greatest cut plus a damped distance.
struct DualBundle {
    /// A linear bound below the dual: `value + gradient · (λ − point)`.
    private struct Cut {
        var point: [Double]
        var value: Double
        var gradient: [Double]
    }
    private var cuts: [Cut] = []
    private let ceilings: [Double]
    /// The gradient at the best point.
    private var slopes: [Double]
    /// The best point, and the dual there: a certificate.
    private(set) var multipliers: [Double]
    private(set) var dual: Double

    private static let cutLimit = 24

    /// - Parameters:
    ///   - pass: the dual and its gradient at multipliers, from all members.
    ///   - passes: how many times it may be asked.
    ///   - least: the dual below which there is no minimum.
    ///   - precision: the decrease, relative to the dual, below which no step is worth a pass.
    init(
        from start: [Double], ceilings: [Double], metric: [Double], passes: Int,
        precision: Double, least: Double,
        _ pass: ([Double]) -> (dual: Double, gradient: [Double])
    ) {
        self.ceilings = ceilings
        let first = pass(start)
        (multipliers, dual, slopes) = (start, first.dual, first.gradient)
        cuts = [Cut(point: start, value: first.dual, gradient: first.gradient)]
        var damping = 1.0
        for _ in 1..<max(2, passes) where dual >= least {
            let free = freeRows
            guard let step = step(free, metric, damping) else { return }
            let decrease = dual - step.value
            if decrease < precision * abs(dual) { return }
            var tried = multipliers
            for (place, row) in free.enumerated() {
                tried[row] = min(ceilings[row], max(0, tried[row] + step.move[place]))
            }
            let found = pass(tried)
            cuts.append(Cut(point: tried, value: found.dual, gradient: found.gradient))
            if cuts.count > Self.cutLimit { cuts.removeFirst() }
            if found.dual < dual {
                if dual - found.dual > 0.5 * decrease { damping *= 0.6 }
                (multipliers, dual, slopes) = (tried, found.dual, found.gradient)
            } else {
                damping *= 4
            }
        }
    }

    /// The rows whose multipliers can move: not those that are free of charge and keep their limit.
    private var freeRows: [Int] {
        multipliers.indices.filter { multipliers[$0] > 0 || slopes[$0] < 0 }
    }

    private func step(
        _ free: [Int], _ metric: [Double], _ damping: Double
    ) -> (move: [Double], value: Double)? {
        let count = multipliers.count
        var own = free.flatMap { row in free.map { metric[row * count + $0] * damping } }
        // Nearly flat directions of the sample are not as flat for all members.
        for place in free.indices { own[place * free.count + place] *= 1.001 }
        guard !free.isEmpty, let inverted = inverse(of: own, count: free.count) else { return nil }
        var proximal = Proximal(
            models(), gradients: cuts.map { cut in free.map { cut.gradient[$0] } },
            inverted: inverted, low: free.map { -multipliers[$0] },
            high: free.map { ceilings[$0] - multipliers[$0] })
        return proximal.solution()
    }

    /// The values of all cuts at the best point.
    private func models() -> [Double] {
        cuts.map { cut in
            multipliers.indices.reduce(cut.value) {
                $0 + cut.gradient[$1] * (multipliers[$1] - cut.point[$1])
            }
        }
    }
}
