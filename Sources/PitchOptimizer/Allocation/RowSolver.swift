/// The phases of an allocation within rows: a dual from a sample, made exact on all members;
/// choices from it, repaired; a search when few members remain open.
struct RowSolver {
    let rows: RowSet
    let columns: OfferColumns
    let threads: Int
    /// The greatest absolute value of an entry of the table.
    let largestValue: Double

    private static let sampleSize = 20_000
    /// The share of the dual from which on a second repair is worth its time.
    private static let muchLost = 1e-5

    /// Multipliers, the dual there, and the choices that are best there.
    struct Dual {
        var multipliers: [Double]
        var value: Double
        var choices: [Int16]
        var prices: [CellPrice]
        /// Where the smoothed dual of the sample ended.
        var soft: (multipliers: [Double], temperature: Double)
    }

    /// Minimises the dual of `valueWeight · value` with multipliers from 0 to the ceilings.
    func dual(valueWeight: Double, ceilings: [Double]) -> Dual {
        let sample = SmoothedDual(
            rows, columns, size: Self.sampleSize, valueWeight: valueWeight, threads: threads)
        let means = sample.meanSizes()
        var valueSize = means.value
        if valueWeight == 0 {
            // The middle one: the ceiling of a row with a limit of 0 is out of proportion.
            let charges = zip(ceilings, means.rows).map { $0 * $1 }.sorted()
            valueSize = charges.isEmpty ? 0 : charges[charges.count / 2]
        }
        valueSize = max(valueSize, 1e-9)
        let sizes = means.rows.map { valueSize / max($0, 1e-12) }
        var newton = DualNewton(
            sample, ceilings: ceilings, sizes: sizes, valueSize: valueSize,
            least: leastDual(valueWeight))
        newton.run()
        return exactDual(newton, valueWeight: valueWeight, ceilings: ceilings)
    }

    private func exactDual(
        _ newton: DualNewton, valueWeight: Double, ceilings: [Double]
    ) -> Dual {
        let isLarge = columns.members > 4 * Self.sampleSize
        var choices = [Int16](repeating: -1, count: columns.members)
        let bundle = DualBundle(
            from: newton.multipliers, ceilings: ceilings, metric: newton.hessian,
            passes: isLarge ? 10 : 60, precision: isLarge ? 1e-7 : 1e-9,
            least: leastDual(valueWeight)
        ) { multipliers in
            let pass = RowPass(
                rows, columns, at: multipliers, valueWeight: valueWeight, threads: threads,
                into: &choices)
            let activities = rows.activities(pass.totals)
            return (pass.dual, zip(rows.rows, activities).map { $0.limit - $1 })
        }
        let best = RowPass(
            rows, columns, at: bundle.multipliers, valueWeight: valueWeight, threads: threads,
            into: &choices)
        return Dual(
            multipliers: bundle.multipliers, value: best.dual, choices: choices,
            prices: rows.prices(bundle.multipliers, valueWeight: valueWeight),
            soft: (newton.multipliers, newton.lastTemperature))
    }

    /// A dual below this proves that no choice is within the limits.
    func leastDual(_ valueWeight: Double) -> Double {
        valueWeight == 0 ? -.infinity : -2 * largestValue * Double(columns.members)
    }

    /// About how many members the repair may change.
    var candidateCount: Int { min(max(8000, columns.members / 250), 16_000) }

    func candidates(_ dual: Dual, count: Int) -> RowCandidates {
        RowCandidates(rows, columns, dual.prices, count: count, threads: threads)
    }

    func totals(_ choices: [Int16]) -> [CellTotals] {
        RowPass.totals(of: choices, rows, columns, threads: threads)
    }

    // MARK: - Choices within the limits

    /// Choices within all limits near those of the dual, or `nil` when the search finds none.
    func repaired(_ dual: Dual, from choices: [Int16]) -> [Int16]? {
        var count = candidateCount
        while true {
            let open = program(
                dual, from: choices, candidates(dual, count: count),
                RowProgram.Terms(
                    limits: rows.rows.map(\.limit), multipliers: dual.multipliers,
                    hasValues: true, violationPrice: nil))
            let program = open.program
            var repair = RowRepair(
                program, multipliers: program.multipliers,
                // Well above what a limit is worth, yet no wall between two that must both give.
                penalties: zip(program.multipliers, program.multiplierSizes).map {
                    4 * $0 + 0.1 * $1
                }, counts: open.counts(choices))
            repair.repair()
            if repair.isFeasible {
                var repaired = choices
                open.assign(repair.counts, to: &repaired)
                if isWithin(repaired) { return repaired }
            }
            if count >= columns.members || count > 64 * candidateCount { return nil }
            count *= 8
        }
    }

