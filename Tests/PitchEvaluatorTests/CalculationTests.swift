import PitchEvaluator
import PitchProgram
import PitchSchema
import Testing

/// language.md §7: exact decimal arithmetic, rounded once, half to even; overflow fails.
@Suite struct CalculationTests {
    private func calculate(
        _ left: Expression, _ operation: Arithmetic, _ right: Expression, as type: ValueType
    ) -> Value? {
        evaluate(Expression(.arithmetic(operation, left, right), type))
    }

    private func duration(_ milliseconds: Int64) -> Expression {
        constant(.duration(milliseconds), .duration)
    }

    private func degrees(_ millionths: Int64) -> Expression {
        constant(.quantity(millionths), Shop.celsius)
    }

    @Test func sumsKeepTheType() {
        #expect(calculate(integer(2), .add, integer(3), as: .integer) == .integer(5))
        #expect(calculate(money(2), .subtract, money(3), as: Shop.dollars) == .money(-1))
        #expect(calculate(percent(2), .add, percent(3), as: .percent) == .percent(5))
        #expect(calculate(duration(2), .subtract, duration(3), as: .duration) == .duration(-1))
        #expect(calculate(degrees(2), .add, degrees(3), as: Shop.celsius) == .quantity(5))
    }

    @Test func differencesOfTimesAreDurations() {
        #expect(calculate(date(10), .subtract, date(8), as: .duration) == .duration(172_800_000))
        #expect(calculate(instant(10), .subtract, instant(8), as: .duration) == .duration(2))
        #expect(calculate(instant(.max), .subtract, instant(-1), as: .duration) == nil)
    }

