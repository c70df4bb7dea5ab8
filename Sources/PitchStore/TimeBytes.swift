import PitchSchema

/// A date and a time of day taken from bytes, as far as they were there.
struct TimeParts {
    /// Days since 1970-01-01.
    var day: Int32?
    /// Milliseconds since midnight.
    var time: Int64?
    /// Milliseconds east of UTC.
    var offset: Int64?
}

/// Reads dates and times of ISO 8601's extended form.
enum TimeBytes {
    typealias Bytes = UnsafeBufferPointer<UInt8>

    /// `2026-03-01`
    static func date(_ bytes: Bytes) -> TimeParts? {
        guard bytes.count == 10, let day = day(bytes) else { return nil }
        return TimeParts(day: day)
    }

    /// `2026-03-01 09:30`, `2026-03-01T09:30:00.125+08:00`, `…Z`. Of a second's fraction what is
    /// finer than a millisecond is left out.
    static func instant(_ bytes: Bytes) -> TimeParts? {
        guard bytes.count >= 16, bytes[10] == UInt8(ascii: "T") || bytes[10] == 0x20,
            let day = day(bytes)
        else { return nil }
        var at = 11
        guard let time = time(bytes, &at) else { return nil }
        var parts = TimeParts(day: day, time: time)
        if at == bytes.count { return parts }
        guard let offset = offset(bytes, at) else { return nil }
        parts.offset = offset
        return parts
    }

    /// `09:30`, `09:30:15`, `09:30:15.5`
    static func time(_ bytes: Bytes) -> TimeParts? {
        var at = 0
        guard let time = time(bytes, &at), at == bytes.count else { return nil }
        return TimeParts(time: time)
    }

    private static func day(_ bytes: Bytes) -> Int32? {
        guard bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            let century = pair(bytes, 0), let year = pair(bytes, 2), let month = pair(bytes, 5),
            let day = pair(bytes, 8),
            let date = CivilDate(year: Int(century * 100 + year), month: Int(month), day: Int(day))
        else { return nil }
        return Int32(date.days)
    }

    private static func time(_ bytes: Bytes, _ at: inout Int) -> Int64? {
        guard bytes.count >= at + 5, bytes[at + 2] == UInt8(ascii: ":"),
            let hour = pair(bytes, at), let minute = pair(bytes, at + 3), hour < 24, minute < 60
        else { return nil }
        at += 5
        var time = hour * 3_600_000 + minute * 60_000
        guard at < bytes.count, bytes[at] == UInt8(ascii: ":") else { return time }
        guard bytes.count >= at + 3, let second = pair(bytes, at + 1), second < 60 else {
            return nil
        }
        at += 3
        time += second * 1000
        guard at < bytes.count, bytes[at] == 0x2E || bytes[at] == 0x2C else { return time }
        let start = at + 1
        var step: Int64 = 100
        at = start
        while at < bytes.count, let digit = digit(bytes[at]) {
            time += digit * step
            step /= 10
            at += 1
        }
        return at > start && at - start <= 9 ? time : nil
    }

    /// `Z`, `+08`, `+0800`, `+08:00`
    private static func offset(_ bytes: Bytes, _ start: Int) -> Int64? {
        if bytes[start] == UInt8(ascii: "Z") { return start + 1 == bytes.count ? 0 : nil }
        let isEast = bytes[start] == UInt8(ascii: "+")
        guard isEast || bytes[start] == UInt8(ascii: "-"), bytes.count >= start + 3,
            let hour = pair(bytes, start + 1), hour <= 18
        else { return nil }
        var at = start + 3
        var minute: Int64 = 0
        if at < bytes.count {
            if bytes[at] == UInt8(ascii: ":") { at += 1 }
            guard bytes.count == at + 2, let minutes = pair(bytes, at), minutes < 60 else {
                return nil
            }
            minute = minutes
        }
        let offset = hour * 3_600_000 + minute * 60_000
        return isEast ? offset : -offset
    }

    @inline(__always)
    private static func pair(_ bytes: Bytes, _ at: Int) -> Int64? {
        guard let high = digit(bytes[at]), let low = digit(bytes[at + 1]) else { return nil }
        return high * 10 + low
    }

    @inline(__always)
    static func digit(_ byte: UInt8) -> Int64? {
        byte >= 0x30 && byte <= 0x39 ? Int64(byte &- 0x30) : nil
    }
}

