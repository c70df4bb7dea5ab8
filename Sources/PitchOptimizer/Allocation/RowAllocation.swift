extension Allocator {
    /// The choice of greatest value within all rows, or what conflicts.
    ///
    /// Where members are few, or many are alike, how many of every class get what is searched for
    /// (`ClassAllocator`). Else the Lagrangian dual is minimised on a sample (smoothed, projected
    /// Newton) and then on all members (proximal bundle); its value bounds every choice. The
    /// choices come from it by local search, and by an exact search where few members are open.
    /// - Throws: `sizeMismatch` for segments of other members, `rowIsMalformed`.
    package func maximizeValue(
        within rows: [CellRow], of segments: Segments
    ) throws(OptimizerError) -> LimitedOutcome {
        let rows = try RowSet(rows, segments, table)
        return table.withColumns { columns in
            if let merged = MergedMembers(rows, columns) { return within(rows, columns, merged) }
            let solver = RowSolver(
                rows: rows, columns: columns, threads: threads, largestValue: table.largestValue)
            let ceilings = Array(repeating: Double.infinity, count: rows.rows.count)
            let dual = solver.dual(valueWeight: 1, ceilings: ceilings)
            if dual.value >= solver.leastDual(1),
                let choices = solver.repaired(dual)
            {
                return .found(improved(choices, dual, solver))
            }
            return relaxed(dual, solver)
        }
    }

    /// Members who are alike: how many of them get what.
    private func within(
        _ rows: RowSet, _ columns: OfferColumns, _ merged: MergedMembers
    ) -> LimitedOutcome {
        let classes = ClassAllocator(merged.table(rows, columns), workLimit: 4 * workLimit)
        switch classes.maximizeValue() {
        case .found(let found):
            let choices = merged.choices(found.counts)
            let totals = RowPass.totals(of: choices, rows, columns, threads: threads)
            return .found(
                LimitedAllocation(
                    choices: choices, value: found.value,
                    costMinor: totals.reduce(0) { $0 + $1.cost }, bound: found.bound,
                    isOptimal: found.isOptimal, rows: found.rows))
        case .conflict(let conflict):
            return .conflict(
                Conflict(
                    rows: conflict.rows, relaxations: conflict.relaxations,
                    choices: merged.choices(conflict.choices), bound: conflict.bound,
                    isLeast: conflict.isLeast))
        }
    }

    /// Betters choices within the limits by search and says what they came to.
    private func improved(
        _ choices: [Int16], _ dual: RowSolver.Dual, _ solver: RowSolver
    ) -> LimitedAllocation {
        var choices = choices
        var found = RowSolver.Found(bound: dual.value)
        let terms = RowProgram.Terms(
            limits: solver.rows.rows.map(\.limit), multipliers: dual.multipliers,
            hasValues: true, violationPrice: nil)
        let lack = dual.value - solver.value(choices)
        if lack <= 1e-11 * abs(dual.value) {
            found.isComplete = true
        } else if workLimit > 0 {
            found = solver.search(dual, lack: lack, terms, workLimit: workLimit)
            if let better = found.choices, solver.isWithin(better) { choices = better }
        }
        return reading(choices, found, dual, solver)
    }

    private func reading(
        _ choices: [Int16], _ found: RowSolver.Found, _ dual: RowSolver.Dual, _ solver: RowSolver
    ) -> LimitedAllocation {
        let totals = solver.totals(choices)
        let activities = solver.rows.activities(totals)
        let readings = solver.rows.rows.indices.map { row in
            RowReading(
                activity: activities[row], slack: solver.rows.rows[row].limit - activities[row],
                multiplier: dual.multipliers[row])
        }
        let value = totals.reduce(0) { $0 + $1.value }
        return LimitedAllocation(
            choices: choices, value: value, costMinor: totals.reduce(0) { $0 + $1.cost },
            bound: max(found.bound, value), isOptimal: found.isComplete, rows: readings)
    }

    // MARK: - Conflicts

    /// Looks for the choices of least violation; when these are within the limits after all, they
    /// are where the search for value starts again.
    private func relaxed(_ dual: RowSolver.Dual, _ solver: RowSolver) -> LimitedOutcome {
        let relaxation = Relaxation(solver, workLimit: workLimit)
        if solver.isWithin(relaxation.choices) {
            let choices = solver.repaired(dual, from: relaxation.choices) ?? relaxation.choices
            return .found(improved(choices, dual, solver))
        }
        return .conflict(relaxation.conflict())
    }
}
