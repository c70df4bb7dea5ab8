import GRDB

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
            let sightings = try database.sightings(of: 0)
            let feeds = try database.ledgerRows(
                of: "coupon_feed", "SELECT data_set, high_row, judged_at FROM coupon_feed"
            ) { row in
                try CouponFeed(
                    dataSet: row.text(0), highRow: Int64(row.count(1)), judgedAt: row.instant(2),
                    sightings: sightings[row.text(0)] ?? [:])
            }
            return Dictionary(feeds.map { ($0.dataSet, $0) }) { $1 }
        }
    }

    /// Those of some rows of redemption data that were matched before.
    package func matched(_ rows: [Int64], of dataSet: String) throws -> Set<Int64> {
        if rows.isEmpty { return [] }
        return try store.read("read the coupons of") { database in
            let statement = try RawStatement(
                database, "SELECT 1 FROM coupon_step WHERE data_set = ? AND row = ?")
            statement.bind(1, dataSet)
            return Set(
                try rows.filter { row in
                    defer { statement.reset() }
                    statement.bind(2, row)
                    return try statement.step()
                })
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
                try database.forgetUnseen(by: 0, in: feed.dataSet)
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
