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

    /// Keeps those that some strategy may have seen, in the file's transaction.
    mutating func record(of layout: StoredLayout, _ db: Database) throws {
        defer { former = [:] }
        if former.isEmpty { return }
        let (lastRow, instant) = try Self.lastLook(at: layout.dataSet.name, db)
        let clock = layout.dataSet.isDated ? Int64(zone.day(of: instant)) : instant
        let statement = try RawStatement(
            db,
            """
            INSERT OR IGNORE INTO row_redated
            SELECT \(layout.id), id, ?2 FROM \(layout.table) WHERE id = ?1 AND at > ?2
            """)
        for (row, at) in former where row <= lastRow && at <= clock {
            try statement.run(.integer(row), .integer(at))
        }
    }

    /// The last row that was there when a strategy looked at a data set last, and the instant.
    private static func lastLook(
        at dataSet: String, _ db: Database
    ) throws -> (row: Int64, instant: Int64) {
        let looks = try db.ledgerRows(
            of: "ledger_feed",
            """
            SELECT max(high_row) AS high_row, max(judged_at) AS judged_at FROM ledger_feed
            WHERE data_set = ? GROUP BY data_set
            """, .text(dataSet)
        ) { try (row: Int64($0.count(0)), instant: $0.instant(1)) }
        return looks.first ?? (0, 0)
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
