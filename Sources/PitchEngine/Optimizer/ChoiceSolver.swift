import PitchOptimizer
import PitchProgram

/// Chooses an offer or none for every member, by the objective and within rows.
struct ChoiceSolver {
    let objective: Goal.Objective
    /// What an offer is worth to the objective for a member of a cell; `cost` has the cost here.
    let values: [[Double]]
    let cells: ChoiceCells
    let offers: Int
    let rows: [ChoiceRow]

    /// What came out; choices are places of offers, −1 for none.
    enum Outcome {
        case found(Found)
        /// Indices and relaxations are of `rows`.
        case conflict([Int], relaxations: [Double], isLeast: Bool)
    }

    struct Found {
        let choices: [Int16]
        let bound: Double
        let gap: Double
        /// What one more unit of each row would bring.
        let multipliers: [Double]
    }

    func solve() throws(OptimizerError) -> Outcome {
        let binding = rows.indices.filter { rows[$0].canBind(cells.sizes) }
        if objective == .cost { return try leastCost(binding) }
        if binding.isEmpty { return try alone(nil) }
        if binding.count == 1, rows[binding[0]].isBudget { return try alone(binding[0]) }
        return try within(binding, values: values)
    }

    /// Within one budget, or none.
    private func alone(_ row: Int?) throws(OptimizerError) -> Outcome {
        let costs = row.map { rows[$0].uses } ?? values.map { $0.map { _ in 0 } }
        let budget = row.map { Int64(rows[$0].rest) } ?? 0
        let found = try Allocator(table(values, costs)).maximizeValue(budgetMinor: budget)
        return .found(
            Found(
                choices: found.choices, bound: found.bound, gap: found.gap,
                multipliers: rows.indices.map { $0 == row ? found.multiplier : 0 }))
    }

    /// The least cost that reaches one floor; with more rows the greatest negative cost within
    /// them.
    private func leastCost(_ binding: [Int]) throws(OptimizerError) -> Outcome {
        let floors = rows.indices.filter { rows[$0].rest < 0 }
        if binding.allSatisfy(floors.contains), floors.count == 1 {
            let floor = floors[0]
            let reach = rows[floor].uses.map { $0.map { -$0 } }
            do {
                let found = try Allocator(table(reach, values))
                    .minimizeCost(valueFloor: -rows[floor].rest)
                let price = found.multiplier.isFinite && found.multiplier > 0
                    ? 1 / found.multiplier : 0
                return .found(
                    Found(
                        choices: found.choices, bound: found.bound, gap: found.gap,
                        multipliers: rows.indices.map { $0 == floor ? price : 0 }))
            } catch {
                guard case .floorIsOutOfReach(let greatest) = error else { throw error }
                let lack = rows.indices.map { $0 == floor ? -rows[floor].rest - greatest : 0 }
                return .conflict([floor], relaxations: lack, isLeast: true)
            }
        }
        let outcome = try within(
            rows.indices.filter { binding.contains($0) || floors.contains($0) },
            values: values.map { $0.map { -$0 } })
        guard case .found(let found) = outcome else { return outcome }
        return .found(
            Found(
                choices: found.choices, bound: -found.bound, gap: found.gap,
                multipliers: found.multipliers))
    }

    private func within(
        _ binding: [Int], values: [[Double]]
    ) throws(OptimizerError) -> Outcome {
        let table = try table(values, values.map { $0.map { _ in 0 } })
        let segments = try Segments(count: cells.cells.count, ofMember: cells.ofMember)
        let outcome = try Allocator(table)
            .maximizeValue(within: binding.map { rows[$0].cellRow }, of: segments)
        switch outcome {
        case .found(let found):
            var multipliers = [Double](repeating: 0, count: rows.count)
            for (row, reading) in zip(binding, found.rows) {
                multipliers[row] = reading.multiplier
            }
            return .found(
                Found(
                    choices: found.choices, bound: found.bound, gap: found.gap,
                    multipliers: multipliers))
        case .conflict(let conflict):
            var relaxations = [Double](repeating: 0, count: rows.count)
            for (row, by) in zip(binding, conflict.relaxations) { relaxations[row] = by }
            return .conflict(
                conflict.rows.map { binding[$0] }, relaxations: relaxations,
                isLeast: conflict.isLeast)
        }
    }

    private func table(
        _ values: [[Double]], _ costs: [[Double]]
    ) throws(OptimizerError) -> OfferTable {
        let members = cells.ofMember.count
        var valueColumns: [Float] = []
        var costColumns: [Int64] = []
        valueColumns.reserveCapacity(members * offers)
        costColumns.reserveCapacity(members * offers)
        for offer in 0..<offers {
            let byCell = values.map { Float($0[offer]) }
            let costByCell = costs.map { Int64($0[offer]) }
            for cell in cells.ofMember {
                valueColumns.append(byCell[Int(cell)])
                costColumns.append(costByCell[Int(cell)])
            }
        }
        return try OfferTable(
            members: members, offers: offers, values: valueColumns,
            costsMinor: OfferTable.narrowed(costColumns))
    }
}
