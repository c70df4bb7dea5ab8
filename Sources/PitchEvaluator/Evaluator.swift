import PitchProgram
import PitchSchema

/// What the language means: expressions evaluated by walking their tree, for one member at a time.
/// It is written to be read; `PitchColumnar` must give the same values, and is faster.
package final class Evaluator: Sendable {
    let program: Program
    let moment: Moment
    let today: Int32
    let members: DataSetID?
    let tables: any TableRows
    /// The tables to which fields refer, by data set and field.
    private let references: [[DataSetID?]]

    package init(program: Program, moment: Moment, tables: some TableRows) {
        self.program = program
        self.moment = moment
        today = moment.today
        members = program.members
        self.tables = tables
        references = program.dataSets.enumerated().map { number, dataSet in
            dataSet.fields.indices.map {
                program.table(referredBy: FieldID(DataSetID(number), $0))
            }
        }
    }

    /// A stored value as it is read: a reference to a row that its table lacks is missing.
    func read(_ value: Value, of field: FieldID) -> Value {
        guard case .text(let key) = value,
            let table = references[field.dataSet.index][field.index]
        else { return value }
        return tables.row(of: table, key: key) == nil ? .missing : value
    }

    /// The value of an expression for one member at the run's instant.
    /// - Parameters:
    ///   - event: the row that `eventField` reads outside aggregates: that of a `when` line.
    ///   - occurrence: what `this` reads and `other …` leaves out.
    /// - Throws: the first failure that decides the value.
    package func evaluate(
        _ expression: Expression, for member: MemberRecord, event: EventRecord? = nil,
        occurrence: Occurrence? = nil
    ) throws(EvaluationError) -> Value {
        try MemberEvaluation(self, member, occurrence).value(of: expression, event)
    }
}

/// What a strategy fires for: an event row, a basket of rows, or a day.
package struct Occurrence: Sendable {
    /// The fields of `this`, by name.
    package let fields: [String: Value]
    /// The data set of its rows; nil for a day.
    package let dataSet: DataSetID?
    /// `EventRecord.row` of the events that make it up.
    package let rows: Set<Int64>

    package init(fields: [String: Value], dataSet: DataSetID? = nil, rows: Set<Int64> = []) {
        self.fields = fields
        self.dataSet = dataSet
        self.rows = rows
    }
}

/// The evaluation of any number of expressions for one member; each definition is evaluated once.
struct MemberEvaluation {
    let evaluator: Evaluator
    let member: MemberRecord
    let occurrence: Occurrence?
    private let memory = Memory()

    private final class Memory {
        var definitions: [DefinitionID: Result<Value, EvaluationError>] = [:]
    }

    init(_ evaluator: Evaluator, _ member: MemberRecord, _ occurrence: Occurrence?) {
        self.evaluator = evaluator
        self.member = member
        self.occurrence = occurrence
    }

    func value(
        of expression: Expression, _ event: EventRecord?
    ) throws(EvaluationError) -> Value {
        switch expression.node {
        case .constant(let value): value
        case .memberField(let index): memberField(index)
        case .eventField(let field):
            event.map { evaluator.read($0.values[field.index], of: field) } ?? .missing
        case .occurrenceField(let name): occurrenceField(name)
        case .lookup(let table, let key, let field):
            try lookUp(value(of: key, event), in: table, field: field)
        case .definition(let id): try definition(id)
        case .now: .instant(evaluator.moment.now)
        case .today: .date(evaluator.today)
        case .not(let operand): try truth(of: operand, event).map { .truth(!$0) } ?? .missing
        case .and(let operands): try decide(operands, by: false, event)
        case .or(let operands): try decide(operands, by: true, event)
        case .compare(let comparison, let left, let right):
            try compare(comparison, value(of: left, event), value(of: right, event))
        case .isIn(let operand, let elements): try isIn(operand, elements, event)
        case .isWithin(let operand, let window): try isWithin(operand, window, event)
        case .has(let operand, let quantifier, let wanted):
            try has(value(of: operand, event), quantifier, wanted)
        case .isMissing(let operand): .truth(try value(of: operand, event).isMissing)
        case .text(let test, let text, let part):
            try testText(test, value(of: text, event), value(of: part, event))
        case .orElse(let first, let second): try orElse(first, second, event)
        case .negate(let operand):
            try negate(value(of: operand, event), expression)
        case .arithmetic(let operation, let left, let right):
            try calculate(
                operation, (value(of: left, event), left.type),
                (value(of: right, event), right.type), expression)
        case .shift(let operand, let period, let times):
            try shift(value(of: operand, event), by: period, times: times)
        case .convert(let operand): try convert(value(of: operand, event), expression)
        case .call(let function, let arguments): try call(function, arguments, expression, event)
        case .choose(let branches, let otherwise): try choose(branches, otherwise, event)
        case .aggregate(let aggregate): try value(of: aggregate, in: expression, event)
        }
    }

    /// A truth value; nil: unknown.
    func truth(
        of expression: Expression, _ event: EventRecord?
    ) throws(EvaluationError) -> Bool? {
        guard case .truth(let flag) = try value(of: expression, event) else { return nil }
        return flag
    }

    private func memberField(_ index: Int) -> Value {
        guard let members = evaluator.members else { return member.values[index] }
        return evaluator.read(member.values[index], of: FieldID(members, index))
    }

    private func occurrenceField(_ name: String) -> Value {
        let value = occurrence?.fields[name] ?? .missing
        guard let dataSet = occurrence?.dataSet,
            let index = evaluator.program.dataSets[dataSet.index].field(named: name)
        else { return value }
        return evaluator.read(value, of: FieldID(dataSet, index))
    }

    private func lookUp(_ key: Value, in table: DataSetID, field: Int) -> Value {
        guard case .text(let key) = key,
            let row = evaluator.tables.row(of: table, key: key)
        else { return .missing }
        return evaluator.read(row[field], of: FieldID(table, field))
    }

    func definition(_ id: DefinitionID) throws(EvaluationError) -> Value {
        if let known = memory.definitions[id] { return try known.get() }
        let result: Result<Value, EvaluationError>
        do {
            result = .success(
                try value(of: evaluator.program.definitions[id.index].expression, nil))
        } catch {
            result = .failure(error)
        }
        memory.definitions[id] = result
        return try result.get()
    }

    private func orElse(
        _ first: Expression, _ second: Expression, _ event: EventRecord?
    ) throws(EvaluationError) -> Value {
        let value = try value(of: first, event)
        return value.isMissing ? try self.value(of: second, event) : value
    }

    private func choose(
        _ branches: [Expression.Branch], _ otherwise: Expression?, _ event: EventRecord?
    ) throws(EvaluationError) -> Value {
        for branch in branches where try truth(of: branch.condition, event) == true {
            return try value(of: branch.value, event)
        }
        return if let otherwise { try value(of: otherwise, event) } else { .missing }
    }
}
