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

    @Test func segmentIsTheAudienceOfADay() throws {
        let shop = try TestShop(
            strategy("every month on [2] at 10:00", "for city = \"Shanghai\""))
        let report = try shop.run("2026-04-02 10:00")
        #expect(report.audience == 3)
        #expect(report.outcomes == ["issued": 3])
        #expect(try shop.run("2026-04-02 10:30").audience == 0)
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
