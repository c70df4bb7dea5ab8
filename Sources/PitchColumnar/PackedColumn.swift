/// A column of counts or codes as it is stored.
struct PackedColumn {
    let values: PackedIntegers
    /// Rows with a value; nil: all.
    var known: Bitmap?
    /// Of the values; nil: not made.
    let zones: ZoneMap?

    init(_ values: PackedIntegers, known: Bitmap?, zones: ZoneMap? = nil) {
        self.values = values
        self.known = known
        self.zones = zones
    }

    /// All rows, widened: for tables, which are small.
    func whole<Element>() -> ValueBatch<Element> {
        ValueBatch(values.widened(0..<values.count), known: known)
    }

    func read<Element>(_ rows: Rows) -> ValueBatch<Element> {
        switch rows {
        case .range(let range): ValueBatch(values.widened(range), known: known(rows))
        case .list(let rows):
            ValueBatch(
                values.gathered(at: rows[...]), known: known?.gathered(at: rows[...]))
        }
    }

    func known(_ rows: Rows) -> Bitmap? {
        switch rows {
        case .range(let range): known?.slice(from: range.lowerBound, length: range.count)
        case .list(let rows): known?.gathered(at: rows[...])
        }
    }
}

extension Frame {
    /// The rows of a column of events in scope, or of members.
    func rows(isEvent: Bool) -> Rows {
        isEvent ? scope?.rows ?? members : members
    }
}

/// Reads a column of the members or of the events in scope.
struct ReadPacked<Element: FixedWidthInteger & Sendable>: Operator {
    let column: PackedColumn
    let isEvent: Bool
    var cost: Double { 0.4 }
    var kernel: String { "column" }

    func run(_ frame: Frame) -> ValueBatch<Element> {
        column.read(frame.rows(isEvent: isEvent))
    }
}

/// A column within a constant range, as it is stored.
struct PackedInRange: Operator {
    let column: PackedColumn
    let isEvent: Bool
    let test: RangeTest
    var kernel = "column"
    var cost: Double { 0.1 * Double(column.values.width.rawValue) }

    func run(_ frame: Frame) -> TruthBatch {
        let rows = frame.rows(isEvent: isEvent)
        return TruthBatch(
            isTrue: column.values.mask(rows, test), known: column.known(rows), failed: nil)
    }
}

/// A column of codes whose code is in a set, as it is stored.
struct PackedInSet: Operator {
    let column: PackedColumn
    let isEvent: Bool
    /// A bit a code.
    let set: TruthBatch
    let kernel: String
    let codes: CodeSet

    var cost: Double { 0.4 }

    init(column: PackedColumn, isEvent: Bool, set: TruthBatch, kernel: String) {
        self.column = column
        self.isEvent = isEvent
        self.set = set
        self.kernel = kernel
        codes = CodeSet((0..<set.count).map { set.isTrue[$0] ? 1 : 0 })
    }

    func run(_ frame: Frame) -> TruthBatch {
        let rows = frame.rows(isEvent: isEvent)
        if set.known != nil || set.failed != nil {
            let codes: CodeBatch = column.read(rows)
            var result = set.gathered(at: codes.values)
            result.forget(where: codes.known?.complement)
            return result
        }
        return TruthBatch(
            isTrue: column.values.mask(rows, in: codes), known: column.known(rows), failed: nil)
    }
}
