import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// Numbers, amounts, dates and strings.
extension Checker {
    func literal(_ node: SyntaxNode) -> Expression {
        guard let token = node.firstToken else { return .faulty(at: node.range) }
        switch token.kind {
        case .number: return number(token)
        case .string, .longString:
            return Expression(.constant(.text(string(token))), .text, at: node.range)
        case .date:
            return date(token).map { Expression(.constant(.date($0)), .date, at: node.range) }
                ?? .faulty(at: node.range)
        case .instant:
            return instant(token).map {
                Expression(.constant(.instant($0)), .instant, at: node.range)
            } ?? .faulty(at: node.range)
        case .time:
            return time(token).map { Expression(.constant(.time($0)), .time, at: node.range) }
                ?? .faulty(at: node.range)
        default: return .faulty(at: node.range)
        }
    }

    private func number(_ token: Token) -> Expression {
        let numerals = numerals(token)
        if !numerals.contains(UInt8(ascii: ".")) {
            guard let count = count(numerals, digits: 0, at: token.range) else {
                return .faulty(at: token.range)
            }
            return Expression(.constant(.integer(count)), .integer, at: token.range)
        }
        guard let count = count(numerals, digits: 6, at: token.range) else {
            return .faulty(at: token.range)
        }
        return Expression(.constant(.number(count)), .number, at: token.range)
    }

    func numerals(_ token: Token) -> [UInt8] {
        text(token).utf8.filter { $0 != UInt8(ascii: "_") }
    }

    /// The count of a numeral in steps of 10^-digits; reports one that has too many decimals or is
    /// too large.
    func count(_ numerals: [UInt8], digits: Int, at range: SourceRange) -> Int64? {
        switch FixedPoint.parse(numerals, digits: digits) {
        case .success(let count): return count
        case .failure(.tooPrecise):
            report(
                .numberOutOfRange,
                "'\(scope.sources.text(of: range))' has more than \(digits) decimals",
                at: range)
        case .failure:
            report(
                .numberOutOfRange, "'\(scope.sources.text(of: range))' is too large", at: range)
        }
        return nil
    }

    /// `20 CNY`, `7 days`, `10%`, `18 C`
    func quantity(_ node: SyntaxNode) -> Expression {
        guard let number = node.leaf("number"), let unit = node.leaf("unit") else {
            return .faulty(at: node.range)
        }
        let word = text(unit)
        if word == "%" {
            // Four decimals of a percent are the six of its share.
            return count(numerals(number), digits: 4, at: node.range).map {
                Expression(.constant(.percent($0)), .percent, at: node.range)
            } ?? .faulty(at: node.range)
        }
        if let currency = Currency(word) {
            let decimals = text(number).split(separator: ".").dropFirst().first?.count ?? 0
            guard decimals <= currency.digits else {
                report(
                    .numberOutOfRange,
                    "'\(text(number))' has more than \(currency.digits) decimals",
                    at: number.range,
                    help: decimals == 3
                        ? "where the point parts thousands, write "
                            + "'\(text(number).replacing(".", with: "_"))'" : nil)
                return .faulty(at: node.range)
            }
            return count(numerals(number), digits: currency.digits, at: node.range).map {
                Expression(.constant(.money($0)), .money(currency), at: node.range)
            } ?? .faulty(at: node.range)
        }
        if Self.periodUnit(word) != nil { return duration(node) }
        // A unit that does not exist is reported by the parser.
        guard let measure = Unit.named(word) else { return .faulty(at: node.range) }
        return count(numerals(number), digits: 6, at: node.range).map {
            Expression(.constant(.quantity($0)), .quantity(measure), at: node.range)
        } ?? .faulty(at: node.range)
    }

    private func duration(_ node: SyntaxNode) -> Expression {
        guard let period = period(node) else { return .faulty(at: node.range) }
        guard let milliseconds = period.milliseconds else {
            report(
                .monthsAsLength, "'\(period.text)' has no fixed length", at: node.range,
                help: "count days, or compare with a day: 'joined before \(period.text) ago'")
            return .faulty(at: node.range)
        }
        return Expression(.constant(.duration(milliseconds)), .duration, at: node.range)
    }

    static func periodUnit(_ word: String) -> Period.Unit? {
        if let unit = Period.Unit(rawValue: word) { return unit }
        guard word.hasSuffix("s") else { return nil }
        return Period.Unit(rawValue: String(word.dropLast()))
    }

