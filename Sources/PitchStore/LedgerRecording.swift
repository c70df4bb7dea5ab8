import GRDB

/// Everything that one strategy decided in one run, written in one transaction: the outcomes, their
/// effects and what the strategy has now seen are there together or not at all.
package struct StrategyRecord: Sendable {
    package struct Item: Sendable {
        package let outcome: LedgerOutcome
        package let coupons: [IssuedCoupon]
        package let message: QueuedMessage?
        /// Of what waits for the end of quiet hours.
        package let deferral: Deferral?
        /// Whether it waited for the end of quiet hours until now.
        package let wasDeferred: Bool

        package init(
            outcome: LedgerOutcome, coupons: [IssuedCoupon], message: QueuedMessage?,
            deferral: Deferral? = nil, wasDeferred: Bool = false
        ) {
            self.outcome = outcome
            self.coupons = coupons
            self.message = message
            self.deferral = deferral
            self.wasDeferred = wasDeferred
        }
    }

    package let run: Int64
    package let plan: String
    package let state: LedgerStrategy
    package let feeds: [LedgerFeed]
    package let insiders: [LedgerInsiders]
    package let missedDays: [Int32]
    /// Days that are judged now.
    package let days: [LedgerDay]
    package let items: [Item]
    /// What days came to for those who get nothing.
    package let crowds: [LedgerCrowd]
    /// What the plan has reserved after this.
    package let reserved: Reservation

    package init(
        run: Int64, plan: String, state: LedgerStrategy, feeds: [LedgerFeed],
        insiders: [LedgerInsiders], missedDays: [Int32],
        days: [LedgerDay], items: [Item], crowds: [LedgerCrowd],
        reserved: Reservation
    ) {
        self.run = run
        self.plan = plan
        self.state = state
        self.feeds = feeds
        self.insiders = insiders
        self.missedDays = missedDays
        self.days = days
        self.items = items
        self.crowds = crowds
        self.reserved = reserved
    }
}

extension Ledger {
    /// Starts a run, or goes on with one that was cut short at the same instant.
    package func begin(asOf: Int64, zone: String) throws -> Int64 {
        try store.write("write the ledger of") { database in
            let last = try Self.runs(limit: 1, in: database).first
            if let last, !last.isFinished, last.asOf == asOf { return last.id }
            try database.execute(
                sql: "INSERT INTO ledger_run (as_of, zone) VALUES (?, ?)", arguments: [asOf, zone])
            return database.lastInsertedRowID
        }
    }

    /// All strategies of the run are recorded; from here on its files do not change.
    package func finish(run: Int64, _ work: RunWork) throws {
        try store.write("write the ledger of") { database in
            try RawStatement(
                database,
                """
                UPDATE ledger_run SET (\(RunWork.columns)) = (?, ?, ?, ?, ?), is_finished = 1
                WHERE id = ?
                """
            ).run(work.bindings + [.integer(run)])
        }
    }

    /// The number of a strategy: its own, or the next one when it never ran.
    package func identifier(of strategy: String) throws -> Int64 {
        try store.read("read the ledger of") { database in
            try database.ledgerRows(
                of: "ledger_strategy",
                """
                SELECT coalesce((SELECT id FROM ledger_strategy WHERE name = ?),
                    (SELECT coalesce(max(id), 0) + 1 FROM ledger_strategy)) AS id
                """, .text(strategy)
            ) { try $0.identifier(0) }.first
        } ?? 1
    }

    package func record(_ record: StrategyRecord) throws {
        try store.write("write the ledger of") { database in
            try Self.writeState(of: record, in: database)
            try Self.writeDays(of: record, in: database)
            try Self.resolveDeferrals(of: record, in: database)
            try Self.writeInsiders(of: record, in: database)
            // In the order of their keys, in which they fill page after page.
            let items = record.items.sorted { $0.outcome.member < $1.outcome.member }
            try Self.writeOutcomes(of: items, in: database)
            try Self.writeDeferrals(of: record, in: database)
            try Self.writeCoupons(of: items, plan: record.plan, in: database)
            try Self.writeMessages(of: record, in: database)
            try Self.writeSums(of: record, in: database)
        }
    }

    private static func writeState(of record: StrategyRecord, in database: Database) throws {
        let state = record.state
        try RawStatement(
            database,
            """
            INSERT INTO ledger_strategy (id, name, started_at, judged_at, days_done, salt)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE
            SET name = excluded.name, judged_at = excluded.judged_at,
                days_done = excluded.days_done, salt = excluded.salt
            """
        ).run(
            .integer(state.id), .text(state.name), .integer(state.startedAt),
            .integer(state.judgedAt), .integer(Int64(state.daysDone)), .text(state.salt))
        let feedStatement = try RawStatement(
            database, "INSERT OR REPLACE INTO ledger_feed VALUES (?, ?, ?, ?, ?, ?)")
        for feed in record.feeds {
            try feedStatement.run(
                .integer(state.id), .text(feed.dataSet), .integer(feed.startedAt),
                .integer(feed.highRow), .integer(feed.judgedAt), .integer(feed.beforeStart))
            try database.forgetUnseen(by: state.id, in: feed.dataSet)
        }
        let missedStatement = try RawStatement(
            database, "INSERT OR IGNORE INTO ledger_missed VALUES (?, ?, ?)")
        for day in record.missedDays {
            try missedStatement.run(
                .integer(state.id), .integer(Int64(day)), .integer(record.run))
        }
    }

