import GRDB
import PitchProgram
import PitchSchema

/// A coupon of the ledger.
package struct LedgerCoupon: Sendable, Equatable {
    package let code: String
    package let coupon: String
    package let plan: String
    package let member: String
    package let issuedAt: Int64
    package let firstDay: Int32
    package let lastDay: Int32
    /// What is reserved for it while it is open: its worst case, or what it is expected to cost.
    package let heldMinor: Int64
    /// Nil when nothing bounds it.
    package let worstMinor: Int64?
    package var state: CouponState
    /// What its use cost; nil when it is not used, or when that is not known.
    package var costMinor: Int64?
}

/// One row of redemption data, with what came of it.
package struct CouponStepRecord: Sendable, Equatable {
    package let dataSet: String
    /// The row's id in the data set.
    package let row: Int64
    /// The row's key, by which a person finds it.
    package let key: String
    package let code: String
    package let at: Int64
    package let step: CouponStep
    /// What the row says that it took off.
    package let discountMinor: Int64?
    /// The coupon before and after; nil for a conflict.
    package let change: (before: LedgerCoupon, after: LedgerCoupon)?
    package let conflict: CouponConflict?

    package init(
        dataSet: String, row: Int64, key: String, code: String, at: Int64, step: CouponStep,
        discountMinor: Int64?, change: (before: LedgerCoupon, after: LedgerCoupon)?,
        conflict: CouponConflict?
    ) {
        self.dataSet = dataSet
        self.row = row
        self.key = key
        self.code = code
        self.at = at
        self.step = step
        self.discountMinor = discountMinor
        self.change = change
        self.conflict = conflict
    }

    package static func == (left: Self, right: Self) -> Bool {
        left.dataSet == right.dataSet && left.row == right.row && left.conflict == right.conflict
            && left.change?.after == right.change?.after
    }
}

/// Which rows of redemption data were matched.
package struct CouponFeed: Sendable, Equatable {
    package let dataSet: String
    /// The highest row id at the last matching.
    package let highRow: Int64
    /// Its instant; rows dated later were left.
    package let judgedAt: Int64

    package init(dataSet: String, highRow: Int64, judgedAt: Int64) {
        self.dataSet = dataSet
        self.highRow = highRow
        self.judgedAt = judgedAt
    }
}

/// All coupons of one name, plan and state, added up.
package struct CouponSum: Sendable, Equatable {
    package let plan: String
    package let coupon: String
    package let state: CouponState
    package var coupons: Int64 = 0
    package var heldMinor: Int64 = 0
    package var worstMinor: Int64 = 0
    package var costMinor: Int64 = 0
    /// Open ones that nothing bounds; used ones whose cost is not known.
    package var unknown: Int64 = 0
}

/// What one member holds and ever got, by the name of the coupon.
package struct CouponHolding: Sendable, Equatable {
    package var ever: [String: Int]
    package var live: Set<String>

    package init(ever: [String: Int] = [:], live: Set<String> = []) {
        self.ever = ever
        self.live = live
    }
}

extension LedgerCoupon {
    /// A coupon that is issued now.
    init(_ coupon: IssuedCoupon, of outcome: LedgerOutcome, plan: String) {
        self.init(
            code: coupon.code, coupon: coupon.coupon, plan: plan, member: outcome.member,
            issuedAt: outcome.judgedAt, firstDay: coupon.firstDay, lastDay: coupon.lastDay,
            heldMinor: coupon.heldMinor, worstMinor: coupon.worstMinor, state: .issued)
    }

    /// What counts against the plan's budget.
    var boundMinor: Int64 {
        switch state {
        case .issued, .claimed: heldMinor
        case .used: costMinor ?? heldMinor
        case .returned, .expired: 0
        }
    }

