/// The dual of a sample of members with the maximum over options smoothed to
/// `τ · log(1 + Σ exp(v / τ))` (Nesterov, Smooth Minimization of Non-Smooth Functions, 2005).
struct SmoothedDual: Sendable {
    let rows: RowSet
    let valueWeight: Double
    let threads: Int
    /// Sampled members, and how many members of the table each stands for.
    let members: Int
    let share: Double
    /// Member-major values and costs, and segments.
    private let values: [Double]
    private let costs: [Double]
    private let segments: [Int]

    /// A value with its derivatives by the multipliers; the Hessian is dense, row by row.
    struct Point: Sendable {
        var value = 0.0
        var gradient: [Double]
        var hessian: [Double]
    }

    /// Takes members at equal distances, all of them when there are no more than `size`.
    init(_ rows: RowSet, _ columns: OfferColumns, size: Int, valueWeight: Double, threads: Int) {
        let count = min(size, columns.members)
        let picked = (0..<count).map { $0 * columns.members / count }
        values = picked.flatMap { member in
            (0..<columns.offers).map { columns.value(member, $0) }
        }
        costs = picked.flatMap { member in
            (0..<columns.offers).map { Double(columns.cost(member, $0)) }
        }
        segments = picked.map { Int(rows.segments.ofMember[$0]) }
        (self.rows, self.valueWeight, self.threads) = (rows, valueWeight, threads)
        members = count
        share = Double(columns.members) / Double(count)
    }

    /// The mean of the absolute values, and of what every row takes for an option.
    func meanSizes() -> (value: Double, rows: [Double]) {
        var sum = 0.0
        var sums = Array(repeating: 0.0, count: rows.rows.count)
        var counts = sums
        for member in 0..<members {
            for offer in 0..<rows.offers {
                let place = member * rows.offers + offer
                sum += abs(values[place])
                for use in rows.uses[rows.uses(segments[member], offer)] {
                    sums[use.row] += abs(use.amount(cost: costs[place], value: values[place]))
                    counts[use.row] += 1
                }
            }
        }
        let means = zip(sums, counts).map { $1 > 0 ? $0 / $1 : 0 }
        return (sum / Double(values.count), means)
    }

    /// The smoothed dual of the whole table as the sample estimates it.
    func point(at multipliers: [Double], temperature: Double, wantsHessian: Bool) -> Point {
        let prices = rows.prices(multipliers, valueWeight: valueWeight)
        let count = multipliers.count
        let parts = Chunks(members: members, threads: threads, chunkMembers: 2048).map { chunk in
            let work = SmoothedWork(rows, wantsHessian: wantsHessian, temperature: temperature)
            return work.sum(chunk, values, costs, segments, prices)
        }
        var total = Point(
            gradient: rows.rows.map(\.limit),
            hessian: Array(repeating: 0, count: wantsHessian ? count * count : 0))
        total.value = zip(multipliers, total.gradient).reduce(0) { $0 + $1.0 * $1.1 }
        for part in parts {
            total.value += share * part.value
            for row in 0..<count { total.gradient[row] += share * part.gradient[row] }
            for row in 0..<(wantsHessian ? count : 0) {
                for column in row..<count {
                    let term = share * part.hessian[row * count + column] / temperature
                    total.hessian[row * count + column] += term
                    if row != column { total.hessian[column * count + row] += term }
                }
            }
        }
        return total
    }
}
