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
    let program: Program
    let columns: ColumnCache
    let compiler: Compiler
    private let chunkRows: Int?
    private var materialized: Set<Int> = []
    /// Asked before every batch of members; when it says yes, `Cancelled` is thrown.
    package var isCancelled: () -> Bool = { false }
    /// Which instructions the kernels use.
    package var family = KernelFamily.best
    /// How many threads share the members.
    package var threads = 1
    /// Whether counts and totals that are asked for again are kept as columns.
    package var keepsAggregates = true
    /// How many numbers were not looked at because the zones of their columns told enough.
    package private(set) var rowsSkipped = 0

    /// Members that events are counted for at once.
    private static let blockRows = TimeOrder.usualBlock
    /// Members a batch: answers that many rules share stay near; one rule reads long stretches.
    private static let fewRules = 4
    private static let rowsOfFew = 65_536
    private static let rowsOfMany = 16_384
    /// From this share of the members on, all are looked at: neighbours cost much less.
    static let shareOfMost = 8

    /// - Parameters:
    ///   - columns: may be shared with other runtimes of the same snapshot.
    ///   - chunkRows: members a batch, a multiple of 64; nil: what suits the rules.
    package init(
        program: Program, moment: Moment, columns: ColumnCache, chunkRows: Int? = nil
    ) {
        precondition(chunkRows.map { $0 > 0 && $0 % 64 == 0 } ?? true, "chunks are whole words")
        self.program = program
        self.columns = columns
        self.chunkRows = chunkRows
        compiler = Compiler(program: program, moment: moment, columns: columns)
    }

    package convenience init(
        program: Program, moment: Moment, source: any ColumnSource, chunkRows: Int? = nil
    ) {
        let zoneRows = min(ZoneMap.usualRows, chunkRows ?? ZoneMap.usualRows)
        self.init(
            program: program, moment: moment, columns: ColumnCache(source, zoneRows: zoneRows),
            chunkRows: chunkRows)
    }

    package var moment: Moment { compiler.moment }

    package var memberCount: Int { columns.source.memberCount }

    /// A predicate for the whole population.
    package func select(_ predicate: Expression) throws -> Selection {
        try select([predicate])[0]
    }

    /// Several predicates for the whole population: conditions that they share are computed once.
    package func select(_ predicates: [Expression]) throws -> [Selection] {
        let rules = try prepare(predicates)
        defer { rowsSkipped += rules.rowsSkipped }
        return try rules.select()
    }

    /// Several predicates for the whole population, to be evaluated more than once.
    package func prepare(_ predicates: [Expression]) throws -> PreparedRules {
        try materialize(definitionsOf: predicates)
        return prepare(try predicates.map { try compiler.truth($0, in: []) })
    }

    /// A predicate for some members, in their order: bit i is `members[i]`.
    package func select(_ predicate: Expression, among members: [Int32]) throws -> Selection {
        try select([predicate], among: members)[0]
    }

    /// Several predicates for some members, in their order.
    package func select(
        _ predicates: [Expression], among members: [Int32]
    ) throws -> [Selection] {
        let everybody = memberCount
        if everybody > Self.blockRows, members.count * Self.shareOfMost >= everybody {
            return try select(predicates).map { $0.gathered(at: members) }
        }
        let plan = planner.plan(try predicates.map { try compiler.truth($0, in: []) })
        let run = PlanRun(plan, family: family, chunkRows: rowsOfChunk(predicates.count))
        var results = RuleResults(plan.rules, count: members.count)
        try results.withMasks { masks in
            for start in stride(from: 0, to: members.count, by: run.scratch.rows) {
                let some = members[start..<min(members.count, start + run.scratch.rows)]
                let frame = try frame(of: Array(some), for: predicates)
                run.evaluate(some, in: frame, into: masks.map { $0.from(word: start / 64) })
            }
        }
        return results.selections(
            all: Bitmap(count: members.count, filledWith: true),
            none: Bitmap(count: members.count))
    }

    /// An expression's value for some members, in their order.
    package func values(
        _ expression: Expression, for members: [Int32]
    ) throws -> [Result<Value, EvaluationError>] {
        let error = EvaluationError(.overflow, at: expression.range)
        let frame = try frame(of: members, for: [expression])
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
        try materialize(definitionsOf: [predicate])
        let plan = planner.plan([try compiler.truth(predicate, in: [])])
        let run = PlanRun(plan, family: family, chunkRows: rowsOfChunk(1))
        let sample = sample(of: plan)
        plan.tune(run, sample)
        return Explanation(
            of: predicate, plan, run, in: program, sample: sample, count: memberCount)
    }

    /// Every stored field that an expression reads, through definitions too.
    package func touchedFields(_ expression: Expression) -> Set<FieldID> {
        References(expression, in: program).fields
    }

    // MARK: - Plans

    private var planner: Planner {
        Planner(
            columns, blockRows: min(Self.blockRows, chunkRows ?? Self.blockRows),
            kept: keepsAggregates ? columns.kept : nil)
    }

    private func rowsOfChunk(_ rules: Int) -> Int {
        let suited = rules <= Self.fewRules ? Self.rowsOfFew : Self.rowsOfMany
        // Small populations need little memory.
        let needed = (memberCount + Self.blockRows) / Self.blockRows * Self.blockRows
        return chunkRows ?? min(suited, needed)
    }

    private func prepare(_ tests: [any Operator<TruthBatch>]) -> PreparedRules {
        var plan = planner.plan(tests)
        let rows = rowsOfChunk(tests.count)
        let count = memberCount
        if keepsAggregates, !plan.groups.isEmpty {
            let run = PlanRun(plan, family: family, chunkRows: rows)
            if columns.kept.keep(plan, by: run, members: count) { plan = planner.plan(tests) }
        }
        let threads = max(1, min(threads, (count + rows - 1) / rows))
        let runs = (0..<threads).map { _ in PlanRun(plan, family: family, chunkRows: rows) }
        if tests.count <= Self.fewRules { plan.tune(runs[0], sample(of: plan)) }
        return PreparedRules(
            plan, runs, everybody: columns.everybody, nobody: columns.nobody,
            isCancelled: isCancelled)
    }

    /// Members spread over the population, for measuring selectivity.
    private func sample(of plan: Plan) -> [ChunkRows] {
        let count = memberCount
        let (blocks, rows) = (16, 64)
        let most = chunkRows ?? rows
        let starts =
            count <= blocks * rows
            ? Array(stride(from: 0, to: count, by: min(most, rows)))
            : (0..<blocks).map { (count - rows) / (blocks - 1) * $0 / 64 * 64 }
        return starts.map { start in
            let end = min(count, start + min(most, rows))
            var sample = ChunkRows(plan.atoms.columns, start..<end)
            sample.isWhole = false
            return sample
        }
    }

    // MARK: - Definitions

    /// Computes definitions for every member, each after those it uses; segments that do not use
    /// one another are computed at once.
    private func materialize(definitionsOf expressions: [Expression]) throws {
        var segments: [Int: DefinitionRead<TruthBatch>] = [:]
        for index in definitions(of: expressions) where !materialized.contains(index) {
            let used = References(program.definitions[index].expression, in: program).definitions
            if !used.isDisjoint(with: segments.keys) { try fill(&segments) }
            switch try compiler.definition(DefinitionID(index)) {
            case .truth(let operation):
                segments[index] = operation as? DefinitionRead<TruthBatch>
            case .number(let operation): try fill(operation)
            case .code(let code): try fill(code.base)
            }
            materialized.insert(index)
        }
        try fill(&segments)
    }

    private func definitions(of expressions: [Expression]) -> [Int] {
        expressions.reduce(into: Set<Int>()) {
            $0.formUnion(References($1, in: program).definitions)
        }.sorted()
    }

    private func fill(_ segments: inout [Int: DefinitionRead<TruthBatch>]) throws {
        let definitions = segments.sorted { $0.key < $1.key }.map(\.value)
        segments = [:]
        for (definition, selection) in zip(
            definitions, try prepare(definitions.map(\.body)).select())
        {
            definition.column = TruthBatch(selection)
        }
    }

    private func fill<B: Batch>(_ operation: any Operator<B>) throws {
        guard let definition = operation as? DefinitionRead<B> else { return }
        definition.column = try runAll(definition.body)
    }

    private func runAll<B: Batch>(_ operation: any Operator<B>) throws -> B {
        let count = memberCount
        if count == 0 { return B(repeating: B.filler, count: 0) }
        let rows = chunkRows ?? Self.rowsOfMany
        return B.joined(
            try stride(from: 0, to: count, by: rows).map { start in
                if isCancelled() { throw Cancelled() }
                return operation.run(Frame(members: .range(start..<min(count, start + rows))))
            })
    }

    /// A frame of some members. Definitions are run in order, so that none recurses into another.
    private func frame(of members: [Int32], for expressions: [Expression]) throws -> Frame {
        let frame = Frame(members: .list(members))
        for index in definitions(of: expressions) where !materialized.contains(index) {
            switch try compiler.definition(DefinitionID(index)) {
            case .truth(let operation): _ = operation.run(frame)
            case .number(let operation): _ = operation.run(frame)
            case .code(let code): _ = code.base.run(frame)
            }
        }
        return frame
    }
}

extension Selection {
    /// What it says of some members, in their order.
    package func gathered(at members: [Int32]) -> Selection {
        Selection(
            isTrue: isTrue.gathered(at: members[...]), isKnown: isKnown.gathered(at: members[...]),
            failed: failed.gathered(at: members[...]))
    }
}

extension TruthBatch {
    fileprivate init(_ selection: Selection) {
        let isKnown = selection.isKnown.population < selection.isKnown.count
        self.init(
            isTrue: selection.isTrue, known: isKnown ? selection.isKnown : nil,
            failed: selection.failed.isEmpty ? nil : selection.failed)
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
