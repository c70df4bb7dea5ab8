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
    /// Rows that were dated anew, each with whether it was matched, whatever the above says.
    package let sightings: [Int64: Bool]

    package init(
        dataSet: String, highRow: Int64, judgedAt: Int64, sightings: [Int64: Bool] = [:]
    ) {
        self.sightings = sightings
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
