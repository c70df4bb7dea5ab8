/// A coupon or a bundle that a template may hold: one of several versions of it, such as faces,
/// in one of several quantities.
package struct Candidate: Hashable, Sendable {
    /// Coupons that go together, one version after the other.
    package let versions: [[CouponCopies]]
    /// With 0 among them, a template may do without.
    package let quantities: [Int]

    /// Quantities in any order, none below 0; `search` refuses others.
    package init(_ versions: [[CouponCopies]], quantities: [Int]) {
        self.versions = versions.map { $0.sorted() }
        self.quantities = Set(quantities).sorted()
    }

    /// Quantities from the least to the most, both included, in so many equal steps.
    package init(_ versions: [[CouponCopies]], quantities: ClosedRange<Int>, steps: Int) {
        precondition(steps > 0, "a range is cut into one step or more")
        let width = Double(quantities.upperBound) - Double(quantities.lowerBound)
        let between = (0..<steps).map { step in
            quantities.lowerBound + Int(width * Double(step) / Double(steps))
        }
        self.init(versions, quantities: between + [quantities.upperBound])
    }
}

/// What every candidate can be, with what that costs and brings.
struct SearchSpace {
    /// One version of a candidate in one quantity.
    struct Level {
        /// Its place in `versions`.
        let version: Int
        let quantity: Int
        /// Expected, in minor units. Costs of levels add up.
        let costMinor: Double
        /// The conversion of the audience if nobody got anything else: together levels bring at
        /// most the sum of these, and exactly that while each member gets one item.
        let reach: Double
        /// Items by member.
        let perMember: Double
        /// How many of each coupon with a stock it issues, in the order of `stock`.
        let issued: [Int]
    }

    private struct Version {
        let coupons: [CouponCopies]
        /// By group, of every coupon: its conversion and copies.
        let shares: [[(share: Double, copies: Int)]]
        /// Expected, of one item.
        let costMinor: Double
        let conversion: Double
        /// By group, the conversion on its best coupon alone.
        let best: [Double]
    }

    /// Of every candidate, by cost, then by reach.
    let levels: [[Level]]
    private let versions: [Version]
    /// The places of versions in the order of a template's items.
    private let order: [Int]
    private let audience: Audience
    private let overlap: Double
    /// Of some coupons, how many all items together may issue.
    private let stock: [Int]
    /// How many items there may be together.
    private let items: Int

    /// - Parameters:
    ///   - stock: by the name of a coupon, how many all items together may issue.
    ///   - items: how many items there may be together.
    /// - Throws: `emptyCandidate`, `impossibleItem`, `moneyOverflow`.
    init(
        _ candidates: [Candidate], on audience: Audience, with model: ResponseModel,
        stock: [String: Int] = [:], items: Int = .max
    ) throws(OptimizerError) {
        try Self.check(candidates)
        var versions: [Version] = []
        var levels: [[Level]] = []
        for candidate in candidates {
            let first = versions.count
            versions += candidate.versions.map { Self.version($0, audience, model) }
            levels.append(
                Self.levels(
                    candidate, versions[first...], members: audience.members,
                    stocked: stock.keys.sorted()))
        }
        let sorted = versions.indices.sorted { one, other in
            versions[one].coupons == versions[other].coupons
                ? one < other
                : versions[one].coupons.lexicographicallyPrecedes(versions[other].coupons)
        }
        var order = [Int](repeating: 0, count: versions.count)
        for (place, version) in sorted.enumerated() { order[version] = place }
        (self.versions, self.levels, self.order) = (versions, levels, order)
        (self.audience, overlap) = (audience, model.prior.overlap)
        self.stock = stock.sorted { $0.key < $1.key }.map(\.value)
        self.items = items
    }

    /// Whether so many items, and so many of each coupon, may be issued.
    func allows(_ sum: Partial) -> Bool {
        sum.quantity <= items && zip(sum.issued, stock).allSatisfy { $0 <= $1 }
    }

    func allows(path: [Int]) -> Bool {
        if stock.isEmpty, items == .max { return true }
        var sum = Partial()
        for (candidate, level) in path.enumerated() { sum.add(levels[candidate][level]) }
        return allows(sum)
    }

    private static func check(_ candidates: [Candidate]) throws(OptimizerError) {
        var most: [TemplateItem] = []
        for (place, candidate) in candidates.enumerated() {
            guard let quantity = candidate.quantities.last, !candidate.versions.isEmpty else {
                throw .emptyCandidate(place)
            }
            let items = candidate.versions.map { TemplateItem($0, quantity: quantity) }
            let isPossible = items.allSatisfy(\.isPossible)
            if !isPossible || candidate.quantities[0] < 0 { throw .impossibleItem(place) }
            most += items
        }
        // Whatever is picked, it issues no more than all of this.
        _ = try Issue(Template(most))
    }

    private static func version(
        _ coupons: [CouponCopies], _ audience: Audience, _ model: ResponseModel
    ) -> Version {
        let sums = TrialSums(
            Template([TemplateItem(coupons, quantity: 1)]), on: audience, with: model)
        let shares = sums.shares(of: model)
        let held = sums.groups.indices.map { group in
            sums.lines.indices.map { (share: shares[$0][group], copies: sums.lines[$0].copies) }
        }
        let conversion = zip(sums.groupShares, held).reduce(0) {
            $0 + $1.0 * Combination.conversion($1.1, overlap: model.prior.overlap)
        }
        return Version(
            coupons: coupons, shares: held, costMinor: sums.cost(shares), conversion: conversion,
            best: held.map { $0.reduce(0) { max($0, $1.copies > 0 ? $1.share : 0) } })
    }

