import Glibc

/// The sums of a trial, for any conversions of its coupons: what the mean, the interval and the
/// gradient have in common.
struct TrialSums {
    /// What is known of one coupon of one item.
    struct Line {
        let item: Int
        let offer: CouponOffer
        let copies: Int
        /// Quantity × copies, by group.
        let issued: [Double]
        /// What a use is expected to cost, in minor units.
        let useMinor: Double
        /// Of the logarithm of that.
        let costSpread: Double
        /// How much of that cost is no history.
        let costPriorShare: Double
    }

    let lines: [Line]
    let groups: [Audience.Group]
    /// Of every group in the audience.
    let groupShares: [Double]
    /// By group: parts of it that hold the same.
    private let hands: [[(share: Double, lines: [(line: Int, copies: Int)])]]
    private let overlap: Double

    /// - Parameter given: how many members of each group get one of each item, `[item][group]`, and
    ///   nothing else; nil: the items are dealt round the audience.
    init(
        _ template: Template, on audience: Audience, with model: ResponseModel,
        given: [[Int]]? = nil
    ) {
        let groupShares = audience.groups.map { Double($0.members) / Double(audience.members) }
        var lines: [Line] = []
        for (place, item) in template.items.enumerated() {
            for coupon in item.coupons {
                let cost = model.costs.share(of: coupon.offer.kind)
                lines.append(
                    Line(
                        item: place, offer: coupon.offer, copies: coupon.copies,
                        issued: groupShares.indices.map { group in
                            let items = given.map { Double($0[place][group]) }
                                ?? Double(item.quantity) * groupShares[group]
                            return items * Double(coupon.copies)
                        },
                        useMinor: cost.mean * Double(coupon.offer.worstMinor),
                        costSpread: cost.spread, costPriorShare: cost.priorShare))
            }
        }
        func held(_ item: Int, _ copies: Int) -> [(line: Int, copies: Int)] {
            lines.indices.filter { lines[$0].item == item }
                .map { (line: $0, copies: copies * lines[$0].copies) }
        }
        if let given {
            hands = audience.groups.enumerated().map { group, members in
                given.indices.filter { given[$0][group] > 0 }.map { item in
                    (Double(given[item][group]) / Double(members.members), held(item, 1))
                }
            }
        } else {
            let dealing = Dealing(template.items.map(\.quantity), members: audience.members)
            let dealt = dealing.hands.map { hand in
                (share: hand.share, lines: hand.items.flatMap { held($0.item, $0.copies) })
            }
            hands = audience.groups.map { _ in dealt }
        }
        self.lines = lines
        self.groupShares = groupShares
        groups = audience.groups
        overlap = model.prior.overlap
    }

    /// Of every line, by group.
    func places(in layout: EffectLayout) -> [[EffectLayout.Place]] {
        lines.map { line in
            groups.map { group in
                layout.place(
                    kind: line.offer.kind, faceMinor: line.offer.faceMinor,
                    segment: group.segment)
            }
        }
    }

    /// The expected conversions of a model.
    func shares(of model: ResponseModel) -> Shares {
        lines.map { line in
            groups.map { group in
                model.conversion(
                    kind: line.offer.kind, faceMinor: line.offer.faceMinor,
                    segment: group.segment)
            }
        }
    }

    /// Of every line, by group: `shares[line][group]`.
    typealias Shares = [[Double]]

    /// The expected converting members, as a share of the audience.
    func conversion(_ shares: Shares) -> Double {
        groupShares.indices.reduce(0) { sum, group in
            sum + groupShares[group]
                * hands[group].reduce(0) { sum, hand in
                    let held = hand.lines.lazy.map {
                        (share: shares[$0.line][group], copies: $0.copies)
                    }
                    return sum + hand.share * Combination.conversion(held, overlap: overlap)
                }
        }
    }

    /// The expected uses of a line.
    func uses(_ line: Int, _ shares: Shares) -> Double {
        zip(lines[line].issued, shares[line]).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// The expected cost, in minor units.
    func cost(_ shares: Shares) -> Double {
        lines.indices.reduce(0) { $0 + uses($1, shares) * lines[$1].useMinor }
    }

    /// What all coupons cost if all are used, in minor units.
    var fullCost: Double { lines.reduce(0) { $0 + $1.issued.reduce(0, +) * $1.useMinor } }

    /// The cost of a use if all cost the same and the whole cost varied as much as it does: uses
    /// of unlike costs vary as fewer, dearer ones would.
    func costUnit(_ shares: Shares) -> Double {
        var (cost, square) = (0.0, 0.0)
        for line in lines.indices {
            for group in groups.indices {
                let share = shares[line][group]
                let uses = lines[line].issued[group] * share * (1 - share)
                cost += uses * lines[line].useMinor
                square += uses * lines[line].useMinor * lines[line].useMinor
            }
        }
        return cost > 0 ? square / cost : 0
    }

    /// How unsure the costs of uses are, all at once: of the logarithm of the whole cost.
    func costSpread(_ shares: Shares) -> Double { byCost(shares, \.costSpread) }

    func costPriorShare(_ shares: Shares) -> Double { byCost(shares, \.costPriorShare) }

    /// The mean over lines, by what they are expected to cost.
    private func byCost(_ shares: Shares, _ value: KeyPath<Line, Double>) -> Double {
        let whole = cost(shares)
        if whole <= 0 { return 0 }
        return lines.indices.reduce(0) {
            $0 + uses($1, shares) * lines[$1].useMinor * lines[$1][keyPath: value]
        } / whole
    }
}
