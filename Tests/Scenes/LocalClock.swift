import Foundation

/// Local time as the language pins it down, by Foundation's zones rather than the engine's.
struct LocalClock {
    private let zone: TimeZone
    private let calendar: Calendar

    static let name = "Europe/Berlin"

    init() {
        zone = TimeZone(identifier: Self.name) ?? .gmt
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        self.calendar = calendar
    }

    static let dayLength = 86_400_000
    static let minute = 60_000

    private func offset(at instant: Int) -> Int {
        1000 * zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant) / 1000))
    }

    private func wall(_ instant: Int) -> Int { instant + offset(at: instant) }

    /// Days since 1970-01-01.
    func day(of instant: Int) -> Int {
        Int((Double(wall(instant)) / Double(Self.dayLength)).rounded(.down))
    }

    /// Milliseconds that the clock on the wall shows.
    func time(of instant: Int) -> Int { wall(instant) - day(of: instant) * Self.dayLength }

    /// What the clock repeats is meant the first time; what it skips is the first instant after.
    func instant(day: Int, time: Int = 0) -> Int {
        let wanted = day * Self.dayLength + time
        for near in [-Self.dayLength, Self.dayLength] {
            let instant = wanted - offset(at: wanted + near)
            if wall(instant) == wanted { return instant }
        }
        let before = Date(timeIntervalSince1970: Double(wanted - Self.dayLength) / 1000)
        let change = zone.nextDaylightSavingTimeTransition(after: before) ?? before
        return Int(change.timeIntervalSince1970 * 1000)
    }

    /// Hours are exact; days keep the time on the wall.
    func shift(_ instant: Int, _ span: Span, times: Int = 1) -> Int {
        switch span {
        case .minutes(let count): instant + times * count * Self.minute
        case .days(let count):
            self.instant(day: day(of: instant) + times * count, time: time(of: instant))
        }
    }

    /// Year, month, day of the month, and the day of the week from Monday = 1.
    func date(_ day: Int) -> (year: Int, month: Int, day: Int, weekday: Int) {
        let parts = calendar.dateComponents(
            [.year, .month, .day, .weekday],
            from: Date(timeIntervalSince1970: Double(day) * 86_400))
        let weekday = parts.weekday.map { ($0 + 5) % 7 + 1 } ?? 0
        return (parts.year ?? 0, parts.month ?? 0, parts.day ?? 0, weekday)
    }

    func isLastOfMonth(_ day: Int) -> Bool { date(day + 1).day == 1 }

    /// `2026-03-29`
    func text(day: Int) -> String {
        let date = date(day)
        return String(format: "%04d-%02d-%02d", date.year, date.month, date.day)
    }

    /// `2026-03-29 02:30`
    func text(day: Int, minute: Int) -> String {
        text(day: day) + String(format: " %02d:%02d", minute / 60, minute % 60)
    }
}

/// A length of time in a script.
enum Span: Hashable {
    case minutes(Int)
    case days(Int)

    var text: String {
        switch self {
        case .minutes(let count) where count % 60 == 0:
            count == 60 ? "1 hour" : "\(count / 60) hours"
        case .minutes(let count): "\(count) minutes"
        case .days(let count): count == 1 ? "1 day" : "\(count) days"
        }
    }
}
