import PitchProgram
import PitchSchema

/// A compiled expression, by what its rows hold.
enum Compiled {
    case truth(any Operator<TruthBatch>)
    case number(any Operator<NumberBatch>)
    case code(CodeExpression)

    var isConstant: Bool {
        switch self {
        case .truth(let operation): operation is Constant<TruthBatch>
        case .number(let operation): operation is Constant<NumberBatch>
        case .code(let expression): expression.isConstant
        }
    }
}

/// Compiles typed expressions to operators. `scopes` are the data sets of the aggregates around an
/// expression, outermost first: it runs over the events of the last one, or over members.
final class Compiler {
    typealias Scopes = ArraySlice<DataSetID>

    let program: Program
    let moment: Moment
    let columns: ColumnCache
    private var definitions: [Int: Compiled] = [:]
    /// Tests of tags by what they read, so that rules share them; with the sets, which are kept.
    private var tagTests: [TagTest: (pool: CodePool, test: any Operator<TruthBatch>)] = [:]

    private struct TagTest: Hashable {
        let pool: ObjectIdentifier
        let isEvent: Bool
        let quantifier: Quantifier
        let tags: [String]
    }

    init(program: Program, moment: Moment, columns: ColumnCache) {
        self.program = program
        self.moment = moment
        self.columns = columns
    }

    /// What does not depend on the innermost events is computed over the outer rows.
    func compile(_ expression: Expression, in scopes: Scopes = []) throws -> Compiled {
        if scopes.isEmpty { return try compileNode(expression, in: scopes) }
        let depth = neededDepth(expression, in: scopes)
        if depth == scopes.count { return try compileNode(expression, in: scopes) }
        let outer = try compileNode(expression, in: scopes.prefix(depth))
        if outer.isConstant { return outer }
        return (depth..<scopes.count).reduce(outer) { body, _ in broadcast(body) }
    }

    func truth(_ expression: Expression, in scopes: Scopes) throws -> any Operator<TruthBatch> {
        guard case .truth(let operation) = try compile(expression, in: scopes) else {
            throw ColumnarError.malformed("a condition was expected")
        }
        return operation
    }

    func number(_ expression: Expression, in scopes: Scopes) throws -> any Operator<NumberBatch> {
        guard case .number(let operation) = try compile(expression, in: scopes) else {
            throw ColumnarError.malformed("a count was expected")
        }
        return operation
    }

    func code(_ expression: Expression, in scopes: Scopes) throws -> CodeExpression {
        guard case .code(let code) = try compile(expression, in: scopes) else {
            throw ColumnarError.malformed("a text was expected")
        }
        return code
    }

    /// Whether sets have some tags.
    func has(
        _ sets: CodeExpression, _ quantifier: Quantifier, _ tags: [String]
    ) -> any Operator<TruthBatch> {
        let bits = columns.sets(of: sets.pool, having: quantifier, of: tags)
        let table = TruthBatch(isTrue: bits, known: nil, failed: nil)
        guard sets.map == nil, let rows = sets.base as? RowNumbers else {
            return sets.read(table, kernel: "tags")
        }
        let key = TagTest(
            pool: ObjectIdentifier(sets.pool), isEvent: rows.isEvent, quantifier: quantifier,
            tags: tags)
        if let known = tagTests[key] { return known.test }
        let test = sets.read(table, kernel: "tags")
        tagTests[key] = (sets.pool, test)
        return test
    }

    private func broadcast(_ body: Compiled) -> Compiled {
        switch body {
        case .truth(let operation): .truth(Broadcast(body: operation))
        case .number(let operation): .number(Broadcast(body: operation))
        case .code(let code):
            .code(CodeExpression(Broadcast(body: code.codes), pool: code.pool))
        }
    }

