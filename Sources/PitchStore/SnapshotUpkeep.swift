import Glibc
import GRDB
import PitchColumnar
import PitchProgram
import PitchSchema

/// What was done to the files of columns after a load.
package struct ColumnsKept: Sendable, Equatable {
    package enum Step: Sendable { case none, changes, all }

    package var step = Step.none
    /// Rows read from the store, and bytes written.
    package var rowsRead = 0
    package var bytesWritten = 0
}

extension Store {
    /// Brings the files of columns beside the store up to its rows. To be called by whoever holds
    /// the right to run.
    /// - Throws: `StoreError`; the files are then as they were, or gone.
    @discardableResult
    package func keepColumns(of program: Program) throws -> ColumnsKept {
        try SnapshotUpkeep(self, program).run()
    }

    /// Reads every byte of the files of columns; damaged ones are removed.
    /// - Returns: whether they were whole, or not there.
    package func verifyColumns() -> Bool {
        let columns = SnapshotFormat.columnsPath(path)
        let isThere = Glibc.access(columns, F_OK) == 0
        guard let files = SnapshotFiles(store: path) else { return !isThere }
        do {
            try files.columns.verify()
            try files.changes?.verify()
            return true
        } catch {
            files.remove()
            return false
        }
    }
}

/// Keeps the files of columns: what changed is written beside them, and everything anew when that
/// has become much.
struct SnapshotUpkeep {
    private let store: Store
    private let program: Program
    /// Members, tables, and events of members.
    private let dataSets: [DataSetID]

    /// Changes are folded in when they take more than this share of all columns.
    private static let changesShare = 16
    /// Files smaller than this are not worth two.
    private static let smallBytes = 1 << 16

    init(_ store: Store, _ program: Program) {
        self.store = store
        self.program = program
        dataSets = program.filedDataSets
    }

    /// A data set as the store has it.
    private struct Current {
        let layout: StoredLayout
        /// Of the rows, and when the columns were last kept.
        let stamp: Int64
        let kept: Int64
        /// Rows that came or changed since; nil when that is not known.
        var rows: Int?
        /// What the files have.
        let filed: SnapshotRows?

        var isFiled: Bool { filed?.stamp == stamp }
    }

    func run() throws -> ColumnsKept {
        let files = SnapshotFiles(store: store.path)
        let current = try store.read("compare the columns of") { db in
            try dataSets.map { try self.current($0, files, db) }
        }
        guard let files, current.allSatisfy({ canAdd($0) && hasAllRead($0) }) else {
            return try writeAll()
        }
        if current.allSatisfy(\.isFiled) { return ColumnsKept() }
        do {
            var kept = try writeChanges(current, files)
            let limit = max(Self.smallBytes, files.columns.byteCount / Self.changesShare)
            if kept.bytesWritten > limit {
                let all = try writeAll(from: SnapshotSource(store, program))
                kept.step = .all
                kept.bytesWritten += all.bytesWritten
                kept.rowsRead += all.rowsRead
            }
            return kept
        } catch is SnapshotFile.Damage {
            files.remove()
            return try writeAll()
        }
    }

    private func current(
        _ id: DataSetID, _ files: SnapshotFiles?, _ db: Database
    ) throws -> Current {
        let layout = try StoredLayout.current(program.dataSets[id.index], of: program, in: db)
        let state = try RawStatement(db, "SELECT stamp, kept FROM data_set WHERE id = ?")
        state.bind(1, layout.id)
        guard try state.step() else { throw layout.damage }
        let filed = files?.rows(of: layout.id)
        var current = Current(
            layout: layout, stamp: state.integer(0), kept: state.integer(1), rows: nil,
            filed: filed)
        // What is filed is as it was, and need not be looked at.
        if !current.isFiled, let filed, filed.stamp == current.kept {
            current.rows = try ChangedRows.count(layout, after: Int64(filed.count), db)
        }
        return current
    }

    /// Whether what is new can be written beside the columns.
    private func canAdd(_ current: Current) -> Bool {
        if current.isFiled { return true }
        if current.layout.dataSet.kind == .table { return current.filed != nil }
        guard let rows = current.rows, let filed = current.filed else { return false }
        return rows <= filed.count / 4
    }

    /// Whether the files have what segments, named fields and strategies read: a script may ask for
    /// a name that none asked for when the columns were written.
    private func hasAllRead(_ current: Current) -> Bool {
        guard let filed = current.filed else { return true }
        let layout = current.layout
        let places = filed.columns.places(of: layout.id)
        return program.readFields.allSatisfy { field in
            guard program.dataSets[field.dataSet.index].name == layout.dataSet.name,
                case .column = layout.places[field.index]
            else { return true }
            return places.contains(layout.places[field.index].number)
        }
    }

    // MARK: - Changes

