/// What the choices of one segment and offer add up to.
struct CellTotals: Sendable, Equatable {
    var count: Int64 = 0
    var cost: Int64 = 0
    var value = 0.0
}

/// Rows by the cells they cover; cell `segment * offers + offer`.
struct RowSet: Sendable {
    let rows: [CellRow]
    let offers: Int
    let segments: Segments
    /// The uses of a cell are `uses[starts[cell]..<starts[cell + 1]]`.
    let starts: [Int]
    let uses: [CellUse]
    /// The rows that a segment's members can use.
    let ofSegment: [[Int]]

    /// What one row takes in one cell.
    struct CellUse: Sendable {
        var row: Int
        var member: Double
        var cost: Double
        var value: Double

        @inline(__always)
        func amount(cost: Double, value: Double) -> Double {
            member + self.cost * cost + self.value * value
        }
    }

    /// - Throws: `sizeMismatch`, `rowIsMalformed` for the first row that is.
    init(_ rows: [CellRow], _ segments: Segments, _ table: OfferTable) throws(OptimizerError) {
        guard segments.ofMember.count == table.members else {
            throw .sizeMismatch(expected: table.members, found: segments.ofMember.count)
        }
        let cells = segments.count * table.offers
        var found = Array(repeating: [CellUse](), count: cells)
        for (index, row) in rows.enumerated() {
            guard row.limit.isFinite else { throw .rowIsMalformed(index) }
            for term in row.terms {
                guard Self.isSound(term, segments.count, table.offers) else {
                    throw .rowIsMalformed(index)
                }
                Self.add(term, of: index, segments.count, table.offers, to: &found)
            }
        }
        (self.rows, self.segments, offers) = (rows, segments, table.offers)
        starts = found.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
        uses = found.flatMap(\.self)
        let offers = table.offers
        ofSegment = (0..<segments.count).map { segment in
            let cells = found[segment * offers..<(segment + 1) * offers]
            return Set(cells.joined().map(\.row)).sorted()
        }
    }

    private static func isSound(_ term: CellRow.Term, _ segments: Int, _ offers: Int) -> Bool {
        (0..<segments).contains(term.segment ?? 0) && (0..<offers).contains(term.offer ?? 0)
            && term.member.isFinite && term.cost.isFinite && term.value.isFinite
    }

    private static func add(
        _ term: CellRow.Term, of row: Int, _ segments: Int, _ offers: Int,
        to found: inout [[CellUse]]
    ) {
        for segment in term.segment.map({ $0..<$0 + 1 }) ?? 0..<segments {
            for offer in term.offer.map({ $0..<$0 + 1 }) ?? 0..<offers {
                let cell = segment * offers + offer
                if found[cell].last?.row == row {
                    let last = found[cell].count - 1
                    found[cell][last].member += term.member
                    found[cell][last].cost += term.cost
                    found[cell][last].value += term.value
                } else {
                    found[cell].append(
                        CellUse(
                            row: row, member: term.member, cost: term.cost, value: term.value))
                }
            }
        }
    }

    var cells: Int { segments.count * offers }

    @inline(__always)
    func uses(_ segment: Int, _ offer: Int) -> Range<Int> {
        let cell = segment &* offers &+ offer
        return starts[cell]..<starts[cell &+ 1]
    }

    /// The prices of all cells at multipliers: an offer is worth `valueWeight · value` less what
    /// the rows charge for it.
    func prices(_ multipliers: [Double], valueWeight: Double) -> [CellPrice] {
        (0..<cells).map { cell in
            var price = CellPrice(value: valueWeight, cost: 0, member: 0)
            for use in uses[starts[cell]..<starts[cell + 1]] {
                price.value -= multipliers[use.row] * use.value
                price.cost += multipliers[use.row] * use.cost
                price.member += multipliers[use.row] * use.member
            }
            return price
        }
    }

    /// What every row adds up to: exact for integer rows below 2⁵³.
    func activities(_ totals: [CellTotals]) -> [Double] {
        var sums = Array(repeating: 0.0, count: rows.count)
        var exact = Array(repeating: Int128(0), count: rows.count)
        let isInteger = rows.map(\.isInteger)
        for cell in 0..<cells {
            for use in uses[starts[cell]..<starts[cell + 1]] {
                let total = totals[cell]
                if isInteger[use.row] {
                    exact[use.row] +=
                        Int128(use.member) * Int128(total.count)
                        + Int128(use.cost) * Int128(total.cost)
                } else {
                    sums[use.row] +=
                        use.member * Double(total.count) + use.cost * Double(total.cost)
                        + use.value * total.value
                }
            }
        }
        return rows.indices.map { isInteger[$0] ? Double(exact[$0]) : sums[$0] }
    }

    /// What a sum may exceed its limit by: nothing for integer rows, the rounding of others.
    func rounding(_ row: Int) -> Double {
        rows[row].isInteger ? 0 : 1e-9 * max(1, abs(rows[row].limit))
    }

    /// What one unit beyond a limit is measured by: the size of the limit, or 1 for a limit of 0.
    func unit(_ row: Int) -> Double { rows[row].limit == 0 ? 1 : abs(rows[row].limit) }
}
