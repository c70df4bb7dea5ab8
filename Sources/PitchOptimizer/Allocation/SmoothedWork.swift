import Glibc

/// The sums of one chunk of a sample under the softmax over the options: the gradient −Σ mean use
/// and the upper half of the Hessian, Σ covariance of uses.
struct SmoothedWork: ~Copyable {
    private let rows: RowSet
    private let count: Int
    private let wantsHessian: Bool
    private let temperature: Double
    /// Pieces of one allocation: weights of the options, then of every row the use by one option,
    /// its mean, and the sums.
    private let weights: UnsafeMutablePointer<Double>
    private let amounts: UnsafeMutablePointer<Double>
    private let means: UnsafeMutablePointer<Double>
    private let gradient: UnsafeMutablePointer<Double>
    private let hessian: UnsafeMutablePointer<Double>

    init(_ rows: RowSet, wantsHessian: Bool, temperature: Double) {
        (self.rows, self.wantsHessian, self.temperature) = (rows, wantsHessian, temperature)
        count = rows.rows.count
        let size = rows.offers + 3 * count + (wantsHessian ? count * count : 0)
        weights = .allocate(capacity: size)
        weights.initialize(repeating: 0, count: size)
        amounts = weights + rows.offers
        means = amounts + count
        gradient = means + count
        hessian = gradient + count
    }

    deinit { weights.deallocate() }

    /// - Parameters:
    ///   - chunk: of the sampled members.
    ///   - values: member-major, as the costs.
    ///   - prices: of all cells.
    func sum(
        _ chunk: Range<Int>, _ values: [Double], _ costs: [Double], _ segments: [Int],
        _ prices: [CellPrice]
    ) -> SmoothedDual.Point {
        var value = 0.0
        values.withUnsafeBufferPointer { values in
            costs.withUnsafeBufferPointer { costs in
                prices.withUnsafeBufferPointer { prices in
                    rows.uses.withUnsafeBufferPointer { uses in
                        for member in chunk {
                            let start = member &* rows.offers
                            let member = Member(
                                values: .init(rebasing: values[start..<start &+ rows.offers]),
                                costs: .init(rebasing: costs[start..<start &+ rows.offers]),
                                segment: segments[member])
                            value += add(member, prices, uses)
                        }
                    }
                }
            }
        }
        return SmoothedDual.Point(
            value: value, gradient: Array(UnsafeBufferPointer(start: gradient, count: count)),
            hessian: Array(
                UnsafeBufferPointer(start: hessian, count: wantsHessian ? count * count : 0)))
    }

    /// A sampled member's row.
    private struct Member {
        let values: UnsafeBufferPointer<Double>
        let costs: UnsafeBufferPointer<Double>
        let segment: Int
    }

    /// - Returns: the smoothed maximum of the member's priced values.
    @inline(__always)
    private func add(
        _ member: Member, _ prices: UnsafeBufferPointer<CellPrice>,
        _ uses: UnsafeBufferPointer<RowSet.CellUse>
    ) -> Double {
        var best = 0.0
        for offer in 0..<rows.offers {
            let price = prices[member.segment &* rows.offers &+ offer]
            let gain = price.value * member.values[offer]
            weights[offer] = gain - price.cost * member.costs[offer] - price.member
            best = max(best, weights[offer])
        }
        var sum = exp(-best / temperature)
        for offer in 0..<rows.offers {
            weights[offer] = exp((weights[offer] - best) / temperature)
            sum += weights[offer]
        }
        for offer in 0..<rows.offers where weights[offer] > 1e-14 * sum {
            let cell = UnsafeBufferPointer(rebasing: uses[rows.uses(member.segment, offer)])
            addOption(
                weights[offer] / sum, cell, cost: member.costs[offer],
                value: member.values[offer])
        }
        subtractMeans(rows.ofSegment[member.segment])
        return best + temperature * log(sum)
    }

    @inline(__always)
    private func addOption(
        _ weight: Double, _ uses: UnsafeBufferPointer<RowSet.CellUse>, cost: Double,
        value: Double
    ) {
        for use in uses {
            let amount = use.amount(cost: cost, value: value)
            amounts[use.row] = amount
            means[use.row] += weight * amount
        }
        guard wantsHessian else { return }
        // The uses of a cell are in order of rows.
        for one in uses.indices {
            let row = uses[one].row
            let scaled = weight * amounts[row]
            for other in one..<uses.count {
                let column = uses[other].row
                hessian[row &* count &+ column] += scaled * amounts[column]
            }
        }
    }

    @inline(__always)
    private func subtractMeans(_ touched: [Int]) {
        for (place, row) in touched.enumerated() where means[row] != 0 {
            gradient[row] -= means[row]
            guard wantsHessian else { continue }
            for column in touched[place...] {
                hessian[row &* count &+ column] -= means[row] * means[column]
            }
        }
        for row in touched { means[row] = 0 }
    }
}