    private static func levels(
        _ candidate: Candidate, _ versions: ArraySlice<Version>, members: Int,
        stocked: [String]
    ) -> [Level] {
        var levels: [Level] = []
        for quantity in candidate.quantities {
            let perMember = Double(quantity) / Double(members)
            // None of one version is none of any.
            for version in quantity == 0 ? versions.indices.prefix(1) : versions.indices {
                levels.append(
                    Level(
                        version: version, quantity: quantity,
                        costMinor: Double(quantity) * versions[version].costMinor,
                        reach: perMember * versions[version].conversion, perMember: perMember,
                        issued: stocked.map { name in
                            quantity * versions[version].coupons.filter { $0.offer.name == name }
                                .reduce(0) { $0 + $1.copies }
                        }))
            }
        }
        return levels.sorted { ($0.costMinor, $0.reach) < ($1.costMinor, $1.reach) }
    }
}

extension SearchSpace {
    /// How many templates there are; infinite beyond what a number holds.
    var count: Double { levels.reduce(1) { $0 * Double($1.count) } }

    /// Of every level, what it adds to a bound of the conversion: the sum over the levels of a
    /// template, and `constant`, is at least its conversion.
    ///
    /// A member's conversion is at most overlap · the best coupon + (1 − overlap) · the sum of
    /// all items. Of the best coupons only one a member counts, so their mean over members is at
    /// most `least` + the sum of what each item's best has beyond `least`, for any `least` from
    /// 0: the dual of handing each member one best coupon.
    func gains(beyond least: Double) -> (byLevel: [[Double]], constant: Double) {
        func mean(_ values: [Double], _ change: (Double) -> Double) -> Double {
            zip(audience.groups, values).reduce(0) { sum, group in
                let share = Double(group.0.members) / Double(audience.members)
                return sum + share * change(group.1)
            }
        }
        let ofBest = versions.map { version in
            (mean(version.best) { $0 }, mean(version.best) { max(0, $0 - least) })
        }
        let gains = levels.map { levels in
            levels.map { level in
                let (best, beyond) = ofBest[level.version]
                return level.reach - overlap * level.perMember * best
                    + overlap * min(1, level.perMember) * beyond
            }
        }
        return (gains, overlap * least)
    }

    /// The highest conversion on one coupon.
    var bestShare: Double { versions.reduce(0) { max($0, $1.best.max() ?? 0) } }

    /// Of the candidates from each place on, the sum of a value; the last sum is of none.
    func sumsFromEnd(_ value: ([Level]) -> Double) -> [Double] {
        levels.map(value).sumsFromEnd()
    }

    /// - Parameter path: of every candidate, the place of its level.
    func template(_ path: [Int], theme: ThemeWords) -> Template {
        let items = path.indices.map { candidate in
            let level = levels[candidate][path[candidate]]
            return TemplateItem(versions[level.version].coupons, quantity: level.quantity)
        }
        return Template(items.filter { $0.quantity > 0 }, theme: theme)
    }

    func outcome(_ path: [Int]) throws(OptimizerError) -> Outcome {
        var sum = Partial()
        for (candidate, level) in path.enumerated() { sum.add(levels[candidate][level]) }
        return try outcome(path, sum)
    }

    /// - Parameter sum: of the path's levels.
    func outcome(_ path: [Int], _ sum: Partial) throws(OptimizerError) -> Outcome {
        Outcome(
            costMinor: try minorUnits(sum.costMinor),
            conversion: sum.quantity <= audience.members ? sum.reach : dealt(path))
    }

    /// The conversion when some members get several items.
    private func dealt(_ path: [Int]) -> Double {
        let items = path.indices.map { levels[$0][path[$0]] }.filter { $0.quantity > 0 }
            .sorted { (order[$0.version], $0.quantity) < (order[$1.version], $1.quantity) }
        let dealing = Dealing(items.map(\.quantity), members: audience.members)
        var sum = 0.0
        for (place, group) in audience.groups.enumerated() {
            for hand in dealing.hands {
                let held = hand.items.lazy.flatMap { item in
                    versions[items[item.item].version].shares[place].lazy.map {
                        (share: $0.share, copies: $0.copies * item.copies)
                    }
                }
                sum += Double(group.members) / Double(audience.members) * hand.share
                    * Combination.conversion(held, overlap: overlap)
            }
        }
        return sum
    }

    /// Of the levels picked so far.
    struct Partial {
        var costMinor = 0.0
        var reach = 0.0
        var quantity = 0
        var issued: [Int] = []

        mutating func add(_ level: Level) {
            if issued.isEmpty {
                issued = level.issued
            } else {
                for place in issued.indices { issued[place] += level.issued[place] }
            }
            costMinor += level.costMinor
            reach += level.reach
            quantity += level.quantity
        }
    }
}

extension [Double] {
    /// From each place on, the sum; the last one is of nothing.
    func sumsFromEnd() -> [Double] {
        var sums = [0.0]
        for value in reversed() { sums.append(value + sums[sums.count - 1]) }
        return sums.reversed()
    }
}
