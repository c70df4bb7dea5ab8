import PitchProgram
import PitchSchema

/// Makes the rows of a choice: the goal's limits, the plan's budget, stock, and a template's
/// quantities.
struct ChoiceRows {
    let program: Program
    let goal: Goal
    let offers: [Offer]
    let outlook: OfferOutlook
    let cells: ChoiceCells
    /// What was given before, in the same cells; `offer` is a place in `offers`.
    let past: [(cell: Int, offer: Int, count: Int)]
    /// The whole audience: a share of conversion is of these.
    let audience: Int
    /// Of each segment of the goal's limits.
    let segmentSizes: [DefinitionID: Int]

    private var partition: GoalPartition { GoalPartition(goal) }

    /// What a decision is expected to cost, in hundredths of a minor unit.
    func cost(_ cell: ChoiceCell, _ offer: Int) -> Double {
        outlook.costs[cell.group][offer] + Self.message(cell)
    }

    static func message(_ cell: ChoiceCell) -> Double {
        (Double(cell.messageMicro) / 1e6 * OfferOutlook.scale).rounded()
    }

    /// A row of what an offer uses, where a member may hold it.
    private func row(
        _ name: String, _ unit: ChoiceRow.Unit, limit: Double, isNew: Bool = false,
        isFloor: Bool = false, uses: (ChoiceCell, Int) -> Double
    ) -> ChoiceRow {
        let all = cells.cells.map { cell in
            offers.indices.map { cell.allowed[$0] ? uses(cell, $0) : 0 }
        }
        let before = isNew ? 0 : past.reduce(0) {
            $0 + Double($1.count) * uses(cells.cells[$1.cell], $1.offer)
        }
        return ChoiceRow(
            name: name, unit: unit, uses: all, before: before, limit: limit, isFloor: isFloor)
    }

    // MARK: - The goal's limits

    /// - Throws: when shares of too many values are compared.
    func goalRows() throws -> [ChoiceRow] {
        var field = 0
        return try goal.limits.flatMap { limit -> [ChoiceRow] in
            if case .rateGap(let gap, _) = limit.measure {
                defer { field += 1 }
                return try rateGap(Double(gap) / 1e6, limit.text, field)
            }
            return [goalRow(limit)]
        }
    }

    private func goalRow(_ limit: GoalLimit) -> ChoiceRow {
        let place = limit.segment.flatMap { partition.segments.firstIndex(of: $0) }
        let counts = { (cell: ChoiceCell) in place.map { cell.segments[$0] } ?? true }
        let whole = limit.segment.flatMap { segmentSizes[$0] } ?? audience
        switch limit.measure {
        case .cost(let minor):
            return row(limit.text, .money, limit: Double(minor) * OfferOutlook.scale) {
                counts($0) ? cost($0, $1) : 0
            }
        case .conversion(let floor):
            return row(limit.text, .members, limit: -floor.members(of: whole), isFloor: true) {
                counts($0) ? -outlook.conversions[$0.group][$1] : 0
            }
        case .coverage(let share, let isFloor):
            let sign: Double = isFloor ? -1 : 1
            return row(
                limit.text, .members, limit: sign * share.members(of: whole), isFloor: isFloor
            ) { cell, _ in counts(cell) ? sign : 0 }
        case .sends(let count, let channel):
            return row(limit.text, .pieces, limit: Double(count)) { cell, _ in
                cell.channel == channel ? 1 : 0
            }
        case .returnOnCost(let ratio):
            return returnRow(Double(ratio) / 1e6, limit.text, counts)
        case .rateGap: preconditionFailure("a rate gap is several rows")
        }
    }

    private func returnRow(
        _ least: Double, _ name: String, _ counts: (ChoiceCell) -> Bool
    ) -> ChoiceRow {
        let worth = Double(goal.worthMinor ?? 0) * OfferOutlook.scale
        var row = row(name, .ratio, limit: 0, isFloor: true) {
            counts($0) ? least * cost($0, $1) - worth * outlook.conversions[$0.group][$1] : 0
        }
        let costs = self.row(name, .money, limit: 0) { counts($0) ? cost($0, $1) : 0 }
        row.returned = ChoiceRow.Return(
            least: least, costs: costs.uses, costBefore: costs.before)
        return row
    }

    /// Each value makes two rows, and a step of the search takes as long as the square of these.
    private static let comparedValues = 250

    /// Two rows a value of the field, among those who are considered now.
    private func rateGap(_ gap: Double, _ name: String, _ field: Int) throws -> [ChoiceRow] {
        var sizes: [Int: Int] = [:]
        for (cell, size) in zip(cells.cells, cells.sizes) {
            sizes[cell.values[field], default: 0] += size
        }
        let present = sizes.count { $0.value > 0 }
        guard present <= Self.comparedValues else {
            throw WorkspaceError(
                .world,
                "goal '\(goal.name)' keeps '\(name)', and the members considered have \(present) "
                    + "values: at most \(Self.comparedValues) can be compared, so compare by a "
                    + "field with fewer")
        }
        let all = Double(max(1, cells.ofMember.count))
        return sizes.filter { $0.value > 0 }.sorted { $0.key < $1.key }.flatMap { value, size in
            [1.0, -1].map { sign in
                row(name, .share, limit: gap, isNew: true) { cell, _ in
                    let own = cell.values[field] == value ? 1 / Double(size) : 0
                    return sign * (own - 1 / all)
                }
            }
        }
    }

    // MARK: - What is left to give

    /// - Parameter expected: whether issuing reserves the expected cost.
    func budgetRow(left micro: Int128, expected: Bool) -> ChoiceRow {
        let reserved = offers.map { offer in
            program.items(of: offer).reduce(0.0) {
                let held = program.coupons[$1.coupon].reservedMinor(expected: expected) ?? 0
                return $0 + Double(held) * Double($1.quantity)
            } * OfferOutlook.scale
        }
        let left = (Double(micro) / 1e6 * OfferOutlook.scale).rounded(.down)
        return row("the rest of the plan's budget", .money, limit: left, isNew: true) {
            // A part of a hundredth more than it costs at most: the sum never passes the budget.
            reserved[$1] + (Double($0.messageMicro) / 1e6 * OfferOutlook.scale).rounded(.up)
        }
    }

    /// One row for each coupon with a stock.
    /// - Parameter issued: by coupon.
    func stockRows(issued: [String: Int64]) -> [ChoiceRow] {
        let items = offers.map { program.items(of: $0) }
        let coupons = Set(items.joined().map(\.coupon)).sorted()
        return coupons.compactMap { index in
            let coupon = program.coupons[index]
            guard let stock = coupon.stock else { return nil }
            let left = max(0, stock - issued[coupon.name, default: 0])
            let name = "the rest of the stock of \(coupon.name)"
            return row(name, .pieces, limit: Double(left), isNew: true) {
                Double(items[$1].filter { $0.coupon == index }.reduce(0) { $0 + $1.quantity })
            }
        }
    }

    /// - Parameter quantities: of each offer, in all.
    func quantityRows(_ quantities: [Int]) -> [ChoiceRow] {
        offers.indices.map { offer in
            let name = program.name(of: offers[offer]) ?? ""
            return row(
                "the template's \(name)", .pieces, limit: Double(quantities[offer])
            ) { $1 == offer ? 1 : 0 }
        }
    }
}
