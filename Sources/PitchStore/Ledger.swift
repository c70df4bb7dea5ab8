import GRDB

/// What Pitch decided and what it owes, in the store. Reading is free of effects; writing happens
/// in `record`, one transaction a strategy.
package final class Ledger {
    let store: Store

    package init(_ store: Store) { self.store = store }

    package var storePath: String { store.path }

    /// The last run; nil before the first.
    package func lastRun() throws -> LedgerRun? {
        try store.read("read the ledger of") { try Self.runs(limit: 1, in: $0).first }
    }

    /// Past runs, newest first, each with its outcomes by reason.
    package func runs(limit: Int) throws -> [(run: LedgerRun, outcomes: [String: Int])] {
        try store.read("read the ledger of") { database in
            try Self.runs(limit: limit, in: database).map {
                ($0, try Self.outcomes(of: $0.id, in: database))
            }
        }
    }

    static func runs(limit: Int, in database: Database) throws -> [LedgerRun] {
        try database.ledgerRows(
            of: "ledger_run",
            """
            SELECT id, as_of, is_finished, \(RunWork.columns) FROM ledger_run
            ORDER BY id DESC LIMIT ?
            """,
            .integer(Int64(limit))
        ) { row in
            try LedgerRun(
                id: row.identifier(0), asOf: row.instant(1), isFinished: row.truth(2),
                work: RunWork(row, from: 3))
        }
    }

    /// The outcomes of a run by reason, from the counts that were written with them.
    package func outcomes(of run: Int64) throws -> [String: Int] {
        try store.read("read the ledger of") { try Self.outcomes(of: run, in: $0) }
    }

    private static func outcomes(of run: Int64, in database: Database) throws -> [String: Int] {
        try database.ledgerCounts(
            of: "ledger_count", "SELECT outcome, occurrences FROM ledger_count WHERE run = ?",
            .integer(run))
    }

    /// How many coupons and messages a run issued.
    package func effects(of run: Int64) throws -> (coupons: Int, messages: Int) {
        try store.read("read the ledger of") { database in
            let coupons = try database.ledgerRows(
                of: "coupon", "SELECT count(*) FROM coupon WHERE run = ?", .integer(run)
            ) { try $0.count(0) }
            let messages = try database.ledgerRows(
                of: "outbox_file", "SELECT messages FROM outbox_file WHERE run = ?", .integer(run)
            ) { try $0.count(0) }
            return (coupons.first ?? 0, messages.reduce(0, +))
        }
    }

    /// The state of a strategy; nil before its first run.
    /// - Parameter formerName: under which it may be known from before a renaming.
    package func strategy(
        named name: String, formerly formerName: String? = nil
    ) throws -> LedgerStrategy? {
        try store.read("read the ledger of") { database in
            try database.ledgerRows(
                of: "ledger_strategy",
                """
                SELECT id, name, started_at, judged_at, days_done, salt FROM ledger_strategy
                WHERE name IN (?1, ?2) ORDER BY name <> ?1
                """, .text(name), .text(formerName ?? name)
            ) { row in
                try LedgerStrategy(
                    id: row.identifier(0), name: row.text(1), startedAt: row.instant(2),
                    judgedAt: row.instant(3), daysDone: row.day(4),
                    salt: row.optional(5, row.text) ?? LedgerStrategy.salt(for: row.text(1)))
            }.first
        }
    }

    /// What a strategy has seen, by data set.
    package func feeds(of strategy: Int64) throws -> [String: LedgerFeed] {
        try store.read("read the ledger of") { database in
            let sightings = try database.sightings(of: strategy)
            let feeds = try database.ledgerRows(
                of: "ledger_feed",
                """
                SELECT data_set, started_at, high_row, judged_at, before_start FROM ledger_feed
                WHERE strategy = ?
                """, .integer(strategy)
            ) { row in
                try LedgerFeed(
                    dataSet: row.text(0), startedAt: row.instant(1),
                    highRow: Int64(row.count(2)), judgedAt: row.instant(3),
                    beforeStart: Int64(row.count(4)), sightings: sightings[row.text(0)] ?? [:])
            }
            return Dictionary(feeds.map { ($0.dataSet, $0) }) { $1 }
        }
    }

    /// Days of a strategy on which nothing ran.
    package func missedDays(of strategy: Int64) throws -> [Int32] {
        try store.read("read the ledger of") { database in
            try database.ledgerRows(
                of: "ledger_missed",
                "SELECT day FROM ledger_missed WHERE strategy = ? ORDER BY day",
                .integer(strategy)
            ) { try $0.day(0) }
        }
    }

    /// What every plan has reserved.
    package func reservations() throws -> [String: Reservation] {
        try store.read("read the ledger of") { database in
            let reserved = try database.ledgerRows(
                of: "ledger_reserved",
                "SELECT plan, coupon_minor, message_micro FROM ledger_reserved"
            ) { row in
                let amount = 0...Int64.max
                return try (
                    row.text(0),
                    Reservation(
                        couponMinor: row.integer(1, "an amount", in: amount),
                        messageMicro: row.integer(2, "an amount", in: amount))
                )
            }
            return Dictionary(reserved) { $1 }
        }
    }

    /// How many of every coupon are issued.
    package func issuedCoupons() throws -> [String: Int64] {
        try store.read("read the ledger of") { database in
            try database.ledgerCounts(
                of: "ledger_stock", "SELECT coupon, issued FROM ledger_stock"
            ).mapValues { Int64($0) }
        }
    }

    /// The recorded outcomes of one member in one strategy, oldest first.
    package func outcomes(of member: String, in strategy: Int64) throws -> [LedgerOutcome] {
        try store.read("read the ledger of") { database in
            var found = try database.outcomes(
                "WHERE strategy = ? AND member = ?", .integer(strategy), .text(member))
            if let number = try database.memberNumber(of: member) {
                found += try database.crowds("WHERE strategy = ?", .integer(strategy))
                    .filter { number < $0.members.count && $0.members[number] }
                    .map { $0.outcome(of: member) }
            }
            return found.sorted {
                ($0.judgedAt, $0.at, $0.feed, $0.occurrence)
                    < ($1.judgedAt, $1.at, $1.feed, $1.occurrence)
            }
        }
    }

    /// The outcomes of a run that were recorded one by one, by strategy, instant, feed, occurrence
    /// and member; `crowds(inRun:)` has the others.
    package func outcomes(inRun run: Int64) throws -> [LedgerOutcome] {
        try store.read("read the ledger of") { database in
            try database.outcomes(
                "WHERE run = ? ORDER BY strategy, at, feed, occurrence, member", .integer(run))
        }
    }

    /// How many outcomes of each reason a strategy has, each occurrence once: those that are
    /// deferred are the ones that still wait, though every run that let one wait counts it.
    package func outcomeCounts(of strategy: Int64) throws -> [String: Int] {
        try store.read("read the ledger of") { database in
            try database.ledgerCounts(
                of: "ledger_count",
                """
                SELECT outcome, occurrences FROM ledger_count
                WHERE strategy = ?1 AND outcome <> 'deferred'
                UNION ALL
                SELECT 'deferred', waiting FROM (
                    SELECT count(*) AS waiting FROM ledger_deferred WHERE strategy = ?1)
                WHERE waiting > 0
                """, .integer(strategy))
        }
    }
}

