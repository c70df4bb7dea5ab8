import GRDB

/// The tables of what Pitch decided. Instants are milliseconds since 1970, days are counted from
/// 1970-01-01. Text keys, so that the ledger stands on its own beside the loaded data.
enum LedgerSchema {
    /// Appends the ledger's migrations to the store's.
    static func register(in migrator: inout DatabaseMigrator) {
        migrator.registerMigration("2 ledger") { database in
            for statement in runs + decisions + effects { try database.execute(sql: statement) }
        }
        migrator.registerMigration("3 success") { database in
            for statement in success { try database.execute(sql: statement) }
        }
        migrator.registerMigration("4 days") { database in
            for statement in days { try database.execute(sql: statement) }
        }
        migrator.registerMigration("5 coupons") { database in
            for statement in coupons { try database.execute(sql: statement) }
        }
        migrator.registerMigration("6 guards") { database in
            for statement in guards { try database.execute(sql: statement) }
        }
        migrator.registerMigration("7 segments") { try $0.execute(sql: segments) }
        migrator.registerMigration("8 delivery") { database in
            for statement in OutboxSchema.statements { try database.execute(sql: statement) }
        }
        migrator.registerMigration("9 queue") { try $0.execute(sql: OutboxSchema.coveringIndex) }
        migrator.registerMigration("11 delivered") {
            try $0.execute(sql: OutboxSchema.lastDelivered)
        }
    }

    private static let runs = [
        """
        CREATE TABLE ledger_run (
            id INTEGER PRIMARY KEY, as_of INTEGER NOT NULL, zone TEXT NOT NULL,
            is_finished INTEGER NOT NULL DEFAULT 0)
        """,
        """
        CREATE TABLE ledger_strategy (
            id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, started_at INTEGER NOT NULL,
            judged_at INTEGER NOT NULL, days_done INTEGER NOT NULL)
        """,
        """
        CREATE TABLE ledger_feed (
            strategy INTEGER NOT NULL, data_set TEXT NOT NULL, started_at INTEGER NOT NULL,
            high_row INTEGER NOT NULL, judged_at INTEGER NOT NULL, before_start INTEGER NOT NULL,
            PRIMARY KEY (strategy, data_set)) WITHOUT ROWID
        """,
        """
        CREATE TABLE ledger_missed (
            strategy INTEGER NOT NULL, day INTEGER NOT NULL, run INTEGER NOT NULL,
            PRIMARY KEY (strategy, day)) WITHOUT ROWID
        """,
    ]

    private static let decisions = [
        """
        CREATE TABLE ledger_outcome (
            strategy INTEGER NOT NULL, member TEXT NOT NULL, feed TEXT NOT NULL,
            occurrence INTEGER NOT NULL, at INTEGER NOT NULL, run INTEGER NOT NULL,
            judged_at INTEGER NOT NULL, outcome TEXT NOT NULL, trigger INTEGER NOT NULL,
            also_matched TEXT, offer TEXT, channel TEXT,
            coupon_minor INTEGER NOT NULL, message_micro INTEGER NOT NULL,
            PRIMARY KEY (strategy, member, feed, occurrence)) WITHOUT ROWID
        """,
        """
        CREATE TABLE ledger_count (
            run INTEGER NOT NULL, strategy INTEGER NOT NULL, outcome TEXT NOT NULL,
            occurrences INTEGER NOT NULL,
            PRIMARY KEY (run, strategy, outcome)) WITHOUT ROWID
        """,
        """
        CREATE TABLE ledger_reserved (
            plan TEXT PRIMARY KEY, coupon_minor INTEGER NOT NULL, message_micro INTEGER NOT NULL
            ) WITHOUT ROWID
        """,
        """
        CREATE TABLE ledger_stock (
            coupon TEXT PRIMARY KEY, issued INTEGER NOT NULL) WITHOUT ROWID
        """,
    ]

