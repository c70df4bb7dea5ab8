import GRDB

/// Reads the rows of one table of another SQLite database, which it does not change.
final class SqliteReader: RecordReader {
    package let columns: [String]
    package let record: Record
    /// Keeps the other database open.
    private let queue: DatabaseQueue
    private let statement: RawStatement
    private let path: String
    private let action: String
    private var row: Int64 = 0

    /// - Parameter columns: the columns that are asked for.
    init(path: String, table: String, columns: [String], action: String) throws {
        self.columns = columns
        self.path = path
        self.action = action
        record = Record(columns: columns.count)
        do {
            guard FileIdentity(path) != nil else {
                throw StoreError(.source, action, "there is no such file")
            }
            guard StoreFile.isRegular(path) else {
                // A pipe that nobody writes to would be waited for.
                throw StoreError(.source, action, "it is not a file")
            }
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(10)
            let queue = try DatabaseQueue(
                path: StoreFile.absolute(path), configuration: configuration)
            self.queue = queue
            statement = try queue.inDatabase { db in
                try Self.statement(db, table, columns, action)
            }
        } catch {
            throw Self.sourceError(error, action)
        }
    }

    private static func statement(
        _ db: Database, _ table: String, _ columns: [String], _ action: String
    ) throws -> RawStatement {
        let tables = try String.fetchAll(
            db, sql: "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")
        guard tables.contains(table) else {
            throw StoreError(
                .source, action,
                "it has no table '\(table)'" + Suggestion.text(for: table, among: tables))
        }
        let present = try String.fetchAll(
            db, sql: "SELECT name FROM pragma_table_info(?)", arguments: [table])
        try Suggestion.requireColumns(columns, among: present, action)
        let names = columns.map(\.quotedDatabaseIdentifier).joined(separator: ", ")
        return try RawStatement(db, "SELECT \(names) FROM \(table.quotedDatabaseIdentifier)")
    }

    /// A fault of the other database is one of the source, not of the store.
    private static func sourceError(_ error: any Error, _ action: String) -> StoreError {
        let known = StoreError(error, action)
        let reason =
            known.kind == .notAStore ? "the file is not an SQLite database" : known.reason
        return StoreError(.source, known.action, reason)
    }

    package var position: (read: Int64, total: Int64) { (0, 0) }

    /// The database's file and its log, as they are now.
    package var contentHash: String {
        get throws { try Self.contentHash(path: path, action: action) }
    }

    static func contentHash(path: String, action: String) throws -> String {
        let parts = try [path, path + "-wal"].filter { FileIdentity($0) != nil }.map {
            try ByteSource.contentHash(path: $0, name: $0, action: action)
        }
        return parts.joined(separator: " ")
    }

    package func next() throws -> Bool {
        do {
            guard try statement.step() else { return false }
        } catch {
            throw Self.sourceError(error, action)
        }
        row += 1
        record.line = row
        for column in columns.indices {
            record.values[column].bytes =
                statement.isMissing(column)
                ? UnsafeBufferPointer(start: nil, count: 0) : statement.bytes(column)
        }
        return true
    }
}
