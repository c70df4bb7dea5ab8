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
        package let path: Path
        /// Share of a sample of members for which it is true.
        package let selectivity: Double
        /// Share of the members whom it is asked of: when few are left undecided by the conditions
        /// before it, it is asked of them alone.
        package let asked: Double
        /// Estimated nanoseconds a member.
        package let cost: Double
        package let columns: [FieldID]
        /// The segments and named fields that it names: they are computed before, once for all.
        package let definitions: [DefinitionID]
    }

    package let steps: [Step]
    package let columns: Set<FieldID>
    /// Which instructions the kernels use.
    package let family: KernelFamily
    /// Members that are looked at together.
    package let batchRows: Int
}

extension Explanation {
    init(
        of predicate: Expression, _ plan: Plan, _ run: PlanRun, in program: Program,
        sample: [ChunkRows], count: Int
    ) {
        columns = References(predicate, in: program).fields
        family = run.family
        batchRows = run.scratch.rows
        let operands = predicate.junctionOperands
        let step = {
            (place: Int, expression: Expression, node: PlanNode, shares: (Double, Double)) in
            Step(
                position: place, range: expression.range, kernel: node.kernel,
                path: node.path(plan.atoms.columns, count: count), selectivity: shares.0,
                asked: shares.1, cost: node.cost,
                columns: References(expression, in: program).fields.sorted {
                    ($0.dataSet.index, $0.index) < ($1.dataSet.index, $1.index)
                }, definitions: expression.namedDefinitions)
        }
        if case .junction(let junction)? = plan.rules.first?.kind,
            junction.operands.count == operands.count
        {
            steps = zip(junction.operands, junction.askedShares).map { operand, asked in
                step(
                    operand.position, operands[operand.position], operand.node,
                    (operand.selectivity, asked))
            }
        } else {
            let rows = Double(max(1, sample.reduce(0) { $0 + $1.count }))
            steps = plan.rules.map { rule in
                let population = sample.reduce(0) { $0 + run.populations(rule, $1).isTrue }
                return step(0, predicate, rule, (Double(population) / rows, 1))
            }
        }
    }
}

extension PlanJunction {
    /// For each operand the share of rows that it is asked of, if they do not hang together.
    fileprivate var askedShares: [Double] {
        var open = 1.0
        return operands.map { operand in
            defer { open *= 1 - operand.decided }
            return open * Double(PlanRun.sparseShare) < 1 ? open : 1
        }
    }
}

extension Expression {
    /// Those that stand in it, in their order in the script.
    fileprivate var namedDefinitions: [DefinitionID] {
        var found: Set<DefinitionID> = []
        var open = [self]
        while let next = open.popLast() {
            if case .definition(let id) = next.node { found.insert(id) }
            open += next.operands
        }
        return found.sorted { $0.index < $1.index }
    }

    fileprivate var junctionOperands: [Expression] {
        switch node {
        case .and(let operands), .or(let operands): operands
        default: []
        }
    }
}
