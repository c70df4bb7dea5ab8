import PitchProgram
import PitchSchema


/// What a predicate says of every member: one bit each in three masks.
package struct Selection: Sendable, Equatable {
    package var isTrue: Bitmap
    /// True or false.
    package var isKnown: Bitmap
    /// The predicate could not be computed: neither true nor known.
    package var failed: Bitmap

    package init(isTrue: Bitmap, isKnown: Bitmap, failed: Bitmap) {
        self.isTrue = isTrue
        self.isKnown = isKnown
        self.failed = failed
    }
}

/// What the columnar runtime cannot do; never raised by a script of ordinary segments.
package enum ColumnarError: Error, Hashable, Sendable {
    /// The expression reads `this` or leaves out the occurrence: only the evaluator knows one.
    case needsOccurrence
    /// The expression reads a field of an event that is not in scope, or mixes storage types.
    case malformed(String)
}

/// Whoever asked no longer wants the answer.
package struct Cancelled: Error {
    package init() {}
}

/// Evaluates the expressions of one program at one moment over all members. Columns are asked for
/// when the first expression that touches them is compiled; definitions are computed once.
package final class ColumnarRuntime {
    private let program: Program
    private let columns: ColumnCache
    private let compiler: Compiler
    private let chunkRows: Int
    private var materialized: Set<Int> = []
    /// Asked before every batch of members; when it says yes, `Cancelled` is thrown.
    package var isCancelled: () -> Bool = { false }

    /// - Parameters:
    ///   - columns: may be shared with other runtimes of the same snapshot.
    ///   - chunkRows: members a batch, a multiple of 64.
    package init(
        program: Program, moment: Moment, columns: ColumnCache, chunkRows: Int = 16_384
    ) {
        precondition(chunkRows > 0 && chunkRows % 64 == 0, "chunks are whole words")
        self.program = program
        self.columns = columns
        self.chunkRows = chunkRows
        compiler = Compiler(program: program, moment: moment, columns: columns)
    }

    package convenience init(
        program: Program, moment: Moment, source: any ColumnSource, chunkRows: Int = 16_384
    ) {
        self.init(
            program: program, moment: moment, columns: ColumnCache(source), chunkRows: chunkRows)
    }

    /// A predicate for the whole population.
    package func select(_ predicate: Expression) throws -> Selection {
        try materialize(definitionsOf: predicate)
        let test = try compiler.truth(predicate, in: [])
        test.tune(sample)
        return Selection(try runAll(test))
    }

    /// A predicate for some members, in their order: bit i is `members[i]`.
    package func select(_ predicate: Expression, among members: [Int32]) throws -> Selection {
        let frame = try frame(of: members, for: predicate)
        return Selection(try compiler.truth(predicate, in: []).run(frame))
    }

    /// An expression's value for some members, in their order.
    package func values(
        _ expression: Expression, for members: [Int32]
    ) throws -> [Result<Value, EvaluationError>] {
        let error = EvaluationError(.overflow, at: expression.range)
        let frame = try frame(of: members, for: expression)
        switch try compiler.compile(expression) {
        case .truth(let operation):
            return results(operation.run(frame), error) { .truth($0) }
        case .number(let operation):
            return results(operation.run(frame), error) { Value(raw: $0, as: expression.type) }
        case .code(let code):
            let pool = code.pool
            return results(code.codes.run(frame), error) {
                pool.isTags ? .tags(pool.tags(Int($0))) : .text(pool.text(Int($0)))
            }
        }
    }

    package func explain(_ predicate: Expression) throws -> Explanation {
        try materialize(definitionsOf: predicate)
        let test = try compiler.truth(predicate, in: [])
        test.tune(sample)
        return Explanation(of: predicate, compiled: test, in: program, sample: sample)
    }

    /// Every stored field that an expression reads, through definitions too.
    package func touchedFields(_ expression: Expression) -> Set<FieldID> {
        References(expression, in: program).fields
    }

    // MARK: - Running

    private func runAll<B: Batch>(_ operation: any Operator<B>) throws -> B {
        let count = columns.source.memberCount
        if count == 0 { return B(repeating: B.filler, count: 0) }
        let starts = stride(from: 0, to: count, by: chunkRows)
        return B.joined(
            try starts.map { start in
                if isCancelled() { throw Cancelled() }
                return operation.run(Frame(members: .range(start..<min(count, start + chunkRows))))
            })
    }

    /// Computes definitions for every member, each after those it uses.
    private func materialize(definitionsOf expression: Expression) throws {
        for index in References(expression, in: program).definitions.sorted()
        where !materialized.contains(index) {
            switch try compiler.definition(DefinitionID(index)) {
            case .truth(let operation): try fill(operation)
            case .number(let operation): try fill(operation)
            case .code(let code): try fill(code.base)
            }
            materialized.insert(index)
        }
    }

    private func fill<B: Batch>(_ operation: any Operator<B>) throws {
        guard let definition = operation as? DefinitionRead<B> else { return }
        definition.body.tune(sample)
        definition.column = try runAll(definition.body)
    }

    /// A frame of some members. Definitions are run in order, so that none recurses into another.
    private func frame(of members: [Int32], for expression: Expression) throws -> Frame {
        let frame = Frame(members: .list(members))
        for index in References(expression, in: program).definitions.sorted()
        where !materialized.contains(index) {
            switch try compiler.definition(DefinitionID(index)) {
            case .truth(let operation): _ = operation.run(frame)
            case .number(let operation): _ = operation.run(frame)
            case .code(let code): _ = code.base.run(frame)
            }
        }
        return frame
    }

    /// Members spread over the population, for measuring selectivity.
    private lazy var sample: [Frame] = {
        let count = columns.source.memberCount
        let (blocks, rows) = (4, 256)
        if count <= blocks * rows { return [Frame(members: .range(0..<count))] }
        return (0..<blocks).map { block in
            let start = (count - rows) / (blocks - 1) * block / 64 * 64
            return Frame(members: .range(start..<start + rows))
        }
    }()
}

extension Selection {
    fileprivate init(_ batch: TruthBatch) {
        self.init(
            isTrue: batch.isTrue, isKnown: batch.knownMask,
            failed: batch.failed ?? Bitmap(count: batch.count))
    }
}

private func results<B: Batch>(
    _ batch: B, _ error: EvaluationError, _ value: (B.Scalar) -> Value
) -> [Result<Value, EvaluationError>] {
    (0..<batch.count).map { row in
        if batch.failed?[row] == true { return .failure(error) }
        if batch.known?[row] == false { return .success(.missing) }
        return .success(value(batch.scalar(row)))
    }
}
