import GRDB
import GRDBSQLite
import PitchColumnar
import PitchProgram

/// What lies in a cell of the ledger where something else must be: the file was damaged, or changed
/// by another program.
struct DamagedCell: Error {
    /// `ledger_run.as_of`
    let place: String
    /// What must be there, in words: `an instant`.
    let expected: String
}

/// The row under a ledger's statement, each cell with what may be in it: every file gives its
/// values or a `DamagedCell`.
struct LedgerRow {
    /// 0001-01-01 to 9999-12-31 in any zone, in milliseconds since 1970 UTC.
    static let instants: ClosedRange<Int64> = -62_135_683_200_000...253_402_387_199_999
    static let days: ClosedRange<Int64> = -719_163...2_932_897
    /// Sums of them stay far inside 64 bits.
    private static let counts: ClosedRange<Int64> = 0...(1 << 40)

    let statement: RawStatement
    let table: String

    /// Columns count from 0.
    func integer(
        _ column: Int, _ expected: String = "a number",
        in range: ClosedRange<Int64> = .min ... .max
    ) throws -> Int64 {
        let count = statement.integer(column)
        guard statement.kind(column) == SQLITE_INTEGER, range.contains(count) else {
            throw damage(column, expected)
        }
        return count
    }

    /// The number of a run, a strategy, a row or a message.
    func identifier(_ column: Int) throws -> Int64 {
        try integer(column, "a number from 1", in: 1...(.max - 1))
    }

    func count(_ column: Int) throws -> Int {
        Int(try integer(column, "a count", in: Self.counts))
    }

    func instant(_ column: Int) throws -> Int64 {
        try integer(column, "an instant", in: Self.instants)
    }

    /// An amount in minor units, from 0.
    func amount(_ column: Int) throws -> Int64 {
        try integer(column, "an amount", in: 0...Int64.max)
    }

    func couponState(_ column: Int) throws -> CouponState {
        guard let state = CouponState(rawValue: try text(column)) else {
            throw damage(column, "the state of a coupon")
        }
        return state
    }

    func day(_ column: Int) throws -> Int32 {
        Int32(try integer(column, "a day", in: Self.days))
    }

    func truth(_ column: Int) throws -> Bool {
        try integer(column, "0 or 1", in: 0...1) == 1
    }

    func text(_ column: Int) throws -> String {
        guard statement.kind(column) == SQLITE_TEXT,
            let text = String(validating: statement.bytes(column), as: UTF8.self)
        else { throw damage(column, "a text") }
        return text
    }

    func bitmap(_ column: Int) throws -> Bitmap {
        guard statement.kind(column) == SQLITE_BLOB,
            let bitmap = PackedBitmap.unpack(statement.blob(column))
        else { throw damage(column, "a packed set of members") }
        return bitmap
    }

    /// One of the texts of an enumeration.
    func choice<Choice: RawRepresentable<String>>(
        _ column: Int, _ expected: String
    ) throws -> Choice {
        guard let choice = Choice(rawValue: try text(column)) else {
            throw damage(column, expected)
        }
        return choice
    }

    /// By one of the above; nil where nothing stands.
    func optional<Value>(_ column: Int, _ read: (Int) throws -> Value) rethrows -> Value? {
        statement.isMissing(column) ? nil : try read(column)
    }

    func damage(_ column: Int, _ expected: String) -> DamagedCell {
        DamagedCell(place: "\(table).\(statement.name(column))", expected: expected)
    }
}

extension Database {
    /// The rows of a query on a table of the ledger.
    /// - Throws: `DamagedCell`, or SQLite's error.
    func ledgerRows<Element>(
        of table: String, _ sql: String, _ bindings: LedgerBinding...,
        read: (LedgerRow) throws -> Element
    ) throws -> [Element] {
        try ledgerRows(of: table, sql, bindings, read: read)
    }

    /// The same, with parameters from elsewhere.
    func ledgerRows<Element>(
        of table: String, _ sql: String, _ bindings: [LedgerBinding],
        read: (LedgerRow) throws -> Element
    ) throws -> [Element] {
        let statement = try RawStatement(self, sql)
        statement.bind(bindings)
        let row = LedgerRow(statement: statement, table: table)
        var found: [Element] = []
        while try statement.step() { found.append(try read(row)) }
        return found
    }

    /// Adds up counts by their text: `SELECT text, count`.
    func ledgerCounts(
        of table: String, _ sql: String, _ bindings: LedgerBinding...
    ) throws -> [String: Int] {
        let pairs = try ledgerRows(of: table, sql, bindings) { try ($0.text(0), $0.count(1)) }
        return Dictionary(pairs, uniquingKeysWith: +)
    }
}