    /// What it adds to the sums of its state.
    var sum: CouponSum {
        let isUnknown =
            state.isOpen ? worstMinor == nil : state == .used ? costMinor == nil : false
        return CouponSum(
            plan: plan, coupon: coupon, state: state, coupons: 1, heldMinor: heldMinor,
            worstMinor: worstMinor ?? 0, costMinor: costMinor ?? 0, unknown: isUnknown ? 1 : 0)
    }
}

// MARK: - Reading

extension Ledger {
    private static let columns = """
        code, coupon, plan, member, issued_at, first_day, last_day, held_minor, worst_minor, state,
        cost_minor
        """

    private static func coupon(_ row: LedgerRow) throws -> LedgerCoupon {
        try LedgerCoupon(
            code: row.text(0), coupon: row.text(1), plan: row.text(2), member: row.text(3),
            issuedAt: row.instant(4), firstDay: row.day(5), lastDay: row.day(6),
            heldMinor: row.amount(7), worstMinor: row.optional(8, row.amount),
            state: row.couponState(9), costMinor: row.optional(10, row.amount))
    }

    /// The coupons of these codes, by code; one look-up a code.
    package func coupons(of codes: some Sequence<String>) throws -> [String: LedgerCoupon] {
        try store.read("read the coupons of") { database in
            let statement = try RawStatement(
                database, "SELECT \(Self.columns) FROM coupon WHERE code = ?")
            let row = LedgerRow(statement: statement, table: "coupon")
            var found: [String: LedgerCoupon] = [:]
            for code in codes where found[code] == nil {
                defer { statement.reset() }
                statement.bind(1, code)
                if try statement.step() { found[code] = try Self.coupon(row) }
            }
            return found
        }
    }

    /// The coupons of a member, the newest first; of everyone when there is none.
    package func coupons(of member: String?, limit: Int) throws -> [LedgerCoupon] {
        try store.read("read the coupons of") { database in
            let filter = member == nil ? "" : "WHERE member = ?2"
            return try database.ledgerRows(
                of: "coupon",
                """
                SELECT \(Self.columns) FROM coupon \(filter)
                ORDER BY issued_at DESC, plan, coupon, member, code LIMIT ?1
                """, [.integer(Int64(limit))] + (member.map { [.text($0)] } ?? []),
                read: Self.coupon)
        }
    }

    /// What every member holds on a day, in their order; one look-up a member.
    package func holdings(of members: [String], on today: Int32) throws -> [CouponHolding] {
        try store.read("read the coupons of") { database in
            let statement = try RawStatement(
                database,
                """
                SELECT coupon, count(*) AS coupons,
                    max(state IN ('issued', 'claimed') AND last_day >= ?2) AS live
                FROM coupon WHERE member = ?1 GROUP BY coupon
                """)
            let row = LedgerRow(statement: statement, table: "coupon")
            statement.bind(2, Int64(today))
            return try members.map { member in
                defer { statement.reset() }
                statement.bind(1, member)
                var holding = CouponHolding()
                while try statement.step() {
                    let name = try row.text(0)
                    holding.ever[name] = try row.count(1)
                    if try row.truth(2) { holding.live.insert(name) }
                }
                return holding
            }
        }
    }

    package func couponSums() throws -> [CouponSum] {
        try store.read("read the coupons of") { database in
            try database.ledgerRows(
                of: "coupon_sum",
                """
                SELECT plan, coupon, state, coupons, held_minor, worst_minor, cost_minor, unknown
                FROM coupon_sum ORDER BY plan, coupon, state
                """
            ) { row in
                try CouponSum(
                    plan: row.text(0), coupon: row.text(1), state: row.couponState(2),
                    coupons: row.amount(3), heldMinor: row.amount(4), worstMinor: row.amount(5),
                    costMinor: row.amount(6), unknown: row.amount(7))
            }
        }
    }

    /// What was matched of redemption data, by data set.
    package func couponFeeds() throws -> [String: CouponFeed] {
        try store.read("read the coupons of") { database in
            let feeds = try database.ledgerRows(
                of: "coupon_feed", "SELECT data_set, high_row, judged_at FROM coupon_feed"
            ) { row in
                try CouponFeed(
                    dataSet: row.text(0), highRow: Int64(row.count(1)), judgedAt: row.instant(2))
            }
            return Dictionary(feeds.map { ($0.dataSet, $0) }) { $1 }
        }
    }

