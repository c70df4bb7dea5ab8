import GRDB
import PitchColumnar
import PitchProgram
import PitchSchema

/// The columns of a store, taken from the files beside it, or read from its rows when they are
/// first asked for, and kept. For one thread.
package final class SnapshotSource: ColumnSource {
    private let store: Store
    let program: Program
    private var columns: [FieldID: ColumnVector] = [:]
    private var orders: [DataSetID: EventOrder] = [:]
    private var rowKeys: [DataSetID: TextDictionary] = [:]
    private var indexes: [DataSetID: EventIndex] = [:]
    /// Nil once one was found damaged.
    private var files: SnapshotFiles?
    private var filed: [DataSetID: SnapshotRows?] = [:]
    /// How many members there are, gone ones included.
    package private(set) var memberCount = 0
    /// How many rows were read from the store.
    package private(set) var rowsRead = 0
    /// How many values were taken from files: as many as each column has rows. Keys are a column,
    /// row ids another, and so are the places of members' events.
    package private(set) var valuesRead = 0
    /// Columns that are counted.
    private var noted: Set<FieldID> = []
    private var notedIDs: Set<DataSetID> = []

    /// - Parameter usesFiles: whether columns may come from the files beside the store.
    init(_ store: Store, _ program: Program, usesFiles: Bool = true) throws {
        self.store = store
        self.program = program
        files = usesFiles ? SnapshotFiles(store: store.path) : nil
        let known = try program.members.flatMap { try fileRows(of: $0)?.count }
        memberCount = try known ?? store.memberCount(program)
    }

    package func column(_ field: FieldID) throws -> ColumnVector {
        try prefetch([field])
        guard let column = columns[field] else {
            preconditionFailure("a prefetched column is there")
        }
        return column
    }

    /// Makes several columns ready; those that no file has are read in one pass over the rows of
    /// each data set.
    /// - Parameter progress: told now and then how many rows are read; its error ends the reading.
    package func prefetch(
        _ fields: [FieldID], progress: ((Int) throws -> Void)? = nil
    ) throws {
        let wanted = Dictionary(grouping: Set(fields).filter { columns[$0] == nil }, by: \.dataSet)
        for (dataSet, fields) in wanted {
            let unfiled = try fields.filter { try !takeFromFiles($0) }
            if !unfiled.isEmpty { try read(unfiled, of: dataSet, progress) }
        }
    }

    private func read(
        _ fields: [FieldID], of dataSet: DataSetID, _ progress: ((Int) throws -> Void)?
    ) throws {
        let sorted = fields.sorted { $0.index < $1.index }
        if isEvents(dataSet) { return try readEvents(sorted, of: dataSet, progress) }
        let read = try self.read(dataSet) { db, layout in
            var reader = try ColumnReader(layout, sorted.map(\.index), db)
            defer { rowsRead += reader.rowsRead }
            return try reader.columns(progress: progress)
        }
        for (field, column) in zip(sorted, read) {
            if dataSet == program.members, column.count != memberCount {
                throw try self.read(dataSet) { $1.damage }
            }
            columns[field] = column
        }
    }

    private func readEvents(
        _ fields: [FieldID], of dataSet: DataSetID, _ progress: ((Int) throws -> Void)?
    ) throws {
        let known = try knownOrder(dataSet, isForReading: true)
        let (order, read) = try self.read(dataSet) { db, layout in
            var reader = try ColumnReader(layout, fields.map(\.index), db)
            defer { rowsRead += reader.rowsRead }
            return try reader.events(known, memberCount: memberCount, progress: progress)
        }
        orders[dataSet] = order
        for (field, column) in zip(fields, read) {
            columns[field] = try column ?? memberKeyColumn(field, order: order, dataSet)
        }
    }

    // MARK: - Files

    /// The rows of a data set in the files; nil when they are not those that the store has now.
    func fileRows(of dataSet: DataSetID) throws -> SnapshotRows? {
        if let known = filed[dataSet] { return known }
        guard let files else { return nil }
        let rows = try read(dataSet) { db, layout in
            files.rows(of: layout.id, stamp: try layout.stamp(db))
        }
        filed[dataSet] = .some(rows)
        return rows
    }

    /// Asks the files; when what they have is damaged they are removed, and the store is asked.
    func fromFiles<Result>(
        _ dataSet: DataSetID, _ body: (SnapshotRows) throws -> Result?
    ) throws -> Result? {
        guard let rows = try fileRows(of: dataSet) else { return nil }
        do {
            return try body(rows)
        } catch is SnapshotFile.Damage {
            leaveFiles()
            return nil
        }
    }

    /// Removes files that are found damaged, and reads the rows from now on.
    private func leaveFiles() {
        files?.remove()
        files = nil
        filed = [:]
    }

    private func takeFromFiles(_ field: FieldID) throws -> Bool {
        let declared = program.dataSets[field.dataSet.index]
        let type = declared.fields[field.index].type
        let place = try read(field.dataSet) { $1.places[field.index] }
        if place == .member || place == .key { return false }
        let column = try fromFiles(field.dataSet) { try $0.column(place: place.number, type) }
        columns[field] = column
        if let column, noted.insert(field).inserted { valuesRead += column.count }
        return column != nil
    }

    /// Whether a column need not be read from the rows of the store.
    package func isAtHand(_ field: FieldID) throws -> Bool {
        if columns[field] != nil || program.dataSets[field.dataSet.index].kind == .table {
            return true
        }
        let (place, id) = try read(field.dataSet) { ($1.places[field.index], $1.id) }
        if place == .member || place == .key { return false }
        return try fileRows(of: field.dataSet)?.columns.places(of: id).contains(place.number)
            ?? false
    }

    /// Whether a column that was asked for came from the files of columns.
    package func isFromFiles(_ field: FieldID) -> Bool { noted.contains(field) }

    /// Counts columns that were taken from files, of which each has so many rows, and their ids.
    func note(_ fields: Set<Int>, of dataSet: DataSetID, _ count: Int) {
        let new = fields.filter { noted.insert(FieldID(dataSet, $0)).inserted }
        valuesRead += new.count * count
        if notedIDs.insert(dataSet).inserted { valuesRead += count }
    }

    /// The text of an event's member field is the key of its member.
    private func memberKeyColumn(
        _ field: FieldID, order: EventOrder, _ dataSet: DataSetID
    ) throws -> ColumnVector {
        var codes = [Int32](repeating: 0, count: order.count)
        let offsets = order.index.offsets
        for member in 0..<(offsets.count - 1) {
            for row in offsets[member]..<offsets[member + 1] { codes[Int(row)] = Int32(member) }
        }
        let type = program.dataSets[dataSet.index].fields[field.index].type
        return ColumnVector(
            type: type, codes: codes, try memberKeyTexts(), missing: nil)
    }

    package func events(_ dataSet: DataSetID) throws -> EventIndex {
        if let known = orders[dataSet]?.index ?? indexes[dataSet] { return known }
        let filed = try fromFiles(dataSet) { try $0.eventIndex(memberCount: memberCount) }
        valuesRead += filed?.offsets.count ?? 0
        let index = try filed ?? order(dataSet).index
        indexes[dataSet] = index
        return index
    }

    package func timeOrder(_ dataSet: DataSetID) -> KeptTimeOrder? {
        (filed[dataSet] ?? nil)?.timeOrder
    }

    package func keys(_ table: DataSetID) throws -> [String] { try keyTexts(table).texts }

    /// The key of every row of members or a table.
    func keyTexts(_ dataSet: DataSetID) throws -> TextDictionary {
        if let known = rowKeys[dataSet] { return known }
        let filed = try fromFiles(dataSet) { try $0.keys() }
        valuesRead += filed?.count ?? 0
        let keys = try filed ?? read(dataSet) { db, layout in
            var reader = try ColumnReader(layout, [], db)
            defer { rowsRead += reader.rowsRead }
            return try reader.keys()
        }
        if dataSet == program.members, keys.count != memberCount {
            throw try read(dataSet) { $1.damage }
        }
        rowKeys[dataSet] = keys
        return keys
    }

    /// The key of every member, by number, as bytes.
    package func memberKeyTexts() throws -> TextDictionary {
        try program.members.map(keyTexts) ?? TextDictionary()
    }

    /// Members whom the member files no longer have, where `absent gone` is declared: they get
    /// nothing. Nil when there are none.
    package func goneMembers() throws -> Bitmap? {
        guard let members = program.members, program.dataSets[members.index].absentGone else {
            return nil
        }
        return try read(members) { db, layout in
            let gone = try RawStatement(db, "SELECT id FROM \(layout.table) WHERE gone = 1")
            var bitmap = Bitmap(count: memberCount)
            var isEmpty = true
            while try gone.step() {
                guard (1...Int64(max(1, memberCount))).contains(gone.integer(0)) else {
                    throw layout.damage
                }
                bitmap[Int(gone.integer(0)) - 1] = true
                isEmpty = false
            }
            return isEmpty ? nil : bitmap
        }
    }

    private func isEvents(_ dataSet: DataSetID) -> Bool {
        program.dataSets[dataSet.index].kind == .events
    }

    func order(_ dataSet: DataSetID) throws -> EventOrder {
        if let known = try knownOrder(dataSet) { return known }
        try readEvents([], of: dataSet, nil)
        guard let order = orders[dataSet] else { preconditionFailure("events that are read lie") }
        return order
    }

    /// The order that is read already, or in the files.
    /// - Parameter isForReading: whether rows of the store are to be put in this order.
    private func knownOrder(
        _ dataSet: DataSetID, isForReading: Bool = false
    ) throws -> EventOrder? {
        let filed = try orders[dataSet] ?? fromFiles(dataSet) {
            try EventOrder($0, memberCount: memberCount)
        }
        orders[dataSet] = filed
        guard isForReading, let filed else { return filed }
        do {
            _ = try filed.ids()
        } catch is SnapshotFile.Damage {
            leaveFiles()
            orders[dataSet] = nil
        }
        return orders[dataSet]
    }

    func read<Result>(
        _ dataSet: DataSetID, _ body: (Database, StoredLayout) throws -> Result
    ) throws -> Result {
        let declared = program.dataSets[dataSet.index]
        return try store.read("read '\(declared.name)' from") { db in
            try body(db, StoredLayout.current(declared, of: program, in: db))
        }
    }

    /// The fields of a data set that questions are about: all but texts that are different in most
    /// rows, such as names, and that no segment, named field or history reads. A key has its own
    /// place.
    package func askedFields(of dataSet: DataSetID) throws -> [FieldID] {
        let fields = program.dataSets[dataSet.index].fields
        let used = program.readFields
        return try read(dataSet) { db, layout in
            try fields.indices.filter { field in
                switch layout.places[field] {
                case .key, .member: false
                case .at: true
                case .column where used.contains(FieldID(dataSet, field)): true
                case .column where fields[field].type.storage == .text:
                    try Self.isShared(layout.expression(field), of: layout.table, db)
                case .column: true
                }
            }.map { FieldID(dataSet, $0) }
        }
    }

    /// Whether most of the first rows share their values with another.
    private static func isShared(
        _ column: String, of table: String, _ db: Database
    ) throws -> Bool {
        let (rows, most) = (1000, 500)
        let values = try RawStatement(
            db,
            "SELECT count(DISTINCT c) FROM (SELECT \(column) AS c FROM \(table) LIMIT \(rows))")
        return try values.step() && values.integer(0) <= most
    }
}

extension Program {
    /// The fields that segments, named fields and conditions of strategies read, of histories too.
    var readFields: Set<FieldID> {
        historyFields.reduce(into: fieldsOfConditions) { fields, history in
            fields.formUnion(history.value.map { FieldID(history.key, $0) })
        }
    }
}

extension Store {
    /// The columns of what a program declares.
    /// - Throws: `StoreError` of kind `outdated` when something of it was not loaded yet.
    /// - Parameter usesFiles: whether columns may come from the files beside the store.
    package func snapshot(of program: Program, usesFiles: Bool = true) throws -> SnapshotSource {
        try SnapshotSource(self, program, usesFiles: usesFiles)
    }
}
