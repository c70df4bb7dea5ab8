import PitchEngine
import Testing

/// Which rows a strategy judges, once each, and what they come to.
@Suite struct EventCycleTests {
    @Test func rowsBeforeTheStartAreNeverJudged() throws {
        let shop = try TestShop(TestShop.purchases())
        try shop.append("orders.csv", "o1,a,2026-04-01 10:00,150,,,1")
        #expect(try shop.run("2026-04-02 10:00").audience == 0)
        #expect(try shop.run("2026-04-02 11:00").audience == 0)
        let status = try shop.workspace("2026-04-02 11:00").status()
        #expect(status.plans[0].strategies[0].beforeStart == 1)
    }

    @Test func newRowIsIssuedOnce() throws {
        let shop = try TestShop(TestShop.purchases())
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,150,,,1", "o2,b,2026-04-02 10:20,99.99,,,1")
        let first = try shop.run("2026-04-02 10:30")
        #expect(first.outcomes == ["issued": 1])
        #expect(first.issued == 1)
        #expect(first.messages == 1)
        #expect(try shop.run("2026-04-02 11:00").audience == 0)
        #expect(try shop.outcomes("a", in: "spring.buyers") == ["issued"])
        #expect(try shop.outcomes("b", in: "spring.buyers") == [])
    }

    /// A row that was to come, and is moved before the last look, was seen by nobody.
    @Test func aFutureRowIsMovedIntoThePast() throws {
        let shop = try TestShop(TestShop.purchases())
        try shop.rewrite("scene purchase", as: "scene purchase\non change replace")
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 18:00,150,,,1", "o2,b,2026-04-02 18:00,150,,,1")
        #expect(try shop.run("2026-04-02 11:00").audience == 0)
        try shop.append("orders.csv", "o1,a,2026-04-02 10:40,150,,,1")
        #expect(try shop.preview("2026-04-02 11:10").outcomes == [:])
        #expect(try shop.run("2026-04-02 11:30").outcomes == ["issued": 1])
        // Moved back, and to and fro: it was seen.
        try shop.append("orders.csv", "o1,a,2026-04-02 12:15,150,,,1")
        #expect(try shop.run("2026-04-02 12:30").audience == 0)
        try shop.append("orders.csv", "o1,a,2026-04-02 10:45,150,,,1")
        #expect(try shop.run("2026-04-02 13:00").audience == 0)
        // To the past and to the future again before anyone looks.
        try shop.append("orders.csv", "o2,b,2026-04-02 10:50,150,,,1")
        try shop.workspace("2026-04-02 13:10").load()
        #expect(try shop.workspace("2026-04-02 13:31").preview().outcomes == ["issued": 1])
        try shop.append("orders.csv", "o2,b,2026-04-02 15:00,150,,,1")
        #expect(try shop.run("2026-04-02 14:00").audience == 0)
        #expect(try shop.run("2026-04-02 15:00").outcomes == ["issued": 1])
        #expect(try shop.outcomes("a", in: "spring.buyers") == ["issued"])
        #expect(try shop.outcomes("b", in: "spring.buyers") == ["issued"])
    }

    /// A row that a quick strategy saw, and that is then moved to the future, is still to come for
    /// a slow one.
    @Test func aSlowStrategySeesWhatWasMovedAfterAQuickOneSawIt() throws {
        let shop = try TestShop(
            TestShop.purchases() + "\n"
                + TestShop.purchases(name: "slow")
                .replacing("every 30 minutes", with: "every 2 hours"))
        try shop.rewrite("scene purchase", as: "scene purchase\non change replace")
        try shop.run("2026-04-02 10:00")
        try shop.append("orders.csv", "o1,a,2026-04-02 10:40,150,,,1")
        #expect(try shop.run("2026-04-02 10:30").audience == 0)
        #expect(try shop.run("2026-04-02 11:00").outcomes == ["issued": 1])
        // For the quick one it came; the slow one looks at 12:00, before its new time.
        try shop.append("orders.csv", "o1,a,2026-04-02 13:00,150,,,1")
        #expect(try shop.run("2026-04-02 12:00").audience == 0)
        #expect(try shop.run("2026-04-02 14:00").outcomes == ["issued": 1])
        #expect(try shop.outcomes("a", in: "spring.buyers") == ["issued"])
        #expect(try shop.outcomes("a", in: "spring.slow") == ["issued"])
    }

