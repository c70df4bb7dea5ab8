import PitchEngine
import Testing

/// Days as occurrences: whose they are, when they are due, and what happens when nothing ran.
@Suite struct DateCycleTests {
    private func strategy(_ when: String, _ clauses: String = "") -> String {
        """
            strategy days {
                when \(when)
                give off20
                no limit
                every 30 minutes
                \(clauses)
            }
        """
    }

    @Test func birthdayIsDueFromNineToTheEndOfTheDay() throws {
        let shop = try TestShop(strategy("birthday"))
        #expect(try shop.run("2026-04-02 08:59").audience == 0)
        #expect(try shop.run("2026-04-02 09:00").outcomes == ["issued": 1])
        #expect(try shop.run("2026-04-02 23:59").audience == 0)
        #expect(try shop.outcomes("a", in: "spring.days") == ["issued"])
    }

    @Test func leapDayBirthday() throws {
        let shop = try TestShop(strategy("birthday"))
        try shop.run("2026-02-27 10:00")
        #expect(try shop.run("2026-02-28 10:00").outcomes == ["issued": 1])
        #expect(try shop.run("2026-03-01 10:00").audience == 0)
        #expect(try shop.outcomes("b", in: "spring.days") == ["issued"])
    }

    @Test func daysBeforeABirthdayCrossTheYear() throws {
        let shop = try TestShop(strategy("3 days before birthday"))
        #expect(try shop.run("2026-12-28 10:00").outcomes == ["issued": 1])
        #expect(try shop.outcomes("c", in: "spring.days") == ["issued"])
    }