    private static let effects = [
        """
        CREATE TABLE coupon (
            code TEXT PRIMARY KEY, coupon TEXT NOT NULL, plan TEXT NOT NULL,
            strategy INTEGER NOT NULL, member TEXT NOT NULL, feed TEXT NOT NULL,
            occurrence INTEGER NOT NULL, piece INTEGER NOT NULL, run INTEGER NOT NULL,
            issued_at INTEGER NOT NULL, first_day INTEGER NOT NULL, last_day INTEGER NOT NULL,
            worst_minor INTEGER, state TEXT NOT NULL DEFAULT 'issued',
            UNIQUE (strategy, member, feed, occurrence, piece)) WITHOUT ROWID
        """,
        """
        CREATE TABLE outbox (
            id INTEGER PRIMARY KEY, run INTEGER NOT NULL, channel TEXT NOT NULL,
            folder TEXT NOT NULL, strategy INTEGER NOT NULL, member TEXT NOT NULL,
            feed TEXT NOT NULL, occurrence INTEGER NOT NULL, line TEXT NOT NULL,
            UNIQUE (strategy, member, feed, occurrence))
        """,
        """
        CREATE TABLE outbox_file (
            run INTEGER NOT NULL, channel TEXT NOT NULL, folder TEXT NOT NULL,
            messages INTEGER NOT NULL, is_delivered INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (run, channel)) WITHOUT ROWID
        """,
        "CREATE INDEX outbox_by_file ON outbox (run, channel)",
    ]

    /// `success_until` is the last instant that counts as a success of an issued outcome; its first
    /// is the one after `judged_at`. Most outcomes have none and are not in the index.
    private static let success = [
        "ALTER TABLE ledger_outcome ADD COLUMN success_until INTEGER",
        """
        CREATE INDEX ledger_success ON ledger_outcome (strategy, judged_at, success_until)
            WHERE success_until IS NOT NULL
        """,
    ]

    /// Who is in the segments that strategies watch: `bits` is a packed bitmap of member numbers.
    private static let segments = """
        CREATE TABLE ledger_inside (
            strategy INTEGER NOT NULL, segment TEXT NOT NULL, condition TEXT NOT NULL,
            judged_at INTEGER NOT NULL, bits BLOB NOT NULL, PRIMARY KEY (strategy, segment)
            ) WITHOUT ROWID
        """

    /// Days that were judged, and what they came to for the members who get nothing: `bits` is a
    /// packed bitmap of member numbers.
    private static let days = [
        """
        CREATE TABLE ledger_day (
            strategy INTEGER NOT NULL, feed TEXT NOT NULL, day INTEGER NOT NULL,
            at INTEGER NOT NULL, run INTEGER NOT NULL, PRIMARY KEY (strategy, feed, day, at)
            ) WITHOUT ROWID
        """,
        """
        INSERT OR IGNORE INTO ledger_day
            SELECT DISTINCT strategy, feed, occurrence, at, run FROM ledger_outcome
            WHERE feed LIKE 'date %'
        """,
        """
        CREATE TABLE ledger_crowd (
            id INTEGER PRIMARY KEY, strategy INTEGER NOT NULL, feed TEXT NOT NULL,
            day INTEGER NOT NULL, at INTEGER NOT NULL, run INTEGER NOT NULL,
            judged_at INTEGER NOT NULL, outcome TEXT NOT NULL, trigger INTEGER NOT NULL,
            also_matched TEXT NOT NULL, members INTEGER NOT NULL, bits BLOB NOT NULL,
            UNIQUE (strategy, feed, day, outcome, trigger, also_matched))
        """,
        "CREATE INDEX ledger_crowd_by_run ON ledger_crowd (run)",
    ]

