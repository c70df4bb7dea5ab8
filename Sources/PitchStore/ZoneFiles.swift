import Foundation
import PitchSchema
import Synchronization

extension ZoneRules {
    /// Zones read before: one has thousands of changes up to the year 9999, and every command
    /// asks for its zone several times.
    private static let known = Mutex<[String: ZoneRules]>([:])

    /// The rules of an IANA zone, from the system's time zone files; nil when it has none of that
    /// name. They reach to the year 9999.
    package static func named(_ name: String) -> ZoneRules? {
        if let zone = known.withLock({ $0[name] }) { return zone }
        guard let zone = read(name) else { return nil }
        known.withLock { $0[name] = zone }
        return zone
    }

    private static func read(_ name: String) -> ZoneRules? {
        let isPlain = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || "/_+-".utf8.contains(byte)
        }
        guard isPlain, !name.isEmpty, !name.hasPrefix("/") else { return nil }
        let folder = "/usr/share/zoneinfo/"
        guard let content = FileManager.default.contents(atPath: folder + name) else {
            return name == "UTC" ? .utc : nil
        }
        return ZoneFile([UInt8](content)).flatMap { $0.rules(name: name) }
    }
}

/// A time zone file: RFC 8536, version 2 or later, whose second part has 64-bit instants and ends
/// in a rule for the time after them.
struct ZoneFile {
    /// Seconds since 1970 UTC, and the offset that begins then, in seconds east of UTC.
    private var changes: [(start: Int64, offset: Int64)] = []
    private let first: Int64
    private let rule: ZoneRule?

    init?(_ bytes: [UInt8]) {
        var reader = Reader(bytes)
        guard let old = reader.header(), old.version >= 0x32, reader.skip(old.length(time: 4)),
            let header = reader.header(), header.types > 0
        else { return nil }
        let starts = (0..<header.times).map { _ in reader.integer(8) }
        let kinds = (0..<header.times).map { _ in Int(reader.integer(1)) }
        let offsets = (0..<header.types).map { _ -> Int64 in
            let offset = reader.integer(4)
            _ = reader.integer(2)
            return offset
        }
        guard reader.skip(header.length(time: 8) - header.times * 9 - header.types * 6),
            kinds.allSatisfy(offsets.indices.contains)
        else { return nil }
        for (start, kind) in zip(starts, kinds) { changes.append((start, offsets[kind])) }
        first = offsets[0]
        let footer = reader.rest.drop { $0 == 0x0A }.prefix { $0 != 0x0A }
        rule = footer.isEmpty ? nil : ZoneRule(String(decoding: footer, as: UTF8.self))
        if !footer.isEmpty, rule == nil { return nil }
    }

    func rules(name: String) -> ZoneRules? {
        var starts: [Int64] = [.min]
        var offsets: [Int64] = [first * 1000]
        for change in changes + later where change.offset * 1000 != offsets[offsets.count - 1] {
            let start = change.start.multipliedReportingOverflow(by: 1000)
            if start.overflow || start.partialValue <= starts[starts.count - 1] {
                // Before the beginning of time: the offset that holds at it.
                offsets[offsets.count - 1] = change.offset * 1000
                continue
            }
            starts.append(start.partialValue)
            offsets.append(change.offset * 1000)
        }
        return ZoneRules(name: name, starts: starts, offsets: offsets)
    }

    /// The changes by the rule, after the last one in the table.
    private var later: [(start: Int64, offset: Int64)] {
        guard let rule else { return [] }
        let last = changes.last?.start ?? .min
        guard let summer = rule.summer else {
            return [(last == .min ? -1 << 40 : last + 1, rule.standard)]
        }
        let firstYear = CivilDate(days: Int(max(0, last) / 86_400)).year
        return (firstYear...9999).flatMap { year in
            [
                (summer.start.second(in: year) - rule.standard, summer.offset),
                (summer.end.second(in: year) - summer.offset, rule.standard),
            ].sorted { $0.0 < $1.0 }
        }.filter { $0.0 > last }
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        init(_ bytes: [UInt8]) { rest = bytes[...] }

        struct Header {
            let version: UInt8
            let standards, universals, leaps, times, types, letters: Int

            func length(time: Int) -> Int {
                times * (time + 1) + types * 6 + letters + leaps * (time + 4) + standards
                    + universals
            }
        }

        mutating func header() -> Header? {
            guard rest.count >= 44, rest.starts(with: Array("TZif".utf8)) else { return nil }
            let version = rest[rest.startIndex + 4]
            rest = rest.dropFirst(20)
            let counts = (0..<6).map { _ in Int(integer(4)) }
            guard counts.allSatisfy({ (0...100_000).contains($0) }) else { return nil }
            return Header(
                version: version, standards: counts[1], universals: counts[0], leaps: counts[2],
                times: counts[3], types: counts[4], letters: counts[5])
        }

        mutating func skip(_ count: Int) -> Bool {
            guard count >= 0, rest.count >= count else { return false }
            rest = rest.dropFirst(count)
            return true
        }

        /// A signed big-endian number; 0 beyond the end.
        mutating func integer(_ width: Int) -> Int64 {
            var value: Int64 = 0
            for (place, byte) in rest.prefix(width).enumerated() {
                value = place == 0 && width > 1 ? Int64(Int8(bitPattern: byte)) : value << 8
                if place > 0 || width == 1 { value |= Int64(byte) }
            }
            rest = rest.dropFirst(width)
            return value
        }
    }
}

