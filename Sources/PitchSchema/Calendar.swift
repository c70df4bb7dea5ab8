/// A day of the proleptic Gregorian calendar. The conversions are Howard Hinnant's
/// ("chrono-Compatible Low-Level Date Algorithms", 2013).
package struct CivilDate: Hashable, Comparable, Sendable {
    package let year: Int
    /// 1…12
    package let month: Int
    /// 1…31
    package let day: Int

    /// A date that exists; nil for 2026-02-30.
    package init?(year: Int, month: Int, day: Int) {
        guard (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, of: year),
            (1...9999).contains(year)
        else { return nil }
        self.init(unchecked: year, month, day)
    }

    private init(unchecked year: Int, _ month: Int, _ day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// The date of a count of days since 1970-01-01.
    package init(days: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        self.init(unchecked: year, month, dayOfYear - (153 * monthIndex + 2) / 5 + 1)
    }

    /// Days since 1970-01-01.
    package var days: Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// 1 = Monday … 7 = Sunday.
    package var weekday: Int { ((days + 3) % 7 + 7) % 7 + 1 }

    package static func isLeap(_ year: Int) -> Bool {
        year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    }

    package static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The same day of another month; the last day of a shorter one. 31 January + 1 month = 28 or
    /// 29 February.
    package func adding(months: Int) -> CivilDate {
        let total = year * 12 + (month - 1) + months
        let year = total >= 0 ? total / 12 : (total - 11) / 12
        let month = total - year * 12 + 1
        return CivilDate(unchecked: year, month, min(day, Self.days(inMonth: month, of: year)))
    }

    package static func < (left: Self, right: Self) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    /// `2026-03-01`
    package var text: String {
        "\(Self.padded(year, 4))-\(Self.padded(month, 2))-\(Self.padded(day, 2))"
    }

    package static func padded(_ number: Int, _ width: Int) -> String {
        let numerals = String(number)
        return String(repeating: "0", count: max(0, width - numerals.count)) + numerals
    }
}

package let millisecondsPerDay: Int64 = 86_400_000

/// A time zone as data: the instants at which its offset from UTC changes.
package struct ZoneRules: Hashable, Sendable {
    /// The IANA name.
    package let name: String
    /// Milliseconds since 1970 UTC at which each offset begins, ascending; the first is
    /// `Int64.min`.
    package let starts: [Int64]
    /// Milliseconds east of UTC.
    package let offsets: [Int64]

    /// - Precondition: as many offsets as starts, ascending starts, the first `Int64.min`.
    package init(name: String, starts: [Int64], offsets: [Int64]) {
        precondition(
            starts.count == offsets.count && starts.first == .min,
            "a zone begins at the beginning of time")
        self.name = name
        self.starts = starts
        self.offsets = offsets
    }

    package static let utc = ZoneRules(name: "UTC", starts: [.min], offsets: [0])

    /// The offset in force at an instant, in milliseconds east of UTC.
    package func offset(at instant: Int64) -> Int64 { offsets[index(at: instant)] }

    /// The first instant after another at which the offset changes; nil when it never does again.
    package func change(after instant: Int64) -> Int64? {
        let next = index(at: instant) + 1
        return next < starts.count ? starts[next] : nil
    }

    private func index(at instant: Int64) -> Int {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= instant { low = middle } else { high = middle }
        }
        return low
    }

    /// The local day of an instant: days since 1970-01-01.
    package func day(of instant: Int64) -> Int32 {
        Int32(clamping: floorDivide(instant &+ offset(at: instant), millisecondsPerDay))
    }

    /// The local time of day of an instant, in milliseconds.
    package func time(of instant: Int64) -> Int64 {
        let local = instant &+ offset(at: instant)
        return local - floorDivide(local, millisecondsPerDay) * millisecondsPerDay
    }

    /// The instant of a local wall-clock time. A time that a spring change skips is the first
    /// instant after the gap; one that an autumn change repeats is its first occurrence.
    package func instant(day: Int32, time: Int64 = 0) -> Int64 {
        let local = Int64(day) * millisecondsPerDay + time
        let first = max(0, index(at: local - millisecondsPerDay * 2))
        for candidate in first..<starts.count {
            let end = candidate + 1 < starts.count ? starts[candidate + 1] : Int64.max
            let instant = local - offsets[candidate]
            if instant < end { return max(instant, starts[candidate]) }
        }
        return local - offsets[offsets.count - 1]
    }
}

/// Division that rounds towards negative infinity.
package func floorDivide(_ dividend: Int64, _ divisor: Int64) -> Int64 {
    let quotient = dividend / divisor
    return dividend % divisor != 0 && (dividend < 0) != (divisor < 0) ? quotient - 1 : quotient
}
