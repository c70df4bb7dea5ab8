import Foundation
import PitchEngine
import PitchSchema
import Testing

/// Members who get nothing, to compare with, and strategies that were renamed.
@Suite struct HoldOutTests {
    private static func shop(_ share: String, _ clauses: String = "") throws -> TestShop {
        let shop = try TestShop(
            TestShop.purchases("hold out \(share)\nsuccess is purchase within 7 days\n\(clauses)"))
        var members = "id,city,born,phone,sms_ok\n"
        for number in 0..<1000 { members += "m\(number),Beijing,,\(number),yes\n" }
        try shop.write("members.csv", members)
        try shop.run("2026-04-02 10:00")
        return shop
    }

    private static func buy(_ shop: TestShop, _ minute: Int) throws {
        var rows = "order_id,member_id,at,amount,category,basket,quantity\n"
        for number in 0..<1000 {
            rows += "o\(minute)-\(number),m\(number),2026-04-02 10:\(minute),150,,,1\n"
        }
        try shop.write("orders-\(minute).csv", rows)
    }

    private static func heldOut(_ shop: TestShop, _ run: Int64) throws -> Set<String> {
        Set(
            try shop.records { try $0.outcomes(inRun: run) }
                .filter { $0.outcome == "held out" }.map(\.member))
    }

    @Test func aShareIsHeldOutWithTheSameWindow() throws {
        let shop = try Self.shop("10%")
        try Self.buy(shop, 11)
        let report = try shop.run("2026-04-02 10:30")
        let out = try Self.heldOut(shop, report.run)
        #expect(report.outcomes == ["held out": out.count, "issued": 1000 - out.count])
        #expect((70...130).contains(out.count), "\(out.count)")
        // The first 8 bytes of SHA-256("holdout/spring.buyers" 1F key), modulo a million.
        for number in 0..<1000 {
            let draw = SHA256.draw(salt: "holdout/spring.buyers", key: "m\(number)") % 1_000_000
            #expect(out.contains("m\(number)") == (draw < 100_000))
        }
        #expect(report.issued == 1000 - out.count)
        let windows = try shop.records { try $0.outcomes(inRun: report.run).map(\.successUntil) }
        #expect(Set(windows).count == 1 && windows[0] != nil)
        try shop.append("orders.csv", "x1,\(out.sorted()[0]),2026-04-03 10:00,5,,,1")
        try shop.run("2026-04-03 12:00")
        let status = try shop.workspace("2026-04-03 12:00").status()
        let success = try #require(status.plans[0].strategies[0].success)
        #expect(success.heldOut.members == out.count && success.heldOut.converted == 1)
        #expect(success.issued.members == 1000 - out.count && success.issued.converted == 0)
    }

    /// Who is out stays out, under a new name as well; a larger share only adds.
    @Test func aRaisedShareKeepsThoseWhoWereOut() throws {
        let shop = try Self.shop("10%")
        try Self.buy(shop, 11)
        let first = try Self.heldOut(shop, shop.run("2026-04-02 10:30").run)
        let script = shop.folder.appending(path: "shop.pitch")
        let text = try String(contentsOf: script, encoding: .utf8)
            .replacing("strategy buyers {", with: "strategy shoppers {\nwas buyers")
            .replacing("hold out 10%", with: "hold out 30%")
        try shop.write("shop.pitch", text)
        try Self.buy(shop, 31)
        let second = try Self.heldOut(shop, shop.run("2026-04-02 11:00").run)
        #expect(second.isSuperset(of: first) && second.count > first.count)
        #expect(try shop.outcomes("m0", in: "spring.shoppers").count == 2)
        #expect(try shop.outcomes("m0", in: "spring.buyers").isEmpty)
    }

    /// A renamed strategy gives nobody again what it gave under its old name.
    @Test func aRenamedStrategyRemembers() throws {
        let shop = try TestShop(TestShop.purchases("at most once"))
        try shop.run("2026-04-02 10:00")
        try shop.append("orders.csv", "o1,a,2026-04-02 10:10,150,,,1")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 1])
        let script = shop.folder.appending(path: "shop.pitch")
        try shop.write(
            "shop.pitch",
            String(contentsOf: script, encoding: .utf8)
                .replacing("strategy buyers {", with: "strategy shoppers {\nwas buyers"))
        try shop.append("orders.csv", "o2,a,2026-04-02 10:40,150,,,1")
        let status = try shop.workspace("2026-04-02 10:50").status()
        #expect(status.plans[0].strategies[0].outcomes == ["issued": 1])
        #expect(try shop.run("2026-04-02 11:00").outcomes == ["at most": 1])
    }

    /// Held out comes before budget and stock, and after 'at most', and counts for it.
    @Test func guardsHaveTheirOrder() throws {
        let shop = try Self.shop("100%", "at most once")
        try Self.buy(shop, 11)
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["held out": 1000])
        try Self.buy(shop, 41)
        #expect(try shop.run("2026-04-02 11:00").outcomes == ["at most": 1000])
    }
}
