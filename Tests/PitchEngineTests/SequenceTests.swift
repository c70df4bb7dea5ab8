import PitchEngine
import Testing

/// `then` and `then no`: when each has its occurrence, once for each A.
@Suite struct SequenceTests {
    private static func cart(_ id: String, _ member: String, _ time: String, _ cart: String = "")
        -> String
    {
        "\(id),\(member),2026-04-02 \(time),cake,\(cart),,,carted"
    }

    private static func order(_ id: String, _ member: String, _ time: String, _ basket: String = "")
        -> String
    {
        "\(id),\(member),2026-04-02 \(time),150,tea,\(basket),1"
    }

    @Test func whatFollowsOccursWhenItDoes() throws {
        let shop = try TestShop.withScenes(
            "product carted then purchase where amount >= 100 CNY within 2 hours",
            clauses: "no limit\nif this.amount = 150 CNY")
        try shop.run("2026-04-02 08:00")
        try shop.append("visits.csv", Self.cart("v1", "a", "09:00"), Self.cart("v2", "b", "09:00"))
        #expect(try shop.run("2026-04-02 09:30").audience == 0)
        try shop.append(
            "orders.csv", Self.order("o1", "a", "11:00"), Self.order("o2", "b", "11:00:00.001"),
            Self.order("o3", "e", "10:00"))
        #expect(try shop.run("2026-04-02 11:30").outcomes == ["issued": 1])
        #expect(
            try shop.decided("a", in: "spring.s1") == [
                "visits v1 then purchase where amount >= 100 CNY within 2 hours issued"
            ])
        let outcome = try #require(try shop.records { try $0.outcomes(inRun: 3).first })
        #expect(outcome.at == 1_775_120_400_000)  // 2026-04-02 11:00 in Berlin
    }

    @Test func eachFirstEventHasOneSuccessor() throws {
        let shop = try TestShop.withScenes("product carted then purchase within 2 hours")
        try shop.run("2026-04-02 08:00")
        try shop.append("visits.csv", Self.cart("v1", "a", "09:00"), Self.cart("v2", "a", "09:30"))
        try shop.append(
            "orders.csv", Self.order("o1", "a", "09:10"), Self.order("o2", "a", "10:00"))
        try shop.run("2026-04-02 10:00")
        #expect(try shop.decided("a", in: "spring.s1").count == 2)
        try shop.append(
            "orders.csv", Self.order("o3", "a", "10:10"), Self.order("o0", "a", "09:05"))
        #expect(try shop.run("2026-04-02 10:30").audience == 0)
    }

    /// Whichever of the two arrives last, there is one occurrence.
    @Test func firstEventMayArriveLast() throws {
        let shop = try TestShop.withScenes("product carted then purchase within 2 hours")
        try shop.run("2026-04-02 08:00")
        try shop.append("orders.csv", Self.order("o1", "a", "09:10"))
        #expect(try shop.run("2026-04-02 09:30").audience == 0)
        try shop.append("visits.csv", Self.cart("v1", "a", "09:00"))
        #expect(try shop.run("2026-04-02 10:00").outcomes == ["issued": 1])
    }

    @Test func absenceOccursWhenTheWindowIsOverAndTheDataIsThere() throws {
        let shop = try TestShop.withScenes(
            "product carted then no purchase within 2 hours",
            clauses: "no limit\nif this.product = \"cake\"")
        try shop.run("2026-04-02 08:00")
        try shop.append(
            "visits.csv", Self.cart("v1", "a", "09:00"), Self.cart("v2", "b", "09:00"),
            Self.cart("v3", "e", "09:00"))
        // Two hours after the cart is still within two hours.
        try shop.append(
            "orders.csv", Self.order("o1", "b", "11:00"), Self.order("o2", "e", "08:59:59"))
        #expect(try shop.run("2026-04-02 11:30").audience == 0, "no order past 11:00 is loaded")
        try shop.append("orders.csv", Self.order("o3", "c", "11:00:00.001"))
        #expect(try shop.run("2026-04-02 12:00").outcomes == ["issued": 2])
        #expect(
            try shop.decided("a", in: "spring.s1")
                == ["visits v1 then no purchase within 2 hours issued"])
        #expect(try shop.decided("b", in: "spring.s1") == [])
        #expect(try shop.run("2026-04-02 13:00").audience == 0)
    }

    @Test func staleDataIsNoAbsence() throws {
        let shop = try TestShop.withScenes("product carted then no purchase within 2 hours")
        try shop.run("2026-04-02 08:00")
        try shop.append("visits.csv", Self.cart("v1", "a", "09:00"), Self.cart("v2", "b", "10:00"))
        try shop.append("orders.csv", Self.order("o1", "c", "09:30"), "o9,c,2026-04-03 09:00,1,,,1")
        // A row of tomorrow does not show that today's are there.
        #expect(try shop.run("2026-04-02 20:00").audience == 0)
        try shop.append(
            "orders.csv", Self.order("o2", "b", "11:59"), Self.order("o3", "c", "21:00"))
        #expect(try shop.run("2026-04-02 21:30").outcomes == ["issued": 1])
        #expect(try shop.decided("b", in: "spring.s1") == [])
    }

    @Test func absenceKnownTooLateIsRecorded() throws {
        let shop = try TestShop.withScenes(
            "product carted then no purchase within 2 hours", clauses: "no limit\nfresh for 3 hours"
        )
        try shop.run("2026-04-02 08:00")
        try shop.append(
            "visits.csv", Self.cart("v1", "a", "09:00"), Self.cart("v2", "b", "09:00:00.001"))
        try shop.append("orders.csv", Self.order("o1", "c", "13:00"))
        #expect(try shop.run("2026-04-02 14:00:00.001").outcomes == ["too late": 1, "issued": 1])
        #expect(try shop.decided("a", in: "spring.s1").map { $0.hasSuffix("too late") } == [true])
    }

    /// A cart that arrives after its window is over is judged once, late ones too.
    @Test func lateCartIsJudgedOnce() throws {
        let shop = try TestShop.withScenes("product carted then no purchase within 2 hours")
        try shop.run("2026-04-02 08:00")
        try shop.append("orders.csv", Self.order("o1", "c", "13:00"))
        try shop.run("2026-04-02 13:00")
        try shop.append("visits.csv", Self.cart("v1", "a", "09:00"))
        #expect(try shop.run("2026-04-02 13:30").outcomes == ["issued": 1])
        try shop.append(
            "orders.csv", Self.order("o2", "a", "09:10"), Self.order("o3", "c", "13:40"))
        #expect(try shop.run("2026-04-02 14:00").audience == 0)
        #expect(try shop.decided("a", in: "spring.s1").count == 1)
    }

    @Test func quietHoursKeepWhatItIsAbout() throws {
        let shop = try TestShop.withScenes(
            "product carted then no purchase within 2 hours",
            clauses: "no limit\nquiet 22:00 to 08:00 and defer\nif this.product = \"cake\"")
        try shop.run("2026-04-02 08:00")
        try shop.append("visits.csv", Self.cart("v1", "a", "20:30"))
        try shop.append("orders.csv", Self.order("o1", "c", "22:40"))
        #expect(try shop.run("2026-04-02 23:00").outcomes == ["deferred": 1])
        #expect(try shop.run("2026-04-03 08:00").outcomes == ["issued": 1])
        #expect(
            try shop.decided("a", in: "spring.s1")
                == ["visits v1 then no purchase within 2 hours issued"])
    }

    @Test func sameFieldsTieTheTwoTogether() throws {
        let script = """
            events carts from csv "carts.csv" {
                scene product
                key id
                member member
                at at
                basket text?
                quantity integer
                action one of [carted]
            }
            """
        let lines = [
            "product carted then no purchase with same basket within 1 hour",
            "product carted then purchase with same basket and quantity within 1 hour",
        ]
        let strategies = lines.enumerated().map { number, line in
            "strategy s\(number) {\n when \(line)\n give off20\n no limit\n every 30 minutes\n }\n"
        }
        let shop = try TestShop(strategies.joined(), extra: script)
        try shop.write("carts.csv", "id,member,at,basket,quantity,action\n")
        try shop.run("2026-04-02 08:00")
        try shop.append(
            "carts.csv", "c1,a,2026-04-02 09:00,k1,1,carted", "c2,a,2026-04-02 09:00,k2,2,carted",
            "c3,a,2026-04-02 09:00,,1,carted")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 09:10,10,,k1,1", "o2,a,2026-04-02 09:10,10,,k2,1",
            "o3,a,2026-04-02 09:10,10,,,1", "o4,e,2026-04-02 10:01,10,,,1")
        try shop.run("2026-04-02 10:30")
        #expect(
            try shop.decided("a", in: "spring.s0")
                == ["carts c3 then no purchase with same basket within 1 hour issued"])
        #expect(
            try shop.decided("a", in: "spring.s1") == [
                "carts c1 then purchase with same basket and quantity within 1 hour issued"
            ])
    }

    @Test func countedFirstEvent() throws {
        let shop = try TestShop.withScenes("first purchase then no purchase within 2 hours")
        try shop.run("2026-04-02 08:00")
        try shop.append(
            "orders.csv", Self.order("o1", "a", "09:00"), Self.order("o2", "a", "12:00"),
            Self.order("o3", "b", "09:00"), Self.order("o4", "b", "09:30"),
            Self.order("o5", "c", "18:00"))
        try shop.run("2026-04-02 18:00")
        #expect(
            try shop.decided("a", in: "spring.s1")
                == ["orders o1 then no purchase within 2 hours issued"])
        #expect(try shop.decided("b", in: "spring.s1") == [])
    }

    @Test func linesWithOneFollowUpShareTheOutcome() throws {
        let shop = try TestShop.withScenes(
            """
            product carted then purchase within 2 hours
            product carted where cart is known then purchase within 2 hours
            product carted then purchase within 3 hours
            """)
        try shop.run("2026-04-02 08:00")
        try shop.append(
            "visits.csv", Self.cart("v1", "a", "09:00", "k"), Self.cart("v2", "b", "09:00"))
        try shop.append(
            "orders.csv", Self.order("o1", "a", "09:10"), Self.order("o2", "b", "11:30"))
        #expect(try shop.run("2026-04-02 11:30").outcomes == ["issued": 3])
        let outcomes = try shop.records { try $0.outcomes(inRun: 2) }
        #expect(
            outcomes.map { "\($0.member) \($0.trigger) \($0.alsoMatched)" }.sorted()
                == ["a 0 [1]", "a 2 []", "b 2 []"])
    }

    /// A day's wait over the spring change keeps the hour of the clock; the autumn's repeated hour
    /// loses none.
    @Test(arguments: [
        ("2026-03-28", "02:30", "2026-03-29T01:00:00Z"),
        ("2026-10-24", "02:30", "2026-10-25T00:30:00Z"),
    ])
    func windowsKeepTheWallClock(day: String, time: String, end: String) throws {
        let shop = try TestShop.withScenes(
            "product carted then no purchase within 1 day", clauses: "no limit\nfresh for 2 days")
        try shop.run("\(day) 00:00")
        try shop.append("visits.csv", "v1,a,\(day) \(time),cake,,,,carted")
        let last = end.replacing("Z", with: ".000Z")
        try shop.append("orders.csv", "o1,c,\(last),1,,,1")
        #expect(try shop.run(end).audience == 0)
        try shop.append("orders.csv", "o2,c,\(end.replacing("Z", with: ".001Z")),1,,,1")
        #expect(try shop.run(end.replacing("Z", with: ".001Z")).audience == 0, "not due again yet")
        #expect(try shop.run("\(day.dropLast(2))31 12:00").audience == 1)
        let outcome = try #require(try shop.records { try $0.outcomes(of: "a", in: 1).first })
        let instant = try #require(try? shop.workspace(end).moment().now)
        #expect(outcome.at == instant)
    }

    /// In the autumn's repeated hour windows of days end in another order than they begin.
    @Test func repeatedHourLosesNoWindow() throws {
        let shop = try TestShop.withScenes(
            "product carted then no purchase within 1 day", clauses: "no limit\nfresh for 9 days")
        try shop.run("2026-10-25T00:00:00Z")
        // 02:45 before the change, 02:15 after it.
        try shop.append(
            "visits.csv", "v1,a,2026-10-25T00:45:00Z,cake,,,,carted",
            "v2,b,2026-10-25T01:15:00Z,cake,,,,carted")
        for (order, time) in ["01:14:00", "01:16:00", "01:46:00", "09:00:00"].enumerated() {
            try shop.append("orders.csv", "o\(order),c,2026-10-26T\(time)Z,1,,,1")
            try shop.run("2026-10-26T\(time)Z")
        }
        #expect(try shop.decided("a", in: "spring.s1").count == 1)
        #expect(try shop.decided("b", in: "spring.s1").count == 1)
    }

    @Test func eventsDatedByDayCountWholeDays() throws {
        let shop = try TestShop(
            """
                strategy s {
                    when purchase where category = "tea" then
                        no purchase where category = "cup" within 2 days
                    give off20
                    no limit
                    every 30 minutes
                }
            """, at: "at at date")
        try shop.run("2026-04-02 08:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02,10,tea,,1", "o2,b,2026-04-02,10,tea,,1",
            "o3,b,2026-04-04,10,cup,,1", "o4,e,2026-04-02,10,cup,,1", "o5,e,2026-04-02,10,tea,,1")
        #expect(try shop.run("2026-04-04 23:59").audience == 0)
        #expect(try shop.run("2026-04-05 00:00").audience == 0, "no order of the 5th is loaded")
        try shop.append("orders.csv", "o6,c,2026-04-05,10,,,1")
        #expect(try shop.run("2026-04-05 09:00").outcomes == ["issued": 2])
        // On one day the key tells what came later: o4 before o5.
        #expect(try shop.decided("e", in: "spring.s").map { $0.contains(" o5 ") } == [true])
        #expect(try shop.decided("b", in: "spring.s") == [])
    }
}