    /// `held_minor` is what is reserved for a coupon while it is open, `cost_minor` what its use
    /// cost. `coupon_sum` adds them up by state, in the transaction of every change. A row of
    /// redemption data has one line in `coupon_step`, with the reason where it changed nothing.
    private static let coupons = [
        "ALTER TABLE coupon ADD COLUMN held_minor INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE coupon ADD COLUMN cost_minor INTEGER",
        "UPDATE coupon SET held_minor = coalesce(worst_minor, 0)",
        "CREATE INDEX coupon_member ON coupon (member, coupon)",
        """
        CREATE INDEX coupon_open ON coupon (last_day) WHERE state IN ('issued', 'claimed')
        """,
        """
        CREATE TABLE coupon_sum (
            plan TEXT NOT NULL, coupon TEXT NOT NULL, state TEXT NOT NULL,
            coupons INTEGER NOT NULL, held_minor INTEGER NOT NULL, worst_minor INTEGER NOT NULL,
            cost_minor INTEGER NOT NULL, unknown INTEGER NOT NULL,
            PRIMARY KEY (plan, coupon, state)) WITHOUT ROWID
        """,
        """
        INSERT INTO coupon_sum
            SELECT plan, coupon, state, count(*), sum(held_minor),
                coalesce(sum(worst_minor), 0), 0, sum(worst_minor IS NULL)
            FROM coupon GROUP BY plan, coupon, state
        """,
        """
        CREATE TABLE coupon_step (
            data_set TEXT NOT NULL, row INTEGER NOT NULL, row_key TEXT NOT NULL,
            code TEXT NOT NULL, at INTEGER NOT NULL, step TEXT NOT NULL, discount_minor INTEGER,
            conflict TEXT, PRIMARY KEY (data_set, row)) WITHOUT ROWID
        """,
        """
        CREATE INDEX coupon_step_conflict ON coupon_step (conflict) WHERE conflict IS NOT NULL
        """,
        """
        CREATE TABLE coupon_feed (
            data_set TEXT PRIMARY KEY, high_row INTEGER NOT NULL, judged_at INTEGER NOT NULL
            ) WITHOUT ROWID
        """,
    ]

    /// `salt` draws who is held out; it stays when a strategy is renamed. What waits for the end of
    /// quiet hours has the outcome `deferred` until then. Decisions about plans are never changed.
    private static let guards = [
        "ALTER TABLE ledger_strategy ADD COLUMN salt TEXT",
        """
        CREATE TABLE ledger_deferred (
            strategy INTEGER NOT NULL, member TEXT NOT NULL, feed TEXT NOT NULL,
            occurrence INTEGER NOT NULL, until INTEGER NOT NULL, data_set TEXT,
            rows TEXT NOT NULL, label TEXT NOT NULL, is_day INTEGER NOT NULL,
            PRIMARY KEY (strategy, member, feed, occurrence)) WITHOUT ROWID
        """,
        "CREATE INDEX ledger_deferred_until ON ledger_deferred (strategy, until)",
        """
        CREATE TABLE plan_decision (
            id INTEGER PRIMARY KEY, plan TEXT NOT NULL, program TEXT NOT NULL,
            approver TEXT NOT NULL, kind TEXT NOT NULL, at INTEGER NOT NULL, reason TEXT)
        """,
    ]

    /// A line that was moved within the script may come to the same outcome of a day once more, for
    /// other members: unique is what one run decided.
    static let crowds = """
        CREATE TABLE crowd (
            id INTEGER PRIMARY KEY, strategy INTEGER NOT NULL, feed TEXT NOT NULL,
            day INTEGER NOT NULL, at INTEGER NOT NULL, run INTEGER NOT NULL,
            judged_at INTEGER NOT NULL, outcome TEXT NOT NULL, trigger INTEGER NOT NULL,
            also_matched TEXT NOT NULL, members INTEGER NOT NULL, bits BLOB NOT NULL,
            UNIQUE (strategy, day, feed, run, at, outcome, trigger, also_matched));
        INSERT INTO crowd SELECT * FROM ledger_crowd;
        DROP TABLE ledger_crowd;
        ALTER TABLE crowd RENAME TO ledger_crowd;
        CREATE INDEX ledger_crowd_by_run ON ledger_crowd (run);
        """
}