    @Test(
        arguments: [
            (1, 2_500_000, 2), (3, 500_000, 2), (5, 500_000, 2), (7, 500_000, 4),
            (-3, 500_000, -2), (-5, 500_000, -2), (1, 500_001, 1), (999, 333_333, 333),
        ] as [(Int64, Int64, Int64)])
    func productsOfMoneyRoundHalfToEven(minor: Int64, factor: Int64, expected: Int64) {
        #expect(
            calculate(money(minor), .multiply, number(factor), as: Shop.dollars)
                == .money(expected))
        #expect(
            calculate(percent(factor), .multiply, money(minor), as: Shop.dollars)
                == .money(expected))
    }

    @Test func productsOfNumbers() {
        #expect(calculate(integer(6), .multiply, integer(7), as: .integer) == .integer(42))
        #expect(calculate(number(1500), .multiply, number(1000), as: .number) == .number(2))
        #expect(calculate(number(500), .multiply, number(1000), as: .number) == .number(0))
        #expect(
            calculate(percent(100_000), .multiply, percent(500_000), as: .number)
                == .number(50_000))
        #expect(calculate(money(3), .multiply, integer(4), as: Shop.dollars) == .money(12))
        #expect(calculate(integer(4), .multiply, duration(3), as: .duration) == .duration(12))
        #expect(
            calculate(degrees(3), .multiply, number(500_000), as: Shop.celsius)
                == .quantity(2))
    }

    @Test func quotients() {
        #expect(calculate(integer(1), .divide, integer(3), as: .number) == .number(333_333))
        #expect(calculate(integer(2), .divide, integer(3), as: .number) == .number(666_667))
        #expect(calculate(number(1), .divide, number(2_000_000), as: .number) == .number(0))
        #expect(calculate(number(3), .divide, number(2_000_000), as: .number) == .number(2))
        #expect(calculate(money(100), .divide, money(800), as: .number) == .number(125_000))
        #expect(calculate(money(5), .divide, integer(2), as: Shop.dollars) == .money(2))
        #expect(calculate(money(5), .divide, percent(200_000), as: Shop.dollars) == .money(25))
        #expect(
            calculate(percent(500_000), .divide, number(250_000), as: .number)
                == .number(2_000_000))
        #expect(calculate(duration(7), .divide, integer(2), as: .duration) == .duration(4))
        #expect(calculate(duration(7), .divide, duration(2), as: .number) == .number(3_500_000))
    }

    @Test func divisionByZeroIsUnknown() {
        #expect(calculate(integer(1), .divide, integer(0), as: .number) == .missing)
        #expect(calculate(money(1), .divide, number(0), as: Shop.dollars) == .missing)
        #expect(calculate(failing, .divide, integer(0), as: .number) == nil)
    }

    @Test func overflowFailsAndNeverWraps() {
        #expect(calculate(integer(.max), .add, integer(1), as: .integer) == nil)
        #expect(calculate(integer(.min), .subtract, integer(1), as: .integer) == nil)
        #expect(calculate(integer(.max), .multiply, integer(2), as: .integer) == nil)
        #expect(calculate(money(.max), .multiply, number(1_000_001), as: Shop.dollars) == nil)
        #expect(
            calculate(money(.max), .multiply, number(1_000_000), as: Shop.dollars)
                == .money(.max))
        #expect(calculate(number(.max), .divide, number(1), as: .number) == nil)
        #expect(evaluate(failing) == nil)
        #expect(evaluate(Expression(.convert(integer(.max)), .number)) == nil)
        #expect(evaluate(Expression(.call(.abs, [integer(.min)]), .integer)) == nil)
    }

    @Test func missingOperandsGiveMissingAndFailuresWin() {
        #expect(calculate(missing(.integer), .add, integer(1), as: .integer) == .missing)
        #expect(calculate(missing(.integer), .add, failing, as: .integer) == nil)
        #expect(evaluate(Expression(.negate(missing(.integer)), .integer)) == .missing)
    }

    @Test func conversions() {
        #expect(evaluate(Expression(.convert(integer(3)), .number)) == .number(3_000_000))
        #expect(evaluate(Expression(.convert(percent(3)), .number)) == .number(3))
        #expect(evaluate(Expression(.convert(number(3)), .percent)) == .percent(3))
        #expect(evaluate(Expression(.convert(missing(.integer)), .number)) == .missing)
    }

    @Test(
        arguments: [
            ("2000-02-29", "2017-02-27", 16), ("2000-02-29", "2017-02-28", 17),
            ("2000-02-29", "2016-02-28", 15), ("2000-02-29", "2016-02-29", 16),
            ("1990-06-15", "2017-06-15", 27), ("1990-06-16", "2017-06-15", 26),
            ("2017-06-16", "2017-06-15", -1),
        ] as [(String, String, Int64)])
    func agesAreCompletedYears(born: String, today: String, age: Int64) {
        let born = date(Shop.day(born))
        let value = evaluate(
            Expression(.call(.age, [born]), .integer),
            now: Shop.newYork.instant(day: Shop.day(today), time: 1))
        #expect(value == .integer(age))
    }

    @Test func partsOfDatesAndTimes() {
        let leapDay = date(Shop.day(2016, 2, 29))
        for (function, expected) in [
            (Function.year, Int64(2016)), (.month, 2), (.day, 29), (.weekday, 1),
        ] {
            #expect(
                evaluate(Expression(.call(function, [leapDay]), .integer))
                    == .integer(expected))
        }
        let evening = instant(Shop.at(2017, 6, 15, 22, 45, plus: 1))
        #expect(evaluate(Expression(.call(.hour, [evening]), .integer)) == .integer(22))
        #expect(evaluate(Expression(.call(.timeOfDay, [evening]), .time)) == .time(81_900_001))
        // The second 01:30 of 5 November.
        let repeated = instant(1_509_863_400_000)
        #expect(evaluate(Expression(.call(.hour, [repeated]), .integer)) == .integer(1))
        #expect(
            evaluate(Expression(.call(.length, [text("上海 e\u{301}")]), .integer))
                == .integer(5))
        #expect(evaluate(Expression(.call(.abs, [money(-7)]), Shop.dollars)) == .money(7))
        #expect(evaluate(Expression(.call(.hour, [missing(.instant)]), .integer)) == .missing)
    }

    @Test func nowAndToday() {
        let now = Shop.at(2017, 6, 15, 23, 59)
        #expect(evaluate(Expression(.now, .instant), now: now) == .instant(now))
        #expect(evaluate(Expression(.today, .date), now: now) == .date(Shop.day(2017, 6, 15)))
    }

    @Test func shiftsMoveTheLocalCalendarOrExactTime() {
        let noon = instant(Shop.at(2017, 3, 11, 12))
        let day = Expression(.shift(noon, Period(1, .day), times: 1), .instant)
        let hours = Expression(.shift(noon, Period(24, .hour), times: 1), .instant)
        #expect(evaluate(day) == .instant(Shop.at(2017, 3, 12, 12)))
        #expect(evaluate(hours) == .instant(Shop.at(2017, 3, 12, 13)))
        let weeks = Expression(.shift(date(0), Period(2, .week), times: -1), .date)
        #expect(evaluate(weeks) == .date(-14))
    }
}