/// `balance idle for 90 days`
@Suite struct IdleBalanceTests {
    @Test func onceForEachStretch() throws {
        let shop = try TestShop.withScenes(
            "balance idle for 2 days where balance > 0 CNY",
            clauses: "no limit\nif this.balance >= 100 CNY")
        try shop.append(
            "balances.csv", "t1,a,2026-03-30 10:00,100,100,card", "t2,b,2026-04-01 12:00,5,5,card")
        try shop.run("2026-04-02 08:00")
        #expect(try shop.decided("a", in: "spring.s1") == [], "idle since before the start")
        try shop.append(
            "balances.csv", "t3,a,2026-04-02 10:00,50,150,card",
            "t4,a,2026-04-02 11:00,50,200,card",
            "t5,d,2026-04-04 10:30,50,0,spent", "t6,e,2026-04-04 11:00:00.001,50,50,card")
        #expect(try shop.run("2026-04-04 11:00").outcomes == ["condition not met": 1])
        #expect(
            try shop.decided("b", in: "spring.s1") == [
                "balances t2 idle for 2 days condition not met"
            ])
        #expect(try shop.run("2026-04-04 12:00").outcomes == ["issued": 1])
        #expect(try shop.decided("a", in: "spring.s1") == ["balances t4 idle for 2 days issued"])
        #expect(try shop.run("2026-04-05 12:00").audience == 0)
        try shop.append(
            "balances.csv", "t7,a,2026-04-06 10:00,,190,spent", "t8,e,2026-04-08 12:00,,1,spent")
        #expect(try shop.run("2026-04-08 12:00").outcomes == ["issued": 1, "too late": 1])
    }
}
