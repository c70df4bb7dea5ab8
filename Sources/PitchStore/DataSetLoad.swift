import GRDB
import PitchProgram
import PitchSchema

/// Loads one data set.
struct DataSetLoad {
    private let store: Store
    private let dataSet: DataSet
    private let program: Program
    private let folder: String
    private let zone: ZoneRules
    private let instant: Int64
    private let progress: (LoadProgress) -> Void

    init(
        _ store: Store, _ dataSet: DataSet, of program: Program, folder: String, zone: ZoneRules,
        at instant: Int64, progress: @escaping (LoadProgress) -> Void
    ) {
        self.store = store
        self.dataSet = dataSet
        self.program = program
        self.folder = folder
        self.zone = zone
        self.instant = instant
        self.progress = progress
    }

    private var action: String { "load '\(dataSet.name)' into" }

    /// A file, and what was known of it before.
    private struct Planned {
        let file: SourceFileName
        let identity: String
        let isSkipped: Bool
    }

    func run(_ report: inout LoadReport) throws {
        if dataSet.kind == .events, (dataSet.member ?? dataSet.place) == nil || dataSet.at == nil {
            throw StoreError(
                .incompatible, "load '\(dataSet.name)'",
                "its rows have no member or place, or no time")
        }
        let (state, stored, members) = try store.read(action) { db in
            let state = try LayoutChange(dataSet, of: program, in: db).state
            return (state, try StoredFile.all(of: dataSet.name, db), try memberCount(db))
        }
        let files = try dataSet.source.files(folder: folder)
        let plan = try self.plan(files, state == .same ? stored : [:], members)
        let reads = plan.filter { !$0.isSkipped }
        if reads.isEmpty, Set(stored.keys) == Set(files.map(\.name)) {
            report.files += plan.map { skipped($0) }
            try refreshIdentities(plan, stored)
            // A load may have been cut short before it made them.
            if state == .same, try !isIndexed() { try index() }
            return
        }
        if state == .changed || dataSet.quarantineLimit != nil {
            let before = report
            report = try store.write(action) { db in
                var report = before
                try load(plan, inside: db, &report)
                return report
            }
        } else {
            try load(plan, inside: nil, &report)
        }
        try index()
    }

    private func isIndexed() throws -> Bool {
        try store.read(action) { db in
            try KeyIndex.isIndexed(StoredLayout.current(dataSet, of: program, in: db).table, db)
        }
    }

    private func index() throws {
        try store.write("index '\(dataSet.name)' in") { db in
            try LayoutChange.createIndexes(
                StoredLayout.current(dataSet, of: program, in: db), db)
        }
    }

    private func skipped(_ planned: Planned) -> LoadReport.File {
        var file = LoadReport.File(dataSet: dataSet.name, path: planned.file.name)
        file.isSkipped = true
        return file
    }

    /// The content is the same and the file system's word for it is new: the next load need not
    /// read the file.
    private func refreshIdentities(
        _ plan: [Planned], _ stored: [String: StoredFile]
    ) throws {
        let fresh = plan.filter { planned in
            stored[planned.file.name]?.identity != planned.identity
                && StoredFile.trusted(planned.identity, planned.file) == planned.identity
        }
        if fresh.isEmpty { return }
        try store.write(action) { db in
            for planned in fresh {
                try db.execute(
                    sql: """
                        UPDATE data_file SET identity = ? WHERE path = ?
                        AND data_set = (SELECT id FROM data_set WHERE name = ?)
                        """, arguments: [planned.identity, planned.file.name, dataSet.name])
            }
        }
    }

    private func memberCount(_ db: Database) throws -> Int64 {
        guard dataSet.member != nil, let id = program.members else { return 0 }
        let members = try StoredLayout.current(program.dataSets[id.index], of: program, in: db)
        return try members.lastRow(db)
    }

    /// Which files are to be read.
    private func plan(
        _ files: [SourceFileName], _ stored: [String: StoredFile], _ members: Int64
    ) throws -> [Planned] {
        let plan = try files.map { file in
            let identity = StoredFile.identity(of: file)
            var isSkipped = try stored[file.name]?.isSame(file, dataSet.source) ?? false
            // People who were unknown may be members by now.
            if let known = stored[file.name], known.hasStrangers, known.members != members {
                isSkipped = false
            }
            return Planned(file: file, identity: identity, isSkipped: isSkipped)
        }
        let isComplete = plan.allSatisfy(\.isSkipped) && stored.count == files.count
        if dataSet.kind == .events || isComplete { return plan }
        return plan.map { Planned(file: $0.file, identity: $0.identity, isSkipped: false) }
    }

