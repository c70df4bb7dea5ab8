import PitchProgram
import PitchSchema

/// The value of an expression for one member, with those of the parts it is made of: what `why`
/// shows.
package struct Trace: Sendable {
    package let expression: Expression
    /// A truth value that is `missing` is unknown.
    package let outcome: Result<Value, EvaluationError>
    /// The operands whose value can differ between members, in the order of the script; of a
    /// definition its body; of an aggregate the bounds of its window.
    package let children: [Trace]
    /// Of an aggregate: how many events it is about, those in its window for which its filter is
    /// true; nil when that cannot be said.
    package let countedEvents: Int?
    /// Of a choice between values: its cases in their order, and no children.
    package let cases: [Case]

    /// One case of a choice.
    package struct Case: Sendable {
        /// Nil: what is left.
        package let condition: Trace?
        package let value: Expression
        /// The first whose condition is true, or the last when none is.
        package let holds: Bool
    }

    package init(
        _ expression: Expression, outcome: Result<Value, EvaluationError>, children: [Trace] = [],
        countedEvents: Int? = nil, cases: [Case] = []
    ) {
        self.expression = expression
        self.outcome = outcome
        self.children = children
        self.countedEvents = countedEvents
        self.cases = cases
    }
}

extension Evaluator {
    /// Evaluates an expression and each of its parts for one member. The parameters are those of
    /// `evaluate`.
    package func trace(
        _ expression: Expression, for member: MemberRecord, event: EventRecord? = nil,
        occurrence: Occurrence? = nil
    ) -> Trace {
        MemberEvaluation(self, member, occurrence).trace(expression, event)
    }
}

extension MemberEvaluation {
    fileprivate func trace(_ expression: Expression, _ event: EventRecord?) -> Trace {
        let outcome: Result<Value, EvaluationError>
        do {
            outcome = .success(try value(of: expression, event))
        } catch {
            outcome = .failure(error)
        }
        if case .choose(let branches, let otherwise) = expression.node {
            return Trace(
                expression, outcome: outcome, cases: cases(branches, otherwise, event))
        }
        var counted: Int?
        let parts: [Expression]
        switch expression.node {
        case .definition(let id): parts = [evaluator.program.definitions[id.index].expression]
        case .aggregate(let aggregate):
            // A failure is already the outcome of the aggregate.
            counted = (try? countedEvents(of: aggregate, event))?.count
            parts = aggregate.window?.bounds ?? []
        default: parts = expression.operands
        }
        return Trace(
            expression, outcome: outcome,
            children: parts.filter { !$0.isConstant }.map { trace($0, event) },
            countedEvents: counted)
    }

    private func cases(
        _ branches: [Expression.Branch], _ otherwise: Expression?, _ event: EventRecord?
    ) -> [Trace.Case] {
        var isDecided = false
        var cases: [Trace.Case] = branches.map { branch in
            let condition = trace(branch.condition, event)
            var holds = false
            switch condition.outcome {
            case .success(.truth(true)): holds = !isDecided
            case .success: break
            // A failure is the outcome of the whole: no later case holds.
            case .failure: isDecided = true
            }
            isDecided = isDecided || holds
            return Trace.Case(condition: condition, value: branch.value, holds: holds)
        }
        if let otherwise {
            cases.append(Trace.Case(condition: nil, value: otherwise, holds: !isDecided))
        }
        return cases
    }
}

extension Expression {
    /// The same for every member.
    fileprivate var isConstant: Bool {
        switch node {
        case .memberField, .eventField, .occurrenceField, .definition, .aggregate: false
        default: operands.allSatisfy(\.isConstant)
        }
    }
}
