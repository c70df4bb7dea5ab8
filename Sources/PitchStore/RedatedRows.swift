import GRDB
import PitchSchema

/// Rows of events that came, and were then replaced by rows of a later time. They were seen when
/// they came, and a replaced row is no new occurrence. A row that is moved before it comes is seen
/// when it does.
struct RedatedRows {
    static let migration = """
        CREATE TABLE row_redated (
            data_set INTEGER NOT NULL, row INTEGER NOT NULL, came_at INTEGER NOT NULL,
            PRIMARY KEY (data_set, row)) WITHOUT ROWID
        """

    private let zone: ZoneRules
    /// When the rows that a file dates anew were before it, as stored.
    private var former: [Int64: Int64] = [:]

    init(zone: ZoneRules) { self.zone = zone }

    mutating func note(_ row: Int64, was at: Int64) {
        if former[row] == nil { former[row] = at }
    }

    /// Keeps those that had come by the last run, in the file's transaction.
    mutating func record(of layout: StoredLayout, _ db: Database) throws {
        defer { former = [:] }
        if former.isEmpty { return }
        guard let run = try Self.lastRun(db) else { return }
        let clock = layout.dataSet.isDated ? Int64(zone.day(of: run)) : run
        let statement = try RawStatement(
            db,
            """
            INSERT OR IGNORE INTO row_redated
            SELECT \(layout.id), id, ?2 FROM \(layout.table) WHERE id = ?1 AND at > ?2
            """)
        for (row, at) in former where at <= clock {
            try statement.run(.integer(row), .integer(at))
        }
    }

    private static func lastRun(_ db: Database) throws -> Int64? {
        try db.ledgerRows(of: "ledger_run", "SELECT max(as_of) AS as_of FROM ledger_run") {
            try $0.optional(0, $0.instant)
        }.first ?? nil
    }

    /// The SQL condition that a row had not come up to an instant.
    /// - Parameter instant: the SQL of the instant, as stored.
    static func hadNotCome(by instant: String, in layout: StoredLayout) -> String {
        """
        NOT EXISTS (SELECT 1 FROM row_redated WHERE data_set = \(layout.id)
            AND row = \(layout.table).id AND came_at <= \(instant))
        """
    }
}