    @Test func aDayWithoutARunIsMissed() throws {
        let shop = try TestShop(strategy("birthday"))
        try shop.run("2026-04-01 10:00")
        let report = try shop.run("2026-04-06 10:00")
        #expect(report.audience == 0)
        #expect(
            report.missed
                == ["02", "03", "04", "05"].map { "spring.days 2026-04-\($0)" })
    }

    @Test func missedDaysAreCaughtUp() throws {
        let shop = try TestShop(strategy("birthday", "catch up 2 days"))
        try shop.run("2026-04-01 10:00")
        let report = try shop.run("2026-04-06 10:00")
        #expect(report.outcomes == ["issued": 1])
        #expect(report.missed == ["spring.days 2026-04-02", "spring.days 2026-04-03"])
        #expect(try shop.outcomes("e", in: "spring.days") == ["issued"])
    }

    @Test func onlyMatchingDaysAreMissed() throws {
        let shop = try TestShop(strategy("every month on [1, 31] at 10:00"))
        try shop.run("2026-04-15 10:00")
        #expect(
            try shop.run("2026-05-02 12:00").missed
                == ["spring.days 2026-04-30", "spring.days 2026-05-01"])
    }

    /// What one line was judged for is not missed because another was not due yet.
    @Test func aJudgedDayIsNotMissed() throws {
        let shop = try TestShop(
            strategy("every monday at 09:00\nwhen every tuesday at 18:00"))
        try shop.run("2026-03-29 10:00")
        #expect(try shop.run("2026-03-30 10:00").audience == 5)
        #expect(try shop.run("2026-03-31 10:00").missed == [])
        // Tuesday evening nothing ran.
        #expect(try shop.run("2026-04-01 10:00").missed == ["spring.days 2026-03-31"])
    }

    /// An occurrence is at the time of the line that it is credited to.
    @Test func eachLineHasItsTime() throws {
        let shop = try TestShop(
            strategy("every day at 09:00 where city = \"Shanghai\"\nwhen every day at 18:00"))
        try shop.run("2026-04-02 08:00")
        let run = try shop.run("2026-04-02 20:00").run
        let minute: Int64 = 60_000
        let nine: Int64 = 1_775_113_200_000
        let times = try shop.records { ledger in
            try ledger.outcomes(inRun: run).map { "\($0.member) \(($0.at - nine) / minute)" }
        }
        #expect(times.sorted() == ["a 0", "b 540", "c 0", "d 540", "e 0"])
    }

    /// A day happens to every member: those outside the segment have an outcome as well.
    @Test func everyMemberHasAnOutcomeOfADay() throws {
        let shop = try TestShop(
            strategy(
                "every month on [2] at 10:00",
                "for city = \"Shanghai\"\nif born before 1999-01-01"))
        let preview = { try shop.preview("2026-04-02 10:00") }
        try shop.workspace("2026-04-02 10:00").load()
        let expected = ["issued": 2, "not in segment": 2, "condition not met": 1]
        #expect(try preview().outcomes == expected)
        let report = try shop.run("2026-04-02 10:00")
        #expect(report.audience == 5)
        #expect(report.outcomes == expected)
        let names = Array("abcde").map(String.init)
        let outcomes = try names.map { try shop.outcomes($0, in: "spring.days") }
        #expect(
            outcomes == [
                ["issued"], ["not in segment"], ["issued"], ["not in segment"],
                ["condition not met"],
            ])
        #expect(try shop.run("2026-04-02 10:30").audience == 0)
        #expect(try shop.workspace("2026-04-02 11:00").log()[1].outcomes == expected)
    }

    /// Lines of one pattern are about the same occurrences, however late the second is due.
    @Test func linesOfOnePatternShareTheirOccurrences() throws {
        let shop = try TestShop(
            strategy(
                """
                every month on [2] at 10:00 where city = "Shanghai"
                when every month on [2] at 15:00
                when every month on [2] at 10:00 where sms_ok
                """, "for born is known"))
        let first = try shop.run("2026-04-02 10:00")
        #expect(first.outcomes == ["issued": 4])
        #expect(try shop.run("2026-04-02 14:30").audience == 0)
        #expect(try shop.run("2026-04-02 15:00").outcomes == ["not in segment": 1])
        #expect(try shop.run("2026-04-02 15:30").audience == 0)
        let credited = try shop.records { ledger in
            try ledger.outcomes(inRun: first.run).map {
                "\($0.member) \($0.trigger) \($0.alsoMatched)"
            }
        }
        #expect(credited.sorted() == ["a 0 [2]", "b 2 []", "c 0 [2]", "e 0 [2]"])
    }

    /// A birthday on the second of a month is one day, not two.
    @Test func aMemberHasOneOccurrenceOfADay() throws {
        let shop = try TestShop(
            strategy("birthday\nwhen every month on [2] at 09:00\nwhen every day at 15:00"))
        let first = try shop.run("2026-04-02 10:00")
        #expect(first.outcomes == ["issued": 5])
        #expect(try shop.run("2026-04-02 15:00").audience == 0)
        #expect(try shop.run("2026-04-03 16:00").outcomes == ["issued": 5])
        let credited = try shop.records { ledger in
            try ledger.outcomes(inRun: first.run).map {
                "\($0.member) \($0.trigger) \($0.alsoMatched)"
            }
        }
        #expect(credited.sorted() == ["a 0 [1]", "b 1 []", "c 1 []", "d 1 []", "e 1 []"])
    }

    /// Nobody is asked twice about a day because the script says it otherwise by then.
    @Test func aDayThatTheScriptNowSaysOtherwiseIsStillOne() throws {
        let shop = try TestShop(
            strategy("every month on [2] where city = \"Shanghai\"", "for born is missing"))
        #expect(try shop.run("2026-04-02 10:00").outcomes == ["not in segment": 3])
        for (former, new) in [
            ("every month on [2] where city = \"Shanghai\"", "every thursday where sms_ok"),
            ("every thursday where sms_ok", "every thursday at 10:00"),
        ] {
            let script = try String(
                contentsOf: shop.folder.appending(path: "shop.pitch"), encoding: .utf8)
            #expect(script.contains(former))
            try shop.write("shop.pitch", script.replacing(former, with: new))
        }
        // The same line comes to the same outcome of the same day, for the others.
        let second = try shop.run("2026-04-02 10:30").outcomes
        #expect(second == ["not in segment": 1, "issued": 1])
        #expect(try shop.run("2026-04-02 11:00").audience == 0)
    }

    /// What due strategies ask of everybody is answered at once, and each gets its own answer.
    @Test func strategiesShareTheirConditions() throws {
        let conditions = ["born before 1999-01-01", "sms_ok", "this.day >= 2026-01-01 and sms_ok"]
        let strategies = conditions.enumerated().map { number, condition in
            strategy("every day at 10:00", "for city = \"Shanghai\"\nif \(condition)")
                .replacing("strategy days", with: "strategy s\(number)")
        }
        let shop = try TestShop(strategies.joined(separator: "\n"))
        let report = try shop.run("2026-04-02 10:00")
        #expect(
            report.outcomes == ["issued": 2 + 3 + 3, "condition not met": 1, "not in segment": 6])
        #expect(try shop.outcomes("e", in: "spring.s0") == ["condition not met"])
        #expect(try shop.outcomes("e", in: "spring.s1") == ["issued"])
        #expect(try shop.outcomes("e", in: "spring.s2") == ["issued"])
    }

    /// Berlin's clocks skip 02:00–03:00 on 29 March 2026: 02:30 is then 03:00.
    @Test func timeInTheGapIsDueAfterIt() throws {
        let shop = try TestShop(strategy("every month on [29] at 02:30"))
        #expect(try shop.run("2026-03-29T00:59:59Z").audience == 0)
        #expect(try shop.run("2026-03-29T01:00:00Z").outcomes == ["issued": 5])
    }

    /// 02:30 comes twice on 25 October 2026; it is due at its first.
    @Test func repeatedTimeIsDueOnce() throws {
        let shop = try TestShop(strategy("every month on [25] at 02:30"))
        #expect(try shop.run("2026-10-25T00:29:59Z").audience == 0)
        #expect(try shop.run("2026-10-25T00:30:00Z").outcomes == ["issued": 5])
        #expect(try shop.run("2026-10-25T01:30:00Z").audience == 0)
    }

    @Test func dailyStrategyDoesNotMissADueTimeLaterInTheDay() throws {
        let shop = try TestShop(
            strategy("birthday").replacing("every 30 minutes", with: "every 1 day"))
        #expect(try shop.run("2026-04-02 07:00").audience == 0)
        #expect(try shop.run("2026-04-02 12:00").outcomes == ["issued": 1])
        #expect(try shop.run("2026-04-02 13:00").skipped.count == 1)
    }
}
