/// A length of time as a marketer writes it: `30 days`, `3 months`, `2 hours`.
package struct Period: Hashable, Sendable {
    package enum Unit: String, CaseIterable, Sendable {
        case second, minute, hour, day, week, month, quarter, year

        /// Hours and less are exact; days and more move the local calendar and keep the wall-clock
        /// time.
        package var isExact: Bool { self == .second || self == .minute || self == .hour }

        fileprivate var milliseconds: Int64 {
            switch self {
            case .second: 1000
            case .minute: 60_000
            default: 3_600_000
            }
        }

        /// Whole days in it; 0 for units of months and exact ones.
        fileprivate var days: Int { self == .day ? 1 : self == .week ? 7 : 0 }

        fileprivate var months: Int {
            self == .month ? 1 : self == .quarter ? 3 : self == .year ? 12 : 0
        }
    }

    /// At most `limit`; never negative.
    package let amount: Int64
    package let unit: Unit

    /// The largest amount: 10,000 years of days, so that no shift overflows.
    package static let limit: Int64 = 3_652_500

    package init(_ amount: Int64, _ unit: Unit) {
        self.amount = amount
        self.unit = unit
    }

    /// Milliseconds, counting a day as 24 hours; nil for months, quarters and years, whose length
    /// varies.
    package var milliseconds: Int64? {
        if unit.isExact { return amount * unit.milliseconds }
        return unit.months == 0 ? amount * Int64(unit.days) * millisecondsPerDay : nil
    }

    /// A day moved by `times` of this period. Exact units move by whole days only when they make
    /// whole days.
    package func shift(day: Int32, times: Int) -> Int32 {
        if unit.months > 0 {
            let months = Int(amount) * unit.months * times
            return Int32(clamping: CivilDate(days: Int(day)).adding(months: months).days)
        }
        let days =
            unit.isExact
            ? Int(amount * unit.milliseconds / millisecondsPerDay) : Int(amount) * unit.days
        return Int32(clamping: Int(day) + days * times)
    }

    /// An instant moved by `times` of this period, in a zone; at most to the end of time.
    package func shift(instant: Int64, times: Int, in zone: ZoneRules) -> Int64 {
        if unit.isExact {
            return Int64(
                clamping: Int128(instant) + Int128(amount * unit.milliseconds) * Int128(times))
        }
        return zone.instant(
            day: shift(day: zone.day(of: instant), times: times), time: zone.time(of: instant))
    }

    /// `30 days`, `1 hour`
    package var text: String { "\(amount) \(unit.rawValue)\(amount == 1 ? "" : "s")" }
}

/// A unit of the calendar, for `this month`, `last week`, `streak(… by day)`.
package enum CalendarUnit: String, CaseIterable, Sendable {
    case day, week, month, quarter, year

    /// The first day of the unit that holds a day, `offset` units later (negative: earlier).
    /// - Parameter weekStart: 1 = Monday … 7 = Sunday.
    package func start(containing day: Int32, offset: Int = 0, weekStart: Int) -> Int32 {
        let date = CivilDate(days: Int(day))
        switch self {
        case .day: return day + Int32(offset)
        case .week: return day - Int32((date.weekday - weekStart + 7) % 7) + Int32(offset * 7)
        case .month: return Self.firstDay(date, month: date.month, plus: offset)
        case .quarter:
            return Self.firstDay(date, month: (date.month - 1) / 3 * 3 + 1, plus: offset * 3)
        case .year: return Self.firstDay(date, month: 1, plus: offset * 12)
        }
    }

    private static func firstDay(_ date: CivilDate, month: Int, plus months: Int) -> Int32 {
        let first = CivilDate(days: date.days - (date.day - 1)).adding(months: month - date.month)
        return Int32(clamping: first.adding(months: months).days)
    }
}
