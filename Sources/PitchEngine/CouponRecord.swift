import PitchProgram
import PitchSchema
import PitchStore

/// An issued coupon, with what the till must know of it.
package struct CouponRecord: Sendable, Equatable {
    package struct Term: Sendable, Equatable {
        /// The clause: `face`, `applies to`.
        package let name: String
        /// Its value as a marketer writes it.
        package let value: String
    }
    package let code: String
    package let coupon: String
    package let plan: String
    package let member: String
    /// `issued`, `claimed`, `used`, `returned` or `expired`
    package let state: String
    package let issuedAt: Int64
    package let firstDay: Int32
    package let lastDay: Int32
    /// What its use cost; nil when it is not used, or when that is not known.
    package let costMinor: Int64?
    /// Empty when the script no longer has the coupon.
    package let terms: [Term]
}

extension Workspace {
    /// Issued coupons, the newest first.
    /// - Parameter member: only this member's; nil: everyone's.
    package func coupons(
        of member: String?, limit: Int
    ) throws(WorkspaceError) -> (coupons: [CouponRecord], currency: String) {
        try retrying {
            let program = try self.checkedProgram()
            let currency = program.project.currency
            let terms = Dictionary(
                program.coupons.map { ($0.name, $0.terms(currency)) }, uniquingKeysWith: { $1 })
            let found = try Ledger(self.openStore()).coupons(of: member, limit: limit)
            return (
                found.map { CouponRecord($0, terms: terms[$0.coupon] ?? []) }, currency.code
            )
        }
    }
}

extension CouponRecord {
    fileprivate init(_ coupon: LedgerCoupon, terms: [Term]) {
        self.init(
            code: coupon.code, coupon: coupon.coupon, plan: coupon.plan, member: coupon.member,
            state: coupon.state.rawValue, issuedAt: coupon.issuedAt, firstDay: coupon.firstDay,
            lastDay: coupon.lastDay, costMinor: coupon.costMinor, terms: terms)
    }
}

extension Coupon {
    /// What the till must enforce, as Pitch cannot: clause by clause.
    fileprivate func terms(_ currency: Currency) -> [CouponRecord.Term] {
        let money = { (minor: Int64?) -> String? in
            minor.map { ValueText.plain(.money($0), .money(currency), zone: .utc) }
        }
        let others: String? =
            switch stacking {
            case .any: nil
            case .none: "nothing"
            case .only(let names): names.sorted().joined(separator: ", ")
            }
        let pairs: [(String, String?)] =
            kind.terms(money) + [
                ("threshold", money(thresholdMinor)), ("applies to", products?.text),
                ("stacks with", others),
            ]
        return pairs.compactMap { name, value in
            value.map { CouponRecord.Term(name: name, value: $0) }
        }
    }
}

extension Coupon.Kind {
    fileprivate func terms(_ money: (Int64?) -> String?) -> [(String, String?)] {
        switch self {
        case .cash(let minor): [("kind", "cash"), ("face", money(minor))]
        case .percent(let share, let cap):
            [("kind", "percent"), ("face", Self.share(share)), ("cap", money(cap))]
        case .threshold(let minor): [("kind", "threshold"), ("face", money(minor))]
        case .shipping(let cap): [("kind", "shipping"), ("cap", money(cap))]
        case .gift(let item, _): [("kind", "gift"), ("item", item)]
        case .points(let factor, _, let cap):
            [
                ("kind", "points"), ("face", FixedPoint.text(factor, digits: 6)),
                ("cap", money(cap)),
            ]
        case .interestFree(let loan): [("kind", "interest free")] + loan.terms(money)
        case .rateCut(let loan, let cut):
            [("kind", "rate cut"), ("face", Self.share(cut))] + loan.terms(money)
        case .feeWaiver(let minor): [("kind", "fee waiver"), ("face", money(minor))]
        case .limitRaise(let minor, let term, _):
            [("kind", "limit raise"), ("face", money(minor)), ("period", term.text)]
        }
    }

    fileprivate static func share(_ millionths: Int64) -> String {
        FixedPoint.text(millionths, digits: 4) + "%"
    }
}

extension Coupon.Loan {
    fileprivate func terms(_ money: (Int64?) -> String?) -> [(String, String?)] {
        [
            ("period", term.text), ("principal up to", money(principalMinor)),
            ("rate", Coupon.Kind.share(rate) + " a year"),
        ]
    }
}

extension LoanTerm {
    /// `7 days`, `3 instalments`
    fileprivate var text: String {
        switch self {
        case .days(let count): Period(Int64(count), .day).text
        case .months(let count): Period(Int64(count), .month).text
        case .instalments(let count): "\(count) instalment\(count == 1 ? "" : "s")"
        }
    }
}
