import Glibc

/// The standard normal distribution and the logistic curve.
enum Normal {
    /// 5 % lie beyond it on each side of a 90 % interval.
    static let ninetyPercent = 1.6448536269514722

    static func below(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

    /// A grid for means over a standard normal variable. The trapezoid rule is exact here to many
    /// digits, because the density and all its derivatives vanish at both ends (Goodwin 1949).
    struct Grid {
        let points: [(z: Double, weight: Double)]

        init(step: Double) {
            let count = Int((4.5 / step).rounded())
            let raw = (-count...count).map { index in
                (z: Double(index) * step, weight: exp(-0.5 * pow(Double(index) * step, 2)))
            }
            let total = raw.reduce(0) { $0 + $1.weight }
            points = raw.map { ($0.z, $0.weight / total) }
        }
    }

    static let coarse = Grid(step: 0.5)
    static let fine = Grid(step: 0.1)
}

/// One formula for both signs, because it rises without fail even in the last digit.
func logistic(_ logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }

/// The inverse of `logistic`, kept finite at 0 and 1.
func logOdds(_ share: Double) -> Double {
    let inside = min(max(share, 1e-12), 1 - 1e-12)
    return log(inside / (1 - inside))
}

/// log(1 + exp(x)) without overflow.
func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
