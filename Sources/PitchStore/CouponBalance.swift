import GRDB
import PitchProgram

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
