import GRDB
import PitchProgram

/// What the coupons of one strategy came to that were issued within one stretch of 30 days and are
/// all over: used, returned or expired.
package struct CouponResult: Sendable, Equatable {
    package let strategy: Int64
    /// Which stretch, counted from 1970.
    package let stretch: Int64
    package let coupon: String
    /// The template they belonged to; nil: none.
    package let template: Int64?
    /// The segment by which their use was predicted.
    package let segment: String?
    package let issued: Int
    package let used: Int
    /// What all uses cost; nil when that is not known of one.
    package let costMinor: Int64?
}

/// All coupons of one template.
package struct TemplateSum: Sendable, Equatable {
    package let template: Int64
    package let issued: Int
    package let used: Int
    /// Of the uses whose cost is known, in minor units.
    package let costMinor: Int64
}

/// Decisions of a strategy for one member that were issued alike.
package struct IssuedOutcomes: Sendable, Equatable {
    /// The member's number, from 0; nil when the store no longer knows the member.
    package let member: Int?
    /// As in the ledger: `2 x off20`.
    package let offer: String?
    package let channel: String?
    package let messageMicro: Int64
    package let count: Int
}

extension Ledger {
    /// Coupons issued within one such stretch share its luck.
    static let stretch: Int64 = 30 * 86_400_000

    /// What became of coupons, a row for each strategy, stretch, coupon, template and segment of
    /// which none is open on a day.
    package func couponResults(on today: Int32) throws -> [CouponResult] {
        try store.read("read the coupons of") { database in
            try database.ledgerRows(
                of: "coupon",
                """
                SELECT strategy, issued_at / \(Self.stretch) AS stretch, coupon, template, segment,
                    count(*) AS issued, sum(state = 'used') AS used,
                    sum(CASE WHEN state = 'used' THEN cost_minor END) AS cost,
                    sum(state = 'used' AND cost_minor IS NULL) AS unknown
                FROM coupon GROUP BY strategy, stretch, coupon, template, segment
                HAVING sum(state IN ('issued', 'claimed') AND last_day >= ?1) = 0
                ORDER BY strategy, stretch, coupon, template, segment
                """, .integer(Int64(today))
            ) { row in
                let isKnown = try row.count(8) == 0
                return try CouponResult(
                    strategy: row.identifier(0), stretch: row.integer(1), coupon: row.text(2),
                    template: row.optional(3, row.identifier),
                    segment: row.optional(4, row.text), issued: row.count(5), used: row.count(6),
                    costMinor: isKnown ? row.optional(7, row.amount) ?? 0 : nil)
            }
        }
    }

    /// What the coupons of each template came to, those that are still open included.
    package func templateSums() throws -> [TemplateSum] {
        try store.read("read the coupons of") { database in
            try database.ledgerRows(
                of: "coupon",
                """
                SELECT template, count(*) AS issued, sum(state = 'used') AS used,
                    coalesce(sum(cost_minor), 0) AS cost
                FROM coupon WHERE template IS NOT NULL GROUP BY template ORDER BY template
                """
            ) { row in
                try TemplateSum(
                    template: row.identifier(0), issued: row.count(1), used: row.count(2),
                    costMinor: row.amount(3))
            }
        }
    }

    /// What a strategy has issued, by member, offer and channel.
    package func issuedOutcomes(
        of strategy: Int64, _ program: Program
    ) throws -> [IssuedOutcomes] {
        guard let id = program.members else { return [] }
        return try store.read("read the ledger of") { database in
            let members = try StoredLayout.current(
                program.dataSets[id.index], of: program, in: database)
            return try database.ledgerRows(
                of: "ledger_outcome",
                """
                SELECT (SELECT id FROM \(members.table) WHERE key = o.member) AS member, offer, channel,
                    message_micro, count(*) AS decisions
                FROM ledger_outcome o WHERE strategy = ?1 AND outcome = 'issued'
                GROUP BY o.member, offer, channel, message_micro
                """, .integer(strategy)
            ) { row in
                try IssuedOutcomes(
                    member: row.optional(0, row.identifier).map { Int($0) - 1 },
                    offer: row.optional(1, row.text), channel: row.optional(2, row.text),
                    messageMicro: row.amount(3), count: row.count(4))
            }
        }
    }
}

/// Coupons of one kind and run, by what became of them.
package struct CouponTally: Sendable, Equatable {
    package let plan: String
    /// `plan.strategy`; nil when the ledger no longer knows it.
    package let strategy: String?
    package let coupon: String
    package let template: Int64?
    package let issuedAt: Int64
    package let issued: Int
    /// Those that were ever claimed.
    package let claimed: Int
    /// Those that were used and not returned.
    package let used: Int
    /// Of the uses whose cost is known, in minor units.
    package let costMinor: Int64
}

extension Ledger {
    /// All coupons, a row for each plan, strategy, coupon, template and instant of issue.
    package func couponTallies() throws -> [CouponTally] {
        try store.read("read the coupons of") { database in
            try database.ledgerRows(
                of: "coupon",
                """
                SELECT plan, s.name, coupon, template, issued_at, count(*) AS issued,
                    sum(c.code IN (SELECT code FROM coupon_step
                        WHERE step = 'claimed' AND conflict IS NULL)) AS claimed,
                    sum(state = 'used') AS used,
                    coalesce(sum(CASE WHEN state = 'used' THEN cost_minor END), 0) AS cost
                FROM coupon c LEFT JOIN ledger_strategy s ON s.id = c.strategy
                GROUP BY plan, s.name, coupon, template, issued_at
                ORDER BY issued_at, plan, s.name, coupon, template
                """
            ) { row in
                try CouponTally(
                    plan: row.text(0), strategy: row.optional(1, row.text), coupon: row.text(2),
                    template: row.optional(3, row.identifier), issuedAt: row.instant(4),
                    issued: row.count(5), claimed: row.count(6), used: row.count(7),
                    costMinor: row.amount(8))
            }
        }
    }
}
