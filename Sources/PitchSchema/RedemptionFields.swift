/// What redemption data says of coupons: events of the scenes `coupon claimed`, `coupon used` and
/// `coupon returned`, by the names of their fields. Only `code` is needed: without the others a use
/// costs the worst case.
package struct RedemptionFields: Sendable {
    package static let code = "code"
    package static let discount = "discount"
    package static let order = "order_amount"
    package static let product = "product"

    /// What each row of a scene says; nil for scenes about other things.
    package static func step(of scene: Scene?) -> CouponStep? {
        switch scene {
        case .couponClaimed: .claimed
        case .couponUsed: .used
        case .couponReturned: .returned
        default: nil
        }
    }

    package let step: CouponStep
    /// Indices into the fields of the data set.
    package let code: Int
    package let discount: Int?
    package let order: Int?
    package let product: Int?

    /// Nil for a data set that says nothing of coupons. Amounts in another currency are not read.
    package init?(_ dataSet: DataSet, currency: Currency) {
        guard let step = Self.step(of: dataSet.scene), let code = dataSet.field(named: Self.code),
            dataSet.fields[code].type == .text
        else { return nil }
        let field = { (name: String, isRead: (ValueType) -> Bool) -> Int? in
            dataSet.field(named: name).flatMap { isRead(dataSet.fields[$0].type) ? $0 : nil }
        }
        self.step = step
        self.code = code
        discount = field(Self.discount) { $0 == .money(currency) }
        order = field(Self.order) { $0 == .money(currency) }
        product = field(Self.product) { $0.storage == .text }
    }
}

/// What redemption data says of a coupon.
package enum CouponStep: String, CaseIterable, Sendable {
    case claimed, used, returned
}
