import GRDB
import PitchSchema

/// Loads one file of a data set, inside a transaction.
struct FileLoad {
    private let file: SourceFileName
    private let layout: StoredLayout
    private let writer: RowWriter
    private let db: Database
    private let id: Int64
    /// Of the load.
    private let instant: Int64
    private let quarantine: RawStatement
    private var counts: LoadReport.File
    private var strangers = 0

    /// Rows between two calls of `progress`.
    private static let progressStep = 1 << 16

    init(
        _ file: SourceFileName, _ layout: StoredLayout, _ writer: RowWriter, at instant: Int64,
        _ db: Database
    ) throws {
        self.instant = instant
        self.file = file
        self.layout = layout
        self.writer = writer
        self.db = db
        counts = LoadReport.File(dataSet: layout.dataSet.name, path: file.name)
        id = try Self.row(of: file, layout, db)
        try db.execute(sql: "DELETE FROM quarantine WHERE file = ?", arguments: [id])
        quarantine = try RawStatement(
            db,
            "INSERT INTO quarantine (file, line, field, value, reason) VALUES (?, ?, ?, ?, ?)")
    }

    /// The file's row, made now if it has none.
    private static func row(
        of file: SourceFileName, _ layout: StoredLayout, _ db: Database
    ) throws -> Int64 {
        try db.execute(
            sql: """
                INSERT INTO data_file
                (data_set, path, identity, content, rows, quarantined, strangers, members)
                VALUES (?, ?, '', '', 0, 0, 0, 0) ON CONFLICT DO NOTHING
                """, arguments: [layout.id, file.name])
        return try Int64.fetchOne(
            db, sql: "SELECT id FROM data_file WHERE data_set = ? AND path = ?",
            arguments: [layout.id, file.name]) ?? 0
    }

    /// - Parameter identity: what the file system said of the file before it was opened.
    mutating func run(
        identity: String, _ progress: (LoadProgress) -> Void
    ) throws -> LoadReport.File {
        let (reader, places) = try layout.dataSet.source.open(
            file, for: layout.dataSet.fields, isPartial: layout.dataSet.isWeather)
        let record = reader.record
        let lastRow = try layout.lastRow(db)
        let lastMember = writer.lastMember
        while try reader.next() {
            counts.rows += 1
            let ordinal = counts.rows
            let outcome = try writer.write(record, places) { "\(file.name)\u{1F}\(ordinal)" }
            try count(outcome, record.line)
            if counts.rows.isMultiple(of: Self.progressStep) { report(reader, progress) }
        }
        report(reader, progress)
        if counts.new + counts.changed > 0 { try layout.markChanged(db) }
        try RowArrivals.record(layout, after: lastRow, at: instant, db)
        if writer.lastMember > lastMember, let members = writer.memberLayout {
            try members.markChanged(db)
            try RowArrivals.record(members, after: lastMember, at: instant, db)
        }
        try finish(reader, identity)
        return counts
    }

    private func report(_ reader: any RecordReader, _ progress: (LoadProgress) -> Void) {
        let position = reader.position
        progress(
            LoadProgress(
                dataSet: counts.dataSet, path: counts.path, rows: counts.rows,
                bytes: position.read, totalBytes: position.total))
    }

    private mutating func count(_ outcome: RowWriter.Outcome, _ line: Int64) throws {
        switch outcome {
        case .new: counts.new += 1
        case .changed: counts.changed += 1
        case .unchanged: counts.unchanged += 1
        case .conflict(let fault):
            counts.conflicts += 1
            try keep(fault, line)
        case .wrong(let fault, let isStranger):
            counts.quarantined += 1
            if isStranger { strangers += 1 }
            if counts.firstFault == nil {
                let field = fault.field.isEmpty ? "" : ", field '\(fault.field)'"
                counts.firstFault =
                    "'\(file.name)' line \(line)\(field), '\(fault.value)': \(fault.reason)"
            }
            try keep(fault, line)
        }
    }

    /// Keeps a row that was not taken, with the reason.
    private func keep(_ fault: RowFault, _ line: Int64) throws {
        quarantine.bind(1, id)
        quarantine.bind(2, line)
        quarantine.bind(3, fault.field)
        quarantine.bind(4, fault.value.replacing("\u{1F}", with: ", "))
        quarantine.bind(5, fault.reason)
        try quarantine.run()
    }

    private func finish(_ reader: any RecordReader, _ identity: String) throws {
        guard StoredFile.identity(of: file) == identity else {
            throw StoreError(
                .source, "read '\(file.name)'", "it changed while it was read; load again")
        }
        try writer.recordSightings(db)
        try db.execute(
            sql: """
                UPDATE data_file SET identity = ?, content = ?, rows = ?, quarantined = ?,
                strangers = ?, members = ? WHERE id = ?
                """,
            arguments: [
                StoredFile.trusted(identity, file), try reader.contentHash, counts.rows,
                counts.quarantined, strangers, writer.lastMember, id,
            ])
    }
}
