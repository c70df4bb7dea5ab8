/// A coupon as a trial needs it.
package struct CouponOffer: Hashable, Comparable, Sendable {
    /// For lists; nothing is computed from it.
    package var name: String
    /// As in `CampaignResult.kind`.
    package var kind: String
    /// What it is worth to the member, in minor units; nil when it is not known.
    package var faceMinor: Int64?
    /// The least order it applies to, in minor units; nil: any.
    package var thresholdMinor: Int64?
    /// What one use costs at most, in minor units.
    package var worstMinor: Int64

    /// Amounts in minor units; `trial` refuses negative ones.
    package init(
        name: String, kind: String, faceMinor: Int64?, thresholdMinor: Int64? = nil,
        worstMinor: Int64
    ) {
        self.name = name
        self.kind = kind
        self.faceMinor = faceMinor
        self.thresholdMinor = thresholdMinor
        self.worstMinor = worstMinor
    }

    /// By kind, face, threshold, cost and name; a missing amount first.
    package static func < (one: CouponOffer, other: CouponOffer) -> Bool {
        (one.kind, one.faceMinor ?? -1, one.thresholdMinor ?? -1, one.worstMinor, one.name)
            < (
                other.kind, other.faceMinor ?? -1, other.thresholdMinor ?? -1, other.worstMinor,
                other.name
            )
    }
}

/// So many copies of one coupon.
package struct CouponCopies: Hashable, Comparable, Sendable {
    /// The coupon.
    package var offer: CouponOffer
    /// How many of it one item holds.
    package var copies: Int

    /// So many copies, at least 0; `trial` refuses negative ones.
    package init(_ offer: CouponOffer, copies: Int = 1) {
        self.offer = offer
        self.copies = copies
    }

    /// By coupon, then by copies.
    package static func < (one: CouponCopies, other: CouponCopies) -> Bool {
        one.offer == other.offer ? one.copies < other.copies : one.offer < other.offer
    }
}

/// A coupon, or several that go together as a bundle, and how often it is issued.
package struct TemplateItem: Hashable, Comparable, Sendable {
    /// In order, whatever the order they were given in.
    package let coupons: [CouponCopies]
    /// How many items are issued in all.
    package let quantity: Int

    /// An item needs a coupon and a quantity of at least 0; `trial` refuses others.
    package init(_ coupons: [CouponCopies], quantity: Int) {
        self.coupons = coupons.sorted()
        self.quantity = quantity
    }

    /// By coupons, then by quantity.
    package static func < (one: TemplateItem, other: TemplateItem) -> Bool {
        one.coupons == other.coupons
            ? one.quantity < other.quantity
            : one.coupons.lexicographicallyPrecedes(other.coupons)
    }

    var isPossible: Bool {
        quantity >= 0 && !coupons.isEmpty
            && coupons.allSatisfy {
                $0.copies >= 0 && $0.offer.worstMinor >= 0 && ($0.offer.faceMinor ?? 0) >= 0
                    && ($0.offer.thresholdMinor ?? 0) >= 0
            }
    }
}

/// What a theme hands out: coupons and bundles, each with a quantity.
package struct Template: Hashable, Sendable {
    /// In order, whatever the order they were given in: two templates of the same items are one.
    package let items: [TemplateItem]
    /// The words of the theme that it was made for.
    package let theme: ThemeWords

    /// Items in any order.
    package init(_ items: [TemplateItem], theme: ThemeWords = ThemeWords([])) {
        self.items = items.sorted()
        self.theme = theme
    }
}

/// The members of a theme, fixed before anything is optimised: P is measured against all of them.
package struct Audience: Hashable, Sendable {
    /// Members that convert alike.
    package struct Group: Hashable, Sendable {
        /// As in `CampaignResult.segment`; nil: members of no segment, or of any.
        package let segment: String?
        /// How many they are.
        package let members: Int

        /// So many members, at least 0; `Audience` refuses negative ones.
        package init(segment: String?, members: Int) {
            self.segment = segment
            self.members = members
        }
    }

    /// Each member stands in one of them.
    package let groups: [Group]
    /// All of them, at least 1.
    package let members: Int

    /// - Throws: `emptyAudience`.
    package init(_ groups: [Group]) throws(OptimizerError) {
        let known = groups.filter { $0.members > 0 }
        if known.isEmpty || groups.contains(where: { $0.members < 0 }) { throw .emptyAudience }
        var members = 0
        for group in known {
            let (sum, overflow) = members.addingReportingOverflow(group.members)
            if overflow { throw .emptyAudience }
            members = sum
        }
        (self.groups, self.members) = (known, members)
    }
}
