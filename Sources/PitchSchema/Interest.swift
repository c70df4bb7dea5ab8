/// For how long money is lent.
package enum LoanTerm: Hashable, Sendable {
    /// So many local days, paid back at once.
    case days(Int)
    /// So many months, paid back at once on the same day of the last one.
    case months(Int)
    /// Paid back in so many equal parts, one a month, each on the day of the loan; in a shorter
    /// month on its last day.
    case instalments(Int)

    package static let mostDays = 3660
    package static let mostMonths = 120

    /// What a loan from a day on bears interest for, as a fraction: of each equal part of the
    /// principal the days until it is paid back, added up, over the number of parts.
    package func dayFraction(from day: Int32) -> DayFraction {
        switch self {
        case .days(let days): DayFraction(days: Int64(days), parts: 1)
        case .months(let months): DayFraction(days: Self.days(from: day, months: months), parts: 1)
        case .instalments(let count):
            DayFraction(
                days: (1...count).reduce(0) { $0 + Self.days(from: day, months: $1) },
                parts: Int64(count))
        }
    }

    /// The largest such fraction, whenever the loan begins.
    package var largestDayFraction: DayFraction {
        if case .days = self { return dayFraction(from: 0) }
        return Self.startDays.map(dayFraction).max { $0.days < $1.days } ?? dayFraction(from: 0)
    }

    private static func days(from day: Int32, months: Int) -> Int64 {
        Int64(CivilDate(days: Int(day)).adding(months: months).days - Int(day))
    }

    /// The days on which loans can begin, as far as they differ. A date up to the 28th exists in
    /// every month, so the 1st stands for all of them; the years 2024 to 2027 hold each place in
    /// the cycle of leap years. A century without a leap day only shortens terms.
    private static let startDays: [Int32] = (2024...2027).flatMap { year in
        (1...12).flatMap { month in
            [1, 29, 30, 31].compactMap { day in
                CivilDate(year: year, month: month, day: day).map { Int32($0.days) }
            }
        }
    }
}

/// Days over the number of parts, not reduced.
package struct DayFraction: Hashable, Sendable {
    package let days: Int64
    package let parts: Int64

    package init(days: Int64, parts: Int64) {
        self.days = days
        self.parts = parts
    }
}

/// Simple interest by actual days over a year of 365 (Actual/365 Fixed; ISDA 2006 Definitions,
/// section 4.16(d)).
package enum Interest {
    package static let daysOfYear: Int128 = 365

    /// principal × rate × days ÷ parts ÷ 365, rounded half to even, once.
    /// - Parameters:
    ///   - principalMinor: in minor units.
    ///   - rate: a year's, in millionths of one.
    /// - Returns: minor units; nil when that leaves 64 bits.
    package static func minor(
        on principalMinor: Int64, at rate: Int64, for term: DayFraction
    ) -> Int64? {
        // At most 2^63 · 10^6 · 2^25 for a rate of 100 % and the longest terms: inside 128 bits.
        let (yearly, overflow) = (Int128(principalMinor) * Int128(rate))
            .multipliedReportingOverflow(by: Int128(term.days))
        if overflow { return nil }
        return FixedPoint.quotient(yearly, 1_000_000 * daysOfYear * Int128(term.parts))
    }
}
