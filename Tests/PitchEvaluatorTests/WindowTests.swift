import PitchEvaluator
import PitchProgram
import PitchSchema
import Testing

/// language.md §6, row by row.
@Suite struct WindowTests {
    private func isWithin(_ instant: Int64, _ window: Window, now: Int64, weekStart: Int = 1)
        -> Value?
    {
        evaluate(
            truth(.isWithin(constant(.instant(instant), .instant), window)), now: now,
            weekStart: weekStart)
    }

    private func isWithin(day: Int32, _ window: Window, now: Int64, weekStart: Int = 1) -> Value? {
        evaluate(
            truth(.isWithin(constant(.date(day), .date), window)), now: now, weekStart: weekStart)
    }

    /// (now − d, now]: exactly `now − d` is out, one millisecond later is in, `now` is in.
    @Test(
        arguments: [
            (Period(1, .second), 1000), (Period(90, .minute), 5_400_000),
            (Period(24, .hour), 86_400_000), (Period(7, .day), 7 * 86_400_000),
            (Period(2, .week), 14 * 86_400_000), (Period(1, .month), 31 * 86_400_000),
        ] as [(Period, Int64)])
    func rollingWindowsAreHalfOpen(period: Period, length: Int64) {
        let now = Shop.at(2017, 6, 15, 12)
        let edge = now - length
        for (instant, isIn) in [
            (edge - 1, false), (edge, false), (edge + 1, true), (now, true), (now + 1, false),
        ] {
            #expect(isWithin(instant, .last(period), now: now) == .truth(isIn))
        }
    }

    @Test func nextWindowIsHalfOpen() {
        let now = Shop.at(2017, 6, 15, 12)
        let window = Window.next(Period(2, .hour))
        let end = now + 7_200_000
        for (instant, isIn) in [
            (now, false), (now + 1, true), (end, true), (end + 1, false),
        ] {
            #expect(isWithin(instant, window, now: now) == .truth(isIn))
        }
    }

    /// Days keep the wall-clock time: across the spring change one day is 23 hours, across the
    /// autumn change 25; 24 hours stay 24 hours.
    @Test func daysKeepTheWallClockTime() {
        let spring = Shop.at(2017, 3, 12, 12)
        let autumn = Shop.at(2017, 11, 5, 12)
        for (now, hours) in [(spring, Int64(23)), (autumn, 25)] {
            let edge = now - hours * 3_600_000
            #expect(isWithin(edge, .last(Period(1, .day)), now: now) == .truth(false))
            #expect(isWithin(edge + 1, .last(Period(1, .day)), now: now) == .truth(true))
            let exact = now - 24 * 3_600_000
            #expect(isWithin(exact, .last(Period(24, .hour)), now: now) == .truth(false))
            #expect(isWithin(exact + 1, .last(Period(24, .hour)), now: now) == .truth(true))
        }
    }

    /// 02:30 on 12 March 2017 does not exist: the first instant after the gap, 03:00.
    @Test func aSkippedTimeIsTheFirstInstantAfterTheGap() {
        let now = Shop.at(2017, 3, 13, 2, 30)
        let edge = Shop.at(2017, 3, 12, 3)
        #expect(isWithin(edge, .last(Period(1, .day)), now: now) == .truth(false))
        #expect(isWithin(edge + 1, .last(Period(1, .day)), now: now) == .truth(true))
    }

    /// 01:30 on 5 November 2017 comes twice: the first one.
    @Test func aRepeatedTimeIsItsFirstOccurrence() {
        let now = Shop.at(2017, 11, 6, 1, 30)
        let first: Int64 = 1_509_859_800_000
        #expect(isWithin(first, .last(Period(1, .day)), now: now) == .truth(false))
        #expect(isWithin(first + 1, .last(Period(1, .day)), now: now) == .truth(true))
    }

