import Foundation
import PitchEngine
import PitchStore
import PitchTestSupport
import Testing

/// Whether trials get better by what became of their templates: through scripts, store and engine.
@Suite struct LearningShopTests {
    private static let members = 800
    private static let rounds = 3

    /// A made-up business: how likely members use what they get, drawn from what the model believes
    /// without history.
    private struct World {
        private var random: SeededGenerator
        private let levels: [String: Double]
        private let elasticity: Double
        private let vips: Double

        init(seed: UInt64) {
            random = SeededGenerator(seed: seed)
            let level = log(0.05 / 0.95) + Self.normal(&random)
            levels = [
                "off": level + 0.7 * Self.normal(&random),
                "mug": level + 0.7 * Self.normal(&random),
            ]
            elasticity = 0.5 * exp(0.5 * Self.normal(&random))
            vips = 0.4 * Self.normal(&random)
        }

        private static func normal(_ random: inout SeededGenerator) -> Double {
            let (one, other) = (
                Double.random(in: 0..<1, using: &random), Double.random(in: 0..<1, using: &random)
            )
            return (-2 * log(1 - one)).squareRoot() * cos(2 * Double.pi * other)
        }

        mutating func luck() -> Double { 0.15 * Self.normal(&random) }

        mutating func isUsed(_ coupon: LedgerCoupon, luck: Double) -> Bool {
            let face = Double(coupon.coupon.dropFirst(3)) ?? 10
            let isVip = Int(coupon.member.dropFirst())?.isMultiple(of: 2) == true
            let odds = (levels[String(coupon.coupon.prefix(3))] ?? 0)
                + elasticity * log(face / 20) + (isVip ? vips : 0) + luck
            return Double.random(in: 0..<1, using: &random) < 1 / (1 + exp(-odds))
        }
    }

    private func shop() throws -> ThemeShop {
        let strategies = (1...Self.rounds).map {
            ThemeShop.once("picked from autumn", day: "2026-0\($0 + 1)-02", name: "s\($0)")
        }
        let shop = try ThemeShop(
            strategies.joined(separator: "\n"),
            goals: """
                theme autumn {
                    about "apparel"
                    audience vips or others
                    from [off10, off20, off50, mug]
                    quantity 0 to \(Self.members) in 5 steps
                }
                goal capped { maximize conversion, keep cost at most 800 CNY }
                """, members: Self.members)
        try shop.write(
            "history.csv", "campaign,theme,kind,face,segment,issued,converted,cost\n")
        return shop
    }

    private func coupons(_ shop: ThemeShop) throws -> [LedgerCoupon] {
        try shop.records { try $0.coupons(of: nil, limit: 100_000) }
    }

    /// Optimises, picks, issues, and lets members use what they got.
    /// - Returns: by how much the trial of the picked template was wrong.
    private func round(
        _ number: Int, in shop: ThemeShop, _ world: inout World
    ) throws -> (cost: Double, conversion: Double) {
        let month = "2026-0\(number + 1)"
        try shop.workspace("\(month)-01 08:00").load()
        let report = try shop.workspace("\(month)-01 09:00")
            .optimize(theme: "autumn", for: "capped")
        let best = try #require(report.found.first)
        let before = best.actual
        _ = try shop.workspace("\(month)-01 09:10").pick(best.number, for: "s\(number)")
        let known = Set(try coupons(shop).map(\.code))
        try shop.run("\(month)-02 10:00")
        let issued = try coupons(shop).filter { !known.contains($0.code) }
        #expect(issued.count == best.items.reduce(0) { $0 + $1.quantity })
        let luck = world.luck()
        let used = issued.filter { world.isUsed($0, luck: luck) }
        let rows = used.enumerated().map { place, coupon in
            let paid = (Double(coupon.coupon.dropFirst(3)) ?? 10) * 0.7
            return "r\(number)-\(place),\(coupon.code),\(coupon.member),\(month)-03 12:00,"
                + "\(paid)0\n"
        }
        try shop.write(
            "uses\(number).csv", "row,code,member,at,discount\n" + rows.joined())
        try shop.workspace("\(month)-20 09:00").load()
        let listed = try shop.workspace("\(month)-20 09:00").templates().templates
        let actual = try #require(listed.first { $0.number == best.number }?.actual)
        #expect(actual.used - (before?.used ?? 0) == used.count)
        let cost = Double(actual.costMinor - (before?.costMinor ?? 0))
        return (
            abs(Double(best.trial.numbers.costMinor) - cost),
            abs(best.trial.numbers.conversion - Double(used.count) / Double(Self.members))
        )
    }

    private func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }

    /// 30 worlds, three rounds each.
    @Test func errorsFallFromRoundToRound() throws {
        var errors = Array(
            repeating: [(cost: Double, conversion: Double)](), count: Self.rounds)
        for seed in 900..<930 as Range<UInt64> {
            var world = World(seed: seed)
            let shop = try shop()
            for number in 1...Self.rounds {
                errors[number - 1].append(try round(number, in: shop, &world))
            }
        }
        let cost = errors.map { median($0.map(\.cost)) }
        let conversion = errors.map { median($0.map(\.conversion)) }
        #expect(cost[2] <= 0.6 * cost[0], "\(cost)")
        #expect(conversion[2] <= 0.6 * conversion[0], "\(conversion)")
    }
}
