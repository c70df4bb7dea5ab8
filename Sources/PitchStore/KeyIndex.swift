import GRDB

/// Finds rows by key while a data set is loaded: in memory when much is loaded, by the stored
/// index when little is.
final class KeyIndex {
    /// Text number n is the key of row n + 1: rows are dense and read in order. Empty when keys are
    /// looked up in the store.
    private var known: TextInterner
    private let stored: RawStatement?
    /// The last row's id.
    private(set) var last: Int64

    /// Rows are numbered in 32 bits in columns.
    static let rowLimit = Int64(Int32.max)

    private let layout: StoredLayout

    /// - Parameter bytes: how much will be read; some 64 bytes count as one row.
    init(_ layout: StoredLayout, bytes: Int64, _ db: Database) throws {
        self.layout = layout
        let table = layout.table
        last = try layout.lastRow(db)
        known = TextInterner()
        // Reading all keys into memory costs about a tenth of looking each up.
        let isMuch = bytes / 64 > last / 10
        if try !isMuch && Self.isIndexed(table, db) {
            let parts = EventIndexes(layout: layout).searches(.key, "key = ?1")
            stored = try RawStatement(
                db, parts.map { "SELECT id FROM \(table) \($0)" }.joined(separator: " UNION ALL "))
            return
        }
        stored = nil
        let keys = try RawStatement(db, "SELECT key FROM \(table) ORDER BY id")
        while try keys.step() {
            guard known.intern(keys.bytes(0)).isNew else { throw layout.damage }
        }
        guard known.count == Int(last) else { throw layout.damage }
    }

    /// Whether the indexes of a table are there; they are made at once.
    static func isIndexed(_ table: String, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db, sql: "SELECT count(*) FROM sqlite_master WHERE name = ?",
            arguments: ["\(table)_key"]) ?? false
    }

    /// The row of a key; nil when there is none.
    func row(of key: UnsafeBufferPointer<UInt8>) throws -> Int64? {
        guard let stored else { return known.number(of: key).map { Int64($0) + 1 } }
        defer { stored.reset() }
        stored.bind(1, staying: key)
        guard try stored.step() else { return nil }
        guard (1...max(1, last)).contains(stored.integer(0)) else { throw layout.damage }
        return stored.integer(0)
    }

    /// The row of a key; one that is new gets the next row, which the caller inserts.
    func take(_ key: UnsafeBufferPointer<UInt8>) throws -> (row: Int64, isNew: Bool) {
        guard last < Self.rowLimit - 1 else {
            throw StoreError(
                .failed, "load '\(layout.dataSet.name)'", "it has more than 2 billion rows")
        }
        if stored == nil {
            let (number, isNew) = known.intern(key)
            if isNew { last += 1 }
            return (Int64(number) + 1, isNew)
        }
        if let row = try row(of: key) { return (row, false) }
        last += 1
        return (last, true)
    }
}
