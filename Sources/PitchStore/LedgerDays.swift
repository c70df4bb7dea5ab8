import GRDB
import PitchColumnar

/// A local day that a strategy judged: of the date lines of one pattern and due time, or of the
/// weather of one place.
package struct LedgerDay: Sendable, Hashable {
    package let feed: String
    package let day: Int32
    /// When it was due, or its weather observed.
    package let at: Int64

    package init(feed: String, day: Int32, at: Int64) {
        self.feed = feed
        self.day = day
        self.at = at
    }
}

/// A day of one feed.
package struct LedgerFeedDay: Sendable, Hashable {
    package let feed: String
    package let day: Int32

    package init(feed: String, day: Int32) {
        self.feed = feed
        self.day = day
    }
}

/// Members whose day came to one outcome without effect. A day happens to every member, so such
/// outcomes are kept as one row with a bit for every member.
package struct LedgerCrowd: Sendable, Equatable {
    package let strategy: Int64
    package let feed: String
    package let day: Int32
    package let at: Int64
    package let run: Int64
    package let judgedAt: Int64
    package let outcome: String
    package let trigger: Int
    package let alsoMatched: [Int]
    /// A bit for every member number, from 0.
    package let members: Bitmap

    package init(
        strategy: Int64, feed: String, day: Int32, at: Int64, run: Int64, judgedAt: Int64,
        outcome: String, trigger: Int, alsoMatched: [Int], members: Bitmap
    ) {
        self.strategy = strategy
        self.feed = feed
        self.day = day
        self.at = at
        self.run = run
        self.judgedAt = judgedAt
        self.outcome = outcome
        self.trigger = trigger
        self.alsoMatched = alsoMatched
        self.members = members
    }

    /// The outcome of one of the members.
    func outcome(of key: String) -> LedgerOutcome {
        LedgerOutcome(
            strategy: strategy, member: key, feed: feed, occurrence: Int64(day), at: at, run: run,
            judgedAt: judgedAt, outcome: outcome, trigger: trigger, alsoMatched: alsoMatched,
            offer: nil, channel: nil, couponMinor: 0, messageMicro: 0, successUntil: nil)
    }
}

extension Ledger {
    /// The days that a strategy judged, of each pattern and due time of its date lines.
    package func judgedDays(of strategy: Int64) throws -> Set<LedgerDay> {
        try store.read("read the ledger of") { database in
            Set(
                try database.ledgerRows(
                    of: "ledger_day",
                    """
                    SELECT feed, day, at FROM ledger_day
                    WHERE strategy = ? AND \(Self.isDate("feed"))
                    """, .integer(strategy)
                ) { try LedgerDay(feed: $0.text(0), day: $0.day(1), at: $0.instant(2)) })
        }
    }

    /// Those of some days that a strategy judged, whatever their instant.
    package func judged(
        _ days: Set<LedgerFeedDay>, by strategy: Int64
    ) throws -> Set<LedgerFeedDay> {
        try store.read("read the ledger of") { database in
            let statement = try RawStatement(
                database, "SELECT 1 FROM ledger_day WHERE strategy = ? AND feed = ? AND day = ?")
            return try days.filter { day in
                defer { statement.reset() }
                statement.bind([
                    .integer(strategy), .text(day.feed), .integer(Int64(day.day)),
                ])
                return try statement.step()
            }
        }
    }

    /// The members for whom a strategy decided about a day of the calendar, by their numbers, from
    /// 0.
    package func decidedMembers(of strategy: Int64, on day: Int32) throws -> Set<Int32> {
        try store.read("read the ledger of") { database in
            let key: [LedgerBinding] = [.integer(strategy), .integer(Int64(day))]
            let crowds = try database.crowds(
                "WHERE strategy = ? AND day = ? AND \(Self.isDate("feed"))", key)
            let others = try database.ledgerRows(
                of: "ledger_outcome",
                """
                SELECT r.id FROM ledger_outcome o JOIN \(database.memberTable()) r
                    ON r.key = o.member
                WHERE o.strategy = ? AND o.occurrence = ? AND \(Self.isDate("o.feed"))
                """, key
            ) { Int32(clamping: try $0.identifier(0) - 1) }
            return crowds.reduce(into: Set(others)) { $0.formUnion($1.members.rows) }
        }
    }

