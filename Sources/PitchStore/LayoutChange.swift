import GRDB
import PitchProgram
import PitchSchema

/// Makes the stored tables of a data set fit its declaration.
struct LayoutChange {
    enum State { case absent, same, changed }

    let dataSet: DataSet
    let signature: DataSignature
    let state: State
    /// Fields that have no column yet, or one that was read otherwise.
    private let newFields: [Int]
    private let id: Int64?
    private let isOtherTable: Bool

    /// Compares, and changes nothing.
    /// - Throws: `StoreError` of kind `incompatible` when rows could no longer be told apart.
    init(_ dataSet: DataSet, of program: Program, in db: Database) throws {
        self.dataSet = dataSet
        signature = DataSignature(dataSet, zone: program.project.zone)
        let own = dataSet.fields.indices.filter { StoredLayout.role(of: $0, in: dataSet) == nil }
        guard let known = try StoredDeclaration(dataSet.name, db) else {
            (state, newFields, id, isOtherTable) = (.absent, own, nil, false)
            return
        }
        id = known.id
        if known.identity != signature.identity {
            // Nothing remembers a table's rows by number, so that it can begin anew.
            guard dataSet.kind == .table, known.kind == DataSet.Kind.table.rawValue else {
                throw StoreError(
                    .incompatible, "load '\(dataSet.name)'",
                    "the store remembers its rows by another key, member or time; give the data "
                        + "set another name, or begin with a new store")
            }
            (state, newFields, isOtherTable) = (.absent, own, true)
            return
        }
        isOtherTable = false
        let signature = signature
        newFields = own.filter {
            known.fields[dataSet.fields[$0].name]?.reading != signature.fields[$0]
        }
        state = newFields.isEmpty && known.reading == signature.reading ? .same : .changed
    }

    /// Adds what is missing; a field that is read otherwise gets a new column, and the old one is
    /// left alone.
    func apply(_ db: Database, of program: Program) throws -> StoredLayout {
        if isOtherTable, let id { try Self.drop(id, db) }
        let id = try state == .absent ? insert(db) : update(db)
        var place =
            try Int.fetchOne(
                db, sql: "SELECT max(place) FROM data_field WHERE data_set = ?", arguments: [id])
            ?? -1
        for field in newFields {
            place += 1
            let type = dataSet.fields[field].type.storage == .integer ? "INTEGER" : "TEXT"
            try db.execute(sql: "ALTER TABLE rows_\(id) ADD COLUMN c\(place) \(type)")
            try db.execute(
                sql: "INSERT OR REPLACE INTO data_field VALUES (?, ?, ?, ?)",
                arguments: [id, dataSet.fields[field].name, place, signature.fields[field]])
        }
        return try StoredLayout.current(dataSet, of: program, in: db)
    }

    private static func drop(_ id: Int64, _ db: Database) throws {
        try db.execute(
            sql: """
                DELETE FROM quarantine WHERE file IN (SELECT id FROM data_file WHERE data_set = ?1);
                """, arguments: [id])
        for table in ["data_file", "data_field", "row_arrival", "row_sighting"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE data_set = ?", arguments: [id])
        }
        try db.execute(sql: "DELETE FROM data_set WHERE id = ?", arguments: [id])
        try db.execute(sql: "DROP TABLE rows_\(id)")
    }

    private func insert(_ db: Database) throws -> Int64 {
        try db.execute(
            sql: """
                INSERT INTO data_set (name, kind, identity, reading, stamp)
                VALUES (?, ?, ?, ?, random())
                """,
            arguments: [
                dataSet.name, dataSet.kind.rawValue, signature.identity, signature.reading,
            ])
        let id = db.lastInsertedRowID
        let own =
            dataSet.kind == .events
            ? "member INTEGER NOT NULL, at INTEGER NOT NULL" : "gone INTEGER NOT NULL DEFAULT 0"
        try db.execute(
            sql: "CREATE TABLE rows_\(id) (id INTEGER PRIMARY KEY, key TEXT NOT NULL, \(own))")
        return id
    }

    private func update(_ db: Database) throws -> Int64 {
        try db.execute(
            sql: "UPDATE data_set SET reading = ?, files = '' WHERE name = ?",
            arguments: [signature.reading, dataSet.name])
        // When all rows are read again, what the files of columns have of them is void.
        if state == .changed {
            try db.execute(
                sql: "UPDATE data_set SET stamp = random(), kept = 0 WHERE name = ?",
                arguments: [dataSet.name])
        }
        return id ?? 0
    }

    /// After all was read again: a row that no file has any more lacks the values of new fields.
    /// - Parameter isSeen: whether a row was read.
    func checkUnseen(_ layout: StoredLayout, _ db: Database, isSeen: (Int64) -> Bool) throws {
        let required = newFields.filter { !dataSet.fields[$0].isOptional }
        guard state == .changed, let field = required.first else { return }
        let statement = try RawStatement(
            db,
            "SELECT id FROM \(layout.table) WHERE \(layout.expression(field)) IS NULL ORDER BY id")
        var unseen = 0
        while try statement.step() {
            if !isSeen(statement.integer(0)) { unseen += 1 }
        }
        if unseen == 0 { return }
        let name = dataSet.fields[field].name
        throw StoreError(
            .incompatible, "load '\(dataSet.name)'",
            "\(unseen) of its rows are no longer in any file, so that their new field '\(name)' is "
                + "not known; bring the files back, or mark the field with '?'")
    }

    /// The indexes, made when the first rows are there: that costs a fraction of keeping them.
    static func createIndexes(_ layout: StoredLayout, _ db: Database) throws {
        if layout.dataSet.kind == .events { return try EventIndexes(layout: layout).keep(db) }
        let table = layout.table
        try db.execute(
            sql: "CREATE UNIQUE INDEX IF NOT EXISTS \(table)_key ON \(table) (key)")
    }
}