/// The rule for the time after a zone file's table: POSIX `TZ`, as `EST5EDT,M3.2.0,M11.1.0`.
struct ZoneRule {
    /// Seconds east of UTC.
    let standard: Int64
    private(set) var summer: (offset: Int64, start: Day, end: Day)?

    init?(_ text: String) {
        var reader = Reader(rest: Array(text.utf8)[...])
        guard reader.name(), let west = reader.time() else { return nil }
        standard = -west
        if reader.rest.isEmpty { return }
        guard reader.name() else { return nil }
        var offset = standard + 3600
        if reader.rest.first != UInt8(ascii: ",") {
            guard let west = reader.time() else { return nil }
            offset = -west
        }
        guard let start = reader.day(), let end = reader.day(), reader.rest.isEmpty else {
            return nil
        }
        summer = (offset, start, end)
    }

    /// A day of the year and a local time on it.
    struct Day {
        enum Form {
            case monthWeekDay(Int, Int, Int)
            case julian(Int)
            case ordinal(Int)
        }
        let form: Form
        /// Seconds after midnight; RFC 8536 allows −167…167 hours.
        let time: Int64

        /// Local seconds since 1970-01-01.
        func second(in year: Int) -> Int64 {
            Int64(day(in: year)) * 86_400 + time
        }

        private func day(in year: Int) -> Int {
            guard let first = CivilDate(year: year, month: 1, day: 1) else { return 0 }
            switch form {
            case .ordinal(let number): return first.days + number
            case .julian(let number):
                return first.days + number - 1 + (number >= 60 && CivilDate.isLeap(year) ? 1 : 0)
            case .monthWeekDay(let month, let week, let weekday):
                let start = first.adding(months: month - 1)
                let ahead = (weekday - start.weekday % 7 + 7) % 7
                var day = start.days + ahead + (week - 1) * 7
                while day >= start.days + CivilDate.days(inMonth: month, of: year) { day -= 7 }
                return day
            }
        }
    }

    private struct Reader {
        var rest: ArraySlice<UInt8>

        mutating func take(_ mark: Character) -> Bool {
            guard let byte = rest.first, Character(UnicodeScalar(byte)) == mark else {
                return false
            }
            rest.removeFirst()
            return true
        }

        mutating func name() -> Bool {
            if take("<") {
                rest = rest.drop { $0 != UInt8(ascii: ">") }
                return take(">")
            }
            let letters = rest.prefix { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
            rest = rest.dropFirst(letters.count)
            return letters.count >= 3
        }

        mutating func number() -> Int? {
            let digits = rest.prefix { (0x30...0x39).contains($0) }
            rest = rest.dropFirst(digits.count)
            return digits.count > 4 ? nil : Int(String(decoding: digits, as: UTF8.self))
        }

        /// `-5:30:00` in seconds.
        mutating func time() -> Int64? {
            let isNegative = take("-")
            if !isNegative { _ = take("+") }
            guard let hours = number(), hours < 168 else { return nil }
            var seconds = hours * 3600
            if take(":") {
                guard let minutes = number() else { return nil }
                seconds += minutes * 60
                if take(":") {
                    guard let rest = number() else { return nil }
                    seconds += rest
                }
            }
            return Int64(isNegative ? -seconds : seconds)
        }

        mutating func day() -> Day? {
            guard take(","), let form = form() else { return nil }
            if take("/") { return time().map { Day(form: form, time: $0) } }
            return Day(form: form, time: 7200)
        }

        private mutating func form() -> Day.Form? {
            if take("M") {
                guard let month = number(), take("."), let week = number(), take("."),
                    let weekday = number(), (1...12).contains(month), (1...5).contains(week),
                    (0...6).contains(weekday)
                else { return nil }
                return .monthWeekDay(month, week, weekday)
            }
            if take("J") { return number().flatMap { (1...365).contains($0) ? .julian($0) : nil } }
            return number().flatMap { (0...365).contains($0) ? .ordinal($0) : nil }
        }
    }
}
