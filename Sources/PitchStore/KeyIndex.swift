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

    /// - Parameter bytes: how much will be read; some 64 bytes count as one row.
    init(_ table: String, bytes: Int64, _ db: Database) throws {
        last = try Int64.fetchOne(db, sql: "SELECT max(id) FROM \(table)") ?? 0
        // Reading all keys into memory costs about a tenth of looking each up.
        let isMuch = bytes / 64 > last / 10
        if try !isMuch && Self.isIndexed(table, db) {
            known = TextInterner()
            stored = try RawStatement(db, "SELECT id FROM \(table) WHERE key = ?")
            return
        }
        var interner = TextInterner(capacity: Int(last))
        let keys = try RawStatement(db, "SELECT key FROM \(table) ORDER BY id")
        while try keys.step() {
            guard interner.intern(keys.bytes(0)).isNew else {
                throw StoreError(.damaged, "read the keys of '\(table)'", "a key is there twice")
            }
        }
        guard interner.count == Int(last) else {
            throw StoreError(.damaged, "read the keys of '\(table)'", "rows of it are lost")
        }
        known = interner
        stored = nil
    }

    private static func isIndexed(_ table: String, _ db: Database) throws -> Bool {
        try Bool.fetchOne(
            db, sql: "SELECT count(*) FROM sqlite_master WHERE name = ?",
            arguments: ["\(table)_key"]) ?? false
    }

    /// The row of a key; nil when there is none.
    func row(of key: UnsafeBufferPointer<UInt8>) throws -> Int64? {
        guard let stored else { return known.number(of: key).map { Int64($0) + 1 } }
        defer { stored.reset() }
        stored.bind(1, staying: key)
        return try stored.step() ? stored.integer(0) : nil
    }

    /// The row of a key; one that is new gets the next row, which the caller inserts.
    func take(_ key: UnsafeBufferPointer<UInt8>) throws -> (row: Int64, isNew: Bool) {
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
