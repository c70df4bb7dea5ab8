import Glibc

/// A small dense symmetric matrix, row after row.
struct SymmetricMatrix: Sendable {
    let size: Int
    private var cells: [Double]

    init(diagonal: [Double]) {
        size = diagonal.count
        cells = [Double](repeating: 0, count: size * size)
        for place in 0..<size { self[place, place] = diagonal[place] }
    }

    subscript(row: Int, column: Int) -> Double {
        get { cells[row * size + column] }
        set { cells[row * size + column] = newValue }
    }

    /// The lower triangle L with L·Lᵀ = self (Cholesky 1910). The matrix must be positive
    /// definite, which a positive prior precision makes sure of.
    func factored() -> Factor {
        var lower = self
        for column in 0..<size {
            for row in column..<size {
                var sum = self[row, column]
                for inner in 0..<column { sum -= lower[row, inner] * lower[column, inner] }
                let pivot = row == column ? 1 : lower[column, column]
                // Rounding may take a pivot that is nearly nothing below it.
                lower[row, column] = row == column ? max(sum, 1e-12).squareRoot() : sum / pivot
            }
        }
        return Factor(lower: lower)
    }

    struct Factor {
        fileprivate let lower: SymmetricMatrix

        var logDeterminant: Double {
            (0..<lower.size).reduce(0) { $0 + 2 * log(lower[$1, $1]) }
        }

        func solved(_ right: [Double]) -> [Double] {
            let size = lower.size
            var x = right
            for row in 0..<size {
                for inner in 0..<row { x[row] -= lower[row, inner] * x[inner] }
                x[row] /= lower[row, row]
            }
            for row in (0..<size).reversed() {
                for inner in row + 1..<max(size, row + 1) { x[row] -= lower[inner, row] * x[inner] }
                x[row] /= lower[row, row]
            }
            return x
        }

        func inverse() -> SymmetricMatrix {
            let size = lower.size
            var result = lower
            for column in 0..<size {
                var unit = [Double](repeating: 0, count: size)
                unit[column] = 1
                let solution = solved(unit)
                for row in 0..<size { result[row, column] = solution[row] }
            }
            return result
        }
    }
}
