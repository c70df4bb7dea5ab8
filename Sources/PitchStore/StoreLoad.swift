import Foundation
import GRDB
import PitchProgram
import PitchSchema

extension Store {
    /// Loads what is new or changed in every source of a program: tables, then members, then
    /// events. Each file is one transaction; loading again what is loaded changes nothing.
    ///
    /// Members and tables are read whole when any of their files changed, so that the newest row
    /// wins and absent ones are known. A data set that is read again because its declaration
    /// changed, or that limits its quarantine, is one transaction.
    /// - Parameters:
    ///   - folder: the script's; paths of sources are relative to it.
    ///   - instant: of the load, in milliseconds since 1970: when rows that are new arrived.
    ///   - progress: called now and then, on the same thread.
    /// - Throws: `StoreError`; what was committed before it stays, and the next load goes on.
    package func load(
        _ program: Program, folder: String, at instant: Int64,
        progress: @escaping (LoadProgress) -> Void = { _ in }
    ) throws -> LoadReport {
        guard let zone = ZoneRules.named(program.project.zone) else {
            throw StoreError(
                .failed, "load into '\(path)'", "there is no time zone '\(program.project.zone)'")
        }
        var report = LoadReport()
        for kind in [DataSet.Kind.table, .members, .events] {
            for dataSet in program.dataSets where dataSet.kind == kind {
                let load = DataSetLoad(
                    self, dataSet, of: program, folder: folder, zone: zone, at: instant,
                    progress: progress)
                try load.run(&report)
            }
        }
        return report
    }

    /// The files, as in the script, that are new, changed or gone since the last load.
    package func changedSources(_ program: Program, folder: String) throws -> [String] {
        try read("compare the sources with") { db in
            try program.dataSets.flatMap { dataSet in
                let files = try dataSet.source.files(folder: folder)
                let stored = try StoredFile.all(of: dataSet.name, db)
                let changed = try files.filter { file in
                    try stored[file.name]?.isSame(file, dataSet.source) != true
                }
                let gone = Set(stored.keys).subtracting(files.map(\.name))
                return changed.map(\.name) + gone.sorted()
            }
        }
    }

    /// Rows that were not taken, in the order of data sets, files and lines.
    /// - Parameters:
    ///   - load: only those of the files that it read; nil: of all.
    ///   - limit: at most so many.
    package func quarantinedRows(
        of load: LoadReport? = nil, limit: Int = 1000
    ) throws -> [QuarantinedRow] {
        try read("read the quarantine of") { db in
            let rows = try RawStatement(
                db,
                """
                SELECT data_set.name, path, line, field, value, reason
                FROM quarantine JOIN data_file ON data_file.id = quarantine.file
                JOIN data_set ON data_set.id = data_file.data_set
                ORDER BY data_set.id, path, line
                """)
            var found: [QuarantinedRow] = []
            while found.count < limit, try rows.step() {
                let row = QuarantinedRow(
                    dataSet: rows.text(0), path: rows.text(1), line: rows.integer(2),
                    field: rows.text(3), value: rows.text(4), reason: rows.text(5))
                if load?.hasRead(row.path, of: row.dataSet) ?? true { found.append(row) }
            }
            return found
        }
    }
}

/// A file as it was when it was loaded.
struct StoredFile {
    let identity: String
    let content: String
    /// Whether rows are of people who were no members, and how many members there were then.
    let hasStrangers: Bool
    let members: Int64

    static func all(of dataSet: String, _ db: Database) throws -> [String: StoredFile] {
        let rows = try RawStatement(
            db,
            """
            SELECT path, data_file.identity, content, strangers, members
            FROM data_file JOIN data_set ON data_set.id = data_file.data_set
            WHERE data_set.name = ?
            """)
        rows.bind(1, dataSet)
        var files: [String: StoredFile] = [:]
        while try rows.step() {
            files[rows.text(0)] = StoredFile(
                identity: rows.text(1), content: rows.text(2), hasStrangers: rows.integer(3) > 0,
                members: rows.integer(4))
        }
        return files
    }

    /// Whether a file has the same content; it is read only when the file system cannot tell.
    func isSame(_ file: SourceFileName, _ source: DataSource) throws -> Bool {
        if Self.identity(of: file) == identity { return true }
        return try source.contentHash(file) == content
    }

    /// What the file system says of a file, and of a database's log.
    static func identity(of file: SourceFileName) -> String {
        [file.path, file.path + "-wal"].compactMap { FileIdentity($0)?.text }
            .joined(separator: " ")
    }

    /// A file that changed within the clock's last ticks may change again without a trace: its
    /// identity is not to be trusted.
    static func trusted(_ identity: String, _ file: SourceFileName) -> String {
        var clock = timespec()
        clock_gettime(CLOCK_REALTIME, &clock)
        let now = Int64(clock.tv_sec) * 1_000_000_000 + Int64(clock.tv_nsec)
        let latest = [file.path, file.path + "-wal"].compactMap { FileIdentity($0) }
            .map { max($0.modified, $0.changed) }.max()
        return (latest ?? now) < now - 2_000_000_000 ? identity : "recent"
    }
}