    /// Runs in the transaction at hand, or in one of its own.
    private func transaction<Result>(
        inside db: Database?, _ body: (Database) throws -> Result
    ) throws -> Result {
        if let db { return try body(db) }
        return try store.write(action, body)
    }

    private func load(
        _ plan: [Planned], inside outer: Database?, _ report: inout LoadReport
    ) throws {
        let bytes = plan.filter { !$0.isSkipped }
            .reduce(0) { $0 + (FileIdentity($1.file.path)?.size ?? 0) }
        let (change, writer) = try transaction(inside: outer) { db in
            let change = try LayoutChange(dataSet, of: program, in: db)
            let writer = try RowWriter(
                change.apply(db, of: program), program: program, zone: zone, bytes: bytes,
                isReload: change.state == .changed, db)
            return (change, writer)
        }
        let before = report.files.count
        for planned in plan {
            guard !planned.isSkipped else {
                report.files.append(skipped(planned))
                continue
            }
            let counts = try transaction(inside: outer) { db in
                let layout = try StoredLayout.current(dataSet, of: program, in: db)
                var load = try FileLoad(planned.file, layout, writer, at: instant, db)
                return try load.run(identity: planned.identity, progress)
            }
            report.files.append(counts)
        }
        let loaded = report.files[before...]
        try checkQuarantine(loaded)
        let absent = try transaction(inside: outer) { db in
            let layout = try StoredLayout.current(dataSet, of: program, in: db)
            try change.checkUnseen(layout, db, isSeen: writer.seen.contains)
            try forgetFiles(except: plan.map(\.file.name), layout, db)
            return try markAbsent(layout, writer.seen, db)
        }
        if dataSet.kind != .events { report.absent[dataSet.name] = absent }
    }

    private func checkQuarantine(_ files: ArraySlice<LoadReport.File>) throws {
        guard let limit = dataSet.quarantineLimit else { return }
        let rows = files.reduce(0) { $0 + $1.rows }
        let bad = files.reduce(0) { $0 + $1.quarantined }
        guard Int128(bad) * 1_000_000 > Int128(rows) * Int128(limit) else { return }
        let example = files.lazy.compactMap(\.firstFault).first ?? ""
        throw StoreError(
            .quarantined, "load '\(dataSet.name)'",
            "\(bad) of \(rows) rows are wrong, more than 'quarantine at most "
                + "\(FixedPoint.text(limit, digits: 4))%' accepts; the first: \(example)")
    }

    /// Files that are no longer there; their events stay, members and rows of tables are absent.
    private func forgetFiles(
        except names: [String], _ layout: StoredLayout, _ db: Database
    ) throws {
        for path in try StoredFile.all(of: dataSet.name, db).keys where !names.contains(path) {
            try db.execute(
                sql: """
                    DELETE FROM quarantine WHERE file =
                    (SELECT id FROM data_file WHERE data_set = ? AND path = ?)
                    """, arguments: [layout.id, path])
            try db.execute(
                sql: "DELETE FROM data_file WHERE data_set = ? AND path = ?",
                arguments: [layout.id, path])
        }
    }

    /// Counts the rows that were in a file before and now are in none, and marks them.
    private func markAbsent(
        _ layout: StoredLayout, _ seen: RowSet, _ db: Database
    ) throws -> Int {
        guard dataSet.kind != .events else { return 0 }
        let rows = try RawStatement(
            db, "SELECT id FROM \(layout.table) WHERE gone != \(Presence.event) ORDER BY id")
        var absent: [Int64] = []
        while try rows.step() {
            if !seen.contains(rows.integer(0)) { absent.append(rows.integer(0)) }
        }
        let mark = dataSet.absentGone ? Presence.gone : Presence.file
        let update = try RawStatement(
            db, "UPDATE \(layout.table) SET gone = \(mark) WHERE id = ? AND gone != \(mark)")
        for row in absent {
            update.bind(1, row)
            try update.run()
        }
        // Of a table only the rows that are there have columns.
        if layout.dataSet.kind == .table, dataSet.absentGone, !absent.isEmpty {
            try layout.markChanged(db)
        }
        return absent.count
    }
}
