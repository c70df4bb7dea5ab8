import PitchSchema
import PitchSource

package struct Coupon: Sendable {
    package enum Kind: Sendable, Hashable {
        /// An amount off: `face`.
        case cash(minor: Int64)
        /// A share off (millionths of one), at most `cap` when declared.
        case percent(share: Int64, capMinor: Int64?)
        /// An amount off an order that reaches the coupon's threshold.
        case threshold(minor: Int64)
        /// Free delivery, up to `cap` when declared.
        case shipping(capMinor: Int64?)
        /// A thing, and what the shop pays for it.
        case gift(item: String, minor: Int64)
        /// So many times the points (millionths); `worth` is what the points of an order are worth
        /// as a share of its amount (millionths of one).
        case points(factor: Int64, worth: Int64, capMinor: Int64?)
        /// A loan without interest.
        case interestFree(Loan)
        /// A loan whose yearly rate is less by so much (millionths of one).
        case rateCut(Loan, by: Int64)
        /// A fee that is not charged, up to this amount.
        case feeWaiver(minor: Int64)
        /// A credit limit that is higher by an amount for a term; `funding` is what lending it
        /// costs a year (millionths of one), nil: not declared.
        case limitRaise(minor: Int64, LoanTerm, funding: Int64?)
    }

    /// `on principal up to 5000 CNY at 18% a year`, for `period 7 days`.
    package struct Loan: Sendable, Hashable {
        package let principalMinor: Int64
        /// A year's, in millionths of one.
        package let rate: Int64
        package let term: LoanTerm

        package init(principalMinor: Int64, rate: Int64, term: LoanTerm) {
            self.principalMinor = principalMinor
            self.rate = rate
            self.term = term
        }
    }

    /// How long an issued coupon lasts. Days are local days of the project's zone; both ends
    /// included.
    package enum Validity: Sendable, Hashable {
        /// `valid 14 days`: ends with the 14th local day after issue.
        case days(Int)
        case dates(first: Int32, last: Int32)

        /// The first and the last day of a coupon issued on a day.
        package func days(issuedOn today: Int32) -> (first: Int32, last: Int32) {
            switch self {
            case .days(let count): (today, Int32(clamping: Int(today) + count))
            case .dates(let first, let last): (first, last)
            }
        }
    }

    /// Which coupons a member may hold together with this one.
    package enum Stacking: Sendable, Hashable {
        case any
        /// `exclusive`: none, another one of itself included.
        case none
        /// `stacks with`: those of these names, and others of itself.
        case only(Set<String>)
    }

    /// `applies to`: a condition over a row of a table of products.
    package struct Products: Sendable {
        package let table: DataSetID
        /// Reads the row as `eventField`, and nothing else.
        package let condition: Expression
        /// As written, for the till.
        package let text: String

        package init(table: DataSetID, condition: Expression, text: String) {
            self.table = table
            self.condition = condition
            self.text = text
        }
    }

    package var name: String
    package var title: String?
    package let kind: Kind
    /// The least order amount it applies to.
    package var thresholdMinor: Int64?
    package var validity: Validity
    /// How many may ever be issued; nil: no limit.
    package var stock: Int64?
    /// `expect use 12%`, millionths of one; nil: unknown.
    package var expectedUse: Int64?
    package var products: Products?
    /// How many one member may ever get; nil: no limit.
    package var perMember: Int?
    package var stacking: Stacking
    package var range: SourceRange
    /// What one coupon can cost at most, in minor units; nil when nothing bounds it, as with a
    /// percent without a cap, or when it leaves 64 bits.
    package let worstCaseMinor: Int64?

    package init(
        name: String, title: String? = nil, kind: Kind, thresholdMinor: Int64? = nil,
        validity: Validity, stock: Int64? = nil, expectedUse: Int64? = nil,
        products: Products? = nil, perMember: Int? = nil, stacking: Stacking = .any,
        range: SourceRange = .none
    ) {
        self.name = name
        self.title = title
        self.kind = kind
        self.thresholdMinor = thresholdMinor
        self.validity = validity
        self.stock = stock
        self.expectedUse = expectedUse
        self.products = products
        self.perMember = perMember
        self.stacking = stacking
        self.range = range
        worstCaseMinor = kind.worstCaseMinor
    }

    /// Whether one member may hold both. A coupon that the script no longer has says nothing.
    package func combines(with other: Coupon) -> Bool {
        allows(other.name) && other.allows(name)
    }

    /// Whether this one may be held together with a coupon of a name.
    package func allows(_ name: String) -> Bool {
        switch stacking {
        case .any: true
        case .none: false
        case .only(let names): name == self.name || names.contains(name)
        }
    }

    /// What is expected to be spent on one: the worst case times the expected use, in millionths
    /// of a minor unit; nil when either is not known.
    package var expectedMicro: Int128? {
        guard let worstCaseMinor, let expectedUse else { return nil }
        return Int128(worstCaseMinor) * Int128(expectedUse)
    }
}

/// So many of one coupon: indices into `Program.coupons`.
package struct CouponQuantity: Hashable, Sendable {
    package let coupon: Int
    package let quantity: Int
    package init(coupon: Int, quantity: Int) {
        self.coupon = coupon
        self.quantity = quantity
    }
}

package struct Bundle: Sendable {
    package var name: String
    package var title: String?
    package var items: [CouponQuantity]
    package var range: SourceRange

    package init(
        name: String, title: String? = nil, items: [CouponQuantity], range: SourceRange = .none
    ) {
        self.name = name
        self.title = title
        self.items = items
        self.range = range
    }
}
