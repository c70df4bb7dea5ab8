/// The inverse of the basic columns of a linear program, as large as it has rows.
struct WorkingBasis {
    let count: Int
    /// Row by row.
    private var inverse: [Double]

    /// The identity.
    init(count: Int) {
        self.count = count
        inverse = Array(repeating: 0, count: count * count)
        for row in 0..<count { inverse[row * count + row] = 1 }
    }

    /// The values of the basic variables that make up a right-hand side.
    func amounts(of side: [Double]) -> [Double] {
        (0..<count).map { row in
            var sum = 0.0
            for column in 0..<count { sum += inverse[row * count + column] * side[column] }
            return sum
        }
    }

    /// What a unit of every row is worth at the values of the basic variables.
    func multipliers(of values: [Double]) -> [Double] {
        var multipliers = Array(repeating: 0.0, count: count)
        for (place, value) in values.enumerated() where value != 0 {
            for column in 0..<count {
                multipliers[column] += value * inverse[place * count + column]
            }
        }
        return multipliers
    }

    /// How much a basic variable falls for a unit used of every row.
    func row(_ place: Int) -> ArraySlice<Double> {
        inverse[place * count..<(place + 1) * count]
    }

    /// Turns the column at a place around, and lessens those at other places by what it was.
    mutating func turn(_ place: Int, others: [Int]) {
        for column in 0..<count {
            var sum = inverse[place * count + column]
            for other in others { sum += inverse[other * count + column] }
            inverse[place * count + column] = -sum
        }
    }

    /// Puts a column, given by what it has in some rows, in a place.
    mutating func replace(_ place: Int, by entries: [(row: Int, amount: Double)]) {
        let column = (0..<count).map { inner in
            entries.reduce(0) { $0 + inverse[inner * count + $1.row] * $1.amount }
        }
        let scale = 1 / column[place]
        for inner in 0..<count { inverse[place * count + inner] *= scale }
        for other in 0..<count where other != place && column[other] != 0 {
            for inner in 0..<count {
                inverse[other * count + inner] -= column[other] * inverse[place * count + inner]
            }
        }
    }
}
