import PitchEngine
import Testing

/// `success is … within …`: which issued outcomes are converted.
@Suite struct SuccessTests {
    /// Two members get an offer at 10:30; `success` counts until 10:30 two days later.
    private func shop(_ success: String = "success is orders within 2 days") throws -> TestShop {
        let shop = try TestShop(TestShop.purchases(success))
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,150,,,1", "o2,b,2026-04-02 10:20,150,,,1")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 2])
        return shop
    }

    private func success(
        _ shop: TestShop, at instant: String, loading: Bool = true
    ) throws -> StatusReport.SuccessGroup? {
        if loading { try shop.workspace(instant).load() }
        return try shop.workspace(instant).status().plans[0].strategies[0].success?.issued
    }

    @Test(arguments: [
        ("2026-04-02 10:30", 0), ("2026-04-02 10:30:00.001", 1),
        ("2026-04-04 10:30", 1), ("2026-04-04 10:30:00.001", 0),
    ])
    func windowIsOpenOnTheLeftAndClosedOnTheRight(at: String, converted: Int) throws {
        let shop = try shop()
        try shop.append("orders.csv", "x,a,\(at),1,,,1")
        let state = try #require(try success(shop, at: "2026-04-09 12:00"))
        #expect(state.members == 2)
        #expect(state.inWindow == 0)
        #expect(state.converted == converted)
        #expect(state.rate == Double(converted) / 2)
    }

    @Test func onlyWhatHasComeCounts() throws {
        let shop = try shop()
        try shop.append("orders.csv", "x,a,2026-04-03 12:00,1,,,1")
        let before = try success(shop, at: "2026-04-03 11:59:59.999")
        #expect(before == .init(members: 2, inWindow: 2, converted: 0))
        let then = try success(shop, at: "2026-04-03 12:00")
        #expect(then == .init(members: 2, inWindow: 2, converted: 1))
        let last = try success(shop, at: "2026-04-04 10:29:59.999")
        #expect(last == .init(members: 2, inWindow: 2, converted: 1))
        #expect(
            try success(shop, at: "2026-04-04 10:30")
                == .init(members: 2, inWindow: 0, converted: 1))
    }

    @Test(arguments: [
        ("amount >= 100 CNY", 1), ("city = \"Beijing\" and amount < 100 CNY", 1),
        ("amount >= 100 CNY and count(orders) >= 3", 1), ("amount > 200 CNY", 0),
        ("category = \"shoes\"", 0),
    ])
    func filterIsTrueForOneEvent(filter: String, converted: Int) throws {
        let shop = try shop("success is orders where \(filter) within 2 days")
        try shop.append(
            "orders.csv", "x1,a,2026-04-02 11:00,99,,,1", "x2,a,2026-04-02 12:00,200,,,1",
            "x3,b,2026-04-02 12:00,99.99,,,1", "x4,c,2026-04-02 12:00,500,,,1")
        #expect(try success(shop, at: "2026-04-02 13:00")?.converted == converted)
    }

    @Test func lateEventsCountOnceHoweverOftenAsked() throws {
        let shop = try shop()
        #expect(try success(shop, at: "2026-05-02 10:00")?.converted == 0)
        try shop.append(
            "orders.csv", "x1,b,2026-04-03 10:00,1,,,1", "x2,b,2026-04-03 11:00,1,,,1")
        #expect(try success(shop, at: "2026-05-02 10:00", loading: false)?.converted == 0)
        for _ in 0..<2 {
            #expect(
                try success(shop, at: "2026-05-02 10:00")
                    == .init(members: 2, inWindow: 0, converted: 1))
        }
        try shop.run("2026-05-02 11:00")
        #expect(try success(shop, at: "2026-05-02 11:00")?.converted == 1)
    }

    @Test func onlyIssuedOutcomesHaveAWindow() throws {
        let shop = try shop("at most once\n success is orders within 2 days")
        try shop.append("orders.csv", "o3,a,2026-04-02 10:40,150,,,1")
        #expect(try shop.run("2026-04-02 11:00").outcomes == ["at most": 1])
        let state = try success(shop, at: "2026-04-02 11:00")
        #expect(state == .init(members: 2, inWindow: 2, converted: 1))
        let windows = try shop.records { try $0.outcomes(inRun: 3).map(\.successUntil) }
        #expect(windows == [nil])
    }

    /// Events without an hour lie at the beginning of their day.
    @Test(arguments: [("2026-04-02", 0), ("2026-04-03", 1), ("2026-04-04", 1), ("2026-04-05", 0)])
    func eventsDatedByDay(day: String, converted: Int) throws {
        let shop = try TestShop(
            TestShop.purchases("success is orders within 2 days"), at: "at at date")
        try shop.run("2026-04-02 10:00")
        try shop.append("orders.csv", "o1,a,2026-04-02,150,,,1")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 1])
        try shop.append("orders.csv", "x,a,\(day),1,,,1")
        #expect(try success(shop, at: "2026-04-09 12:00")?.converted == converted)
    }

    /// A scene is fed by all data sets that name it; an event of any of them is a success, once.
    @Test func aSceneCountsAllItsDataSets() throws {
        let shop = try TestShop(
            TestShop.purchases("success is purchase where amount > 5 CNY within 2 days"),
            extra: """
                events tills from csv "tills.csv" {
                    scene purchase
                    key till_id
                    member member_id
                    at at
                    amount money CNY
                }
                """)
        try shop.write("tills.csv", "till_id,member_id,at,amount\n")
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,150,,,1", "o2,b,2026-04-02 10:20,150,,,1")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 2])
        try shop.append("tills.csv", "t1,a,2026-04-02 11:00,9", "t2,b,2026-04-02 11:00,4")
        #expect(try success(shop, at: "2026-04-02 12:00")?.converted == 1)
        try shop.append("orders.csv", "o3,a,2026-04-02 11:00,99,,,1", "o4,b,2026-04-02 11:00,7,,,1")
        #expect(try success(shop, at: "2026-04-02 12:00")?.converted == 2)
    }

    @Test func aStrategyWithoutSuccessHasNone() throws {
        let shop = try TestShop(TestShop.purchases())
        try shop.run("2026-04-02 10:00")
        #expect(try success(shop, at: "2026-04-02 10:00") == nil)
    }
}
