import PitchSchema

/// Instants as a user writes them: `2026-03-01`, `2026-03-01 09:30`, `2026-03-01T09:30:00+08:00`.
package enum InstantText {
    /// Milliseconds since 1970; nil when it is no instant. Without an offset it is local time, and
    /// without a time midnight.
    package static func parse(_ text: String, zone: ZoneRules) -> Int64? {
        var rest = Array(text.utf8)[...]
        guard let year = number(&rest, 4), take(&rest, "-"), let month = number(&rest, 2),
            take(&rest, "-"), let day = number(&rest, 2),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        let days = Int32(date.days)
        if rest.isEmpty { return zone.instant(day: days) }
        guard take(&rest, "T") || take(&rest, " "), let time = time(&rest) else { return nil }
        if rest.isEmpty { return zone.instant(day: days, time: time) }
        guard let offset = offset(&rest), rest.isEmpty else { return nil }
        return Int64(days) * millisecondsPerDay + time - offset
    }

    private static func time(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        guard let hour = number(&rest, 2), hour < 24, take(&rest, ":"),
            let minute = number(&rest, 2), minute < 60
        else { return nil }
        var milliseconds = Int64(hour * 60 + minute) * 60_000
        guard take(&rest, ":") else { return milliseconds }
        guard let second = number(&rest, 2), second < 60 else { return nil }
        milliseconds += Int64(second) * 1000
        guard take(&rest, ".") else { return milliseconds }
        guard let fraction = number(&rest, 3) else { return nil }
        return milliseconds + Int64(fraction)
    }

    private static func offset(_ rest: inout ArraySlice<UInt8>) -> Int64? {
        if take(&rest, "Z") { return 0 }
        let isWest = rest.first == UInt8(ascii: "-")
        guard take(&rest, "+") || take(&rest, "-"), let hours = number(&rest, 2), hours <= 18,
            take(&rest, ":"), let minutes = number(&rest, 2), minutes < 60
        else { return nil }
        let length = Int64(hours * 60 + minutes) * 60_000
        return isWest ? -length : length
    }

    private static func number(_ rest: inout ArraySlice<UInt8>, _ width: Int) -> Int? {
        let figures = rest.prefix(width)
        guard figures.count == width, figures.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        rest = rest.dropFirst(width)
        return figures.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func take(_ rest: inout ArraySlice<UInt8>, _ mark: Unicode.Scalar) -> Bool {
        guard let byte = rest.first, UInt32(byte) == mark.value else { return false }
        rest.removeFirst()
        return true
    }
}
