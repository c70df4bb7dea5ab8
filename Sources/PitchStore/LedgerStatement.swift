import GRDB
import GRDBSQLite

/// A prepared statement whose values are bound without boxes: a run writes a row for every
/// occurrence.
struct LedgerStatement {
    private let statement: Statement
    private let database: Database

    init(_ sql: String, in database: Database) throws {
        self.database = database
        statement = try database.cachedStatement(sql: sql)
    }

    enum Binding {
        case integer(Int64)
        case text(String)
        case null
    }

    func run(_ bindings: Binding...) throws {
        let handle = statement.sqliteStatement
        defer {
            sqlite3_reset(handle)
            sqlite3_clear_bindings(handle)
        }
        for (index, binding) in bindings.enumerated() {
            try check(bind(binding, at: Int32(index + 1), to: handle))
        }
        var code = sqlite3_step(handle)
        while code == SQLITE_ROW { code = sqlite3_step(handle) }
        try check(code == SQLITE_DONE ? SQLITE_OK : code)
    }

    private func bind(_ binding: Binding, at index: Int32, to handle: SQLiteStatement) -> CInt {
        switch binding {
        case .integer(let count): return sqlite3_bind_int64(handle, index, count)
        case .null: return sqlite3_bind_null(handle, index)
        case .text(let text):
            // SQLite copies the bytes (SQLITE_TRANSIENT, −1) before the closure ends.
            let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
            var text = text
            return text.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { characters in
                    let start = characters.baseAddress
                    return start.map {
                        sqlite3_bind_text64(
                            handle, index, $0, UInt64(bytes.count), transient, UInt8(SQLITE_UTF8))
                    } ?? sqlite3_bind_text(handle, index, "", 0, transient)
                }
            }
        }
    }

    private func check(_ code: CInt) throws {
        guard code != SQLITE_OK else { return }
        throw DatabaseError(
            resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage)
    }
}