    /// A replaced row is no new occurrence, also where its time is a later one; moved before it
    /// came, it is one at its new time.
    @Test func replacedRowIsNoNewOccurrence() throws {
        let third = """
                strategy third {
                    when purchase number 3
                    give off20
                    every 30 minutes
                    no limit
                }
            """
        let shop = try TestShop(TestShop.purchases() + "\n" + third)
        try shop.rewrite("scene purchase", as: "scene purchase\non change replace")
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:01,10,,,1", "o2,a,2026-04-02 10:02,10,,,1",
            "o3,a,2026-04-02 10:03,10,,,1", "o4,b,2026-04-02 12:00,150,,,1")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 1])
        // The file keeps the former lines, as a log does, and is read whole each time.
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:40,150,,,1", "o4,b,2026-04-02 13:00,150,,,1")
        #expect(try shop.run("2026-04-02 11:00").audience == 0)
        try shop.append("orders.csv", "o9,d,2026-04-02 12:30,1,,,1")
        #expect(try shop.run("2026-04-02 12:30").audience == 0)
        #expect(try shop.run("2026-04-02 13:00").outcomes == ["issued": 1])
        #expect(try shop.outcomes("b", in: "spring.buyers") == ["issued"])
        #expect(try shop.outcomes("a", in: "spring.third") == ["issued"])
        // Nobody looked between these loads.
        try shop.append("orders.csv", "o5,e,2026-04-02 10:05,150,,,1")
        try shop.workspace("2026-04-02 13:10").load()
        try shop.append("orders.csv", "o5,e,2026-04-02 14:00,150,,,1")
        try shop.workspace("2026-04-02 13:20").load()
        #expect(try shop.run("2026-04-02 13:30").audience == 0)
        #expect(try shop.run("2026-04-02 14:00").outcomes == ["issued": 1])
    }

    @Test func futureRowWaitsForItsTime() throws {
        let shop = try TestShop(TestShop.purchases())
        try shop.run("2026-04-02 10:00")
        try shop.append("orders.csv", "o1,a,2026-04-02 12:00,150,,,1")
        #expect(try shop.run("2026-04-02 11:59:59.999").audience == 0)
        #expect(try shop.run("2026-04-02 12:00").outcomes == ["issued": 1])
    }

    @Test func lateRowsAreTooLate() throws {
        let shop = try TestShop(TestShop.purchases("fresh for 2 hours"))
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 09:59,150,,,1", "o2,b,2026-04-02 10:00,150,,,1",
            "o3,e,2026-04-02 10:00:00.001,150,,,1")
        #expect(try shop.run("2026-04-02 11:00").outcomes == ["too late": 2, "issued": 1])
        try shop.append(
            "orders.csv", "o4,a,2026-04-02 11:59:59,150,,,1", "o5,b,2026-04-02 12:00,150,,,1")
        #expect(try shop.run("2026-04-02 14:00").outcomes == ["too late": 1, "issued": 1])
    }

    @Test func lookBackWidensTheStart() throws {
        let shop = try TestShop(TestShop.purchases("look back 3 days\n fresh for 7 days"))
        try shop.append(
            "orders.csv", "o1,a,2026-03-29 10:00,150,,,1", "o2,b,2026-03-31 10:00,150,,,1")
        try shop.workspace("2026-04-02 10:00").load()
        let preview = try shop.preview("2026-04-02 10:00")
        #expect(preview.lookedBack == 1)
        #expect(try shop.run("2026-04-02 10:00").outcomes == ["issued": 1])
        #expect(try shop.outcomes("b", in: "spring.buyers") == ["issued"])
    }

    @Test func segmentConditionAndGuardsHaveTheirReasons() throws {
        let shop = try TestShop(
            TestShop.purchases("for city = \"Shanghai\" or born < 1991-01-01\n if amount > 120 CNY"
                .replacing("amount", with: "this.amount")))
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,150,,,1", "o2,a,2026-04-02 10:11,110,,,1",
            "o3,b,2026-04-02 10:10,150,,,1", "o4,c,2026-04-02 10:10,150,,,1",
            "o5,d,2026-04-02 10:10,150,,,1")
        let report = try shop.run("2026-04-02 10:30")
        #expect(
            report.outcomes == [
                "issued": 1, "condition not met": 1, "not in segment": 1, "not reachable": 1,
                "unknown": 1,
            ])
    }

    @Test func consentIsAsked() throws {
        let shop = try TestShop(TestShop.purchases())
        try shop.run("2026-04-02 10:00")
        try shop.append("orders.csv", "o1,d,2026-04-02 10:10,150,,,1")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["no consent": 1])
    }

    @Test func twoLinesMakeOneOutcome() throws {
        let shop = try TestShop(
            """
                strategy buyers {
                    when purchase where amount >= 100 CNY
                    when purchase where category = "tea"
                    give off20
                    no limit
                    every 30 minutes
                }
            """)
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,150,tea,,1", "o2,b,2026-04-02 10:10,50,tea,,1")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 2])
        let outcomes = try shop.records { try $0.outcomes(inRun: 2) }
        #expect(outcomes.map(\.trigger) == [0, 1])
        #expect(outcomes.map(\.alsoMatched) == [[1], []])
    }

    @Test func basketIsOneOccurrence() throws {
        let shop = try TestShop(
            """
                strategy baskets {
                    when purchase per basket where amount >= 100 CNY and category = "tea"
                    give off20
                    no limit
                    every 30 minutes
                }
            """)
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,60,tea,k1,1",
            "o2,a,2026-04-02 10:11,60,milk,k1,2", "o3,b,2026-04-02 10:11,60,tea,k2,1",
            "o4,e,2026-04-02 10:11,200,milk,k3,1")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 1])
        try shop.append("orders.csv", "o5,a,2026-04-02 10:40,70,tea,k1,1")
        #expect(try shop.run("2026-04-02 11:00").audience == 0)
        try shop.append("orders.csv", "o6,b,2026-04-02 11:05,70,milk,k2,1")
        #expect(try shop.run("2026-04-02 11:30").outcomes == ["issued": 1])
    }

    @Test func eventsDatedByDayCountByDays() throws {
        let shop = try TestShop(TestShop.purchases(), at: "at at date")
        let order = { (id: String, member: String, day: String) in
            "\(id),\(member),2026-04-\(day),150,,,1"
        }
        try shop.append("orders.csv", order("o1", "a", "02"))
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", order("o2", "b", "02"), order("o3", "e", "01"), order("o4", "a", "03"))
        #expect(try shop.run("2026-04-02 11:00").outcomes == ["issued": 1, "too late": 1])
        #expect(try shop.run("2026-04-03 00:00").outcomes == ["issued": 1])
    }

    @Test func slotsCountFromLocalMidnight() throws {
        let shop = try TestShop(TestShop.purchases())
        #expect(try shop.run("2026-04-02 10:05").evaluated == ["spring.buyers"])
        #expect(try shop.run("2026-04-02 10:29").skipped.map(\.name) == ["spring.buyers"])
        #expect(try shop.run("2026-04-02 10:30").evaluated == ["spring.buyers"])
    }

    @Test func clockThatWentBackIsRefused() throws {
        let shop = try TestShop(TestShop.purchases())
        try shop.run("2026-04-02 10:00")
        let error = #expect(throws: WorkspaceError.self) { try shop.run("2026-04-02 09:59") }
        #expect(error?.kind == .world)
        #expect(try shop.workspace("2026-04-01 09:00").count("city = \"Shanghai\"").selected == 3)
    }

    @Test func noValidPlanIsNothingToRun() throws {
        let shop = try TestShop(TestShop.purchases())
        let error = #expect(throws: WorkspaceError.self) { try shop.run("2027-01-01 00:00") }
        #expect(error?.exitCode == 5)
        #expect(try shop.run("2026-12-31 23:59").evaluated == ["spring.buyers"])
    }
}
