import PitchSchema

/// The common numerals, without the detours of the general reader.
enum DecimalBytes {
    /// The count for `-1234.5` in steps of 10^-`digits`; nil when it is not that plain, too long,
    /// or has more decimals than `digits`: then `FixedPoint` decides.
    static func quick(
        _ bytes: UnsafeBufferPointer<UInt8>, digits: Int, decimal: UInt8
    ) -> Int64? {
        guard bytes.count <= 16, let first = bytes.first else { return nil }
        var at = first == UInt8(ascii: "-") ? 1 : 0
        let isNegative = at == 1
        var value: Int64 = 0
        let start = at
        while at < bytes.count, let digit = TimeBytes.digit(bytes[at]) {
            value = value &* 10 &+ digit
            at += 1
        }
        if at == start { return nil }
        var places = 0
        if at < bytes.count {
            guard bytes[at] == decimal else { return nil }
            at += 1
            while at < bytes.count, let digit = TimeBytes.digit(bytes[at]) {
                value = value &* 10 &+ digit
                at += 1
                places += 1
            }
            if at < bytes.count || places == 0 || places > digits { return nil }
        }
        let (count, overflow) = value.multipliedReportingOverflow(
            by: FixedPoint.powersOfTen[digits - places])
        return overflow ? nil : isNegative ? -count : count
    }
}

/// Lengths of time: `90 minutes`, `01:30:00`, or ISO 8601 as `P1DT2H30M`.
enum DurationText {
    static func milliseconds(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        guard bytes.count <= 40 else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        if text.hasPrefix("P") { return iso(text.dropFirst()) }
        if text.contains(":") { return clock(text) }
        let parts = text.split(separator: " ")
        guard parts.count == 2 else { return nil }
        let word = parts[1].hasSuffix("s") ? String(parts[1].dropLast()) : String(parts[1])
        guard let unit = Period.Unit(rawValue: word), let one = Period(1, unit).milliseconds else {
            return nil
        }
        return count(parts[0], of: one)
    }

    private static func count(_ number: Substring, of unit: Int64) -> Int64? {
        guard case .success(let millionths) = FixedPoint.parse(number.utf8, digits: 6) else {
            return nil
        }
        let product = Int128(millionths) * Int128(unit)
        guard product.isMultiple(of: 1_000_000) else { return nil }
        return Int64(exactly: product / 1_000_000)
    }

    private static func clock(_ text: String) -> Int64? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), parts[1].utf8.count == 2 else { return nil }
        var total: Int64 = 0
        for (part, unit) in zip(parts, [3_600_000, 60_000, 1000] as [Int64]) {
            guard part.utf8.first.map(TimeBytes.digit) != nil,
                let count = count(part, of: unit), unit == 3_600_000 || count < 60 * unit
            else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(count)
            if overflow || count < 0 { return nil }
            total = sum
        }
        return total
    }

    /// Weeks, days, hours, minutes and seconds; months have no fixed length.
    private static func iso(_ text: Substring) -> Int64? {
        var units: [(Character, Int64)] = [("W", 604_800_000), ("D", 86_400_000)]
        var total: Int64 = 0
        var number = ""
        var isEmpty = true
        for letter in text {
            if letter.isNumber || letter == "." {
                number.append(letter)
            } else if letter == "T", number.isEmpty {
                units = [("H", 3_600_000), ("M", 60_000), ("S", 1000)]
            } else {
                guard let place = units.firstIndex(where: { $0.0 == letter }),
                    let count = count(number[...], of: units[place].1)
                else { return nil }
                let (sum, overflow) = total.addingReportingOverflow(count)
                if overflow { return nil }
                total = sum
                units.removeSubrange(...place)
                number = ""
                isEmpty = false
            }
        }
        return number.isEmpty && !isEmpty ? total : nil
    }
}
