import PitchSchema
import Testing

@Suite struct CalendarTests {
    @Test func everyDayOfFourCenturiesRoundTrips() {
        for days in -50_000...100_000 {
            let date = CivilDate(days: days)
            #expect(
                date.days == days
                    && CivilDate(year: date.year, month: date.month, day: date.day) == date)
        }
    }

    @Test func monthsEndOnTheLastDay() {
        let january = CivilDate(year: 2026, month: 1, day: 31)
        #expect(january?.adding(months: 1).text == "2026-02-28")
        #expect(january?.adding(months: 25).text == "2028-02-29")
        #expect(january?.adding(months: -2).text == "2025-11-30")
    }

    @Test func gapsAndRepeatsOfAZone() {
        // New York 2017: forward at 07:00 UTC on 12 March, back at 06:00 UTC on 5 November.
        let zone = ZoneRules(
            name: "America/New_York", starts: [.min, 1_489_302_000_000, 1_509_861_600_000],
            offsets: [-18_000_000, -14_400_000, -18_000_000])
        let spring = Int32(CivilDate(year: 2017, month: 3, day: 12)?.days ?? 0)
        let autumn = Int32(CivilDate(year: 2017, month: 11, day: 5)?.days ?? 0)
        #expect(zone.instant(day: spring, time: 9_000_000) == 1_489_302_000_000)
        #expect(zone.instant(day: spring, time: 10_800_000) == 1_489_302_000_000)
        #expect(zone.instant(day: autumn, time: 5_400_000) == 1_509_859_800_000)
        #expect(zone.day(of: zone.instant(day: autumn)) == autumn)
    }

    @Test func unitsConvertExactly() {
        let celsius = Unit.named("C")
        let fahrenheit = Unit.named("°F")
        #expect(celsius?.convert(10_000_000, to: fahrenheit ?? .all[0]) == 50_000_000)
        #expect(fahrenheit?.convert(50_000_000, to: celsius ?? .all[0]) == 10_000_000)
        #expect(
            Unit.named("inches")?.convert(1_000_000, to: Unit.named("mm") ?? .all[0]) == 25_400_000)
    }

    @Test(arguments: [
        ("0.125", 2, 12), ("0.135", 2, 14), ("-0.125", 2, -12), ("0.1250001", 2, 13),
        ("12e2", 0, 1200),
    ])
    func decimalsRoundHalfToEven(text: String, digits: Int, expected: Int64) {
        #expect(
            FixedPoint.parse(Array(text.utf8), digits: digits, rounds: true) == .success(expected))
    }

    @Test func decimalsAreRefusedWithTheirReason() {
        #expect(FixedPoint.parse(Array("1.776357e-15".utf8), digits: 2) == .failure(.tooPrecise))
        #expect(
            FixedPoint.parse(Array("1.776357e-15".utf8), digits: 2, rounds: true) == .success(0))
        #expect(
            FixedPoint.parse(Array("99999999999999999999".utf8), digits: 0) == .failure(.outOfRange)
        )
        #expect(FixedPoint.parse(Array("12a".utf8), digits: 0) == .failure(.malformed(0)))
    }
}
