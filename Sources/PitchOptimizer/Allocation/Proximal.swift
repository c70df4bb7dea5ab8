/// `min over low <= d <= high of max_j (f_j + g_j · d) + ½ dᵀ M d`.
///
/// Solved in its dual: weights of the cuts on the simplex and forces at the ends of the box, each
/// with a direction a. The move is `−M⁻¹ Σ weight · a`, and a level `constant + a · move` says how
/// much more weight would bring.
struct Proximal {
    private let directions: [[Double]]
    private let inverted: [Double]
    /// How many of the directions are cuts; the others are forces.
    private let cuts: Int
    /// `aᵀ M⁻¹ b` of all pairs of directions.
    private let products: [Double]
    private var weights: [Double]
    private var levels: [Double]

    private static let steps = 400

    /// - Parameters:
    ///   - models: f, one a cut.
    ///   - gradients: g, one a cut.
    ///   - inverted: M⁻¹, row by row.
    ///   - high: may be infinite.
    init(
        _ models: [Double], gradients: [[Double]], inverted: [Double], low: [Double],
        high: [Double]
    ) {
        let count = low.count
        func unit(_ row: Int, _ sign: Double) -> [Double] {
            (0..<count).map { $0 == row ? sign : 0 }
        }
        let ceiled = (0..<count).filter { high[$0].isFinite }
        let directions =
            gradients + (0..<count).map { unit($0, -1) } + ceiled.map { unit($0, 1) }
        let turned = directions.map { direction in
            (0..<count).map { row in
                (0..<count).reduce(0) { $0 + inverted[row * count + $1] * direction[$1] }
            }
        }
        products = directions.flatMap { one in
            turned.map { other in zip(one, other).reduce(0) { $0 + $1.0 * $1.1 } }
        }
        levels = models + low + ceiled.map { -high[$0] }
        weights = Array(repeating: 0, count: directions.count)
        (self.directions, self.inverted, cuts) = (directions, inverted, models.count)
        let top = models.indices.max { models[$0] < models[$1] } ?? 0
        change(top, by: 1)
    }

    /// The minimising move, and the greatest of the cuts there.
    mutating func solution() -> (move: [Double], value: Double) {
        for _ in 0..<Self.steps {
            var hasChanged = false
            for _ in 0..<cuts where balanceCuts() { hasChanged = true }
            for force in cuts..<weights.count where balance(force) { hasChanged = true }
            if !hasChanged { break }
        }
        return (move, levels[..<cuts].max() ?? 0)
    }

    private var move: [Double] {
        let count = directions[0].count
        var sum = Array(repeating: 0.0, count: count)
        for (direction, weight) in zip(directions, weights) where weight != 0 {
            for row in 0..<count { sum[row] += weight * direction[row] }
        }
        return (0..<count).map { row in
            -(0..<count).reduce(0) { $0 + inverted[row * count + $1] * sum[$1] }
        }
    }

    private mutating func change(_ index: Int, by amount: Double) {
        weights[index] += amount
        let start = index * weights.count
        for other in weights.indices { levels[other] -= amount * products[start + other] }
    }

    private func product(_ one: Int, _ other: Int) -> Double {
        products[one * weights.count + other]
    }

    /// Moves weight from the lowest cut that has any to the highest one.
    private mutating func balanceCuts() -> Bool {
        var (top, bottom) = (0, -1)
        for cut in 0..<cuts {
            if levels[cut] > levels[top] { top = cut }
            let isLower = bottom < 0 || levels[cut] < levels[bottom]
            if weights[cut] > 0, isLower { bottom = cut }
        }
        guard bottom >= 0, bottom != top else { return false }
        let difference = levels[top] - levels[bottom]
        let curvature = product(top, top) - 2 * product(top, bottom) + product(bottom, bottom)
        guard difference > 1e-12 * abs(levels[top]), curvature > 0 else { return false }
        let amount = min(weights[bottom], difference / curvature)
        change(top, by: amount)
        change(bottom, by: -amount)
        return true
    }

    /// Sets a force so that its end of the box is kept: by a positive level it is passed.
    private mutating func balance(_ force: Int) -> Bool {
        let wanted = max(0, weights[force] + levels[force] / product(force, force))
        let amount = wanted - weights[force]
        guard abs(amount) > 1e-10 * wanted else { return false }
        change(force, by: amount)
        return true
    }
}
