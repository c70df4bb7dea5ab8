import PitchProgram
import PitchSchema
import PitchTestSupport
import Testing

@Suite("Interest")
struct InterestTests {
    private func day(_ year: Int, _ month: Int, _ day: Int) throws -> Int32 {
        Int32(try #require(CivilDate(year: year, month: month, day: day)).days)
    }

    @Test("5000 CNY at 18 % for 7 days is 17.26 CNY")
    func example() {
        let week = LoanTerm.days(7).dayFraction(from: 0)
        #expect(Interest.minor(on: 500_000, at: 180_000, for: week) == 1726)
    }

    /// 365 days at 100 % are the principal itself, so halves are easy to make.
    @Test(
        "a half goes to the even neighbour",
        arguments: [(1, 0), (3, 2), (5, 2), (7, 4), (9, 4)])
    func halves(principal: Int64, interest: Int64) {
        let half = DayFraction(days: 365, parts: 2)
        #expect(Interest.minor(on: principal, at: 1_000_000, for: half) == interest)
        let least = DayFraction(days: 365, parts: 1)
        #expect(Interest.minor(on: principal, at: 500_000, for: least) == interest)
    }

    @Test("one rounding, not one an instalment")
    func roundedOnce() throws {
        // 1 January to 1 February, March and April 2026: 31, 59 and 90 days on a third each.
        let term = LoanTerm.instalments(3).dayFraction(from: try day(2026, 1, 1))
        #expect(term == DayFraction(days: 31 + 59 + 90, parts: 3))
        // 300.00 at 24 %: 300 × 0.24 × 180 ÷ 3 ÷ 365 = 11.8356.
        #expect(Interest.minor(on: 30_000, at: 240_000, for: term) == 1184)
    }

    @Test("months move the calendar: short months, and leap days")
    func months() throws {
        let cases: [(LoanTerm, Int32, Int64)] = [
            (.months(1), try day(2026, 1, 31), 28), (.months(1), try day(2028, 1, 31), 29),
            (.months(1), try day(2028, 2, 29), 29), (.months(12), try day(2027, 3, 1), 366),
            (.months(12), try day(2026, 3, 1), 365), (.months(2), try day(2026, 7, 1), 62),
            (.instalments(2), try day(2026, 1, 31), 28 + 59),
        ]
        for (term, start, days) in cases {
            #expect(term.dayFraction(from: start).days == days, "\(term)")
        }
    }

    @Test(
        "no loan bears interest for longer than the worst case says",
        arguments: [
            LoanTerm.days(7), .months(1), .months(3), .months(13), .instalments(3),
            .instalments(12), .instalments(24),
        ])
    func worstCase(term: LoanTerm) throws {
        let worst = term.largestDayFraction
        let starts = try day(2023, 1, 1)...day(2031, 12, 31)
        #expect(starts.map { term.dayFraction(from: $0).days }.max() == worst.days)
        let century = try day(2099, 1, 1)...day(2100, 12, 31)
        #expect(century.allSatisfy { term.dayFraction(from: $0).days <= worst.days })
    }

    @Test("equals the exact quotient, rounded half to even, for any amounts", arguments: 0..<20)
    func exact(seed: UInt64) {
        var dice = Dice(seed: seed)
        for _ in 0..<500 {
            let bits = dice.roll(1...62)
            let principal = dice.roll(Int64(0)...(Int64(1) << bits))
            let rate = dice.roll(Int64(1)...1_000_000)
            let term = DayFraction(
                days: dice.roll(Int64(1)...400_000), parts: dice.roll(Int64(1)...120))
            let numerator = BigNatural.product([principal, rate, term.days])
            let denominator = BigNatural.product([1_000_000, 365, term.parts])
            if let interest = Interest.minor(on: principal, at: rate, for: term) {
                #expect(BigNatural.isHalfEven(interest, numerator, over: denominator))
            } else {
                #expect(BigNatural.product([.max]) * denominator < numerator)
            }
        }
    }
}
