import PitchOptimizer
import PitchProgram
import PitchStore

/// Templates between the optimizer, which knows coupons, and the store, which knows names.
extension StoredItem {
    init(_ item: TemplateItem, offer: String) {
        self.init(
            offer: offer, quantity: item.quantity,
            coupons: item.coupons.map { copies in
                Coupon(
                    name: copies.offer.name, kind: copies.offer.kind,
                    faceMinor: copies.offer.faceMinor,
                    thresholdMinor: copies.offer.thresholdMinor,
                    worstMinor: copies.offer.worstMinor, copies: copies.copies)
            })
    }

    var item: TemplateItem {
        TemplateItem(
            coupons.map { coupon in
                CouponCopies(
                    CouponOffer(
                        name: coupon.name, kind: coupon.kind, faceMinor: coupon.faceMinor,
                        thresholdMinor: coupon.thresholdMinor, worstMinor: coupon.worstMinor),
                    copies: coupon.copies)
            }, quantity: quantity)
    }
}

extension StoredTemplate {
    var template: Template { Template(items.map(\.item), theme: ThemeWords(words)) }
}

extension Program {
    /// A template's items by the names of what a theme chooses from.
    func storedItems(of template: Template, among candidates: [Offer]) -> [StoredItem] {
        let named = candidates.map { (name: name(of: $0) ?? "", coupons: copies(of: $0).sorted()) }
        return template.items.map { item in
            StoredItem(item, offer: named.first { $0.coupons == item.coupons }?.name ?? "")
        }
    }
}

extension StoredTrial.Numbers {
    init(_ trial: Trial, goal: String, audience: Int, score: Double?) {
        self.init(
            goal: goal, audience: audience, costMinor: trial.costMinor,
            costLowMinor: trial.costInterval.lowerBound,
            costHighMinor: trial.costInterval.upperBound, conversion: trial.conversion,
            conversionLow: trial.conversionInterval.lowerBound,
            conversionHigh: trial.conversionInterval.upperBound,
            reservedMinor: trial.reservedMinor, worstCaseMinor: trial.worstCaseMinor,
            issued: trial.issued, priorShare: trial.priorShare,
            costPriorShare: trial.costPriorShare, score: score)
    }
}

extension TemplateEvidence {
    /// What a trial knows: as much as so many members would who decide each for themselves, by the
    /// width of its interval (a 90 % interval of a share p of n members is 3.29 √(p (1 − p) ÷ n)).
    init(_ trial: Trial) {
        let width = trial.conversionInterval.upperBound - trial.conversionInterval.lowerBound
        let variance = trial.conversion * (1 - trial.conversion)
        let spread = width / 3.29
        self.init(
            conversion: trial.conversion,
            weight: spread > 0 ? min(1e9, variance / (spread * spread)) : 0)
    }
}
