import Foundation
import PitchEngine
import Testing

/// What a member may hold: per member at most, exclusive, stacks with; and what a budget reserves.
@Suite("What members hold")
struct HoldingTests {
    private func buy(_ shop: TestShop, _ members: String, at time: String) throws {
        for member in members {
            try shop.append(
                "orders.csv", "o-\(member)-\(time),\(member),2026-04-\(time),150,,,1")
        }
    }

    /// A shop whose pack holds one coupon: two exclusive ones in a pack do not compile.
    private func shop(_ strategies: String, coupon: String, extra: String = "") throws -> TestShop {
        let shop = try TestShop(strategies, coupon: coupon, extra: extra)
        let script = try String(
            contentsOf: shop.folder.appending(path: "shop.pitch"), encoding: .utf8)
        try shop.write("shop.pitch", script.replacing("2 x off20", with: "off20"))
        return shop
    }

    @Test("of a coupon nobody gets more than 'per member at most', ever")
    func perMember() throws {
        let shop = try TestShop(TestShop.purchases(), coupon: "per member at most 2")
        try shop.run("2026-04-02 10:00")
        for minute in 11...13 { try buy(shop, "a", at: "02 10:\(minute)") }
        try buy(shop, "b", at: "02 10:14")
        try shop.workspace("2026-04-02 10:30").load()
        let preview = try shop.preview("2026-04-02 10:30")
        #expect(preview.outcomes == ["issued": 3, "per member": 1])
        #expect(try shop.run("2026-04-02 10:30").outcomes == preview.outcomes)
        // Long expired, still counted.
        try buy(shop, "ab", at: "30 10:10")
        #expect(try shop.run("2026-04-30 10:30").outcomes == ["issued": 1, "per member": 1])
    }

    @Test("a pack counts its coupons")
    func perMemberPacks() throws {
        let shop = try TestShop(
            TestShop.purchases().replacing("give off20", with: "give pack"),
            coupon: "per member at most 3")
        try shop.run("2026-04-02 10:00")
        try buy(shop, "a", at: "02 10:10")
        try buy(shop, "a", at: "02 10:11")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 1, "per member": 1])
    }

    @Test(
        "coupons that do not go together are not held together, in either order",
        arguments: [
            ("exclusive", "stock 9", false), ("stock 9", "exclusive", false),
            ("stock 9", "stock 9", true), ("stacks with other", "stock 9", true),
            ("stacks with other", "stacks with off20", true),
            ("stock 9", "stacks with third", false), ("stacks with third", "stock 9", false),
        ])
    func conflict(coupon: String, other: String, together: Bool) throws {
        let third = "\ncoupon third { kind cash, face 1 CNY, valid 3 days }"
        let shop = try shop(
            TestShop.purchases("priority 2", name: "first") + "\n"
                + TestShop.purchases(name: "second").replacing("give off20", with: "give other"),
            coupon: coupon,
            extra: "coupon other { kind cash, face 5 CNY, valid 3 days, \(other) }" + third)
        try shop.run("2026-04-02 10:00")
        try buy(shop, "a", at: "02 10:10")
        try shop.workspace("2026-04-02 10:30").load()
        let preview = try shop.preview("2026-04-02 10:30").outcomes
        let expected = together ? ["issued": 2] : ["issued": 1, "coupon conflict": 1]
        #expect(preview == expected)
        #expect(try shop.run("2026-04-02 10:30").outcomes == expected)
        #expect(try shop.outcomes("a", in: "spring.first") == ["issued"])
    }

    @Test("an exclusive coupon is held once at a time, and again when it is over")
    func exclusiveAgain() throws {
        let shop = try shop(TestShop.purchases(), coupon: "exclusive")
        try shop.run("2026-04-02 10:00")
        try buy(shop, "a", at: "02 10:10")
        try buy(shop, "a", at: "02 10:11")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 1, "coupon conflict": 1])
        try buy(shop, "a", at: "16 10:10")
        #expect(try shop.run("2026-04-16 10:30").outcomes == ["coupon conflict": 1])
        try buy(shop, "a", at: "17 10:10")
        #expect(try shop.run("2026-04-17 10:30").outcomes == ["issued": 1])
    }

    @Test("a budget of what is expected reserves the expected use, and says so")
    func expectedBudget() throws {
        // 20 CNY × 12 % = 2.40, and a message of 0.05.
        let shop = try TestShop(
            TestShop.purchases(), budget: "budget 4.90 CNY expected", coupon: "expect use 12%")
        try shop.run("2026-04-02 10:00")
        try buy(shop, "abe", at: "02 10:10")
        try shop.workspace("2026-04-02 10:30").load()
        let preview = try shop.preview("2026-04-02 10:30")
        let report = try shop.run("2026-04-02 10:30")
        #expect(report.outcomes == ["issued": 2, "budget": 1])
        let cost = try #require(report.costs.first)
        #expect(cost.reservesExpected)
        #expect((cost.reservedMinor, cost.realisedMinor, cost.leftMinor) == (480, 10, 0))
        #expect(cost.expectedMinor == 480)
        #expect(preview.costs == report.costs)
    }

    @Test("without 'expect use' the expected cost is unknown, and 0 only when nothing is open")
    func unknownExpectation() throws {
        let shop = try TestShop(TestShop.purchases())
        try shop.run("2026-04-02 10:00")
        #expect(try shop.workspace("2026-04-02 10:00").status().plans[0].cost.expectedMinor == 0)
        try buy(shop, "a", at: "02 10:10")
        let cost = try #require(try shop.run("2026-04-02 10:30").costs.first)
        #expect(cost.expectedMinor == nil)
        #expect(cost.leftMinor == nil)
    }

    @Test("sums of amounts at the end of 64 bits refuse, and never trap")
    func enormous() throws {
        let shop = try TestShop(
            TestShop.purchases().replacing("give off20", with: "give huge"),
            extra: """
                coupon huge {
                    kind cash
                    face 90_000_000_000_000_000 CNY
                    valid 7 days
                    expect use 100%
                }
                """)
        try shop.run("2026-04-02 10:00")
        try buy(shop, "ab", at: "02 10:10")
        let report = try shop.run("2026-04-02 10:30")
        #expect(report.outcomes == ["issued": 1, "budget": 1])
        let cost = try #require(report.costs.first)
        #expect(cost.reservedMinor == 9_000_000_000_000_000_000)
        #expect(cost.expectedMinor == 9_000_000_000_000_000_000)
        #expect(try shop.run("2026-04-20 10:30").expired == 1)
    }

    @Test("a coupon that nothing bounds is told apart from one that costs nothing")
    func unbounded() throws {
        let shop = try TestShop(
            TestShop.purchases().replacing("give off20", with: "give tenth"),
            extra: "coupon tenth { kind percent, face 10%, valid 7 days, expect use 5% }")
        try shop.run("2026-04-02 10:00")
        try buy(shop, "ab", at: "02 10:10")
        let cost = try #require(try shop.run("2026-04-02 10:30").costs.first)
        #expect((cost.reservedMinor, cost.unbounded) == (0, 2))
        #expect(cost.expectedMinor == nil)
    }
}