    /// How many rows of redemption data conflict, by reason.
    package func couponConflicts() throws -> [String: Int] {
        try store.read("read the coupons of") { database in
            try database.ledgerCounts(
                of: "coupon_step",
                """
                SELECT conflict, count(*) AS rows FROM coupon_step WHERE conflict IS NOT NULL
                GROUP BY conflict
                """)
        }
    }
}

// MARK: - Writing

extension Ledger {
    /// Writes what rows of redemption data came to, and that they are matched, in one transaction.
    package func record(_ steps: [CouponStepRecord], _ feeds: [CouponFeed]) throws {
        try store.write("write the coupons of") { database in
            let stepStatement = try RawStatement(
                database, "INSERT INTO coupon_step VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
            let couponStatement = try RawStatement(
                database, "UPDATE coupon SET state = ?, cost_minor = ? WHERE code = ?")
            var balance = CouponBalance()
            for step in steps {
                try stepStatement.run(
                    .text(step.dataSet), .integer(step.row), .text(step.key), .text(step.code),
                    .integer(step.at), .text(step.step.rawValue),
                    step.discountMinor.map { .integer($0) } ?? .null,
                    step.conflict.map { .text($0.rawValue) } ?? .null)
                guard let (before, after) = step.change else { continue }
                try couponStatement.run(
                    .text(after.state.rawValue), after.costMinor.map { .integer($0) } ?? .null,
                    .text(after.code))
                balance.move(before, to: after)
            }
            try balance.write(to: database)
            let feedStatement = try RawStatement(
                database, "INSERT OR REPLACE INTO coupon_feed VALUES (?, ?, ?)")
            for feed in feeds {
                try feedStatement.run(
                    .text(feed.dataSet), .integer(feed.highRow), .integer(feed.judgedAt))
            }
        }
    }

    /// Open coupons whose last day is over, added up: what the next run expires.
    package func overdueCoupons(on today: Int32) throws -> [CouponSum] {
        try store.read("read the coupons of") { try Self.overdue(on: today, in: $0) }
    }

    private static let overdue = "state IN ('issued', 'claimed') AND last_day < ?1"

    private static func overdue(on today: Int32, in database: Database) throws -> [CouponSum] {
        let statement = try RawStatement(
            database,
            """
            SELECT plan, coupon, state, held_minor, worst_minor FROM coupon WHERE \(overdue)
            """)
        statement.bind(1, Int64(today))
        let row = LedgerRow(statement: statement, table: "coupon")
        var balance = CouponBalance()
        while try statement.step() {
            let worst = try row.optional(4, row.amount)
            balance.add(
                CouponSum(
                    plan: try row.text(0), coupon: try row.text(1), state: try row.couponState(2),
                    coupons: 1, heldMinor: try row.amount(3), worstMinor: worst ?? 0,
                    unknown: worst == nil ? 1 : 0))
        }
        return balance.all
    }

    /// Coupons whose last day is over expire, which frees what they hold.
    /// - Returns: how many.
    package func expireCoupons(on today: Int32) throws -> Int {
        try store.write("write the coupons of") { database in
            let sums = try Self.overdue(on: today, in: database)
            if sums.isEmpty { return 0 }
            var balance = CouponBalance()
            for sum in sums { balance.expire(sum) }
            try balance.write(to: database)
            try RawStatement(
                database, "UPDATE coupon SET state = 'expired' WHERE \(Self.overdue)"
            ).run(.integer(Int64(today)))
            return Int(clamping: sums.reduce(0) { $0 + $1.coupons })
        }
    }
}

/// What changes in the sums of coupons and in what plans have bound, before it is written. A sum
/// that leaves 64 bits stays at their end: no shop gives that much, and no file may stop a run.
struct CouponBalance {
    private struct Place: Hashable {
        let plan: String
        let coupon: String
        let state: CouponState
    }