/// A form such as `dd/MM/yyyy HH:mm`, in the letters of Unicode TR35 that are numbers: y M d H h m
/// s S, and a for AM and PM. `yy` stands for 2000…2099. Other letters stand between single quotes.
struct TimePattern {
    private enum Item {
        /// A letter, and how often: one accepts one or more digits, more exactly so many.
        case field(UInt8, Int)
        case literal(UInt8)
    }

    private var items: [Item] = []

    init?(_ text: String) {
        var isQuoted = false
        for byte in text.utf8 {
            if byte == UInt8(ascii: "'") {
                isQuoted.toggle()
            } else if !isQuoted, Self.isLetter(byte) {
                guard "yMdHhmsSa".utf8.contains(byte) else { return nil }
                if case .field(byte, let count) = items.last {
                    items[items.count - 1] = .field(byte, count + 1)
                } else {
                    items.append(.field(byte, 1))
                }
            } else {
                items.append(.literal(byte))
            }
        }
        let isLong = items.contains {
            if case .field(let letter, let count) = $0 {
                count > (letter == UInt8(ascii: "S") ? 9 : 4)
                    || (count > 2 && "MdHhms".utf8.contains(letter))
            } else {
                false
            }
        }
        if isQuoted || items.isEmpty || isLong { return nil }
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    private struct Numbers {
        var year = 0, month = 1, day = 1
        var hour: Int64 = 0, minute: Int64 = 0, second: Int64 = 0, millisecond: Int64 = 0
        var isAfternoon: Bool?
        var isHalfDay = false
        var hasDate = false, hasTime = false
    }

    func read(_ bytes: UnsafeBufferPointer<UInt8>) -> TimeParts? {
        var numbers = Numbers()
        var at = 0
        for item in items {
            switch item {
            case .literal(let byte):
                guard at < bytes.count, bytes[at] == byte else { return nil }
                at += 1
            case .field(UInt8(ascii: "a"), _):
                guard at + 2 <= bytes.count, bytes[at + 1] | 0x20 == UInt8(ascii: "m") else {
                    return nil
                }
                let mark = bytes[at] | 0x20
                guard mark == UInt8(ascii: "a") || mark == UInt8(ascii: "p") else { return nil }
                numbers.isAfternoon = mark == UInt8(ascii: "p")
                at += 2
            case .field(let letter, let width):
                let most = width > 1 ? width : letter == UInt8(ascii: "y") ? 4 : 2
                guard let (value, length) = Self.number(bytes, at, most),
                    width == 1 || length == width
                else { return nil }
                Self.set(&numbers, letter, width, value)
                at += length
            }
        }
        return at == bytes.count ? Self.parts(numbers) : nil
    }

    private static func number(
        _ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ most: Int
    ) -> (Int64, Int)? {
        var value: Int64 = 0
        var at = start
        while at < bytes.count, at - start < most, let digit = TimeBytes.digit(bytes[at]) {
            value = value * 10 + digit
            at += 1
        }
        return at > start ? (value, at - start) : nil
    }

    private static func set(
        _ numbers: inout Numbers, _ letter: UInt8, _ width: Int, _ value: Int64
    ) {
        if "yMd".utf8.contains(letter) { numbers.hasDate = true } else { numbers.hasTime = true }
        switch letter {
        case UInt8(ascii: "y"): numbers.year = Int(value) + (width == 2 ? 2000 : 0)
        case UInt8(ascii: "M"): numbers.month = Int(value)
        case UInt8(ascii: "d"): numbers.day = Int(value)
        case UInt8(ascii: "m"): numbers.minute = value
        case UInt8(ascii: "s"): numbers.second = value
        case UInt8(ascii: "S"):
            let shift = FixedPoint.powersOfTen[abs(3 - width)]
            numbers.millisecond = width <= 3 ? value * shift : value / shift
        default:
            numbers.hour = value
            numbers.isHalfDay = letter == UInt8(ascii: "h")
        }
    }

    private static func parts(_ numbers: Numbers) -> TimeParts? {
        var parts = TimeParts()
        if numbers.hasDate {
            guard
                let date = CivilDate(
                    year: numbers.year, month: numbers.month, day: numbers.day)
            else { return nil }
            parts.day = Int32(date.days)
        }
        if numbers.hasTime {
            var hour = numbers.hour
            if numbers.isHalfDay {
                guard (1...12).contains(hour) else { return nil }
                hour = hour % 12 + (numbers.isAfternoon == true ? 12 : 0)
            }
            guard hour < 24, numbers.minute < 60, numbers.second < 60 else { return nil }
            parts.time =
                hour * 3_600_000 + numbers.minute * 60_000 + numbers.second * 1000
                + numbers.millisecond
        }
        return parts
    }
}
