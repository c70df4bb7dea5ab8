import PitchSchema

/// What is known of one use of a coupon.
package struct CouponUse: Sendable, Hashable {
    /// What the till says that it took off, in minor units.
    package let discountMinor: Int64?
    /// The order, or what was drawn of a loan, before the discount.
    package let orderMinor: Int64?
    /// The local day of the use, on which a loan begins.
    package let day: Int32

    package init(discountMinor: Int64? = nil, orderMinor: Int64? = nil, day: Int32) {
        self.discountMinor = discountMinor
        self.orderMinor = orderMinor
        self.day = day
    }
}

extension Coupon {
    /// What a use costs: what the till says; otherwise what the kind makes of the order; without
    /// an order the worst case, so that nothing is ever counted for less than it may have cost.
    /// Rounded half to even, once.
    /// - Returns: minor units; nil when it is not known.
    package func costMinor(of use: CouponUse) -> Int64? {
        if let discount = use.discountMinor { return max(0, discount) }
        guard let order = use.orderMinor else { return worstCaseMinor }
        return kind.costMinor(order: max(0, order), day: use.day)
    }
}

extension Coupon {
    /// What issuing one reserves, in minor units: the worst case, or what it is expected to cost,
    /// rounded up so that nothing is reserved for nothing. Nil when that is not known.
    package func reservedMinor(expected: Bool) -> Int64? {
        guard expected else { return worstCaseMinor }
        return expectedMicro.flatMap { Int64(exactly: ($0 + 999_999) / 1_000_000) }
    }
}

extension Coupon.Kind {
    /// As a script writes it: `interest free`.
    package var words: String {
        switch self {
        case .cash: "cash"
        case .percent: "percent"
        case .threshold: "threshold"
        case .shipping: "shipping"
        case .gift: "gift"
        case .points: "points"
        case .interestFree: "interest free"
        case .rateCut: "rate cut"
        case .feeWaiver: "fee waiver"
        case .limitRaise: "limit raise"
        }
    }

    var worstCaseMinor: Int64? {
        switch self {
        case .cash(let minor), .threshold(let minor), .gift(_, let minor), .feeWaiver(let minor):
            minor
        case .percent(_, let capMinor), .shipping(let capMinor), .points(_, _, let capMinor):
            capMinor
        case .interestFree(let loan):
            Interest.minor(
                on: loan.principalMinor, at: loan.rate, for: loan.term.largestDayFraction)
        case .rateCut(let loan, let cut):
            Interest.minor(on: loan.principalMinor, at: cut, for: loan.term.largestDayFraction)
        case .limitRaise(let minor, let term, let funding):
            funding.flatMap { Interest.minor(on: minor, at: $0, for: term.largestDayFraction) }
        }
    }

    /// - Parameters:
    ///   - order: from 0; of a loan, what was drawn.
    ///   - day: on which a loan begins.
    fileprivate func costMinor(order: Int64, day: Int32) -> Int64? {
        switch self {
        case .cash(let minor), .threshold(let minor): min(minor, order)
        case .gift(_, let minor), .feeWaiver(let minor): minor
        case .shipping(let capMinor): capMinor
        case .percent(let share, let capMinor):
            Self.capped(FixedPoint.quotient(Int128(order) * Int128(share), 1_000_000), capMinor)
        case .points(let factor, let worth, let capMinor):
            Self.capped(Self.pointsMinor(order, factor, worth), capMinor)
        case .interestFree(let loan):
            Interest.minor(
                on: min(order, loan.principalMinor), at: loan.rate,
                for: loan.term.dayFraction(from: day))
        case .rateCut(let loan, let cut):
            Interest.minor(
                on: min(order, loan.principalMinor), at: cut,
                for: loan.term.dayFraction(from: day))
        case .limitRaise(let minor, let term, let funding):
            funding.flatMap {
                Interest.minor(on: min(order, minor), at: $0, for: term.dayFraction(from: day))
            }
        }
    }

    private static func capped(_ minor: Int64?, _ capMinor: Int64?) -> Int64? {
        guard let minor else { return capMinor }
        return min(minor, capMinor ?? minor)
    }

    /// What the points beyond the usual ones are worth: order × worth × (factor − 1).
    private static func pointsMinor(_ order: Int64, _ factor: Int64, _ worth: Int64) -> Int64? {
        let (product, overflow) = (Int128(order) * Int128(worth))
            .multipliedReportingOverflow(by: Int128(factor - 1_000_000))
        return overflow ? nil : FixedPoint.quotient(product, 1_000_000_000_000)
    }
}
