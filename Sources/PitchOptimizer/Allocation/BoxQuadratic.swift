/// A convex quadratic over a box: `gradient · d + ½ dᵀ H d` for `low <= d <= high`.
struct BoxQuadratic {
    /// Symmetric, positive on the diagonal, row by row.
    var hessian: [Double]
    var gradient: [Double]
    var low: [Double]
    var high: [Double]

    private static let sweeps = 200

    /// The minimum by Gauss-Seidel: one coordinate after another, from 0.
    func minimum() -> [Double] {
        let count = gradient.count
        var step = Array(repeating: 0.0, count: count)
        var slope = gradient
        for _ in 0..<Self.sweeps {
            var change = 0.0
            for row in 0..<count {
                let curvature = hessian[row * count + row]
                let wanted = step[row] - slope[row] / curvature
                let next = min(high[row], max(low[row], wanted))
                let move = next - step[row]
                if move == 0 { continue }
                step[row] = next
                change = max(change, abs(move) / (abs(next) + .leastNormalMagnitude))
                for column in 0..<count { slope[column] += move * hessian[row * count + column] }
            }
            if change < 1e-10 { break }
        }
        return step
    }
}

/// The inverse of a symmetric positive matrix, row by row, from its Cholesky factor; `nil` when
/// the matrix is not positive.
func inverse(of matrix: [Double], count: Int) -> [Double]? {
    guard let factor = choleskyFactor(of: matrix, count: count) else { return nil }
    var result = Array(repeating: 0.0, count: count * count)
    for unit in 0..<count {
        var solution = Array(repeating: 0.0, count: count)
        for row in unit..<count {
            var sum = row == unit ? 1.0 : 0
            for inner in unit..<row { sum -= factor[row * count + inner] * solution[inner] }
            solution[row] = sum / factor[row * count + row]
        }
        for row in (0..<count).reversed() {
            var sum = solution[row]
            for inner in row + 1..<max(count, row + 1) {
                sum -= factor[inner * count + row] * solution[inner]
            }
            solution[row] = sum / factor[row * count + row]
            result[row * count + unit] = solution[row]
        }
    }
    return result
}

/// The lower factor L with L Lᵀ the matrix, or `nil`.
private func choleskyFactor(of matrix: [Double], count: Int) -> [Double]? {
    var factor = Array(repeating: 0.0, count: count * count)
    for row in 0..<count {
        for column in 0...row {
            var sum = matrix[row * count + column]
            for inner in 0..<column {
                sum -= factor[row * count + inner] * factor[column * count + inner]
            }
            if row == column {
                guard sum > 0 else { return nil }
                factor[row * count + row] = sum.squareRoot()
            } else {
                factor[row * count + column] = sum / factor[column * count + column]
            }
        }
    }
    return factor
}