    @Test(
        arguments: [
            ("2017-03-31", 1, "2017-02-28"), ("2016-03-31", 1, "2016-02-29"),
            ("2017-05-31", 3, "2017-02-28"), ("2017-03-30", 12, "2016-03-30"),
            ("2017-05-31", 1, "2017-04-30"),
        ] as [(String, Int64, String)])
    func monthsEndOnTheLastDay(from: String, months: Int64, to: String) {
        let moved = Expression(
            .shift(date(Shop.day(from)), Period(months, .month), times: -1), .date)
        #expect(evaluate(moved) == .date(Shop.day(to)))
    }

    @Test(
        arguments: [
            (.day, 0, 1, 15, 15), (.day, -1, 1, 14, 14), (.week, 0, 1, 12, 18),
            (.week, 0, 7, 11, 17), (.week, -1, 1, 5, 11), (.month, 0, 1, 1, 30),
        ] as [(CalendarUnit, Int, Int, Int, Int)])
    func calendarUnitsOfJune(unit: CalendarUnit, offset: Int, weekStart: Int, first: Int, last: Int)
    {
        // 15 June 2017 is a Thursday.
        let now = Shop.at(2017, 6, 15, 12)
        let window = Window.calendar(unit, offset: offset)
        let start = Shop.at(2017, 6, first)
        let end = Shop.newYork.instant(day: Shop.day(2017, 6, last) + 1)
        for (instant, isIn) in [
            (start - 1, false), (start, true), (end - 1, true), (end, false),
        ] {
            #expect(isWithin(instant, window, now: now, weekStart: weekStart) == .truth(isIn))
        }
        for (day, isIn) in [(first - 1, false), (first, true), (last, true), (last + 1, false)] {
            let value = isWithin(
                day: Shop.day(2017, 6, 1) + Int32(day - 1), window, now: now, weekStart: weekStart)
            #expect(value == .truth(isIn))
        }
    }

