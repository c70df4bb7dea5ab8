/// The choice among the options of some classes, all others being fixed: an integer program of how
/// many members of a class get which option, with a limit a row. Members who add and use the same
/// with every option make one class, as it does not matter which of them gets what.
///
/// Rows are scaled by powers of two to uses of about 1, which keeps sums of whole numbers exact.
struct RowProgram: Sendable {
    /// How many members every class has.
    private(set) var sizes: [Double] = []
    /// The options of a class are at `starts[class]..<starts[class + 1]`.
    private(set) var starts: [Int] = [0]
    /// Of every option: its class, its offer or −1, and what it adds to the objective.
    private(set) var classOf: [Int] = []
    private(set) var offers: [Int16] = []
    private(set) var values: [Double] = []
    /// What an option uses is at `useStarts[option]..<useStarts[option + 1]`.
    private(set) var useStarts: [Int] = [0]
    private(set) var uses: [Use] = []
    /// What the fixed members leave of every limit, and what they add to the objective.
    let limits: [Double]
    let fixedValue: Double
    /// What the objective loses by every unit beyond a limit; `nil` when limits must hold.
    let penalties: [Double]?
    /// Where a search for the multipliers may start.
    let multipliers: [Double]
    /// The rows of the table that are rows here, and what their units are multiplied by.
    let rows: [Int]
    let scales: [Double]

    /// What an option takes of a row.
    struct Use: Sendable, Equatable {
        var row: Int
        var amount: Double
    }

    /// What is decided over, in the terms of a table.
    struct Terms {
        /// Infinite limits do not count.
        var limits: [Double]
        var multipliers: [Double]
        /// Whether values count, or only violations.
        var hasValues: Bool
        /// The price of violations, per unit of a limit; `nil` when limits must hold.
        var violationPrice: Double?
    }

    /// A program without classes.
    /// - Parameters:
    ///   - units: what a violation of every row is measured by.
    ///   - largest: the greatest use of every row.
    ///   - fixed: what the fixed members add up to: value and activities.
    init(
        _ terms: Terms, units: [Double], largest: [Double],
        fixed: (value: Double, activities: [Double])
    ) {
        let rows = terms.limits.indices.filter { terms.limits[$0].isFinite }
        let scales = rows.map { largest[$0] > 0 ? 1 / largest[$0].binade : 1 }
        (self.rows, self.scales) = (rows, scales)
        limits = zip(rows, scales).map { $1 * (terms.limits[$0] - fixed.activities[$0]) }
        multipliers = zip(rows, scales).map { terms.multipliers[$0] / $1 }
        penalties = terms.violationPrice.map { price in
            zip(rows, scales).map { price / units[$0] / $1 }
        }
        fixedValue = terms.hasValues ? fixed.value : 0
    }

    // MARK: - Classes

    /// Adds an option to the class that is being added.
    /// - Parameter uses: of rows of the table.
    mutating func addOption(_ offer: Int16, value: Double, uses amounts: [Use]) {
        classOf.append(sizes.count)
        offers.append(offer)
        values.append(value)
        uses += amounts
        useStarts.append(uses.count)
    }

    /// Ends the class whose options were added.
    mutating func endClass(size: Double) {
        starts.append(offers.count)
        sizes.append(size)
    }

    /// Adds a member to a class, and forgets the options that were added since the last one ended.
    mutating func addMember(to kept: Int) {
        sizes[kept] += 1
        let first = starts[starts.count - 1]
        uses.removeSubrange(useStarts[first]...)
        useStarts.removeSubrange((first + 1)...)
        classOf.removeSubrange(first...)
        offers.removeSubrange(first...)
        values.removeSubrange(first...)
    }

    /// Whether the options added last are those of a class.
    func isAlike(_ kept: Int) -> Bool {
        let (old, first) = (options(of: kept), starts[starts.count - 1])
        guard old.count == offers.count - first else { return false }
        return zip(old, first...).allSatisfy { one, other in
            offers[one] == offers[other] && values[one] == values[other]
                && uses(of: one) == uses(of: other)
        }
    }

    /// Of the options added last.
    var pendingHash: Int {
        var hasher = Hasher()
        for option in starts[starts.count - 1]..<offers.count {
            hasher.combine(offers[option])
            hasher.combine(values[option])
            for use in uses(of: option) {
                hasher.combine(use.row)
                hasher.combine(use.amount)
            }
        }
        return hasher.finalize()
    }

    func uses(of option: Int) -> ArraySlice<Use> {
        uses[useStarts[option]..<useStarts[option + 1]]
    }

    func options(of kept: Int) -> Range<Int> { starts[kept]..<starts[kept + 1] }

    /// What an option is worth less what the rows charge for it.
    func priced(_ option: Int, at multipliers: [Double]) -> Double {
        uses(of: option).reduce(values[option]) { $0 - multipliers[$1.row] * $1.amount }
    }

    /// The natural size of every multiplier: a typical value over a typical use.
    var multiplierSizes: [Double] {
        var sums = limits.map { _ in (sum: 0.0, count: 0.0) }
        for use in uses {
            sums[use.row].sum += abs(use.amount)
            sums[use.row].count += 1
        }
        let value = values.reduce(0) { $0 + abs($1) } / Double(max(1, values.count))
        return sums.map { $0.sum > 0 ? max(1e-9, value) * $0.count / $0.sum : 0 }
    }

    /// What so many members with every option leave of the limits.
    func left(_ counts: [Double]) -> [Double] {
        var left = limits
        for (option, count) in counts.enumerated() where count != 0 {
            for use in uses(of: option) { left[use.row] -= count * use.amount }
        }
        return left
    }

    /// The objective when options have so many members; `nil` when that is beyond a limit that
    /// must hold.
    func objective(_ counts: [Double]) -> Double? {
        let left = left(counts)
        let sum = zip(counts, values).reduce(fixedValue) { $0 + $1.0 * $1.1 }
        guard let penalties else { return left.allSatisfy { $0 >= 0 } ? sum : nil }
        return zip(left, penalties).reduce(sum) { $0 + min(0, $1.0) * $1.1 }
    }
}
