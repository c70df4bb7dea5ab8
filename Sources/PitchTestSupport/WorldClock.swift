import PitchProgram
import PitchSchema

/// Moments near which calendars go wrong, and the edges of every window at such a moment.
package struct WorldClock: Sendable {
    package let moment: Moment

    package static let exactPeriods = [
        Period(90, .second), Period(45, .minute), Period(6, .hour), Period(24, .hour),
        Period(36, .hour),
    ]
    package static let calendarPeriods = [
        Period(1, .day), Period(7, .day), Period(30, .day), Period(2, .week), Period(1, .month),
        Period(3, .month), Period(1, .quarter), Period(1, .year),
    ]

    package init(at moment: Moment) { self.moment = moment }

    package init(_ dice: inout Dice) {
        let zone = dice.pick(Self.zones)
        let turns = zone.starts.dropFirst()
        var days = [
            Self.day(2016, 2, 29), Self.day(2017, 2, 28), Self.day(2016, 3, 31),
            Self.day(2016, 12, 31), Self.day(2017, 1, 1), Self.day(2017, 6, 15),
            Self.day(2016, 3, 1), Self.day(2017, 10, 1),
        ]
        days += turns.map { zone.day(of: $0) + Int32(dice.roll(0...9)) }
        var now = zone.instant(
            day: dice.pick(days), time: dice.roll(Int64(0)...(millisecondsPerDay - 1)))
        if let turn = turns.isEmpty ? nil : dice.pick(Array(turns)), dice.chance(20) {
            now = turn + dice.pick([-3_600_000, -1, 0, 1, 1_800_000, 3_600_000])
        } else if dice.chance(20) {
            now = zone.instant(day: zone.day(of: now)) + dice.pick([-1, 0, 1])
        }
        moment = Moment(now: now, zone: zone, weekStart: dice.pick([1, 1, 7, 3]))
    }

    package static func day(_ year: Int, _ month: Int, _ day: Int) -> Int32 {
        guard let date = CivilDate(year: year, month: month, day: day) else {
            preconditionFailure("\(year)-\(month)-\(day) is a day")
        }
        return Int32(date.days)
    }

    /// Instants at which something that a script can say begins or ends.
    package var edges: [Int64] {
        let zone = moment.zone
        var edges = [moment.now]
        for period in Self.exactPeriods + Self.calendarPeriods {
            for times in [-1, 1] {
                edges.append(period.shift(instant: moment.now, times: times, in: zone))
            }
        }
        for unit in CalendarUnit.allCases {
            for offset in -1...2 { edges.append(zone.instant(day: start(unit, offset))) }
        }
        return edges
            + zone.starts.dropFirst().filter { abs($0 - moment.now) < 40 * millisecondsPerDay }
    }

    /// Days at which something begins or ends.
    package var edgeDays: [Int32] {
        let today = moment.today
        var days = [today, Self.day(2016, 2, 29), Self.day(2012, 2, 29), Self.day(2015, 12, 31)]
        for period in Self.calendarPeriods {
            days += [period.shift(day: today, times: -1), period.shift(day: today, times: 1)]
        }
        for unit in CalendarUnit.allCases {
            for offset in -1...2 { days.append(start(unit, offset)) }
        }
        return days
    }

    private func start(_ unit: CalendarUnit, _ offset: Int) -> Int32 {
        unit.start(containing: moment.today, offset: offset, weekStart: moment.weekStart)
    }

    // MARK: - Zones

    /// Zones of 2016 and 2017 as literals: no change, a change by day, one at midnight, one of
    /// half an hour.
    package static let zones: [ZoneRules] = [
        ZoneRules(name: "Asia/Shanghai", starts: [.min], offsets: [28_800_000]),
        ZoneRules(
            name: "America/New_York",
            starts: [
                .min, 1_457_852_400_000, 1_478_412_000_000, 1_489_302_000_000, 1_509_861_600_000,
            ], offsets: [-18_000_000, -14_400_000, -18_000_000, -14_400_000, -18_000_000]),
        // Forward at midnight: 2016-08-14 and 2017-08-13 begin at 01:00; back at midnight too.
        ZoneRules(
            name: "America/Santiago",
            starts: [
                .min, 1_463_281_200_000, 1_471_147_200_000, 1_494_730_800_000, 1_502_596_800_000,
            ], offsets: [-10_800_000, -14_400_000, -10_800_000, -14_400_000, -10_800_000]),
        ZoneRules(
            name: "Australia/Lord_Howe",
            starts: [
                .min, 1_459_609_200_000, 1_475_335_800_000, 1_491_058_800_000, 1_506_785_400_000,
            ], offsets: [39_600_000, 37_800_000, 39_600_000, 37_800_000, 39_600_000]),
    ]
}
