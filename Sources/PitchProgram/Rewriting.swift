extension Expression {
    /// The expression with every part replaced, from the leaves up.
    package func rewritten(_ change: (Expression) -> Expression) -> Expression {
        func inner(_ expression: Expression) -> Expression { expression.rewritten(change) }
        let node: Node =
            switch self.node {
            case .constant, .memberField, .eventField, .occurrenceField, .definition, .now, .today:
                self.node
            case .lookup(let table, let key, let field):
                .lookup(table: table, key: inner(key), field: field)
            case .not(let operand): .not(inner(operand))
            case .and(let operands): .and(operands.map(inner))
            case .or(let operands): .or(operands.map(inner))
            case .compare(let comparison, let left, let right):
                .compare(comparison, inner(left), inner(right))
            case .isIn(let operand, let elements): .isIn(inner(operand), elements.map(inner))
            case .isWithin(let operand, let window):
                .isWithin(inner(operand), window.rewritten(inner))
            case .has(let operand, let quantifier, let words):
                .has(inner(operand), quantifier, words)
            case .isMissing(let operand): .isMissing(inner(operand))
            case .text(let test, let left, let right): .text(test, inner(left), inner(right))
            case .orElse(let first, let second): .orElse(inner(first), inner(second))
            case .negate(let operand): .negate(inner(operand))
            case .arithmetic(let operation, let left, let right):
                .arithmetic(operation, inner(left), inner(right))
            case .shift(let operand, let period, let times):
                .shift(inner(operand), period, times: times)
            case .convert(let operand): .convert(inner(operand))
            case .call(let function, let arguments): .call(function, arguments.map(inner))
            case .choose(let branches, let otherwise):
                .choose(
                    branches.map { Branch(inner($0.condition), inner($0.value)) },
                    otherwise: otherwise.map(inner))
            case .aggregate(let aggregate):
                .aggregate(
                    aggregate.with(
                        argument: aggregate.argument.map(inner),
                        window: aggregate.window?.rewritten(inner),
                        filter: aggregate.filter.map(inner)))
            }
        return change(Expression(node, type, at: range))
    }
}

extension Window {
    fileprivate func rewritten(_ change: (Expression) -> Expression) -> Window {
        switch self {
        case .last, .next, .calendar: self
        case .since(let bound): .since(change(bound))
        case .until(let bound): .until(change(bound))
        case .between(let low, let high): .between(change(low), change(high))
        }
    }
}

extension Aggregate {
    /// The same aggregate over other events, or of something else.
    package func with(
        _ function: Function? = nil, argument: Expression?, window: Window?, filter: Expression?,
        position: Int? = nil
    ) -> Aggregate {
        Aggregate(
            function ?? self.function, over: dataSet, argument: argument, window: window,
            filter: filter, position: position ?? self.position, unit: unit,
            excludesOccurrence: excludesOccurrence)
    }
}