    /// A condition: before version 15 every pattern of days had a feed of its own.
    private static func isDate(_ feed: String) -> String {
        "\(feed) >= 'date ' AND \(feed) < 'date!'"
    }

    /// What was decided in a run about whole crowds, by strategy, instant, feed and outcome.
    package func crowds(inRun run: Int64) throws -> [LedgerCrowd] {
        try store.read("read the ledger of") { database in
            try database.crowds(
                "WHERE run = ? ORDER BY strategy, at, feed, outcome, trigger, also_matched",
                .integer(run))
        }
    }

    static func writeDays(of record: StrategyRecord, in database: Database) throws {
        let dayStatement = try RawStatement(
            database,
            "INSERT INTO ledger_day (strategy, feed, day, at, run) VALUES (?, ?, ?, ?, ?)")
        for day in record.days {
            try dayStatement.run(
                .integer(record.state.id), .text(day.feed), .integer(Int64(day.day)),
                .integer(day.at), .integer(record.run))
        }
        let statement = try RawStatement(
            database,
            """
            INSERT INTO ledger_crowd (strategy, feed, day, at, run, judged_at, outcome, trigger,
                also_matched, members, bits)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        for crowd in record.crowds {
            guard let bits = PackedBitmap.pack(crowd.members) else {
                throw StoreError(
                    .failed, "write the ledger", "there is no memory to pack its outcomes")
            }
            try statement.run(
                .integer(crowd.strategy), .text(crowd.feed), .integer(Int64(crowd.day)),
                .integer(crowd.at), .integer(crowd.run), .integer(crowd.judgedAt),
                .text(crowd.outcome), .integer(Int64(crowd.trigger)),
                .text(LedgerOutcome.text(of: crowd.alsoMatched)),
                .integer(Int64(crowd.members.population)), .bytes(bits))
        }
    }
}

extension Database {
    /// - Parameter tail: what follows `FROM ledger_crowd`.
    func crowds(_ tail: String, _ bindings: LedgerBinding...) throws -> [LedgerCrowd] {
        try crowds(tail, bindings)
    }

    func crowds(_ tail: String, _ bindings: [LedgerBinding]) throws -> [LedgerCrowd] {
        try ledgerRows(
            of: "ledger_crowd",
            """
            SELECT strategy, feed, day, at, run, judged_at, outcome, trigger, also_matched, members,
                bits
            FROM ledger_crowd \(tail)
            """, bindings
        ) { row in
            let members = try row.bitmap(10)
            guard try row.count(9) == members.population else {
                throw row.damage(9, "the number of members in 'bits'")
            }
            return try LedgerCrowd(
                strategy: row.identifier(0), feed: row.text(1), day: row.day(2),
                at: row.instant(3), run: row.identifier(4), judgedAt: row.instant(5),
                outcome: row.text(6), trigger: row.count(7),
                alsoMatched: LedgerOutcome.lines(in: row.text(8)), members: members)
        }
    }

    /// The table of the loaded members.
    func memberTable() throws -> String {
        let query = "SELECT id FROM data_set WHERE kind = 'members'"
        guard let id = try Int64.fetchOne(self, sql: query) else {
            throw StoreError(.outdated, "read the members", "they were never loaded")
        }
        return "rows_\(id)"
    }

    /// The number of a member, from 0; nil when the store does not know the key.
    func memberNumber(of key: String) throws -> Int? {
        let table = try memberTable()
        return try ledgerRows(
            of: table, "SELECT id FROM \(table) WHERE key = ?", .text(key)
        ) { try Int($0.identifier(0)) - 1 }.first
    }
}