    private func compileNode(_ expression: Expression, in scopes: Scopes) throws -> Compiled {
        switch expression.node {
        case .constant(let value): return try constant(value, expression.type)
        case .memberField(let index):
            guard let members = program.members else {
                throw ColumnarError.malformed("the program has no members")
            }
            return try column(FieldID(members, index), isEvent: false)
        case .eventField(let field):
            guard scopes.last == field.dataSet else {
                throw ColumnarError.malformed("the event is not in scope")
            }
            return try column(field, isEvent: true)
        case .occurrenceField: throw ColumnarError.needsOccurrence
        case .lookup(let table, let key, let field):
            return try lookup(FieldID(table, field), key: code(key, in: scopes))
        case .definition(let id): return try definition(id)
        case .now: return .number(Constant(.value(moment.now)))
        case .today: return .number(Constant(.value(Int64(moment.today))))
        case .not, .and, .or, .compare, .isIn, .isWithin, .has, .isMissing, .text:
            return .truth(try predicate(expression, in: scopes))
        case .negate, .arithmetic, .shift, .convert, .call:
            return .number(try calculation(expression, in: scopes))
        case .orElse(let first, let second):
            return try orElse(compile(first, in: scopes), compile(second, in: scopes))
        case .choose(let branches, let otherwise):
            return try choose(branches, otherwise, type: expression.type, in: scopes)
        case .aggregate(let aggregate): return try self.aggregate(aggregate, in: scopes)
        }
    }

    // MARK: - Leaves

    private func constant(_ value: Value, _ type: ValueType) throws -> Compiled {
        switch value {
        case .truth(let flag): return .truth(Constant(.value(flag)))
        case .text(let text):
            return .code(CodeExpression(Constant(.value(0)), pool: CodePool(texts: [text])))
        case .tags(let tags):
            let pool = CodePool(
                tagOffsets: [0, Int32(tags.count)], elements: tags.indices.map { Int32($0) },
                names: tags)
            return .code(CodeExpression(Constant(.value(0)), pool: pool))
        case .missing: return missing(type)
        default: return .number(Constant(.value(value.raw ?? 0)))
        }
    }

    private func missing(_ type: ValueType) -> Compiled {
        switch type.storage {
        case .integer:
            type == .truth ? .truth(Constant(.missing)) : .number(Constant(.missing))
        case .text: .code(CodeExpression(Constant(.missing), pool: CodePool(texts: [])))
        case .tags:
            .code(
                CodeExpression(
                    Constant(.missing), pool: CodePool(tagOffsets: [0], elements: [], names: [])))
        }
    }

    private func type(of field: FieldID) throws -> ValueType {
        guard program.dataSets.indices.contains(field.dataSet.index),
            program.dataSets[field.dataSet.index].fields.indices.contains(field.index)
        else { throw ColumnarError.malformed("there is no such field") }
        return program.dataSets[field.dataSet.index].fields[field.index].type
    }

    private func column(_ field: FieldID, isEvent: Bool) throws -> Compiled {
        let type = try type(of: field)
        switch type.storage {
        case .integer where type == .truth:
            let test = RangeTest(.notEqual, 0)
            return .truth(
                PackedInRange(column: try columns.numbers(field), isEvent: isEvent, test: test))
        case .integer:
            let column = try columns.numbers(field)
            return .number(ReadPacked<Int64>(column: column, isEvent: isEvent))
        case .text:
            let (codes, pool) = try codes(field)
            let read = ReadPacked<Int32>(column: codes, isEvent: isEvent)
            return .code(CodeExpression(read, pool: pool))
        case .tags:
            let (known, pool) = try columns.tags(field)
            return .code(CodeExpression(RowNumbers(isEvent: isEvent, known: known), pool: pool))
        }
    }

    private func codes(_ field: FieldID) throws -> (codes: PackedColumn, pool: CodePool) {
        guard let table = program.table(referredBy: field) else { return try columns.codes(field) }
        return try columns.references(field, to: table)
    }

    /// A field of the table's row: by key code at compile time.
    private func lookup(_ field: FieldID, key: CodeExpression) throws -> Compiled {
        let rows = try columns.join(key.pool, to: field.dataSet)
        let type = try type(of: field)
        switch type.storage {
        case .integer where type == .truth:
            return .truth(key.read(joined(try columns.truths(field), rows), kernel: "a table"))
        case .integer:
            let numbers: NumberBatch = try columns.numbers(field).whole()
            return .number(key.read(joined(numbers, rows), kernel: "a table"))
        case .text:
            let (codes, pool) = try codes(field)
            let joined: CodeBatch = joined(codes.whole(), rows)
            return .code(mapped(key, by: joined, pool: pool))
        case .tags:
            let (known, pool) = try columns.tags(field)
            var sets = rows
            if let known, !known.words.isEmpty {
                sets.known = intersection(rows.known, known.gathered(at: rows.values))
            }
            return .code(mapped(key, by: sets, pool: pool))
        }
    }

