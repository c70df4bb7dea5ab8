import PitchEngine
import Testing

/// The days of a table, and what `this` reads of a day.
@Suite struct HolidayTests {
    private static let table = """
        table holidays from csv "holidays.csv" {
            key day date
            name text?
        }
        """

    private func shop(
        _ when: String = "every day in holidays at 10:00", _ clauses: String = "",
        table: String = table, rows: String = "2026-04-03,Good Friday\n2026-04-06,Easter Monday\n"
    ) throws -> TestShop {
        let shop = try TestShop(
            """
                strategy feast {
                    when \(when)
                    give off20
                    no limit
                    every 30 minutes
                    \(clauses)
                }
            """, extra: table)
        try shop.write("holidays.csv", "day,name\n" + rows)
        return shop
    }

    @Test func aDayOfTheTableIsDueFromItsTimeOn() throws {
        let shop = try shop()
        #expect(try shop.run("2026-04-02 12:00").audience == 0)
        #expect(try shop.run("2026-04-03 09:59").audience == 0)
        #expect(try shop.run("2026-04-03 10:00").outcomes == ["issued": 5])
        #expect(try shop.run("2026-04-03 10:30").audience == 0)
        #expect(try shop.run("2026-04-04 12:00").audience == 0)
    }

    @Test func onlyDaysOfTheTableAreMissed() throws {
        let shop = try shop()
        try shop.run("2026-04-02 12:00")
        #expect(
            try shop.run("2026-04-08 12:00").missed
                == ["spring.feast 2026-04-03", "spring.feast 2026-04-06"])
    }

    @Test func missedDaysAreCaughtUp() throws {
        let shop = try shop("every day in holidays", "catch up 2 days")
        try shop.run("2026-04-02 12:00")
        let report = try shop.run("2026-04-08 12:00")
        #expect(report.missed == ["spring.feast 2026-04-03"])
        #expect(report.outcomes == ["issued": 5])
    }

    @Test func thisIsTheDay() throws {
        let condition = """
            if this.holiday = "Good Friday" and this.weekday = 5 and this.month = 4
            and this.day = 2026-04-03
            """
        let shop = try shop("every day in holidays", condition)
        #expect(try shop.run("2026-04-03 12:00").outcomes == ["issued": 5])
        #expect(try shop.run("2026-04-06 12:00").outcomes == ["condition not met": 5])
    }

    @Test func thisOfEveryDay() throws {
        let shop = try shop("every day", "if this.weekday in [6, 7] or this.day = 2026-04-02")
        #expect(try shop.run("2026-04-02 12:00").outcomes == ["issued": 5])
        #expect(try shop.run("2026-04-03 12:00").outcomes == ["condition not met": 5])
        #expect(try shop.run("2026-04-04 12:00").outcomes == ["issued": 5])
    }

    @Test func messagesTellTheDay() throws {
        let message = """

            message feast {
                class service
                sms "{this.holiday or else "a feast"} on {this.day}"
            }
            """.replacing("\"a feast\"", with: "'a feast'")
        let shop = try shop(
            "every day in holidays", "say feast via sms", table: Self.table + message,
            rows: "2026-04-03,Good Friday\n2026-04-06,\n")
        try shop.run("2026-04-03 12:00")
        #expect(try shop.files().values.joined().contains("\"Good Friday on 2026-04-03\""))
        try shop.run("2026-04-06 12:00")
        #expect(try shop.files().values.joined().contains("\"a feast on 2026-04-06\""))
    }

    /// A day that stands twice in the table is one day, with the first of its names.
    @Test func aDayIsOnceInATable() throws {
        let shop = try shop(
            "every day in holidays", "if this.holiday = \"First\"",
            table: Self.table.replacing("key day date", with: "key name\n day date")
                .replacing("name text?", with: ""),
            rows: "2026-04-03,First\n2026-04-03,Second\n")
        #expect(try shop.run("2026-04-03 12:00").outcomes == ["issued": 5])
        #expect(try shop.run("2026-04-03 12:30").audience == 0)
    }

    @Test func aDayWithoutANameIsUnknown() throws {
        let shop = try shop(
            "every day in holidays", "if this.holiday != \"x\"", rows: "2026-04-03,\n")
        #expect(try shop.run("2026-04-03 12:00").outcomes == ["unknown": 5])
    }

    @Test func aDayThatTheTableGetsLater() throws {
        let shop = try shop("every day in holidays")
        #expect(try shop.run("2026-04-07 12:00").audience == 0)
        try shop.append("holidays.csv", "2026-04-07,Tuesday after Easter")
        #expect(try shop.run("2026-04-07 12:30").outcomes == ["issued": 5])
    }

    @Test func aRowThatIsGoneIsNoDay() throws {
        let shop = try shop(
            "every day in holidays", table: Self.table.replacing("}", with: "absent gone\n}"))
        try shop.run("2026-04-02 12:00")
        try shop.write("holidays.csv", "day,name\n2026-04-06,Easter Monday\n")
        #expect(try shop.run("2026-04-03 12:00").audience == 0)
    }

    /// Berlin's clocks skip 02:00–03:00 on 29 March 2026, and repeat it on 25 October.
    @Test func whereTheClocksChange() throws {
        let shop = try shop(
            "every day in holidays at 02:30", rows: "2026-03-29,spring\n2026-10-25,autumn\n")
        #expect(try shop.run("2026-03-29T00:59:59Z").audience == 0)
        #expect(try shop.run("2026-03-29T01:00:00Z").outcomes == ["issued": 5])
        #expect(try shop.run("2026-10-25T00:29:59Z").audience == 0)
        #expect(try shop.run("2026-10-25T00:30:00Z").outcomes == ["issued": 5])
        #expect(try shop.run("2026-10-25T01:30:00Z").audience == 0)
    }

    /// What is remembered of a birthday goes by the field's name, not by its place.
    @Test func oneFieldMoreIsNoSecondBirthday() throws {
        let shop = try TestShop(
            """
                strategy days {
                    when birthday
                    give off20
                    no limit
                    every 30 minutes
                }
            """)
        #expect(try shop.run("2026-04-02 10:00").outcomes == ["issued": 1])
        let script = try String(
            contentsOf: shop.folder.appending(path: "shop.pitch"), encoding: .utf8)
        try shop.write(
            "shop.pitch", script.replacing("city text", with: "town text? = city\ncity text"))
        #expect(try shop.run("2026-04-02 10:30").audience == 0)
    }
}
