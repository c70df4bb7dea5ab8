import PitchProgram
import PitchSchema

/// What an expression refers to.
extension Expression {
    /// Its operands, without the parts of an aggregate or a window.
    var operands: [Expression] {
        switch node {
        case .constant, .memberField, .eventField, .occurrenceField, .definition, .now, .today,
            .aggregate:
            []
        case .lookup(_, let key, _): [key]
        case .not(let operand), .has(let operand, _, _), .isMissing(let operand),
            .negate(let operand), .shift(let operand, _, _), .convert(let operand):
            [operand]
        case .and(let operands), .or(let operands), .call(_, let operands): operands
        case .compare(_, let left, let right), .text(_, let left, let right),
            .orElse(let left, let right), .arithmetic(_, let left, let right):
            [left, right]
        case .isIn(let operand, let elements): [operand] + elements
        case .isWithin(let operand, let window): [operand] + window.operands
        case .choose(let branches, let otherwise):
            branches.flatMap { [$0.condition, $0.value] } + [otherwise].compactMap(\.self)
        }
    }
}

extension Window {
    var operands: [Expression] {
        switch self {
        case .last, .next, .calendar: []
        case .since(let bound), .until(let bound): [bound]
        case .between(let start, let end): [start, end]
        }
    }
}

extension Aggregate {
    /// What runs over the events, as against the window.
    var inner: [Expression] { [argument, filter].compactMap(\.self) }
}

/// How many of the scopes an expression needs: 0 when it is of the member alone.
/// - Parameter bound: data sets of the aggregates within the expression that are around this part;
///   their events are not the scopes'.
func neededDepth(
    _ expression: Expression, in scopes: ArraySlice<DataSetID>, bound: [DataSetID] = []
) -> Int {
    switch expression.node {
    case .eventField(let field):
        if bound.contains(field.dataSet) { return 0 }
        return scopes.lastIndex(of: field.dataSet).map { $0 + 1 } ?? 0
    case .aggregate(let aggregate):
        let outer = (aggregate.window?.operands ?? []).map {
            neededDepth($0, in: scopes, bound: bound)
        }
        let inner = aggregate.inner.map {
            neededDepth($0, in: scopes, bound: bound + [aggregate.dataSet])
        }
        return (outer + inner).max() ?? 0
    default:
        return expression.operands.map { neededDepth($0, in: scopes, bound: bound) }.max() ?? 0
    }
}

/// The stored fields and the definitions that expressions read.
struct References {
    private(set) var fields: Set<FieldID> = []
    private(set) var definitions: Set<Int> = []
    private let program: Program

    init(_ expression: Expression, in program: Program) {
        self.program = program
        visit(expression)
    }

    /// Definitions of definitions are visited once each: chains of them may be long.
    private mutating func visit(_ root: Expression) {
        var open = [root]
        while let expression = open.popLast() {
            switch expression.node {
            case .memberField(let index):
                if let members = program.members { fields.insert(FieldID(members, index)) }
            case .eventField(let field): fields.insert(field)
            case .lookup(let table, _, let field): fields.insert(FieldID(table, field))
            case .definition(let id):
                if definitions.insert(id.index).inserted,
                    program.definitions.indices.contains(id.index)
                {
                    open.append(program.definitions[id.index].expression)
                }
            case .aggregate(let aggregate):
                open += aggregate.inner + (aggregate.window?.operands ?? [])
                let id = aggregate.dataSet
                if program.dataSets.indices.contains(id.index),
                    let at = program.dataSets[id.index].at
                {
                    fields.insert(FieldID(id, at))
                }
            default: break
            }
            open += expression.operands
        }
    }
}
