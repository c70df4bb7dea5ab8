import GRDB
import PitchProgram
import PitchSchema

/// Where the fields of a data set lie in its stored rows.
///
/// A row of `rows_<id>` has `id` (from 1, dense, never changed), `key`, `c<place>` for its fields,
/// and for events `member` (the member's row) and `at`; for the others `gone`. What `key`,
/// `member` and `at` already hold is not stored twice.
struct StoredLayout {
    enum Place: Equatable {
        case key, member, at
        case column(Int)
    }

    let dataSet: DataSet
    /// Of the row in `data_set`.
    let id: Int64
    /// One a field.
    let places: [Place]
    /// The last row in the first part of the indexes of events; nil: they have no parts.
    var indexed: Int64?

    var table: String { "rows_\(id)" }

    /// How many rows there are; their ids are 1 to this.
    func rowCount(_ db: Database) throws -> Int {
        // SQLite counts pages where nothing else is asked, and rows otherwise.
        let counts = try RawStatement(db, "SELECT count(*) FROM \(table)")
        let last = try lastRow(db)
        guard try counts.step(), counts.integer(0) == last else { throw damage }
        return Int(last)
    }

    /// The last row's id; 0 when there is none.
    func lastRow(_ db: Database) throws -> Int64 {
        let last = try RawStatement(db, "SELECT max(id) FROM \(table)")
        guard try last.step(), (0..<KeyIndex.rowLimit).contains(last.integer(0)) else {
            throw damage
        }
        return last.integer(0)
    }

    /// Which rows have columns: a row of a table that is gone is no longer found; members
    /// keep their numbers.
    var presence: String { dataSet.kind == .table ? "WHERE gone = 0" : "" }

    /// How many rows have columns.
    func presentRowCount(_ db: Database) throws -> Int {
        if dataSet.kind != .table { return Int(try lastRow(db)) }
        let counts = try RawStatement(db, "SELECT count(*) FROM \(table) \(presence)")
        return try counts.step() ? Int(counts.integer(0)) : 0
    }

    /// Drawn anew whenever rows change.
    func stamp(_ db: Database) throws -> Int64 {
        let stamps = try RawStatement(db, "SELECT stamp FROM data_set WHERE id = ?")
        stamps.bind(1, id)
        return try stamps.step() ? stamps.integer(0) : 0
    }

    /// Says that rows changed; to be called in the transaction that changes them.
    func markChanged(_ db: Database) throws {
        try db.execute(
            sql: "UPDATE data_set SET stamp = random() WHERE id = ?", arguments: [id])
    }

    var damage: StoreError {
        StoreError(
            .damaged, "read '\(dataSet.name)'",
            "its rows do not fit together; restore the store from a copy")
    }

    /// The SQL expression of a field's raw value.
    func expression(_ field: Int) -> String {
        switch places[field] {
        case .key: "key"
        case .member: "member"
        case .at: "at"
        case .column(let place): "c\(place)"
        }
    }

    /// The place that a field has by its role; nil: a column of its own.
    static func role(of field: Int, in dataSet: DataSet) -> Place? {
        if dataSet.kind == .events, field == dataSet.member { return .member }
        if dataSet.kind == .events, field == dataSet.at { return .at }
        if dataSet.key == [field], dataSet.fields[field].type.storage == .text { return .key }
        return nil
    }

    /// The layout of a data set whose rows were loaded as the script declares them now.
    /// - Throws: `StoreError` of kind `outdated` when a load is needed first.
    static func current(
        _ dataSet: DataSet, of program: Program, in db: Database
    ) throws -> StoredLayout {
        let action = "read '\(dataSet.name)'"
        let signature = DataSignature(dataSet, zone: program.project.zone)
        guard let known = try StoredDeclaration(dataSet.name, db) else {
            throw StoreError(.outdated, action, "it was never loaded; 'pitch load' does it")
        }
        guard known.identity == signature.identity, known.reading == signature.reading else {
            throw StoreError(
                .outdated, action, "its declaration changed; 'pitch load' reads it again")
        }
        let places = try dataSet.fields.indices.map { index -> Place in
            if let place = role(of: index, in: dataSet) { return place }
            let name = dataSet.fields[index].name
            guard let field = known.fields[name], field.reading == signature.fields[index] else {
                throw StoreError(
                    .outdated, action,
                    "its field '\(name)' is new or changed; 'pitch load' reads it")
            }
            return .column(field.place)
        }
        return StoredLayout(
            dataSet: dataSet, id: known.id, places: places, indexed: known.indexed)
    }
}