    /// The better of the choices repaired from the dual's own and, where these lose much, from
    /// those that split ties.
    func repaired(_ dual: Dual) -> [Int16]? {
        let first = repaired(dual, from: dual.choices)
        let value = first.map { self.value($0) } ?? -.infinity
        if dual.value - value <= Self.muchLost * abs(dual.value) { return first }
        let soft = RowPass.softChoices(
            rows, columns, at: dual.soft.multipliers, temperature: dual.soft.temperature,
            threads: threads)
        guard let second = repaired(dual, from: soft) else { return first }
        return self.value(second) > value ? second : first
    }

    /// The sum of the chosen values.
    func value(_ choices: [Int16]) -> Double { totals(choices).reduce(0) { $0 + $1.value } }

    /// Whether choices are within all limits, summed from scratch.
    func isWithin(_ choices: [Int16]) -> Bool {
        zip(rows.rows.indices, rows.activities(totals(choices))).allSatisfy { row, activity in
            activity <= rows.rows[row].limit + rows.rounding(row)
        }
    }

    // MARK: - Exact search

    /// The most members that all of a search is tried for, and how many of least regret are tried
    /// before: what they find mostly closes all others.
    private static let searchMembers = 4000
    private static let firstMembers = 400
    /// How many options a search prices for a state of a single budget's, and the first one.
    private static let workShare = 8
    private static let firstShare = 2

    /// What a search found: better choices if there are any, what no choices can pass, and whether
    /// there are none better still.
    struct Found {
        var choices: [Int16]?
        var bound: Double
        var isComplete = false
    }

    /// Searches the members with a second option of regret below what choices lack, those of least
    /// regret first.
    /// - Parameters:
    ///   - lack: what the choices to be bettered lack of the dual; `nil` when any choice within
    ///     the limits will do.
    ///   - terms: what is decided over.
    func search(
        _ dual: Dual, lack: Double?, _ terms: RowProgram.Terms, workLimit: Int
    ) -> Found {
        var lack = lack
        var found = Found(bound: dual.value)
        let all = RowCandidates(
            rows, columns, dual.prices, below: lack ?? .infinity, limit: Self.searchMembers,
            threads: threads)
        for (members, share) in [
            (Self.firstMembers, Self.firstShare), (Self.searchMembers, Self.workShare),
        ] {
            let open = all.narrowed(below: lack ?? .infinity, limit: members)
            let isLittle = (lack ?? .infinity) <= Self.muchLost * abs(dual.value)
            // What cannot be proven is not bettered for its own sake.
            if members > Self.firstMembers, open.isLimited, isLittle { break }
            let own = program(dual, from: dual.choices, open, terms)
            var search = RowSearch(
                own.program, least: lack.map { dual.value - $0 },
                tolerance: tolerance(dual, terms), workLimit: share * workLimit)
            let isComplete = search.run()
            if let best = search.best {
                var choices = dual.choices
                own.assign(best.counts, to: &choices)
                (found.choices, lack) = (choices, nil)
                if terms.hasValues || terms.violationPrice != nil {
                    lack = dual.value - best.objective
                }
            }
            if !open.isLimited {
                // Choices beyond those searched are below the ones to be bettered.
                let least = lack.map { dual.value - $0 } ?? -.infinity
                found.bound = min(found.bound, max(search.bound, least))
                found.isComplete = isComplete
            }
            if found.isComplete || lack == nil && found.choices != nil { break }
        }
        return found
    }

    /// No choices that are better by less than this are looked for.
    private func tolerance(_ dual: Dual, _ terms: RowProgram.Terms) -> Double {
        1e-11 * max(abs(dual.value), terms.violationPrice ?? largestValue)
    }

    /// The program of some members, all others having their choices.
    func program(
        _ dual: Dual, from choices: [Int16], _ open: RowCandidates, _ terms: RowProgram.Terms
    ) -> MemberProgram {
        var base = choices
        for member in open.members { base[Int(member)] = -1 }
        let totals = totals(base)
        return MemberProgram(
            rows, columns, open, terms,
            fixed: (totals.reduce(0) { $0 + $1.value }, rows.activities(totals)))
    }
}
