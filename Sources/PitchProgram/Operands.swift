import PitchSchema

extension Expression {
    /// The expressions directly below, in the order of the script: of an aggregate its argument and
    /// filter too, which are evaluated for each event. The body of a definition is not below it.
    package var operands: [Expression] {
        switch node {
        case .constant, .memberField, .eventField, .occurrenceField, .definition, .now, .today: []
        case .lookup(_, let key, _): [key]
        case .not(let operand), .isMissing(let operand), .negate(let operand),
            .convert(let operand), .has(let operand, _, _), .shift(let operand, _, _):
            [operand]
        case .and(let operands), .or(let operands), .call(_, let operands): operands
        case .compare(_, let left, let right), .text(_, let left, let right),
            .orElse(let left, let right), .arithmetic(_, let left, let right):
            [left, right]
        case .isIn(let operand, let elements): [operand] + elements
        case .isWithin(let operand, let window): [operand] + window.bounds
        case .choose(let branches, let otherwise):
            branches.flatMap { [$0.condition, $0.value] } + (otherwise.map { [$0] } ?? [])
        case .aggregate(let aggregate):
            [aggregate.argument].compactMap { $0 } + (aggregate.window?.bounds ?? [])
                + [aggregate.filter].compactMap { $0 }
        }
    }
}

extension Program {
    /// The stored fields that segments and named fields read, and those that strategies read of
    /// members and tables.
    package var fieldsOfConditions: Set<FieldID> {
        let asked = plans.flatMap(\.strategies).flatMap { strategy in
            [strategy.audience, strategy.condition].compactMap { $0 }
                + strategy.triggers.compactMap(\.filter)
        }
        return fields(readBy: definitions.map(\.expression)).union(
            fields(readBy: asked).filter { dataSets[$0.dataSet.index].kind != .events })
    }

    /// The stored fields that expressions read themselves.
    private func fields(readBy expressions: [Expression]) -> Set<FieldID> {
        var found: Set<FieldID> = []
        var open = expressions
        while let expression = open.popLast() {
            switch expression.node {
            case .memberField(let index):
                if let members { found.insert(FieldID(members, index)) }
            case .eventField(let field): found.insert(field)
            case .lookup(let table, _, let field): found.insert(FieldID(table, field))
            default: break
            }
            open += expression.operands
        }
        return found
    }
}

extension Window {
    /// The expressions of its bounds.
    package var bounds: [Expression] {
        switch self {
        case .last, .next, .calendar: []
        case .since(let bound), .until(let bound): [bound]
        case .between(let low, let high): [low, high]
        }
    }
}
