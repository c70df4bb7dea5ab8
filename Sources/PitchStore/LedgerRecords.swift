/// One past or present run.
package struct LedgerRun: Sendable, Equatable {
    package let id: Int64
    package let asOf: Int64
    package let isFinished: Bool
    /// Nil of a run that was cut short, or finished before version 14.
    package let work: RunWork?
}

/// How much a run had to do.
package struct RunWork: Sendable, Equatable {
    static let migration = """
        ALTER TABLE ledger_run ADD COLUMN rules_evaluated INTEGER;
        ALTER TABLE ledger_run ADD COLUMN rules_skipped INTEGER;
        ALTER TABLE ledger_run ADD COLUMN rows_read INTEGER;
        ALTER TABLE ledger_run ADD COLUMN rows_looked_up INTEGER;
        ALTER TABLE ledger_run ADD COLUMN column_values_read INTEGER;
        """
    static let columns =
        "rules_evaluated, rules_skipped, rows_read, rows_looked_up, column_values_read"

    package let rulesEvaluated: Int
    package let rulesSkipped: Int
    package let rowsRead: Int
    package let rowsLookedUp: Int
    package let columnValuesRead: Int

    package init(
        rulesEvaluated: Int = 0, rulesSkipped: Int = 0, rowsRead: Int = 0,
        rowsLookedUp: Int = 0, columnValuesRead: Int = 0
    ) {
        self.rulesEvaluated = rulesEvaluated
        self.rulesSkipped = rulesSkipped
        self.rowsRead = rowsRead
        self.rowsLookedUp = rowsLookedUp
        self.columnValuesRead = columnValuesRead
    }

    /// Of `columns`.
    init?(_ row: LedgerRow, from column: Int) throws {
        let counts = try (column..<column + 5).compactMap { try row.optional($0, row.count) }
        guard counts.count == 5 else { return nil }
        self.init(
            rulesEvaluated: counts[0], rulesSkipped: counts[1], rowsRead: counts[2],
            rowsLookedUp: counts[3], columnValuesRead: counts[4])
    }

    var bindings: [LedgerBinding] {
        [rulesEvaluated, rulesSkipped, rowsRead, rowsLookedUp, columnValuesRead]
            .map { .integer(Int64($0)) }
    }
}

/// What the ledger remembers of a strategy.
package struct LedgerStrategy: Sendable, Equatable {
    package let id: Int64
    /// `plan.strategy`
    package let name: String
    /// Occurrences up to this instant, less `look back`, are never judged.
    package let startedAt: Int64
    /// The instant of the last judgement.
    package let judgedAt: Int64
    /// The last local day whose date occurrences were judged or recorded as missed.
    package let daysDone: Int32
    /// Draws who is held out.
    package let salt: String

    /// The salt of a strategy that runs for the first time.
    package static func salt(for name: String) -> String { "holdout/" + name }

    package init(
        id: Int64, name: String, startedAt: Int64, judgedAt: Int64, daysDone: Int32, salt: String
    ) {
        self.id = id
        self.name = name
        self.startedAt = startedAt
        self.judgedAt = judgedAt
        self.daysDone = daysDone
        self.salt = salt
    }
}

/// Which rows of an event data set a strategy has seen.
package struct LedgerFeed: Sendable, Equatable {
    package let dataSet: String
    /// The instant of the first judgement of this data set, less `look back`.
    package let startedAt: Int64
    /// The highest row id at the last judgement.
    package let highRow: Int64
    /// The instant of the last judgement.
    package let judgedAt: Int64
    /// Rows that lay before the start and are never judged.
    package let beforeStart: Int64
    /// Rows that were dated anew, each with whether it was seen, whatever the above says.
    package let sightings: [Int64: Bool]

    package init(
        dataSet: String, startedAt: Int64, highRow: Int64, judgedAt: Int64, beforeStart: Int64,
        sightings: [Int64: Bool] = [:]
    ) {
        self.sightings = sightings
        self.dataSet = dataSet
        self.startedAt = startedAt
        self.highRow = highRow
        self.judgedAt = judgedAt
        self.beforeStart = beforeStart
    }
}

