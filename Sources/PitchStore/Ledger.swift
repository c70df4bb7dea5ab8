import GRDB

/// What Pitch decided and what it owes, in the store. Reading is free of effects; writing happens
/// in `record`, one transaction a strategy.
package final class Ledger {
    let store: Store

    package init(_ store: Store) { self.store = store }

    /// The last run; nil before the first.
    package func lastRun() throws -> LedgerRun? {
        try store.read("read the ledger of") { database in
            try Row.fetchOne(database, sql: "SELECT * FROM ledger_run ORDER BY id DESC LIMIT 1")
                .map(Self.run)
        }
    }

    /// Past runs, newest first, each with its outcomes by reason.
    package func runs(limit: Int) throws -> [(run: LedgerRun, outcomes: [String: Int])] {
        try store.read("read the ledger of") { database in
            let runs = try Row.fetchAll(
                database, sql: "SELECT * FROM ledger_run ORDER BY id DESC LIMIT ?",
                arguments: [limit]
            ).map(Self.run)
            return try runs.map { ($0, try Self.outcomes(of: $0.id, in: database)) }
        }
    }

    /// The outcomes of a run by reason, from the counts that were written with them.
    package func outcomes(of run: Int64) throws -> [String: Int] {
        try store.read("read the ledger of") { try Self.outcomes(of: run, in: $0) }
    }

    /// How many coupons and messages a run issued.
    package func effects(of run: Int64) throws -> (coupons: Int, messages: Int) {
        try store.read("read the ledger of") { database in
            let coupons = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM coupon WHERE run = ?", arguments: [run])
            let messages = try Int.fetchOne(
                database, sql: "SELECT sum(messages) FROM outbox_file WHERE run = ?",
                arguments: [run])
            return (coupons ?? 0, messages ?? 0)
        }
    }

    private static func outcomes(of run: Int64, in database: Database) throws -> [String: Int] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT outcome, sum(occurrences) FROM ledger_count WHERE run = ? GROUP BY outcome
                """, arguments: [run])
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
    }

    private static func run(_ row: Row) -> LedgerRun {
        LedgerRun(id: row["id"], asOf: row["as_of"], isFinished: row["is_finished"])
    }

    /// The state of a strategy; nil before its first run.
    package func strategy(named name: String) throws -> LedgerStrategy? {
        try store.read("read the ledger of") { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM ledger_strategy WHERE name = ?", arguments: [name]
            ).map {
                LedgerStrategy(
                    id: $0["id"], name: $0["name"], startedAt: $0["started_at"],
                    judgedAt: $0["judged_at"], daysDone: $0["days_done"])
            }
        }
    }

    /// What a strategy has seen, by data set.
    package func feeds(of strategy: Int64) throws -> [String: LedgerFeed] {
        try store.read("read the ledger of") { database in
            let rows = try Row.fetchAll(
                database, sql: "SELECT * FROM ledger_feed WHERE strategy = ?",
                arguments: [strategy])
            let feeds = rows.map {
                LedgerFeed(
                    dataSet: $0["data_set"], startedAt: $0["started_at"], highRow: $0["high_row"],
                    judgedAt: $0["judged_at"], beforeStart: $0["before_start"])
            }
            return Dictionary(uniqueKeysWithValues: feeds.map { ($0.dataSet, $0) })
        }
    }

    /// Days of a strategy on which nothing ran.
    package func missedDays(of strategy: Int64) throws -> [Int32] {
        try store.read("read the ledger of") { database in
            try Int32.fetchAll(
                database, sql: "SELECT day FROM ledger_missed WHERE strategy = ? ORDER BY day",
                arguments: [strategy])
        }
    }

    /// What every plan has reserved.
    package func reservations() throws -> [String: Reservation] {
        try store.read("read the ledger of") { database in
            let rows = try Row.fetchAll(database, sql: "SELECT * FROM ledger_reserved")
            return Dictionary(
                uniqueKeysWithValues: rows.map {
                    let reserved = Reservation(
                        couponMinor: $0["coupon_minor"], messageMicro: $0["message_micro"])
                    return ($0["plan"], reserved)
                })
        }
    }

    /// How many of every coupon are issued.
    package func issuedCoupons() throws -> [String: Int64] {
        try store.read("read the ledger of") { database in
            let rows = try Row.fetchAll(database, sql: "SELECT coupon, issued FROM ledger_stock")
            return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
        }
    }

    /// The recorded outcomes of one member in one strategy, oldest first.
    package func outcomes(of member: String, in strategy: Int64) throws -> [LedgerOutcome] {
        try store.read("read the ledger of") { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM ledger_outcome WHERE strategy = ? AND member = ?
                    ORDER BY judged_at, at, feed, occurrence
                    """, arguments: [strategy, member]
            ).map(Self.outcome)
        }
    }

    /// The outcomes of a run, by strategy, instant, feed, occurrence and member.
    package func outcomes(inRun run: Int64) throws -> [LedgerOutcome] {
        try store.read("read the ledger of") { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM ledger_outcome WHERE run = ?
                    ORDER BY strategy, at, feed, occurrence, member
                    """, arguments: [run]
            ).map(Self.outcome)
        }
    }

    /// How many outcomes of each reason a strategy has.
    package func outcomeCounts(of strategy: Int64) throws -> [String: Int] {
        try store.read("read the ledger of") { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT outcome, sum(occurrences) FROM ledger_count WHERE strategy = ?
                    GROUP BY outcome
                    """, arguments: [strategy])
            return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
        }
    }

    private static func outcome(_ row: Row) -> LedgerOutcome {
        let also = row["also_matched"] as String? ?? ""
        return LedgerOutcome(
            strategy: row["strategy"], member: row["member"], feed: row["feed"],
            occurrence: row["occurrence"], at: row["at"], run: row["run"],
            judgedAt: row["judged_at"], outcome: row["outcome"], trigger: row["trigger"],
            alsoMatched: also.split(separator: ",").compactMap { Int($0) }, offer: row["offer"],
            channel: row["channel"], couponMinor: row["coupon_minor"],
            messageMicro: row["message_micro"])
    }
}
