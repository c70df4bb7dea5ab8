import PitchOptimizer
import PitchProgram

/// Chooses how many members of every cell get which offer, by the objective and within rows.
struct ChoiceSolver {
    let objective: Goal.Objective
    /// What an offer is worth to the objective for a member of a cell, or what it costs where the
    /// least cost is the objective; nil where the cell may not get it.
    let values: [[Double?]]
    let cells: ChoiceCells
    let offers: Int
    let rows: [ChoiceRow]

    enum Outcome {
        case found(Found)
        /// Indices and relaxations are of `rows`.
        case conflict([Int], relaxations: [Double], isLeast: Bool)
    }

    struct Found {
        /// `[cell][offer]`: how many members.
        let counts: [[Int]]
        let bound: Double
        let gap: Double
        /// What one more unit of each row would bring.
        let multipliers: [Double]
    }

    func solve() throws(OptimizerError) -> Outcome {
        let binding = rows.indices.filter { rows[$0].canBind(cells.sizes) }
        let sign: Double = objective == .cost ? -1 : 1
        let table = try ClassTable(
            sizes: cells.sizes, offers: offers,
            values: values.map { $0.map { $0.map { sign * $0 } } },
            rows: binding.map { ClassRow(rows[$0].uses, atMost: rows[$0].rest) })
        switch ClassAllocator(table).maximizeValue() {
        case .found(let found):
            return .found(
                Found(
                    counts: found.counts, bound: sign * found.bound, gap: found.gap,
                    multipliers: spread(found.rows.map(\.multiplier), over: binding)))
        case .conflict(let conflict):
            return .conflict(
                conflict.rows.map { binding[$0] },
                relaxations: spread(conflict.relaxations, over: binding),
                isLeast: conflict.isLeast)
        }
    }

    private func spread(_ numbers: [Double], over binding: [Int]) -> [Double] {
        var all = [Double](repeating: 0, count: rows.count)
        for (row, number) in zip(binding, numbers) { all[row] = number }
        return all
    }
}
