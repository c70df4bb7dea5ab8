import PitchSchema

/// Where a coupon stands: issued → claimed → used → returned, and issued or claimed → expired.
package enum CouponState: String, CaseIterable, Sendable {
    case issued, claimed, used, returned, expired

    /// Whether it can still be used.
    package var isOpen: Bool { self == .issued || self == .claimed }
}

/// Why a row of redemption data is not what it says. Such a row changes neither the coupon nor any
/// sum: it is recorded, and left to a person.
package enum CouponConflict: String, Error, CaseIterable, Sendable {
    case unknownCode = "unknown code"
    case otherMember = "of another member"
    case otherProduct = "not for this product"
    case belowThreshold = "below the threshold"
    case overWorstCase = "more than it can cost"
    case notYetValid = "not yet valid"
    case pastLastDay = "past its last day"
    case alreadyClaimed = "already claimed"
    case alreadyUsed = "already used"
    case alreadyReturned = "already returned"
    case notUsed = "not used"
}

extension CouponState {
    /// The state after a step on a local day.
    ///
    /// A use claims what nobody claimed. That a coupon is expired is known from what is *not* in
    /// the data: a step from within its days that is loaded later takes it back.
    /// - Parameters:
    ///   - first: the first day on which it can be used.
    ///   - last: the last one, included.
    package func after(
        _ step: CouponStep, on day: Int32, first: Int32, last: Int32
    ) throws(CouponConflict) -> CouponState {
        switch (step, self) {
        case (_, .returned): throw .alreadyReturned
        case (.returned, .used): return .returned
        case (.returned, _): throw .notUsed
        case (_, .used): throw .alreadyUsed
        case (.claimed, .claimed): throw .alreadyClaimed
        case (.claimed, _):
            if day > last { throw .pastLastDay }
            return .claimed
        case (.used, _):
            if day < first { throw .notYetValid }
            if day > last { throw .pastLastDay }
            return .used
        }
    }
}
