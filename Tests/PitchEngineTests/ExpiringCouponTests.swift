import PitchEngine
import PitchStore
import Testing

/// `coupon off20 expiring in 3 days`: issued coupons that are not used, a few days before they end.
@Suite struct ExpiringCouponTests {
    /// Issues a coupon on 2 April, whose last day is the 16th.
    private func shop(_ line: String = "coupon off20 expiring in 3 days", _ clauses: String = "")
        throws -> TestShop
    {
        let shop = try TestShop(
            """
                strategy reminder {
                    when \(line)
                    give gift
                    no limit
                    every 1 day
                    \(clauses)
                }
                \(TestShop.purchases())
            """, extra: "coupon gift { kind cash, face 1 CNY, valid 3 days }")
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,150,,,1", "o2,b,2026-04-02 10:10,150,,,1")
        try shop.run("2026-04-02 10:30")
        return shop
    }

    @Test func threeDaysBeforeTheLastDayAtNine() throws {
        let shop = try shop(
            "coupon off20 expiring in 3 days where city = \"Shanghai\"",
            "if this.expires = 2026-04-16")
        #expect(try shop.run("2026-04-13 08:59").audience == 0)
        #expect(try shop.run("2026-04-13 09:00").outcomes == ["issued": 1])
        #expect(
            try shop.decided("a", in: "spring.reminder")
                == ["coupon off20 expiring in 3 days 2026-04-16 issued"])
        #expect(try shop.run("2026-04-14 09:00").audience == 0)
        #expect(try shop.records { try $0.issuedCoupons() } == ["off20": 2, "gift": 1])
    }

    @Test func lateIsTooLate() throws {
        #expect(try shop().run("2026-04-14 09:00").outcomes == ["issued": 2])
        #expect(try shop().run("2026-04-14 09:00:00.001").outcomes == ["too late": 2])
        #expect(
            try shop("coupon off20 expiring in 3 days", "fresh for 2 days").run("2026-04-15 09:00")
                .outcomes == ["issued": 2])
    }

    /// A coupon that lasts less long than the days before its end was never about to expire.
    @Test func couponOfToday() throws {
        let shop = try shop("coupon off20 expiring in 14 days")
        #expect(try shop.run("2026-04-03 09:00").audience == 0)
    }

    @Test func usedCouponsAreLeftOut() throws {
        let shop = try shop()
        try shop.execute("UPDATE coupon SET state = 'used' WHERE member = 'a'")
        #expect(try shop.run("2026-04-13 10:00").outcomes == ["issued": 1])
        #expect(try shop.decided("a", in: "spring.reminder") == [])
    }

    @Test func previewAndRunAgree() throws {
        let shop = try shop()
        let preview = try shop.preview("2026-04-13 10:00")
        #expect(
            preview.decisions.map(\.occurrence)
                == Array(repeating: "coupon off20 expiring in 3 days 2026-04-16", count: 2))
        #expect(try shop.run("2026-04-13 10:00").outcomes == preview.outcomes)
    }

    /// After quiet hours it is judged again: what was used meanwhile is not reminded of.
    @Test func quietHoursKeepWhatIsKnownOfIt() throws {
        let shop = try shop(
            "coupon off20 expiring in 3 days",
            "quiet 08:30 to 12:00 and defer\nif this.expires = 2026-04-16")
        #expect(try shop.run("2026-04-13 10:00").outcomes == ["deferred": 2])
        try shop.execute("UPDATE coupon SET state = 'used' WHERE member = 'a'")
        #expect(try shop.run("2026-04-13 12:00").outcomes == ["issued": 1, "too late": 1])
        #expect(
            try shop.decided("b", in: "spring.reminder")
                == ["coupon off20 expiring in 3 days 2026-04-16 issued"])
    }
}
