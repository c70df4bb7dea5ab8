import PitchProgram

extension Checker {
    /// How many nodes an expression has, written out; at most one more than what is left of the
    /// budget, so that measuring never costs more than what is allowed.
    func extent(of expression: Expression) -> Int {
        var size = 0
        var open = [expression]
        while let next = open.popLast(), size <= budget {
            size += 1
            open += next.operands
        }
        return size
    }
}

extension Expression {
    /// The expressions directly below.
    var operands: [Expression] {
        switch node {
        case .constant, .memberField, .eventField, .occurrenceField, .definition, .now, .today:
            return []
        case .lookup(_, let operand, _), .not(let operand), .has(let operand, _, _),
            .isMissing(let operand), .negate(let operand), .shift(let operand, _, _),
            .convert(let operand):
            return [operand]
        case .and(let operands), .or(let operands), .call(_, let operands): return operands
        case .compare(_, let left, let right), .text(_, let left, let right),
            .orElse(let left, let right), .arithmetic(_, let left, let right):
            return [left, right]
        case .isIn(let value, let list): return [value] + list
        case .isWithin(let value, let window): return [value] + window.bounds
        case .choose(let branches, let otherwise):
            return branches.flatMap { [$0.condition, $0.value] } + (otherwise.map { [$0] } ?? [])
        case .aggregate(let aggregate):
            return [aggregate.argument, aggregate.filter].compactMap { $0 }
                + (aggregate.window?.bounds ?? [])
        }
    }
}

extension Window {
    var bounds: [Expression] {
        switch self {
        case .last, .next, .calendar: []
        case .since(let bound), .until(let bound): [bound]
        case .between(let from, let until): [from, until]
        }
    }
}