    private func writeChanges(
        _ current: [Current], _ files: SnapshotFiles
    ) throws -> ColumnsKept {
        var kept = ColumnsKept(step: .changes)
        var writer = SnapshotWriter(generation: files.columns.generation)
        let memberCount = try store.memberCount(program)
        for data in current {
            if data.isFiled {
                if let changes = files.changes { try changes.copy(data.layout.id, to: &writer) }
            } else if data.layout.dataSet.kind == .table {
                let source = try SnapshotSource(store, program, usesFiles: false)
                try addAll(data, from: source, to: &writer)
                kept.rowsRead += source.rowsRead
            } else {
                kept.rowsRead += try addChanges(data, memberCount, to: &writer)
            }
        }
        kept.bytesWritten = writer.byteCount
        try writer.write(to: SnapshotFormat.changesPath(store.path))
        try remember(current)
        return kept
    }

    /// - Returns: how many rows were read.
    private func addChanges(
        _ data: Current, _ memberCount: Int, to writer: inout SnapshotWriter
    ) throws -> Int {
        guard let filed = data.filed else { throw SnapshotFile.Damage() }
        let layout = data.layout
        let places = filed.columns.places(of: layout.id)
        let fields = layout.places.indices.filter { places.contains(layout.places[$0].number) }
        let (placement, rowsRead) = try store.read("read what is new in") { db in
            let new = try ChangedRows(
                layout, after: Int64(filed.count), fields: fields, memberCount: memberCount, db)
            let known = try filed.changes.map { try ChangedRows($0, of: layout, fields: fields) }
            let rows = known?.updated(by: new) ?? new
            let placement =
                layout.dataSet.kind == .events
                ? try ChangePlacement(events: rows, among: filed, layout, db)
                : ChangePlacement(members: rows, baseCount: try filed.baseCount())
            return (placement, new.ids.count + placement.rowsCompared)
        }
        let rows = placement.rows
        let count = try filed.baseCount() + rows.ids.count - placement.removed.count
        let id = layout.id
        writer.add(
            SnapshotSection(id, .dataSet, parameters: [data.stamp, Int64(count), 0]))
        writer.add(PackedIntegers(rows.ids), id, .ids)
        writer.add(placement.removed, id, .removed)
        writer.add(placement.inserts, id, .inserts)
        if layout.dataSet.kind == .events {
            writer.add(PackedIntegers(rows.members), id, .members)
        }
        writer.add(rows.keys, id, place: StoredLayout.Place.key.number)
        for (place, column) in rows.columns.sorted(by: { $0.key < $1.key }) {
            writer.add(column, id, place: place)
        }
        return rowsRead
    }

    // MARK: - Everything

    private func writeAll() throws -> ColumnsKept {
        try writeAll(from: SnapshotSource(store, program, usesFiles: false))
    }

    private func writeAll(from source: SnapshotSource) throws -> ColumnsKept {
        var generator = SystemRandomNumberGenerator()
        var writer = SnapshotWriter(generation: generator.next())
        let current = try store.read("read the columns of") { db in
            try dataSets.map { try self.current($0, nil, db) }
        }
        for data in current { try addAll(data, from: source, to: &writer) }
        try writer.write(to: SnapshotFormat.columnsPath(store.path))
        // They are of the columns before, and no longer fit.
        unlink(SnapshotFormat.changesPath(store.path))
        try remember(current)
        return ColumnsKept(
            step: .all, rowsRead: source.rowsRead, bytesWritten: writer.byteCount)
    }

    /// All rows of a data set.
    private func addAll(
        _ data: Current, from source: SnapshotSource, to writer: inout SnapshotWriter
    ) throws {
        let layout = data.layout
        let id = layout.id
        guard let dataSet = dataSets.first(where: {
            program.dataSets[$0.index].name == layout.dataSet.name
        }) else { return }
        let fields = try source.askedFields(of: dataSet)
        try source.prefetch(fields)
        let count: Int
        if layout.dataSet.kind == .events {
            let order = try source.order(dataSet)
            count = order.count
            writer.add(PackedIntegers(indices: order.index.offsets), id, .memberOffsets)
            writer.add(try order.ids(), id, .ids)
            let places = TimeOrder(order.index, at: order.instants).places
            let parameters = [Int64(TimeOrder.usualBlock), 0, 0]
            writer.add(SnapshotSection(id, .timeOrder, parameters: parameters), places)
        } else {
            let keys = try source.keyTexts(dataSet)
            count = keys.count
            writer.add(keys, id, place: StoredLayout.Place.key.number)
        }
        writer.add(SnapshotSection(id, .dataSet, parameters: [data.stamp, Int64(count), 1]))
        for field in fields {
            let number = layout.places[field.index].number
            let column = try source.column(field)
            writer.add(column, id, place: number)
            writer.addIndex(of: column, id, place: number)
        }
    }

    /// Says in the store what the files have now, so that only what comes later is new.
    private func remember(_ current: [Current]) throws {
        try store.write("keep the columns of") { db in
            for data in current {
                try db.execute(
                    sql: "UPDATE data_set SET kept = ? WHERE id = ?",
                    arguments: [data.stamp, data.layout.id])
                try db.execute(
                    sql: "DELETE FROM changed_row WHERE data_set = ?",
                    arguments: [data.layout.id])
            }
        }
    }
}

extension SnapshotFile {
    /// Takes over what there is of a data set.
    fileprivate func copy(_ dataSet: Int64, to writer: inout SnapshotWriter) throws {
        for (section, bytes) in try sections(of: dataSet) { writer.add(section, bytes) }
    }
}
