import GRDB
import PitchSchema

/// Which strategies have seen events that a file dated anew.
///
/// A strategy has seen the rows up to the last one of its last look whose `at` had come then: that
/// is all the ledger keeps of rows whose `at` stays. A row that is moved may come to lie on the
/// other side. One that was seen is no new occurrence at its new time; one that was still to come,
/// and now lies before the look, is seen by the next one.
struct RowSightings {
    /// `strategy` 0 stands for the matching of redemption data.
    static let migration = """
        CREATE TABLE row_sighting (
            strategy INTEGER NOT NULL, data_set INTEGER NOT NULL, row INTEGER NOT NULL,
            is_seen INTEGER NOT NULL, PRIMARY KEY (strategy, data_set, row)) WITHOUT ROWID;
        INSERT INTO row_sighting
            SELECT f.strategy, d.id, r.row, 1 FROM row_redated r
                JOIN data_set d ON d.id = r.data_set JOIN ledger_feed f ON f.data_set = d.name
            WHERE r.row <= f.high_row AND r.came_at <= f.judged_at;
        DROP TABLE row_redated;
        """

    /// Before version 12: rows that came, and then got a later time.
    static let formerMigration = """
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

    /// The last look of a strategy at a data set.
    private struct Look {
        let strategy: Int64
        let lastRow: Int64
        /// As stored.
        let clock: Int64
    }

    /// Keeps what the looks no longer tell, in the file's transaction.
    mutating func record(of layout: StoredLayout, _ db: Database) throws {
        defer { former = [:] }
        if former.isEmpty { return }
        let looks = try looks(at: layout.dataSet, db)
        let known = try RawStatement(
            db, "SELECT is_seen FROM row_sighting WHERE strategy = ? AND data_set = ? AND row = ?")
        let moved = try RawStatement(db, "SELECT at FROM \(layout.table) WHERE id = ?")
        let insertion = try RawStatement(
            db, "INSERT OR REPLACE INTO row_sighting VALUES (?, ?, ?, ?)")
        let deletion = try RawStatement(
            db, "DELETE FROM row_sighting WHERE strategy = ? AND data_set = ? AND row = ?")
        for (row, was) in former.sorted(by: { $0.key < $1.key }) {
            moved.bind(1, row)
            let at = try moved.step() ? moved.integer(0) : was
            moved.reset()
            for look in looks where row <= look.lastRow {
                let key: [LedgerBinding] = [
                    .integer(look.strategy), .integer(layout.id), .integer(row),
                ]
                known.bind(key)
                let isSeen = try known.step() ? known.integer(0) == 1 : was <= look.clock
                known.reset()
                if isSeen == (at <= look.clock) {
                    try deletion.run(key)
                } else {
                    try insertion.run(key + [.integer(isSeen ? 1 : 0)])
                }
            }
        }
        try forgetWhatLooksTell(looks, layout, db)
    }

    private func looks(at dataSet: DataSet, _ db: Database) throws -> [Look] {
        try db.ledgerRows(
            of: "ledger_feed",
            """
            SELECT strategy, high_row, judged_at FROM ledger_feed WHERE data_set = ?1
            UNION ALL SELECT 0, high_row, judged_at FROM coupon_feed WHERE data_set = ?1
            """, .text(dataSet.name)
        ) { row in
            let instant = try row.instant(2)
            return try Look(
                strategy: Int64(row.count(0)), lastRow: Int64(row.count(1)),
                clock: dataSet.isDated ? Int64(zone.day(of: instant)) : instant)
        }
    }

    /// Rows that were seen, and whose new time has come by now.
    private func forgetWhatLooksTell(
        _ looks: [Look], _ layout: StoredLayout, _ db: Database
    ) throws {
        let deletion = try RawStatement(
            db,
            """
            DELETE FROM row_sighting WHERE strategy = ?1 AND data_set = ?2 AND is_seen = 1
                AND (SELECT at FROM \(layout.table) WHERE id = row) <= ?3
            """)
        for look in looks {
            try deletion.run(
                .integer(look.strategy), .integer(layout.id), .integer(look.clock))
        }
    }
}

extension Database {
    /// By data set: rows, each with whether the strategy has seen it, whatever its last look says.
    func sightings(of strategy: Int64) throws -> [String: [Int64: Bool]] {
        let found = try ledgerRows(
            of: "row_sighting",
            """
            SELECT name, row, is_seen FROM row_sighting JOIN data_set ON data_set.id = data_set
            WHERE strategy = ?
            """, .integer(strategy)
        ) { try ($0.text(0), row: $0.identifier(1), isSeen: $0.truth(2)) }
        return found.reduce(into: [:]) { $0[$1.0, default: [:]][$1.row] = $1.isSeen }
    }

    /// What a look at a data set sees is seen.
    func forgetUnseen(by strategy: Int64, in dataSet: String) throws {
        try RawStatement(
            self,
            """
            DELETE FROM row_sighting WHERE strategy = ? AND is_seen = 0
                AND data_set = (SELECT id FROM data_set WHERE name = ?)
            """
        ).run(.integer(strategy), .text(dataSet))
    }
}