    /// A whole number of calendar units, from 1; reports anything else.
    func period(_ node: SyntaxNode?) -> Period? {
        guard let node else { return nil }
        // What is missing or no quantity at all is reported by the parser.
        guard node.kind != .missing, node.kind != .skipped else { return nil }
        guard node.kind == .quantity, let number = node.leaf("number"),
            let unit = node.leaf("unit").flatMap({ Self.periodUnit(text($0)) })
        else {
            report(
                .periodExpected,
                "expected a length of time such as '30 days', found '\(text(node))'",
                at: node.range)
            return nil
        }
        guard case .success(let amount) = FixedPoint.parse(numerals(number), digits: 0),
            (1...Period.limit).contains(amount)
        else {
            report(
                .outOfBounds,
                """
                expected a whole number of \(unit.rawValue)s from 1 to \(Period.limit), found \
                '\(text(number))'
                """,
                at: number.range)
            return nil
        }
        return Period(amount, unit)
    }

    /// Days since 1970-01-01 of a date token.
    func date(_ token: Token) -> Int32? {
        let parts = text(token).split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3,
            let date = CivilDate(year: parts[0], month: parts[1], day: parts[2])
        else {
            report(.noSuchDate, "there is no day '\(text(token))'", at: token.range)
            return nil
        }
        return Int32(clamping: date.days)
    }

    /// Milliseconds since midnight of `22:00` or `22:00:30`.
    func time(_ token: Token) -> Int32? {
        guard let milliseconds = Self.time(text(token)) else {
            report(
                .noSuchDate, "there is no time of day '\(text(token))'", at: token.range,
                help: "a day goes from 00:00 to 23:59")
            return nil
        }
        return milliseconds
    }

    private static func time(_ text: some StringProtocol) -> Int32? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3, let hour = Int32(parts[0]),
            let minute = Int32(parts[1]), (0..<24).contains(hour), (0..<60).contains(minute)
        else { return nil }
        guard parts.count == 3 else { return (hour * 60 + minute) * 60_000 }
        guard case .success(let seconds) = FixedPoint.parse(parts[2].utf8, digits: 3),
            (0..<60_000).contains(seconds)
        else { return nil }
        return (hour * 60 + minute) * 60_000 + Int32(seconds)
    }

    /// Milliseconds since 1970 UTC of `2026-03-01 09:30`, in the project's zone unless it carries
    /// an offset.
    func instant(_ token: Token) -> Int64? {
        let written = text(token)
        let day = written.prefix(10).split(separator: "-").compactMap { Int($0) }
        let rest = written.dropFirst(10).drop { $0 == " " || $0 == "T" || $0 == "t" }
        let mark = rest.firstIndex { $0 == "+" || $0 == "-" || $0 == "Z" || $0 == "z" }
        guard day.count == 3, let date = CivilDate(year: day[0], month: day[1], day: day[2]),
            let time = Self.time(rest[..<(mark ?? rest.endIndex)])
        else {
            report(.noSuchDate, "there is no instant '\(written)'", at: token.range)
            return nil
        }
        guard let mark else {
            let rules = scope.zone(scope.project.zone) ?? .utc
            return rules.instant(day: Int32(clamping: date.days), time: Int64(time))
        }
        guard let offset = Self.offset(rest[mark...]) else {
            report(.noSuchDate, "there is no offset '\(rest[mark...])'", at: token.range)
            return nil
        }
        return Int64(date.days) * millisecondsPerDay + Int64(time) - offset
    }

    /// Milliseconds east of UTC of `+08:00` or `Z`.
    private static func offset(_ text: Substring) -> Int64? {
        if text == "Z" || text == "z" { return 0 }
        guard let time = time(text.dropFirst()) else { return nil }
        return text.hasPrefix("-") ? -Int64(time) : Int64(time)
    }

    /// What a string token says, in NFC.
    func string(_ token: Token) -> String {
        UnicodeText.nfc(StringText.content(of: text(token)).text)
    }
}

/// A string token's quotes and what is between them.
enum StringText {
    /// The text between the quotes, and how many bytes stand before it.
    static func content(of written: String) -> (text: String, offset: Int) {
        for quote in ["\"\"\"", "\"", "'"] where written.hasPrefix(quote) {
            let isClosed = written.utf8.count >= 2 * quote.utf8.count && written.hasSuffix(quote)
            let body = written.dropFirst(quote.count).dropLast(isClosed ? quote.count : 0)
            return (String(body), quote.utf8.count)
        }
        return (written, 0)
    }
}