/// What the store remembers of a data set's declaration.
///
/// Like everything that reads the store, by SQLite's own conversions: in a damaged file a value
/// may be of any type.
struct StoredDeclaration {
    let id: Int64
    let kind: String
    let identity: String
    let reading: String
    let indexed: Int64?
    /// By name: the number of the column, and how it was read.
    let fields: [String: (place: Int, reading: String)]

    /// Nil when the data set was never loaded.
    init?(_ name: String, _ db: Database) throws {
        let row = try RawStatement(
            db, "SELECT id, kind, identity, reading, indexed FROM data_set WHERE name = ?")
        row.bind(1, name)
        guard try row.step() else { return nil }
        (id, kind, identity, reading) = (row.integer(0), row.text(1), row.text(2), row.text(3))
        indexed = row.isMissing(4) ? nil : row.integer(4)
        let columns = try RawStatement(
            db, "SELECT name, place, reading FROM data_field WHERE data_set = ?")
        columns.bind(1, id)
        var fields: [String: (place: Int, reading: String)] = [:]
        while try columns.step() {
            fields[columns.text(0)] = (Int(columns.integer(1)), columns.text(2))
        }
        self.fields = fields
    }
}

/// A data set's declaration as text: as long as it is the same, stored rows mean the same.
struct DataSignature {
    /// What tells rows apart and cannot change once rows are remembered.
    let identity: String
    /// How rows are read; a change means that they are to be read again.
    let reading: String
    /// The same, field by field.
    let fields: [String]

    init(_ dataSet: DataSet, zone: String) {
        let texts = dataSet.fields.map { Self.text(of: $0, zone: zone) }
        fields = texts
        let names = { (indices: [Int]) in indices.map { dataSet.fields[$0].name } }
        let roles = [dataSet.member, dataSet.at].map { $0.map { dataSet.fields[$0].name } ?? "" }
        identity = "\(dataSet.kind.rawValue) \(names(dataSet.key)) \(roles) \(dataSet.isDated)"
        // The fields without a column of their own are read with these.
        let held = dataSet.fields.indices.filter {
            StoredLayout.role(of: $0, in: dataSet) != nil || dataSet.key.contains($0)
        }
        var parts = [dataSet.onChange.rawValue, dataSet.newMembers.rawValue]
        parts.append("\(dataSet.absentGone) \(dataSet.quarantineLimit ?? -1)")
        if case .csv(_, let delimiter) = dataSet.source { parts.append("\(delimiter)") }
        if case .sqlite(_, let table) = dataSet.source { parts.append("table \(table)") }
        reading = (parts + held.map { texts[$0] }).joined(separator: "\n")
    }

    private static func text(of field: Field, zone: String) -> String {
        let format = field.format
        let zone = field.type == .instant ? format.zone ?? zone : ""
        return [
            field.name, text(of: field.type), field.isOptional ? "?" : "", field.column,
            format.pattern ?? "", zone, format.decimalComma ? "," : ".",
            format.rounds ? "rounded" : "", field.type == .tags ? format.separator : "",
        ].joined(separator: "\t")
    }

    private static func text(of type: ValueType) -> String {
        switch type {
        case .truth: "yesno"
        case .integer: "integer"
        case .number: "number"
        case .percent: "percent"
        case .money(let currency): "money \(currency.code)"
        case .text: "text"
        case .date: "date"
        case .instant: "instant"
        case .time: "time"
        case .duration: "duration"
        case .tags: "tags"
        case .choice(let words): "one of \(words)"
        case .quantity(let unit): unit.symbol
        // A reference is held as its text, whatever it refers to.
        case .reference: "text"
        case .error: ""
        }
    }
}