    /// A table's column by key code.
    private func joined<B: Batch>(_ column: B, _ rows: CodeBatch) -> B {
        if column.count == 0 { return B(unknown: rows.count) }
        var batch = column.gathered(at: rows.values)
        batch.forget(where: rows.known?.complement)
        return batch
    }

    private func mapped(
        _ key: CodeExpression, by table: CodeBatch, pool: CodePool
    ) -> CodeExpression {
        guard let map = key.map else {
            if key.isConstant {
                return CodeExpression(key.read(table, kernel: "a table"), pool: pool)
            }
            return CodeExpression(key.base, map: table, pool: pool)
        }
        var composed = table.gathered(at: map.values)
        composed.forget(where: map.known?.complement)
        return CodeExpression(key.base, map: composed, pool: pool)
    }

    // MARK: - Definitions

    func definition(_ id: DefinitionID) throws -> Compiled {
        if let compiled = definitions[id.index] { return compiled }
        guard program.definitions.indices.contains(id.index) else {
            throw ColumnarError.malformed("there is no such definition")
        }
        let compiled: Compiled
        switch try compile(program.definitions[id.index].expression) {
        case .truth(let body): compiled = .truth(DefinitionRead(index: id.index, body: body))
        case .number(let body): compiled = .number(DefinitionRead(index: id.index, body: body))
        case .code(let code):
            let read = DefinitionRead(index: id.index, body: code.codes)
            compiled = .code(CodeExpression(read, pool: code.pool))
        }
        definitions[id.index] = compiled
        return compiled
    }

    // MARK: - Choices

    private func orElse(_ first: Compiled, _ second: Compiled) throws -> Compiled {
        switch (first, second) {
        case (.truth(let first), .truth(let second)):
            return .truth(OrElse(first: first, second: second))
        case (.number(let first), .number(let second)):
            return .number(OrElse(first: first, second: second))
        case (.code(let first), .code(let second)):
            let (pool, codes) = commonPool([first, second])
            return .code(
                CodeExpression(OrElse(first: codes[0], second: codes[1]), pool: pool))
        default: throw ColumnarError.malformed("both sides must hold the same")
        }
    }

    private func choose(
        _ branches: [Expression.Branch], _ otherwise: Expression?, type: ValueType,
        in scopes: Scopes
    ) throws -> Compiled {
        let tests = try branches.map { try truth($0.condition, in: scopes) }
        if type.storage != .integer {
            let codes = try (branches.map(\.value) + [otherwise].compactMap(\.self)).map {
                try code($0, in: scopes)
            }
            let (pool, values) = commonPool(codes)
            let choice = Choose(
                branches: zip(tests, values).map { ($0, $1) },
                otherwise: otherwise == nil ? nil : values.last)
            return .code(CodeExpression(choice, pool: pool))
        }
        if type == .truth {
            let values = try branches.map { try truth($0.value, in: scopes) }
            return .truth(
                Choose(
                    branches: zip(tests, values).map { ($0, $1) },
                    otherwise: try otherwise.map { try truth($0, in: scopes) }))
        }
        let values = try branches.map { try number($0.value, in: scopes) }
        return .number(
            Choose(
                branches: zip(tests, values).map { ($0, $1) },
                otherwise: try otherwise.map { try number($0, in: scopes) }))
    }

    /// One pool for several expressions, and their codes in it.
    func commonPool(
        _ expressions: [CodeExpression]
    ) -> (pool: CodePool, codes: [any Operator<CodeBatch>]) {
        guard let first = expressions.first else { return (CodePool(texts: []), []) }
        var pool = first.pool
        var maps: [[Int32]] = [(0..<Int32(pool.count)).map(\.self)]
        for expression in expressions.dropFirst() {
            let (next, left, right) = pool.merged(with: expression.pool)
            maps = maps.map { $0.map { left[Int($0)] } } + [right]
            pool = next
        }
        let codes = zip(expressions, maps).map { expression, map in
            expression.read(CodeBatch(map, known: nil), kernel: "a table")
        }
        return (pool, codes)
    }
}
