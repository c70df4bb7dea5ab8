import GRDB
import PitchColumnar
import PitchSchema

/// Rows of members or events that came or changed since all columns were written.
struct ChangedRows {
    /// The store's row ids.
    private(set) var ids: [Int64]
    /// Of events, the number of each one's member.
    private(set) var members: [Int64]
    private(set) var keys: TextDictionary
    /// By their number; see `StoredLayout.Place.number`.
    private(set) var columns: [Int64: ColumnVector]

    /// Reads the rows behind `last`, and those up to it that were changed since the columns were
    /// kept.
    init(
        _ layout: StoredLayout, after last: Int64, fields: [Int], memberCount: Int, _ db: Database
    ) throws {
        let member = layout.dataSet.kind == .events ? "member" : "0"
        let shown = ["id", "key", member] + fields.map(layout.expression)
        let table = layout.table
        let names = shown.map { $0 == "0" ? $0 : "\(table).\($0)" }.joined(separator: ", ")
        let statement = try RawStatement(
            db,
            """
            SELECT \(names) FROM changed_row JOIN \(table) ON id = row
            WHERE data_set = ?2 AND row <= ?1
            UNION ALL SELECT \(names) FROM \(table) WHERE id > ?1
            """)
        statement.bind(1, last)
        statement.bind(2, layout.id)
        let count = try Self.count(layout, after: last, db)
        var builders = fields.map { ColumnBuilder(layout.dataSet.fields[$0].type, count: count) }
        var ids: [Int64] = []
        var members: [Int64] = []
        var bytes: [UInt8] = []
        var offsets: [Int64] = [0]
        while ids.count < count, try statement.step() {
            for column in builders.indices {
                guard builders[column].add(statement.value(column + 3)) else {
                    throw layout.damage
                }
            }
            ids.append(statement.integer(0))
            bytes += statement.bytes(1)
            offsets.append(Int64(bytes.count))
            guard layout.dataSet.kind == .events else { continue }
            guard (1...Int64(max(1, memberCount))).contains(statement.integer(2)) else {
                throw layout.damage
            }
            members.append(statement.integer(2) - 1)
        }
        guard ids.count == count else { throw layout.damage }
        self.ids = ids
        self.members = members
        keys = TextDictionary(bytes, offsets: offsets)
        columns = [:]
        for (field, builder) in zip(fields, builders) {
            columns[layout.places[field].number] = builder.finish()
        }
    }

    /// How many rows there are to read.
    static func count(
        _ layout: StoredLayout, after last: Int64, _ db: Database
    ) throws -> Int {
        let changed = try RawStatement(
            db, "SELECT count(*) FROM changed_row WHERE data_set = ? AND row <= ?")
        changed.bind(1, layout.id)
        changed.bind(2, last)
        guard try changed.step() else { return 0 }
        return Int(max(0, try layout.lastRow(db) - last) + changed.integer(0))
    }

    /// The rows that a file of changes has.
    init(_ file: SnapshotFile, of layout: StoredLayout, fields: [Int]) throws {
        ids = Array(try file.integers(layout.id, .ids))
        members =
            layout.dataSet.kind == .events
            ? Array(try file.integers(layout.id, .members)) : []
        keys = try file.texts(layout.id, place: StoredLayout.Place.key.number)
        columns = [:]
        for field in fields {
            let place = layout.places[field].number
            guard
                let column = try file.column(
                    layout.id, place: place, layout.dataSet.fields[field].type, count: ids.count)
            else { throw SnapshotFile.Damage() }
            columns[place] = column
        }
    }

    /// These rows and newer ones, which take the place of those with the same ids.
    func updated(by newer: ChangedRows) -> ChangedRows {
        let replaced = Set(newer.ids)
        let kept = ids.indices.filter { !replaced.contains(ids[$0]) }
        return picked(
            from: newer, kept + newer.ids.indices.map { $0 + ids.count })
    }

    /// These rows in another order.
    func ordered(by rows: [Int]) -> ChangedRows { picked(from: self, rows) }

    /// - Parameter picks: rows of these, and from their count on of the other.
    private func picked(from other: ChangedRows, _ picks: [Int]) -> ChangedRows {
        let plan = SplicePlan(picks: picks, first: ids.count)
        var result = self
        let ids = self.ids + other.ids
        result.ids = picks.map { ids[$0] }
        if !members.isEmpty || !other.members.isEmpty {
            let members = self.members + other.members
            result.members = picks.map { members[$0] }
        }
        var bytes: [UInt8] = []
        var offsets: [Int64] = [0]
        for pick in picks {
            let isOther = pick >= self.ids.count
            bytes += isOther ? other.keys.utf8(pick - self.ids.count) : keys.utf8(pick)
            offsets.append(Int64(bytes.count))
        }
        result.keys = TextDictionary(bytes, offsets: offsets)
        for (place, column) in columns {
            guard let more = other.columns[place] else { continue }
            result.columns[place] = column.spliced(with: more, plan)
        }
        return result
    }

    /// Whether the key of a row stands before that of another, by code point.
    func precedes(_ left: Int, _ right: Int) -> Bool {
        keys.utf8(left).lexicographicallyPrecedes(keys.utf8(right))
    }
}