    private var sums: [Place: CouponSum] = [:]
    private var bound: [String: Int64] = [:]

    /// In the order of plans, coupons and states.
    var all: [CouponSum] {
        sums.values.sorted {
            ($0.plan, $0.coupon, $0.state.rawValue) < ($1.plan, $1.coupon, $1.state.rawValue)
        }
    }

    /// A coupon that is new. What its plan has bound is written with the decision.
    mutating func issue(_ coupon: LedgerCoupon) { add(coupon.sum, times: 1) }

    mutating func move(_ before: LedgerCoupon, to after: LedgerCoupon) {
        add(before.sum, times: -1)
        add(after.sum, times: 1)
        // Both are from 0: their difference fits.
        bind(after.boundMinor - before.boundMinor, of: before.plan)
    }

    /// Open coupons that expire, added up.
    mutating func expire(_ sum: CouponSum) {
        add(sum, times: -1)
        add(
            CouponSum(
                plan: sum.plan, coupon: sum.coupon, state: .expired, coupons: sum.coupons,
                heldMinor: sum.heldMinor, worstMinor: sum.worstMinor), times: 1)
        bind(-sum.heldMinor, of: sum.plan)
    }

    private mutating func bind(_ change: Int64, of plan: String) {
        bound[plan] = Self.sum(bound[plan] ?? 0, change)
    }

    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        Int64(clamping: Int128(left) + Int128(right))
    }

    mutating func add(_ sum: CouponSum, times: Int64 = 1) {
        let place = Place(plan: sum.plan, coupon: sum.coupon, state: sum.state)
        var total =
            sums[place]
            ?? CouponSum(plan: sum.plan, coupon: sum.coupon, state: sum.state)
        total.coupons = Self.sum(total.coupons, sum.coupons * times)
        total.heldMinor = Self.sum(total.heldMinor, sum.heldMinor * times)
        total.worstMinor = Self.sum(total.worstMinor, sum.worstMinor * times)
        total.costMinor = Self.sum(total.costMinor, sum.costMinor * times)
        total.unknown = Self.sum(total.unknown, sum.unknown * times)
        sums[place] = total
    }

    func write(to database: Database) throws {
        let known = try RawStatement(
            database,
            """
            SELECT coupons, held_minor, worst_minor, cost_minor, unknown FROM coupon_sum
            WHERE plan = ? AND coupon = ? AND state = ?
            """)
        let row = LedgerRow(statement: known, table: "coupon_sum")
        let statement = try RawStatement(
            database, "INSERT OR REPLACE INTO coupon_sum VALUES (?, ?, ?, ?, ?, ?, ?, ?)")
        for change in all {
            let place: [LedgerBinding] = [
                .text(change.plan), .text(change.coupon), .text(change.state.rawValue),
            ]
            known.bind(place)
            let changes = [
                change.coupons, change.heldMinor, change.worstMinor, change.costMinor,
                change.unknown,
            ]
            let isKnown = try known.step()
            let totals = try changes.enumerated().map { column, change in
                max(0, Self.sum(isKnown ? try row.amount(column) : 0, change))
            }
            known.reset()
            statement.bind(place + totals.map { .integer($0) })
            try statement.run()
        }
        try writeBound(to: database)
    }

    private func writeBound(to database: Database) throws {
        let statement = try RawStatement(
            database, "UPDATE ledger_reserved SET coupon_minor = ? WHERE plan = ?")
        for (plan, change) in bound where change != 0 {
            let known = try database.ledgerRows(
                of: "ledger_reserved", "SELECT coupon_minor FROM ledger_reserved WHERE plan = ?",
                .text(plan)
            ) { try $0.amount(0) }
            try statement.run(.integer(max(0, Self.sum(known.first ?? 0, change))), .text(plan))
        }
    }
}
