import Foundation
import PitchEngine
import PitchProgram
import PitchSchema
import Testing

/// Quiet hours: what waits, until when, and what is judged again at their end.
@Suite struct QuietTests {
    private func shop(_ clauses: String) throws -> TestShop {
        try TestShop(TestShop.purchases("fresh for 3 hours\n" + clauses))
    }

    /// Berlin, summer time: 23:00 lies in quiet hours that end at 08:00 the next day.
    @Test func whatIsDeferredIsIssuedAtTheEnd() throws {
        let shop = try shop("quiet 22:00 to 08:00 and defer")
        try shop.run("2026-04-02 21:00")
        try shop.append("orders.csv", "o1,a,2026-04-02 21:30,150,,,1")
        #expect(try shop.run("2026-04-02 22:00").outcomes == ["deferred": 1])
        #expect(try shop.files().isEmpty)
        #expect(try shop.run("2026-04-03 07:59").audience == 0)
        #expect(try shop.outcomes("a", in: "spring.buyers") == ["deferred"])
        let report = try shop.run("2026-04-03 08:00")
        #expect(report.outcomes == ["issued": 1])
        #expect(report.messages == 1)
        #expect(try shop.outcomes("a", in: "spring.buyers") == ["issued"])
        #expect(try shop.run("2026-04-03 08:30").audience == 0)
        let counts = try shop.workspace("2026-04-03 09:00").log().map(\.outcomes)
        #expect(counts == [[:], ["issued": 1], [:], ["deferred": 1], [:]])
    }

    /// What a run says of itself stays, and a strategy's total has each occurrence once.
    @Test func everyRunSaysInTheLogWhatItSaidAtItsEnd() throws {
        let shop = try shop("for count(orders in last 30 days) < 2\nquiet 22:00 to 08:00")
        var said = [try shop.run("2026-04-02 21:00")]
        for member in ["a", "b", "e"] {
            try shop.append("orders.csv", "o\(member),\(member),2026-04-02 21:30,150,,,1")
        }
        said.append(try shop.run("2026-04-02 22:30"))
        let total = { (asOf: String) in
            try shop.workspace(asOf).status().plans[0].strategies[0].outcomes
        }
        #expect(try total("2026-04-02 22:30") == ["deferred": 3])
        try shop.append("orders.csv", "o2,a,2026-04-03 07:00,50,,,1")
        said.append(try shop.run("2026-04-03 08:00"))
        #expect(said.map(\.outcomes) == [[:], ["deferred": 3], ["issued": 2, "not in segment": 1]])
        let log = try shop.workspace("2026-04-03 09:00").log()
        #expect(log.reversed().map(\.outcomes) == said.map(\.outcomes))
        #expect(log.reversed().map(\.audience) == said.map(\.audience))
        #expect(try total("2026-04-03 09:00") == ["issued": 2, "not in segment": 1])
        let recorded = try ["a", "b", "e"].map { try shop.outcomes($0, in: "spring.buyers") }
        #expect(recorded == [["not in segment"], ["issued"], ["issued"]])
    }

    /// Both ends: at 22:00 it is quiet, at 08:00 no longer.
    @Test(arguments: [
        ("2026-04-02 21:59:59", "issued"), ("2026-04-02 22:00", "quiet hours"),
        ("2026-04-03 07:59:59", "quiet hours"), ("2026-04-03 08:00", "issued"),
    ])
    func edges(instant: String, outcome: String) throws {
        let shop = try TestShop(
            TestShop.purchases("fresh for 1 day\nquiet 22:00 to 08:00 and drop"))
        try shop.run("2026-04-02 21:00")
        try shop.append("orders.csv", "o1,a,2026-04-02 21:30,150,,,1")
        #expect(try shop.run(instant).outcomes == [outcome: 1])
    }

