/// What the numbers of variables stand for: options; then of every row what is left, what is beyond
/// its limit, and one that must be 0, which is basic only until the search has moved off its start.
extension RowSimplex {
    /// The class of an option; nil for a variable of a row.
    func classOf(_ variable: Int) -> Int? {
        variable < program.offers.count ? program.classOf[variable] : nil
    }

    private func rowOf(_ variable: Int) -> (kind: Int, row: Int) {
        let (kind, row) = (variable - program.offers.count).quotientAndRemainder(dividingBy: count)
        return (kind, row)
    }

    /// What a basic variable adds to the objective, an option less its class's key.
    func value(_ variable: Int) -> Double {
        if let kept = classOf(variable) {
            return program.values[variable] - program.values[keys[kept]]
        }
        let (kind, row) = rowOf(variable)
        return kind == 0
            ? 0 : kind == 1 ? -(program.penalties?[row] ?? 0) : program.multipliers[row]
    }

    /// What a basic variable takes of rows, an option less its class's key.
    func column(_ variable: Int) -> [(row: Int, amount: Double)] {
        if let kept = classOf(variable) {
            return program.uses(of: variable).map { ($0.row, $0.amount) }
                + program.uses(of: keys[kept]).map { ($0.row, -$0.amount) }
        }
        let (kind, row) = rowOf(variable)
        return [(row, kind == 1 ? -1 : 1)]
    }

    func range(_ variable: Int) -> (low: Double, high: Double) {
        if let kept = classOf(variable) {
            // Where the size of the class is the limit, its key keeps it.
            let isLimited = high[variable] < program.sizes[kept]
            return (low[variable], isLimited ? high[variable] : .infinity)
        }
        return (0, variable < program.offers.count + 2 * count ? .infinity : 0)
    }
}
