import PitchProgram
import PitchSource
import PitchSyntax

/// Which coupons go together: `exclusive`, `stacks with`, `per member at most`.
extension Checker {
    func stacking(_ clauses: Clauses) -> Coupon.Stacking {
        let others = names(clauses["stacks with"], "group").compactMap { node in
            symbol(node, [.coupon], "coupon").map { scope.symbols.all[$0].name }
        }
        if let exclusive = clauses["exclusive"] {
            if let stacks = clauses["stacks with"] {
                report(
                    .stacking, "an exclusive coupon stacks with nothing", at: stacks.range,
                    notes: [.init("exclusive", at: exclusive.range)], help: "keep one of them")
            }
            return .none
        }
        return clauses["stacks with"] == nil ? .any : .only(Set(others))
    }

    /// What one coupon stacks with must stack with it.
    func checkStackings() {
        let coupons = Dictionary(scope.coupons.map { ($0.name, $0) }) { first, _ in first }
        for (index, range) in stackings {
            let coupon = scope.coupons[index]
            guard case .only(let names) = coupon.stacking else { continue }
            for name in names.sorted() {
                guard let other = coupons[name], !other.allows(coupon.name) else { continue }
                report(
                    .stacking,
                    "'\(coupon.name)' stacks with '\(name)', which does not stack with it",
                    at: range, notes: [.init("the other one", at: other.range)],
                    help: other.stacking == .none
                        ? "'\(name)' is exclusive"
                        : "add '\(coupon.name)' to what '\(name)' stacks with")
            }
        }
    }

    /// Reports an offer that no member can get: coupons that nobody may hold together, or more of
    /// one than a member may ever get.
    func checkCombination(_ items: [CouponQuantity], _ offer: String, at range: SourceRange) {
        var quantities: [(coupon: Int, quantity: Int)] = []
        for item in items {
            if let place = quantities.firstIndex(where: { $0.coupon == item.coupon }) {
                quantities[place].quantity += item.quantity
            } else {
                quantities.append((item.coupon, item.quantity))
            }
        }
        for (place, item) in quantities.enumerated() {
            let coupon = scope.coupons[item.coupon]
            if item.quantity > 1, !coupon.allows(coupon.name) {
                reportOffer(
                    "\(offer) holds \(item.quantity) of '\(coupon.name)', which is exclusive", coupon,
                    at: range, "take one out, or change what it stacks with")
            } else if let most = coupon.perMember, item.quantity > most {
                reportOffer(
                    "\(offer) holds \(item.quantity) of '\(coupon.name)', and a member gets \(most) at most",
                    coupon, at: range, "take some out, or raise 'per member at most'")
            }
            for other in quantities[(place + 1)...].map({ scope.coupons[$0.coupon] })
            where !coupon.combines(with: other) {
                reportOffer(
                    "\(offer) holds '\(coupon.name)' and '\(other.name)', which do not go together",
                    coupon, at: range, "take one out, or change what it stacks with")
            }
        }
    }

    private func reportOffer(
        _ message: String, _ coupon: Coupon, at range: SourceRange, _ repair: String
    ) {
        report(
            .impossibleOffer, message, at: range,
            notes: [.init("the coupon '\(coupon.name)'", at: coupon.range)],
            help: "nobody could get it: \(repair)")
    }
}
