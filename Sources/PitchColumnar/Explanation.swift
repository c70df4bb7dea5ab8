import PitchProgram
import PitchSchema
import PitchSource

/// How a predicate was compiled.
package struct Explanation: Sendable {
    /// One operand of the outermost `and` or `or` (or the whole predicate), in running order.
    package struct Step: Sendable {
        /// Its place in the script, counted from 0.
        package let position: Int
        package let range: SourceRange
        /// What its kernel looks at: `a field`, `text`, `a count of events`.
        package let kernel: String
        /// Share of a sample of members for which it is true.
        package let selectivity: Double
        /// Estimated nanoseconds a member.
        package let cost: Double
        package let columns: [FieldID]
    }

    package let steps: [Step]
    package let columns: Set<FieldID>
}

extension Explanation {
    init(
        of predicate: Expression, _ plan: Plan, _ run: PlanRun, in program: Program,
        sample: [ChunkRows]
    ) {
        columns = References(predicate, in: program).fields
        let operands = predicate.junctionOperands
        if case .junction(let junction)? = plan.rules.first?.kind,
            junction.operands.count == operands.count
        {
            steps = junction.operands.map { operand in
                Step(
                    operands[operand.position], at: operand.position, operand.node,
                    selectivity: operand.selectivity, in: program)
            }
        } else {
            let rows = Double(max(1, sample.reduce(0) { $0 + $1.count }))
            steps = plan.rules.map { rule in
                let population = sample.reduce(0) { $0 + run.populations(rule, $1).isTrue }
                return Step(
                    predicate, at: 0, rule, selectivity: Double(population) / rows, in: program)
            }
        }
    }
}

extension Explanation.Step {
    fileprivate init(
        _ expression: Expression, at position: Int, _ node: PlanNode, selectivity: Double,
        in program: Program
    ) {
        self.position = position
        range = expression.range
        kernel = node.kernel
        self.selectivity = selectivity
        cost = node.cost
        columns = References(expression, in: program).fields.sorted {
            ($0.dataSet.index, $0.index) < ($1.dataSet.index, $1.index)
        }
    }
}

extension Expression {
    fileprivate var junctionOperands: [Expression] {
        switch node {
        case .and(let operands), .or(let operands): operands
        default: []
        }
    }
}