    @Test func lastMonthIsTheCalendarMonthAndInLastMonthRolls() {
        let now = Shop.at(2017, 3, 31, 12)
        let february = Shop.at(2017, 2, 1)
        #expect(isWithin(february, .calendar(.month, offset: -1), now: now) == .truth(true))
        #expect(isWithin(february - 1, .calendar(.month, offset: -1), now: now) == .truth(false))
        #expect(
            isWithin(Shop.at(2017, 3, 1), .calendar(.month, offset: -1), now: now) == .truth(false))
        let edge = Shop.at(2017, 2, 28, 12)
        #expect(isWithin(edge, .last(Period(1, .month)), now: now) == .truth(false))
        #expect(isWithin(edge + 1, .last(Period(1, .month)), now: now) == .truth(true))
    }

    @Test func quartersAndYears() {
        let now = Shop.at(2017, 2, 10)
        let newYear = Shop.at(2017, 1, 1)
        #expect(isWithin(newYear, .calendar(.quarter, offset: 0), now: now) == .truth(true))
        #expect(isWithin(newYear - 1, .calendar(.quarter, offset: -1), now: now) == .truth(true))
        #expect(isWithin(newYear, .calendar(.year, offset: 0), now: now) == .truth(true))
        #expect(isWithin(newYear - 1, .calendar(.year, offset: -1), now: now) == .truth(true))
        #expect(
            isWithin(Shop.at(2016, 1, 1) - 1, .calendar(.year, offset: -1), now: now)
                == .truth(false))
    }

    @Test func sinceAndUntilHoldWholeDates() {
        let now = Shop.at(2017, 6, 15, 12)
        let start = Shop.at(2017, 3, 12)
        let end = Shop.at(2017, 3, 13)
        let bound = date(Shop.day(2017, 3, 12))
        #expect(end - start == 23 * 3_600_000)
        #expect(isWithin(start, .since(bound), now: now) == .truth(true))
        #expect(isWithin(start - 1, .since(bound), now: now) == .truth(false))
        #expect(isWithin(end - 1, .until(bound), now: now) == .truth(true))
        #expect(isWithin(end, .until(bound), now: now) == .truth(false))
        #expect(isWithin(start, .between(bound, bound), now: now) == .truth(true))
        #expect(isWithin(end, .between(bound, bound), now: now) == .truth(false))
        let moment = instant(start + 5)
        #expect(isWithin(start + 5, .between(moment, moment), now: now) == .truth(true))
        #expect(isWithin(start + 4, .since(moment), now: now) == .truth(false))
        #expect(isWithin(start + 6, .until(moment), now: now) == .truth(false))
    }

    /// A date beside an instant: the instant's local date is compared.
    @Test func aDateBesideAnInstantIsComparedByItsLocalDay() {
        let now = Shop.at(2017, 6, 15, 12)
        let evening = instant(Shop.at(2017, 6, 1, 23, 59))
        let first = Shop.day(2017, 6, 1)
        #expect(isWithin(day: first, .since(evening), now: now) == .truth(true))
        #expect(isWithin(day: first - 1, .since(evening), now: now) == .truth(false))
        #expect(isWithin(day: first, .until(evening), now: now) == .truth(true))
        #expect(isWithin(day: first + 1, .until(evening), now: now) == .truth(false))
        #expect(evaluate(Expression(.convert(evening), .date)) == .date(first))
    }

    @Test func aMissingBoundMakesTheWindowUnknown() {
        let now = Shop.at(2017, 6, 15, 12)
        let hole = missing(.date)
        for window in [
            Window.since(hole), .until(hole), .between(hole, date(0)), .between(date(0), hole),
        ] {
            #expect(isWithin(now, window, now: now) == .missing)
            #expect(
                evaluate(aggregate(.count, in: window), orders: [Shop.order(1, at: now)])
                    == .missing)
        }
        #expect(
            evaluate(truth(.isWithin(missing(.date), .calendar(.day, offset: 0)))) == .missing)
    }

    /// Events dated by day: the dates (today − 7, today].
    @Test func eventsDatedByDayCountWholeDays() {
        let today = Shop.day(2017, 6, 15)
        let visits = (0..<20).map { Shop.visit(Int64($0), on: today - 18 + Int32($0)) }
        func count(_ window: Window?) -> Value? {
            evaluate(aggregate(.count, over: Shop.visits, in: window), visits: visits)
        }
        #expect(count(.last(Period(7, .day))) == .integer(7))
        #expect(count(.last(Period(48, .hour))) == .integer(2))
        #expect(count(.calendar(.day, offset: 0)) == .integer(1))
        #expect(count(.calendar(.week, offset: 0)) == .integer(4))
        #expect(count(.since(instant(Shop.at(2017, 6, 14, 23)))) == .integer(2))
        #expect(count(.next(Period(7, .day))) == .integer(0))
        #expect(count(nil) == .integer(19))
    }

    @Test func theFutureIsNotVisible() {
        let now = Shop.at(2017, 6, 15, 12)
        let orders = [Shop.order(1, at: now), Shop.order(2, at: now + 1)]
        #expect(evaluate(aggregate(.count), now: now, orders: orders) == .integer(1))
        let next = aggregate(.count, in: .next(Period(1, .day)))
        #expect(evaluate(next, now: now, orders: orders) == .integer(0))
        let thisYear = aggregate(.count, in: .calendar(.year, offset: 0))
        #expect(evaluate(thisYear, now: now, orders: orders) == .integer(1))
        #expect(evaluate(aggregate(.count), now: now + 1, orders: orders) == .integer(2))
    }

    @Test func shiftsStopAtTheEndsOfTime() {
        let far = instant(.max)
        let moved = Expression(.shift(far, Period(1, .hour), times: 1), .instant)
        #expect(evaluate(moved) == .instant(.max))
        let day = Expression(
            .shift(date(.max), Period(Period.limit, .year), times: 1), .date)
        #expect(evaluate(day) == .date(.max))
        #expect(
            evaluate(truth(.isWithin(far, .until(day)))) == .truth(false))
    }
}