    /// A strategy of once a day does not wait for its next day.
    @Test func theEndOfQuietHoursIsDue() throws {
        let shop = try shop("quiet 22:00 to 08:00")
        let script = shop.folder.appending(path: "shop.pitch")
        try shop.write(
            "shop.pitch",
            String(contentsOf: script, encoding: .utf8)
                .replacing("every 30 minutes", with: "every 1 day"))
        try shop.run("2026-04-01 23:00")
        try shop.append("orders.csv", "o1,a,2026-04-02 21:30,150,,,1")
        #expect(try shop.run("2026-04-02 23:00").outcomes == ["deferred": 1])
        #expect(try shop.run("2026-04-03 08:00").outcomes == ["issued": 1])
    }

    /// Everything is judged again: who left the segment meanwhile gets nothing.
    @Test func everythingIsJudgedAgain() throws {
        let shop = try shop("for count(orders in last 30 days) < 2\nquiet 22:00 to 08:00")
        try shop.run("2026-04-02 21:00")
        try shop.append("orders.csv", "o1,a,2026-04-02 21:30,150,,,1")
        try shop.append("orders.csv", "o2,b,2026-04-02 21:30,150,,,1")
        #expect(try shop.run("2026-04-02 22:30").outcomes == ["deferred": 2])
        try shop.append("orders.csv", "o3,a,2026-04-03 07:00,50,,,1")
        #expect(
            try shop.run("2026-04-03 08:00").outcomes == ["issued": 1, "not in segment": 1])
        #expect(try shop.outcomes("a", in: "spring.buyers") == ["not in segment"])
    }

    /// A decision that waits counts for 'at most', but not against itself.
    @Test func deferredDecisionsCount() throws {
        let shop = try shop("at most 1 per 30 days\nquiet 22:00 to 08:00")
        try shop.run("2026-04-02 21:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 21:30,150,,,1", "o2,a,2026-04-02 21:40,150,,,1")
        #expect(try shop.run("2026-04-02 22:30").outcomes == ["at most": 1, "deferred": 1])
        #expect(try shop.run("2026-04-03 08:00").outcomes == ["issued": 1])
    }

    /// What `this` reads of a basket is there again after the night.
    @Test func aBasketIsJudgedAgainWithItsSum() throws {
        let shop = try TestShop(
            """
                strategy baskets {
                    when purchase per basket where amount >= 100 CNY
                    if this.amount >= 200 CNY
                    give off20
                    say hello via sms
                    every 30 minutes
                    fresh for 3 hours
                    quiet 22:00 to 08:00
                    no limit
                }
            """)
        try shop.run("2026-04-02 21:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 21:30,150,,b1,1", "o2,a,2026-04-02 21:30,100,,b1,1")
        #expect(try shop.run("2026-04-02 22:30").outcomes == ["deferred": 1])
        #expect(try shop.run("2026-04-03 08:00").outcomes == ["issued": 1])
    }

    /// What waits when its plan ends is settled by the next run, whenever that is, and once.
    @Test(arguments: ["2026-04-03 08:00", "2026-04-03 00:10", "2026-05-20 12:00"])
    func thePlanEndsBeforeTheQuietHours(next: String) throws {
        let shop = try shop("quiet 22:00 to 08:00 and defer")
        try shop.rewrite("valid 2026-01-01 to 2026-12-31", as: "valid 2026-01-01 to 2026-04-02")
        try shop.run("2026-04-02 21:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 21:30,150,,,1", "o2,b,2026-04-02 21:40,150,,,1")
        #expect(try shop.run("2026-04-02 22:00").outcomes == ["deferred": 2])
        let waking = try shop.workspace("2026-04-02 23:30").slots()
        let end = try WatchTests.instant("2026-04-03 08:00")
        #expect(try waking(WatchTests.instant("2026-04-02 23:30")) == end)
        let report = try shop.run(next)
        #expect(report.outcomes == ["plan ended": 2])
        #expect(report.issued == 0 && report.messages == 0 && report.skipped.isEmpty)
        for member in ["a", "b"] {
            #expect(try shop.outcomes(member, in: "spring.buyers") == ["plan ended"])
        }
        let status = try shop.workspace(next).status()
        #expect(status.plans[0].strategies[0].outcomes == ["plan ended": 2])
        #expect(throws: WorkspaceError.self) { try shop.run("2026-05-21 12:00") }
        #expect(try shop.workspace(next).slots()(WatchTests.instant(next)) == nil)
    }

    /// It does not keep another plan from running, and a run of that plan alone leaves it.
    @Test func onePlanEndsAndAnotherGoesOn() throws {
        let shop = try shop("quiet 22:00 to 08:00 and defer")
        let script = try shop.text("shop.pitch")
        let plan = try #require(script.range(of: "plan spring"))
        try shop.write(
            "shop.pitch",
            script.replacing("to 2026-12-31", with: "to 2026-04-02")
                + "\n"
                + String(script[plan.lowerBound...])
                .replacing("plan spring", with: "plan summer"))
        try shop.run("2026-04-02 21:00")
        try shop.append("orders.csv", "o1,a,2026-04-02 21:30,150,,,1")
        #expect(try shop.run("2026-04-02 22:00").outcomes == ["deferred": 2])
        #expect(
            try shop.workspace("2026-04-03 08:00").run(["summer"]).outcomes == ["issued": 1])
        #expect(try shop.run("2026-04-03 08:30").outcomes == ["plan ended": 1])
    }

    /// Days wait as events do, and stay single rows.
    @Test func daysWaitToo() throws {
        let shop = try TestShop(
            """
                strategy days {
                    for city = "Shanghai"
                    when every day at 23:00
                    give off20
                    every 30 minutes
                    quiet 22:00 to 08:00
                    at most once
                }
            """)
        #expect(try shop.run("2026-04-02 23:00").outcomes == ["deferred": 3, "not in segment": 2])
        #expect(try shop.run("2026-04-03 08:00").outcomes == ["issued": 3])
        #expect(
            try shop.run("2026-04-03 23:00").outcomes == ["at most": 3, "not in segment": 2])
    }

    /// Tokyo is seven hours ahead of Berlin in summer.
    @Test func membersHaveTheirOwnZone() throws {
        let shop = try TestShop(TestShop.purchases("fresh for 1 day\nquiet 22:00 to 08:00"))
        let script = shop.folder.appending(path: "shop.pitch")
        try shop.write(
            "shop.pitch",
            String(contentsOf: script, encoding: .utf8)
                .replacing("    sms_ok yesno\n", with: "    sms_ok yesno\n    `zone` text?\n"))
        try shop.write(
            "members.csv",
            """
            id,city,born,phone,sms_ok,zone
            a,Shanghai,1990-04-02,100,yes,Asia/Tokyo
            b,Beijing,1992-02-29,200,yes,
            c,Shanghai,1985-12-31,300,yes,Nowhere/Land

            """)
        try shop.run("2026-04-02 14:00")
        for member in ["a", "b", "c"] {
            try shop.append("orders.csv", "o\(member),\(member),2026-04-02 14:30,150,,,1")
        }
        #expect(try shop.run("2026-04-02 15:00").outcomes == ["deferred": 1, "issued": 2])
        #expect(try shop.run("2026-04-03 00:59").audience == 0)
        #expect(try shop.run("2026-04-03 01:00").outcomes == ["issued": 1])
    }

    /// Berlin's clocks skip 02:00–03:00 on 29 March: quiet hours until 02:30 end at 03:00.
    @Test func quietHoursEndAfterTheGap() throws {
        let zone = try #require(ZoneRules.named("Europe/Berlin"))
        let quiet = QuietHours(from: 22 * 3_600_000, until: 9_000_000, action: .defer)
        let night = zone.instant(day: 20_540, time: 23 * 3_600_000)
        #expect(quiet.end(at: night, in: zone) == zone.instant(day: 20_541, time: 3 * 3_600_000))
    }
}