/// What one occurrence of one member came to. The first four fields are its unique key.
package struct LedgerOutcome: Sendable, Equatable {
    package let strategy: Int64
    package let member: String
    /// The data set of an event; the pattern of a date.
    package let feed: String
    /// The row id of an event, the first row's of a basket; the local day of a date.
    package let occurrence: Int64
    package let at: Int64
    package let run: Int64
    package let judgedAt: Int64
    package let outcome: String
    package let trigger: Int
    package let alsoMatched: [Int]
    package let offer: String?
    package let channel: String?
    package let couponMinor: Int64
    package let messageMicro: Int64
    /// The last instant of the success window of an issued outcome; it begins after `judgedAt`.
    package let successUntil: Int64?
    /// When the last of the rows arrived that the occurrence is made of; nil of one without rows,
    /// and where it is not known.
    package let arrivedAt: Int64?

    package init(
        strategy: Int64, member: String, feed: String, occurrence: Int64, at: Int64, run: Int64,
        judgedAt: Int64, outcome: String, trigger: Int, alsoMatched: [Int], offer: String?,
        channel: String?, couponMinor: Int64, messageMicro: Int64,
        successUntil: Int64?, arrivedAt: Int64? = nil
    ) {
        self.strategy = strategy
        self.member = member
        self.feed = feed
        self.occurrence = occurrence
        self.at = at
        self.run = run
        self.judgedAt = judgedAt
        self.outcome = outcome
        self.trigger = trigger
        self.alsoMatched = alsoMatched
        self.offer = offer
        self.channel = channel
        self.couponMinor = couponMinor
        self.messageMicro = messageMicro
        self.successUntil = successUntil
        self.arrivedAt = arrivedAt
    }
}

/// One coupon given to one member.
package struct IssuedCoupon: Sendable, Equatable {
    package let code: String
    package let coupon: String
    package let firstDay: Int32
    package let lastDay: Int32
    /// What it can cost at most; nil when nothing bounds it.
    package let worstMinor: Int64?
    /// What is reserved for it: that, or what it is expected to cost.
    package let heldMinor: Int64
    /// The number of the template that it belongs to; nil: of none.
    package var template: Int64?
    /// The segment by which its use was predicted; nil: of none, or it was not predicted.
    package var segment: String?

    package init(
        code: String, coupon: String, firstDay: Int32, lastDay: Int32, worstMinor: Int64?,
        heldMinor: Int64, template: Int64? = nil, segment: String? = nil
    ) {
        self.code = code
        self.coupon = coupon
        self.firstDay = firstDay
        self.lastDay = lastDay
        self.worstMinor = worstMinor
        self.heldMinor = heldMinor
        self.template = template
        self.segment = segment
    }
}

/// What counts against a plan's budget: what is reserved for open coupons and what used ones cost
/// in minor units, messages in millionths of one.
package struct Reservation: Sendable, Equatable {
    package var couponMinor: Int64
    package var messageMicro: Int64

    package init(couponMinor: Int64 = 0, messageMicro: Int64 = 0) {
        self.couponMinor = couponMinor
        self.messageMicro = messageMicro
    }

    /// In millionths of a minor unit.
    package var micro: Int128 { Int128(couponMinor) * 1_000_000 + Int128(messageMicro) }

    /// The sum; nil when it leaves 64 bits.
    package func adding(_ other: Reservation) -> Reservation? {
        let (coupons, couponOverflow) = couponMinor.addingReportingOverflow(other.couponMinor)
        let (messages, messageOverflow) = messageMicro.addingReportingOverflow(other.messageMicro)
        if couponOverflow || messageOverflow { return nil }
        return Reservation(couponMinor: coupons, messageMicro: messages)
    }
}
