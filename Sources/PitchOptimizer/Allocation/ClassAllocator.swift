/// How many members of every class get which offer, how good that is, and what binds.
package struct ClassAllocation: Sendable, Equatable {
    /// `[class][offer]`; the rest of a class gets none.
    package let counts: [[Int]]
    package let value: Double
    /// What the value of no choice within the limits can pass.
    package let bound: Double
    /// Whether the search proved that no choice within the limits is better.
    package let isOptimal: Bool
    /// What every row came to, in order of the rows.
    package let rows: [RowReading]

    /// How far the best choice may be from this one, relative to the bound: 0 when proven optimal.
    package var gap: Double {
        isOptimal ? 0 : max(0, bound - value) / max(abs(bound), .leastNormalMagnitude)
    }
}

/// What a search over classes ends with.
package enum ClassOutcome: Sendable, Equatable {
    case found(ClassAllocation)
    /// No choices were found; `Conflict.bound` above 0 proves that there are none.
    case conflict(Conflict<[[Int]]>)
}

/// Gives the members of classes at most one offer each: branch and bound over whole numbers of
/// members, which takes as long for ten members a class as for a million.
package struct ClassAllocator: Sendable {
    package let table: ClassTable
    /// How many options a search may price before it ends and reports the gap that is left.
    package let workLimit: Int

    /// An allocator whose search ends after pricing `workLimit` options.
    package init(_ table: ClassTable, workLimit: Int = 16_000_000) {
        (self.table, self.workLimit) = (table, workLimit)
    }

    private var limits: [Double] { table.rows.map(\.limit) }

    /// The counts of greatest value within all rows, or what conflicts.
    package func maximizeValue() -> ClassOutcome {
        let found = search(Goal(limits: limits, hasValues: true))
        if let counts = found.counts { return .found(allocation(counts, found)) }
        return relaxed()
    }

    private func allocation(_ counts: [[Int]], _ found: Found) -> ClassAllocation {
        let value = table.value(counts)
        return ClassAllocation(
            counts: counts, value: value, bound: max(value, found.bound),
            isOptimal: found.isComplete,
            rows: table.rows.indices.map { row in
                let activity = table.activity(of: row, counts)
                return RowReading(
                    activity: activity, slack: table.rows[row].limit - activity,
                    multiplier: found.multipliers[row])
            })
    }

    // MARK: - Search

    private struct Goal {
        /// Infinite limits do not count.
        var limits: [Double]
        var hasValues = false
        /// The price of violations; `nil` when limits must hold.
        var price: Double?
    }

    private struct Found {
        var counts: [[Int]]?
        var bound: Double
        var multipliers: [Double]
        var isComplete: Bool
    }

    private func search(_ goal: Goal) -> Found {
        let program = RowProgram(
            table, goal.limits, hasValues: goal.hasValues, violationPrice: goal.price)
        let isAny = !goal.hasValues && goal.price == nil
        var search = RowSearch(
            program, least: isAny ? nil : -.infinity,
            tolerance: 1e-11 * (goal.hasValues ? max(1e-300, table.greatestSum) : goal.price ?? 1),
            workLimit: workLimit)
        let isComplete = search.run()
        var multipliers = limits.map { _ in 0.0 }
        // In the program uses are about 1, so that less than this is rounding.
        let least = 1e-9 * program.values.reduce(0) { max($0, abs($1)) }
        for (place, row) in program.rows.enumerated() where !search.multipliers.isEmpty {
            let multiplier = search.multipliers[place]
            if multiplier > least { multipliers[row] = multiplier * program.scales[place] }
        }
        return Found(
            counts: search.best.map { program.counts($0.counts, table) }, bound: search.bound,
            multipliers: multipliers, isComplete: isComplete)
    }

    // MARK: - Conflicts

    /// The counts of least violation, each measured by its limit, are within the limits after all,
    /// or what has to give.
    private func relaxed() -> ClassOutcome {
        let price = Double(max(1, table.members))
        let found = search(Goal(limits: limits, price: price))
        let counts = found.counts ?? table.values.map { $0.map { _ in 0 } }
        let excesses = table.rows.indices.map { row in
            let excess = table.activity(of: row, counts) - table.rows[row].limit
            return excess > table.rows[row].rounding ? excess : 0
        }
        let sum = zip(excesses, table.rows).reduce(0) { $0 + $1.0 / $1.1.unit }
        if sum == 0 {
            // No choice with value was found in time; this one is within the limits.
            var unproven = found
            (unproven.bound, unproven.isComplete) = (table.greatestSum, false)
            return .found(allocation(counts, unproven))
        }
        let bound = found.isComplete ? sum : max(0, -found.bound / price)
        return .conflict(
            Conflict(
                rows: conflictingRows(
                    in: limits, orElse: { excesses[$0] > 0 || found.multipliers[$0] > 0 }
                ) { limits in
                    let found = search(Goal(limits: limits))
                    return found.counts != nil ? true : found.isComplete ? false : nil
                }, relaxations: excesses, choices: counts, bound: bound,
                isLeast: found.isComplete || bound >= 0.99 * sum))
    }
}

extension RowProgram {
    /// The program of a whole table.
    /// - Parameter limits: infinite ones do not count.
    init(_ table: ClassTable, _ limits: [Double], hasValues: Bool, violationPrice: Double?) {
        let zeros = limits.map { _ in 0.0 }
        self.init(
            Terms(
                limits: zip(limits, table.rows).map { $0 + $1.rounding }, multipliers: zeros,
                hasValues: hasValues, violationPrice: violationPrice),
            units: table.rows.map(\.unit),
            largest: table.rows.map { $0.uses.joined().reduce(0) { max($0, abs($1)) } },
            fixed: (0, zeros))
        for (place, size) in table.sizes.enumerated() {
            addOption(-1, value: 0, uses: [])
            for offer in 0..<table.offers {
                guard let value = table.values[place][offer] else { continue }
                let uses = rows.enumerated().compactMap { index, row -> Use? in
                    let amount = table.rows[row].uses[place][offer]
                    return amount == 0 ? nil : Use(row: index, amount: amount * scales[index])
                }
                addOption(Int16(offer), value: hasValues ? value : 0, uses: uses)
            }
            endClass(size: Double(size))
        }
    }

    /// `[class][offer]` of what options have.
    func counts(_ counts: [Double], _ table: ClassTable) -> [[Int]] {
        var found = table.sizes.map { _ in [Int](repeating: 0, count: table.offers) }
        for (option, count) in counts.enumerated() where offers[option] >= 0 {
            found[classOf[option]][Int(offers[option])] = Int(count)
        }
        return found
    }
}
