/// The choice among the options of some members, all others being fixed: an integer program of how
/// many members of a class get which option, with a limit a row. Members who add and use the same
/// with every option make one class, as it does not matter which of them gets what.
///
/// Rows are scaled by powers of two to uses of about 1, which keeps sums of whole numbers exact.
struct RowProgram: Sendable {
    /// The members of every class, and how many they are.
    private(set) var members: [[Int32]] = []
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

    /// What an option takes of a row.
    struct Use: Sendable, Hashable {
        var row: Int
        var amount: Double
    }

    /// One option of one member.
    private struct Option: Hashable {
        var offer: Int16
        var value: Double
        var uses: [Use]
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

    /// - Parameter fixed: what all other members add up to: value and activities.
    init(
        _ rows: RowSet, _ columns: OfferColumns, _ candidates: RowCandidates, _ terms: Terms,
        fixed: (value: Double, activities: [Double])
    ) {
        let kept = rows.rows.indices.filter { terms.limits[$0].isFinite }
        let scales = Self.scales(rows, columns, candidates)
        limits = kept.map { row in
            scales[row] * (terms.limits[row] + rows.rounding(row) - fixed.activities[row])
        }
        multipliers = kept.map { terms.multipliers[$0] / scales[$0] }
        penalties = terms.violationPrice.map { price in
            kept.map { price / rows.unit($0) / scales[$0] }
        }
        fixedValue = terms.hasValues ? fixed.value : 0
        var places = Array(repeating: -1, count: rows.rows.count)
        for (place, row) in kept.enumerated() { places[row] = place }
        var classes: [[Option]: Int] = [:]
        for place in candidates.members.indices {
            let options = candidates.options(place).sorted {
                (candidates.regrets[$0], $0) < (candidates.regrets[$1], $1)
            }.map { option in
                let (member, offer) = (candidates.members[place], candidates.offers[option])
                var own = Option(offer: offer, value: 0, uses: [])
                if terms.hasValues { own.value = columns.value(Int(member), Int(offer)) }
                rows.forEachUse(columns, Int(member), Int(offer)) { row, amount in
                    if places[row] < 0 { return }
                    own.uses.append(Use(row: places[row], amount: amount * scales[row]))
                }
                return own
            }
            let kept = classes[options] ?? add(options)
            classes[options] = kept
            members[kept].append(candidates.members[place])
            sizes[kept] += 1
        }
    }

    /// - Returns: the number of a new class without members.
    private mutating func add(_ options: [Option]) -> Int {
        for option in options {
            classOf.append(sizes.count)
            offers.append(option.offer)
            values.append(option.value)
            uses += option.uses
            useStarts.append(uses.count)
        }
        starts.append(offers.count)
        members.append([])
        sizes.append(0)
        return sizes.count - 1
    }

    private static func scales(
        _ rows: RowSet, _ columns: OfferColumns, _ candidates: RowCandidates
    ) -> [Double] {
        var largest = Array(repeating: 0.0, count: rows.rows.count)
        for place in candidates.members.indices {
            for option in candidates.options(place) {
                let member = Int(candidates.members[place])
                rows.forEachUse(columns, member, Int(candidates.offers[option])) { row, amount in
                    largest[row] = max(largest[row], abs(amount))
                }
            }
        }
        return largest.map { $0 > 0 ? 1 / $0.binade : 1 }
    }

    func uses(of option: Int) -> ArraySlice<Use> {
        uses[useStarts[option]..<useStarts[option + 1]]
    }

    func options(of kept: Int) -> Range<Int> { starts[kept]..<starts[kept + 1] }

    /// The objective when options have so many members; `nil` when that is beyond a limit that
    /// must hold.
    func objective(_ counts: [Double]) -> Double? {
        var left = limits
        var sum = fixedValue
        for (option, count) in counts.enumerated() where count != 0 {
            sum += count * values[option]
            for use in uses(of: option) { left[use.row] -= count * use.amount }
        }
        guard let penalties else { return left.allSatisfy { $0 >= 0 } ? sum : nil }
        return zip(left, penalties).reduce(sum) { $0 + min(0, $1.0) * $1.1 }
    }

    /// Gives options to so many members each, those of the lowest numbers the first options.
    func assign(_ counts: [Double], to choices: inout [Int16]) {
        for kept in members.indices {
            var rest = members[kept].sorted()[...]
            for option in options(of: kept) {
                for member in rest.prefix(Int(counts[option])) {
                    choices[Int(member)] = offers[option]
                }
                rest = rest.dropFirst(Int(counts[option]))
            }
        }
    }
}

extension RowSet {
    /// Calls with every row that a member's offer uses and what it takes of it.
    @inline(__always)
    func forEachUse(
        _ columns: OfferColumns, _ member: Int, _ offer: Int, _ body: (Int, Double) -> Void
    ) {
        if offer < 0 { return }
        let (cost, value) = (Double(columns.cost(member, offer)), columns.value(member, offer))
        for place in uses(Int(segments.ofMember[member]), offer) {
            let amount = uses[place].amount(cost: cost, value: value)
            if amount != 0 { body(uses[place].row, amount) }
        }
    }
}
