import GRDB
import GRDBSQLite

/// Fills columns with all rows of a data set, in the order of their ids, in one pass.
///
/// SQLite hands every row to an aggregate function: that costs half of stepping from row to row and
/// asking for each column.
struct ColumnScan {
    private let builders: UnsafeMutableBufferPointer<ColumnBuilder>
    private let layout: StoredLayout
    private let count: Int
    private let progress: ((Int) throws -> Void)?
    private var row = 0
    private var lastID: Int64 = 0
    private var failure: (any Error)?

    /// The pages of a pass are used once: with few of them, always the same memory is used.
    private static let cacheKibibytes = 512

    /// - Parameters:
    ///   - columns: SQL expressions, one a builder.
    ///   - count: how many rows there are.
    static func fill(
        _ builders: inout [ColumnBuilder], _ columns: [String], of layout: StoredLayout,
        count: Int, _ db: Database, progress: ((Int) throws -> Void)? = nil
    ) throws {
        let most = Int(sqlite3_limit(db.sqliteConnection, SQLITE_LIMIT_FUNCTION_ARG, -1)) - 1
        for start in stride(from: 0, to: columns.count, by: most) {
            let part = start..<min(start + most, columns.count)
            try builders.withUnsafeMutableBufferPointer { builders in
                var scan = ColumnScan(
                    builders: UnsafeMutableBufferPointer(rebasing: builders[part]),
                    layout: layout, count: count, progress: progress)
                try scan.run(Array(columns[part]), db)
            }
        }
    }

    private mutating func run(_ columns: [String], _ db: Database) throws {
        let kept = try Int.fetchOne(db, sql: "PRAGMA cache_size") ?? 0
        try db.execute(sql: "PRAGMA cache_size = -\(Self.cacheKibibytes)")
        defer { try? db.execute(sql: "PRAGMA cache_size = \(kept)") }
        let rows = "\(layout.table) NOT INDEXED \(layout.presence)"
        let shown = (["id"] + columns).joined(separator: ", ")
        try withUnsafeMutablePointer(to: &self) { scan in
            try Self.register(scan, columns.count + 1, db)
            defer { try? Self.register(nil, columns.count + 1, db) }
            do {
                _ = try RawStatement(db, "SELECT \(Self.name)(\(shown)) FROM \(rows)").step()
            } catch {
                throw scan.pointee.failure ?? error
            }
        }
        guard row == count else { throw layout.damage }
    }

    private static let name = "pitch_take_row"

    /// - Parameter scan: whom rows are handed to; nil: the function is removed.
    private static func register(
        _ scan: UnsafeMutablePointer<ColumnScan>?, _ arguments: Int, _ db: Database
    ) throws {
        typealias Step = @convention(c) (
            OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?
        ) -> Void
        let step: Step = { context, _, values in
            guard let values, let scan = sqlite3_user_data(context) else { return }
            if !scan.assumingMemoryBound(to: ColumnScan.self).pointee.take(values) {
                sqlite3_result_error(context, "a row is refused", -1)
            }
        }
        let end: @convention(c) (OpaquePointer?) -> Void = { sqlite3_result_null($0) }
        let code = sqlite3_create_function_v2(
            db.sqliteConnection, name, Int32(arguments), SQLITE_UTF8, scan, nil,
            scan == nil ? nil : step, scan == nil ? nil : end, nil)
        guard code == SQLITE_OK else { throw DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }

    /// - Returns: false when the scan is to end, for `failure`.
    @inline(__always)
    private mutating func take(_ values: UnsafeMutablePointer<OpaquePointer?>) -> Bool {
        let id = sqlite3_value_int64(values[0])
        var isRight = id > lastID && row < count
        lastID = id
        row += 1
        if isRight, var builder = builders.baseAddress {
            let end = builder + builders.count
            var value = values + 1
            while builder < end {
                if !builder.pointee.add(value.pointee) { isRight = false }
                builder += 1
                value += 1
            }
        }
        guard isRight else {
            failure = layout.damage
            return false
        }
        return row & 0xFFFF != 0 || tell()
    }

    private mutating func tell() -> Bool {
        do {
            try progress?(row)
            return true
        } catch {
            failure = error
            return false
        }
    }
}
