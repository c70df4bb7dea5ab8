/// A value for every code of an expression: the row of a table that the code names.
struct TableRead<Output: Batch>: Operator {
    let base: any Operator<CodeBatch>
    let table: Output
    let kernel: String
    var cost: Double { base.cost + 1 }

    func run(_ frame: Frame) -> Output {
        let codes = base.run(frame)
        var result = table.gathered(at: codes.values)
        if let known = codes.known {
            result.forget(where: known.complement)
            result.fail(where: codes.failed)
        }
        return result
    }
}

/// The number of every row, as a code.
struct RowNumbers: Operator {
    let isEvent: Bool
    let known: Bitmap?
    var cost: Double { 0.5 }
    var kernel: String { "a table" }

    func run(_ frame: Frame) -> CodeBatch {
        let rows = isEvent ? frame.scope?.rows ?? frame.members : frame.members
        switch rows {
        case .range(let range):
            return CodeBatch(
                range.map { Int32($0) },
                known: known?.slice(from: range.lowerBound, length: range.count))
        case .list(let rows):
            return CodeBatch(rows, known: known?.gathered(at: rows[...]))
        }
    }
}

/// An expression of text or tags: codes, where they lead, and what they stand for.
struct CodeExpression {
    let base: any Operator<CodeBatch>
    /// For every code of the base its code in the pool; nil: itself.
    let map: CodeBatch?
    let pool: CodePool

    init(_ base: any Operator<CodeBatch>, map: CodeBatch? = nil, pool: CodePool) {
        self.base = base
        self.map = map
        self.pool = pool
    }

    var isConstant: Bool { base is Constant<CodeBatch> }

    /// The codes of the pool.
    var codes: any Operator<CodeBatch> {
        guard let map else { return base }
        return TableRead(base: base, table: map, kernel: "a table")
    }

    /// A value for every code of the pool, which is looked up at once from the base's codes.
    /// - Parameter table: an entry for every code of the pool.
    func read<Output: Batch>(_ table: Output, kernel: String) -> any Operator<Output> {
        var table = table
        if table.count == 0 { table = Output(unknown: 1) }
        if let map {
            let known = map.known
            table = table.gathered(at: map.values)
            table.forget(where: known?.complement)
        }
        if let rows = base as? RowNumbers {
            if let known = rows.known, known.count == table.count {
                table.forget(where: known.complement)
            }
            return ColumnRead(column: table, isEvent: rows.isEvent, name: kernel)
        }
        if let column = base as? ReadPacked<Int32>, let set = table as? TruthBatch,
            let test = PackedInSet(
                column: column.column, isEvent: column.isEvent, set: set, kernel: kernel)
                as? any Operator<Output>
        {
            return test
        }
        let read = TableRead(base: base, table: table, kernel: kernel)
        return isConstant ? folded(read) : read
    }

    /// Whether the text is one of some.
    func isIn(_ texts: [ArraySlice<UInt8>]) -> any Operator<TruthBatch> {
        if pool.count > Self.fewTexts {
            let set = Set(texts)
            return test(kernel: "text") { set.contains($0) }
        }
        var bits = Bitmap(count: pool.count)
        for code in pool.codes(of: texts) { bits[code] = true }
        return read(TruthBatch(isTrue: bits, known: nil, failed: nil), kernel: "text")
    }

    /// Up to so many texts a table of their codes is worth making.
    private static let fewTexts = 4096

    /// A test of every text.
    func test(kernel: String, _ holds: (ArraySlice<UInt8>) -> Bool) -> any Operator<TruthBatch> {
        var bits = Bitmap(count: pool.count)
        for code in 0..<pool.count where holds(pool.bytes(code)) { bits[code] = true }
        return read(TruthBatch(isTrue: bits, known: nil, failed: nil), kernel: kernel)
    }
}

/// The value of an operator that reads no rows.
func folded<Output: Batch>(_ operation: any Operator<Output>) -> any Operator<Output> {
    let batch = operation.run(Frame(members: .range(0..<1)))
    if batch.failed?[0] == true { return Constant(.failed) }
    if batch.known?[0] == false { return Constant(.missing) }
    return Constant(.value(batch.scalar(0)))
}