extension Database {
    /// - Parameter tail: what follows `FROM ledger_outcome`.
    func outcomes(_ tail: String, _ bindings: LedgerBinding...) throws -> [LedgerOutcome] {
        try outcomes(tail, bindings)
    }

    func outcomes(_ tail: String, _ bindings: [LedgerBinding]) throws -> [LedgerOutcome] {
        try ledgerRows(
            of: "ledger_outcome",
            """
            SELECT strategy, member, feed, occurrence, at, run, judged_at, outcome, trigger,
                also_matched, offer, channel, coupon_minor, message_micro, success_until,
                arrived_at
            FROM ledger_outcome \(tail)
            """, bindings, read: LedgerOutcome.init)
    }
}

extension LedgerOutcome {
    fileprivate init(_ row: LedgerRow) throws {
        try self.init(
            strategy: row.identifier(0), member: row.text(1), feed: row.text(2),
            occurrence: row.integer(3), at: row.instant(4), run: row.identifier(5),
            judgedAt: row.instant(6), outcome: row.text(7), trigger: row.count(8),
            alsoMatched: Self.lines(in: row.optional(9, row.text) ?? ""),
            offer: row.optional(10, row.text), channel: row.optional(11, row.text),
            couponMinor: row.integer(12), messageMicro: row.integer(13),
            successUntil: row.optional(14) { try row.integer($0) },
            arrivedAt: row.optional(15, row.instant))
    }

    /// The numbers of `when` lines as the ledger keeps them: `1,2`.
    static func text(of lines: [Int]) -> String {
        lines.map(String.init).joined(separator: ",")
    }

    static func lines(in text: String) -> [Int] {
        text.split(separator: ",").compactMap { Int($0) }
    }
}
