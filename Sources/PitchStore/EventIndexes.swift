import GRDB

/// The indexes of events by key and by member, each in two parts: the rows up to a bound, and those
/// behind it.
///
/// New rows lie all over such an index, and each changes a page. Where the index holds few rows,
/// the pages are few: a load of some thousand rows into millions writes a tenth of what it would.
struct EventIndexes {
    let layout: StoredLayout

    static let migration = "ALTER TABLE data_set ADD COLUMN indexed INTEGER"

    /// All rows go into the first part when those behind the bound are more than this share of it.
    private static let share: Int64 = 4
    /// So many rows are few, however few there are before the bound.
    private static let few: Int64 = 10_000

    /// What follows `FROM rows_<id>` to find rows by their ids. Whether an index of some rows could
    /// serve hangs on the ids that are bound: where SQLite may use one, it compiles the statement
    /// anew for each of them.
    static let byID = "NOT INDEXED WHERE id"

    /// What follows `FROM rows_<id>` to find the rows of a key or a member, one for each part.
    /// - Parameter condition: `member = ?1`
    func searches(_ field: Field, _ condition: String) -> [String] {
        guard let bound = layout.indexed else { return ["WHERE \(condition)"] }
        return [
            "INDEXED BY \(name(field)) WHERE id <= \(bound) AND \(condition)",
            "INDEXED BY \(name(field))_new WHERE id > \(bound) AND \(condition)",
        ]
    }

    enum Field: String, CaseIterable { case key, member }

    private func name(_ field: Field) -> String { "\(layout.table)_\(field.rawValue)" }

    private var fields: [Field] { layout.dataSet.member == nil ? [.key] : Field.allCases }

    /// Makes the indexes when the first rows are there, which costs a fraction of keeping them, and
    /// anew when many have come. A store of an earlier version keeps its undivided ones.
    func keep(_ db: Database) throws {
        try db.execute(
            sql: "CREATE INDEX IF NOT EXISTS \(layout.table)_at ON \(layout.table) (at)")
        let last = try layout.lastRow(db)
        if let bound = layout.indexed {
            if last - bound <= max(Self.few, bound / Self.share) { return }
        } else if try KeyIndex.isIndexed(layout.table, db) {
            return
        }
        for field in fields {
            let unique = field == .key ? "UNIQUE " : ""
            for (suffix, part) in [("", "id <= \(last)"), ("_new", "id > \(last)")] {
                let index = name(field) + suffix
                try db.execute(
                    sql: """
                        DROP INDEX IF EXISTS \(index);
                        CREATE \(unique)INDEX \(index) ON \(layout.table) (\(field.rawValue))
                            WHERE \(part);
                        """)
            }
        }
        try db.execute(
            sql: "UPDATE data_set SET indexed = ? WHERE id = ?", arguments: [last, layout.id])
    }
}
