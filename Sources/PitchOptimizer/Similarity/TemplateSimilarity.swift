/// How alike two templates are, from 0 to 1: symmetric, 1 for the same items and words in any
/// order, 0 when no kind of coupon and no word is shared, and rising with every part that comes
/// closer: a face, a threshold, a cost, a quantity, a copy, a word.
///
/// Items are paired so that the sum M of the pairs' likenesses is largest, and M ÷ (items of one
/// + items of the other − M) is the Jaccard index (1901) with pairs that are alike in part. The
/// coupons of a bundle are compared in the same way. Two coupons of one kind share 0.4, and up to
/// 0.3 for the face, 0.2 for the threshold and 0.1 for the most a use costs; amounts are alike as
/// the smaller is to the larger (Ruzicka, 1958). Of an item's likeness three quarters are its
/// coupons' and a quarter hangs on the quantity. Of the whole, 0.8 are the items' and 0.2 the
/// words', when either theme has words. Names do not count.
package enum TemplateSimilarity {
    /// - Returns: 0 to 1.
    package static func similarity(_ one: Template, _ other: Template) -> Double {
        let items = overlap(one.items, other.items, likeness)
        guard let words = one.theme.overlap(with: other.theme) else { return items }
        return (8 * items + 2 * words) / 10
    }

    private static func likeness(_ one: TemplateItem, _ other: TemplateItem) -> Double {
        let coupons = overlap(one.coupons, other.coupons, likeness)
        return coupons * (3 + closeness(Int64(one.quantity), Int64(other.quantity))) / 4
    }

    private static func likeness(_ one: CouponCopies, _ other: CouponCopies) -> Double {
        if one.offer.kind != other.offer.kind { return 0 }
        let face = closeness(one.offer.faceMinor, other.offer.faceMinor)
        let threshold = closeness(one.offer.thresholdMinor ?? 0, other.offer.thresholdMinor ?? 0)
        let worst = closeness(one.offer.worstMinor, other.offer.worstMinor)
        let copies = closeness(Int64(one.copies), Int64(other.copies))
        return (4 + 3 * face + 2 * threshold + worst) / 10 * (3 + copies) / 4
    }

    /// The smaller ÷ the larger of two amounts from 0; two missing ones are alike, one is not.
    private static func closeness(_ one: Int64?, _ other: Int64?) -> Double {
        guard let one, let other else { return one == other ? 1 : 0 }
        if one == other { return 1 }
        return Double(min(one, other)) / Double(max(one, other))
    }

    private static func overlap<Part: Comparable>(
        _ one: [Part], _ other: [Part], _ likeness: (Part, Part) -> Double
    ) -> Double {
        // The shorter or smaller first: the pairing is the same from both sides, to the last digit.
        let first = one.count == other.count
            ? one.lexicographicallyPrecedes(other) : one.count < other.count
        let (few, many) = first ? (one, other) : (other, one)
        if many.isEmpty { return 1 }
        let matched = Assignment.largestSum(few.map { part in many.map { likeness(part, $0) } })
        return matched / (Double(few.count) + Double(many.count) - matched)
    }
}
