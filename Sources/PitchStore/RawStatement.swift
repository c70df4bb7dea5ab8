import GRDB
import GRDBSQLite

/// A prepared statement on GRDB's own connection, for the paths that move millions of rows:
/// GRDB's values cost several times what SQLite does.
///
/// Used only inside a `read` or `write` of the store, on whose connection it works.
final class RawStatement {
    let handle: OpaquePointer
    private let connection: OpaquePointer

    /// SQLite copies what is bound.
    static let transient = unsafeBitCast(
        OpaquePointer(bitPattern: -1), to: sqlite3_destructor_type.self)

    init(_ db: Database, _ sql: String) throws {
        guard let connection = db.sqliteConnection else {
            throw StoreError(.failed, "use the store", "it is closed")
        }
        self.connection = connection
        var handle: OpaquePointer?
        let code = sqlite3_prepare_v3(
            connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else { throw Self.error(connection, code) }
        self.handle = handle
    }

    deinit { sqlite3_finalize(handle) }

    private static func error(_ connection: OpaquePointer, _ code: Int32) -> DatabaseError {
        DatabaseError(
            resultCode: ResultCode(rawValue: code),
            message: String(cString: sqlite3_errmsg(connection)))
    }

    /// The next row; false at the end.
    @inline(__always)
    func step() throws -> Bool {
        let code = sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        throw Self.error(connection, code)
    }

    /// Makes it ready to be run again. The error of a failed step was thrown by the step.
    @inline(__always)
    func reset() { sqlite3_reset(handle) }

    /// Runs a statement that yields no rows.
    func run() throws {
        defer { reset() }
        while try step() {}
    }

    /// Parameters count from 1.
    @inline(__always)
    func bind(_ parameter: Int, _ value: Int64) {
        sqlite3_bind_int64(handle, Int32(parameter), value)
    }

    @inline(__always)
    func bindMissing(_ parameter: Int) { sqlite3_bind_null(handle, Int32(parameter)) }

    /// Text that stays where it is until the statement is reset or bound again.
    @inline(__always)
    func bind(_ parameter: Int, staying text: UnsafeBufferPointer<UInt8>) {
        text.withMemoryRebound(to: CChar.self) {
            // A nil address would bind NULL where an empty text is meant.
            _ = sqlite3_bind_text(
                handle, Int32(parameter), $0.baseAddress ?? Self.emptyText, Int32($0.count), nil)
        }
    }

    /// The address of an empty text.
    private static var emptyText: UnsafePointer<CChar> {
        // A literal's bytes live for ever, and CChar and UInt8 are laid out alike.
        UnsafeRawPointer(("" as StaticString).utf8Start).assumingMemoryBound(to: CChar.self)
    }

    func bind(_ parameter: Int, _ text: String) {
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) {
                _ = sqlite3_bind_text(
                    handle, Int32(parameter), $0.baseAddress ?? Self.emptyText, Int32($0.count),
                    Self.transient)
            }
        }
    }

    func bind(_ parameter: Int, bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes {
            // A nil address would bind NULL where no bytes are meant.
            sqlite3_bind_blob(
                handle, Int32(parameter), $0.baseAddress ?? UnsafeRawPointer(Self.emptyText),
                Int32(bytes.count), Self.transient)
        }
    }

    /// Columns count from 0.
    @inline(__always)
    func integer(_ column: Int) -> Int64 { sqlite3_column_int64(handle, Int32(column)) }

    func real(_ column: Int) -> Double { sqlite3_column_double(handle, Int32(column)) }

    @inline(__always)
    func isMissing(_ column: Int) -> Bool {
        sqlite3_column_type(handle, Int32(column)) == SQLITE_NULL
    }

    /// What stands in a column: `SQLITE_INTEGER`, `SQLITE_TEXT`, `SQLITE_NULL`, …
    @inline(__always)
    func kind(_ column: Int) -> Int32 { sqlite3_column_type(handle, Int32(column)) }

    /// What stands in a column; it stays until the next step.
    @inline(__always)
    func value(_ column: Int) -> OpaquePointer? { sqlite3_column_value(handle, Int32(column)) }

    /// A column's name in the result.
    func name(_ column: Int) -> String {
        sqlite3_column_name(handle, Int32(column)).map { String(cString: $0) } ?? ""
    }

    /// The bytes of a text; they stay until the next step.
    @inline(__always)
    func bytes(_ column: Int) -> UnsafeBufferPointer<UInt8> {
        let start = sqlite3_column_text(handle, Int32(column))
        return UnsafeBufferPointer(
            start: start, count: Int(sqlite3_column_bytes(handle, Int32(column))))
    }

    /// The bytes of a blob; they stay until the next step.
    func blob(_ column: Int) -> UnsafeRawBufferPointer {
        let start = sqlite3_column_blob(handle, Int32(column))
        return UnsafeRawBufferPointer(
            start: start, count: Int(sqlite3_column_bytes(handle, Int32(column))))
    }

    func text(_ column: Int) -> String { String(decoding: bytes(column), as: UTF8.self) }
}