    private static func writeOutcomes(
        of items: [StrategyRecord.Item], in database: Database
    ) throws {
        let statement = try RawStatement(
            database,
            """
            INSERT INTO ledger_outcome VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        for outcome in items.lazy.map(\.outcome) {
            statement.bind(1, outcome.strategy)
            statement.bind(2, outcome.member)
            statement.bind(3, outcome.feed)
            statement.bind(4, outcome.occurrence)
            statement.bind(5, outcome.at)
            statement.bind(6, outcome.run)
            statement.bind(7, outcome.judgedAt)
            statement.bind(8, outcome.outcome)
            statement.bind(9, Int64(outcome.trigger))
            statement.bind(
                10,
                outcome.alsoMatched.isEmpty ? nil : LedgerOutcome.text(of: outcome.alsoMatched))
            statement.bind(11, outcome.offer)
            statement.bind(12, outcome.channel)
            statement.bind(13, outcome.couponMinor)
            statement.bind(14, outcome.messageMicro)
            statement.bind(15, outcome.successUntil)
            statement.bind(16, outcome.arrivedAt)
            try statement.run()
        }
    }

    private static func writeCoupons(
        of items: [StrategyRecord.Item], plan: String, in database: Database
    ) throws {
        let statement = try RawStatement(
            database,
            """
            INSERT INTO coupon (code, coupon, plan, strategy, member, feed, occurrence, piece, run,
                issued_at, first_day, last_day, worst_minor, held_minor, template, segment)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        var balance = CouponBalance()
        for item in items {
            let outcome = item.outcome
            for (piece, coupon) in item.coupons.enumerated() {
                statement.bind(1, coupon.code)
                statement.bind(2, coupon.coupon)
                statement.bind(3, plan)
                statement.bind(4, outcome.strategy)
                statement.bind(5, outcome.member)
                statement.bind(6, outcome.feed)
                statement.bind(7, outcome.occurrence)
                statement.bind(8, Int64(piece))
                statement.bind(9, outcome.run)
                statement.bind(10, outcome.judgedAt)
                statement.bind(11, Int64(coupon.firstDay))
                statement.bind(12, Int64(coupon.lastDay))
                statement.bind(13, coupon.worstMinor)
                statement.bind(14, coupon.heldMinor)
                statement.bind(15, coupon.template)
                statement.bind(16, coupon.segment)
                try statement.run()
                balance.issue(LedgerCoupon(coupon, of: outcome, plan: plan))
            }
        }
        try balance.write(to: database)
    }

    private static func writeMessages(of record: StrategyRecord, in database: Database) throws {
        let statement = try RawStatement(
            database,
            """
            INSERT INTO outbox (run, channel, folder, strategy, member, feed, occurrence, line,
                next_at, tried_from)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        var files: [String: (message: QueuedMessage, count: Int64)] = [:]
        for item in record.items {
            guard let message = item.message else { continue }
            let outcome = item.outcome
            let due: LedgerBinding =
                message.form == .webhook ? .integer(outcome.judgedAt) : .null
            try statement.run(
                .integer(record.run), .text(message.channel), .text(message.folder),
                .integer(outcome.strategy), .text(outcome.member), .text(outcome.feed),
                .integer(outcome.occurrence), .text(message.line), due, due)
            files[message.channel, default: (message, 0)].count += 1
        }
        let fileStatement = try RawStatement(
            database,
            """
            INSERT INTO outbox_file (run, channel, folder, messages, form) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (run, channel) DO UPDATE SET messages = messages + excluded.messages
            """)
        for (channel, file) in files {
            try fileStatement.run(
                .integer(record.run), .text(channel), .text(file.message.folder),
                .integer(file.count), .text(file.message.form.rawValue))
        }
    }

    private static func writeSums(of record: StrategyRecord, in database: Database) throws {
        var counts: [String: Int64] = [:]
        var issued: [String: Int64] = [:]
        for item in record.items {
            counts[item.outcome.outcome, default: 0] += 1
            for coupon in item.coupons { issued[coupon.coupon, default: 0] += 1 }
        }
        for crowd in record.crowds {
            counts[crowd.outcome, default: 0] += Int64(crowd.members.population)
        }
        let countStatement = try RawStatement(
            database,
            """
            INSERT INTO ledger_count VALUES (?, ?, ?, ?) ON CONFLICT (run, strategy, outcome)
            DO UPDATE SET occurrences = occurrences + excluded.occurrences
            """)
        for (outcome, count) in counts {
            try countStatement.run(
                .integer(record.run), .integer(record.state.id), .text(outcome), .integer(count))
        }
        let stockStatement = try RawStatement(
            database,
            """
            INSERT INTO ledger_stock VALUES (?, ?) ON CONFLICT (coupon)
            DO UPDATE SET issued = issued + excluded.issued
            """)
        for (coupon, count) in issued { try stockStatement.run(.text(coupon), .integer(count)) }
        try RawStatement(database, "INSERT OR REPLACE INTO ledger_reserved VALUES (?, ?, ?)").run(
            .text(record.plan), .integer(record.reserved.couponMinor),
            .integer(record.reserved.messageMicro))
    }
}
