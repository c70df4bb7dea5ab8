/// What a template is expected to bring and to cost. Money is in minor units, shares are of one.
package struct Trial: Hashable, Sendable {
    /// T: what the uses are expected to cost.
    package let costMinor: Int64
    /// At least nine campaigns of ten cost this much.
    package let costInterval: ClosedRange<Int64>
    /// P: the expected converting members ÷ the whole audience.
    package let conversion: Double
    /// In at least nine campaigns of ten, P lies here.
    package let conversionInterval: ClosedRange<Double>
    /// Every coupon issued, used, and at its worst: what issuing reserves.
    package let reservedMinor: Int64
    /// As many uses as the upper end of `costInterval` stands for, each at its worst.
    package let worstCaseMinor: Int64
    /// Coupons, those in bundles included.
    package let issued: Int
    /// The expected converting members ÷ the items issued; 0 when none are. To look at only: it
    /// is highest for the fewest, dearest coupons.
    package let convertedPerIssued: Double
    /// 0 to 1: how much of P is prior and not history.
    package let priorShare: Double
    /// 0 to 1: how much of the cost of a use is prior and not history, by its part of T.
    package let costPriorShare: Double
}

/// Tries a template on an audience.
/// - Parameter given: how many members of each of the audience's groups get one of each of the
///   template's items, `[item][group]`, and nothing else; nil: the items are dealt round.
/// - Throws: `impossibleItem`, `moneyOverflow`.
package func trial(
    _ template: Template, on audience: Audience, with model: ResponseModel,
    given: [[Int]]? = nil
) throws(OptimizerError) -> Trial {
    let issue = try Issue(template)
    let sums = TrialSums(template, on: audience, with: model, given: given)
    let shares = sums.shares(of: model)
    let conversion = sums.conversion(shares)
    let reached = min(audience.members, issue.items)
    let converting = ConvertingMembers(sums, model, reached: reached, of: audience.members)
    let cost = CostRange(sums, model, shares)
    let converted = conversion * Double(audience.members)
    return Trial(
        costMinor: try minorUnits(sums.cost(shares)), costInterval: try cost.interval(),
        conversion: conversion, conversionInterval: converting.interval,
        reservedMinor: issue.reservedMinor,
        worstCaseMinor: min(issue.reservedMinor, try cost.worstCase(of: issue.reservedMinor)),
        issued: issue.coupons,
        convertedPerIssued: issue.items > 0 ? converted / Double(issue.items) : 0,
        priorShare: converting.priorShare, costPriorShare: sums.costPriorShare(shares))
}

/// What one member of a segment who gets coupons together is expected to bring and to cost.
package struct Expectation: Hashable, Sendable {
    /// The probability that the member converts.
    package let conversion: Double
    /// What the uses are expected to cost, in minor units.
    package let costMinor: Double
}

/// - Throws: `impossibleItem`, `moneyOverflow`.
package func expectation(
    of coupons: [CouponCopies], in segment: String?, with model: ResponseModel
) throws(OptimizerError) -> Expectation {
    let template = Template([TemplateItem(coupons, quantity: 1)])
    _ = try Issue(template)
    let member = try Audience([Audience.Group(segment: segment, members: 1)])
    let sums = TrialSums(template, on: member, with: model)
    let shares = sums.shares(of: model)
    return Expectation(conversion: sums.conversion(shares), costMinor: sums.cost(shares))
}

/// Rounded half to even.
func minorUnits(_ amount: Double) throws(OptimizerError) -> Int64 {
    guard let minor = Int64(exactly: amount.rounded(.toNearestOrEven)) else {
        throw .moneyOverflow
    }
    return minor
}

/// What is issued, counted exactly.
struct Issue {
    private(set) var items = 0
    private(set) var coupons = 0
    private(set) var reservedMinor: Int64 = 0

    init(_ template: Template) throws(OptimizerError) {
        for (place, item) in template.items.enumerated() {
            if !item.isPossible { throw .impossibleItem(place) }
            items = try Self.sum(items, 1, item.quantity)
            for coupon in item.coupons {
                let count = try Self.sum(0, item.quantity, coupon.copies)
                coupons = try Self.sum(coupons, 1, count)
                reservedMinor = try Self.sum(
                    reservedMinor, Int64(count), coupon.offer.worstMinor)
            }
        }
    }

    private static func sum<Count: FixedWidthInteger>(
        _ start: Count, _ one: Count, _ other: Count
    ) throws(OptimizerError) -> Count {
        let (product, tooMuch) = one.multipliedReportingOverflow(by: other)
        let (sum, over) = start.addingReportingOverflow(product)
        if tooMuch || over { throw .moneyOverflow }
        return sum
    }
}

/// How many of the members that get an item convert.
private struct ConvertingMembers {
    let interval: ClosedRange<Double>
    let priorShare: Double

    init(_ sums: TrialSums, _ model: ResponseModel, reached: Int, of members: Int) {
        if reached == 0 {
            (interval, priorShare) = (0...0, 0)
            return
        }
        let most = Double(reached) / Double(members)
        let parts = model.fits.map {
            TrialUncertainty(of: sums.conversion, most: most, sums, model, under: $0.fit)
        }
        let counts = CountDistribution(
            zip(model.fits, parts).map {
                .init(weight: $0.probability, mean: $1.mean, variance: $1.variance)
            }, members: Double(reached)
        ).ninetyPercent
        interval = Double(counts.lowerBound) / Double(members)
            ... Double(counts.upperBound) / Double(members)
        priorShare = model.mean(parts.map(\.priorShare))
    }
}

/// What the uses cost: a count of uses of one cost that varies as the real ones do.
private struct CostRange {
    private let unitMinor: Double
    private let fullMinor: Double
    private let uses: ClosedRange<Int>

    init(_ sums: TrialSums, _ model: ResponseModel, _ shares: TrialSums.Shares) {
        (unitMinor, fullMinor) = (sums.costUnit(shares), sums.fullCost)
        if unitMinor <= 0 {
            uses = 0...0
            return
        }
        let most = fullMinor
        let spread = sums.costSpread(shares)
        let parts = model.fits.map { one in
            let cost = TrialUncertainty(of: sums.cost, most: most, sums, model, under: one.fit)
            // The slope of log odds by the logarithm is 1 ÷ the share that is left.
            let byCost = spread / (1 - min(logistic(cost.mean), 0.999))
            return CountDistribution.Part(
                weight: one.probability, mean: cost.mean,
                variance: cost.variance + byCost * byCost)
        }
        uses = CountDistribution(parts, members: fullMinor / unitMinor).ninetyPercent
    }

    func interval() throws(OptimizerError) -> ClosedRange<Int64> {
        let low = try minorUnits(min(fullMinor, Double(uses.lowerBound) * unitMinor))
        return low...max(low, try minorUnits(min(fullMinor, Double(uses.upperBound) * unitMinor)))
    }

    func worstCase(of reservedMinor: Int64) throws(OptimizerError) -> Int64 {
        if fullMinor <= 0 { return 0 }
        let share = min(1, Double(uses.upperBound) * unitMinor / fullMinor)
        return share == 1 ? reservedMinor : try minorUnits(share * Double(reservedMinor))
    }
}
