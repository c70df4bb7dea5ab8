import PitchSchema
import PitchSource

/// What habits from elsewhere are called here: help for an `expected`, beside its message.
struct Advice {
    let help: String
    var fixIts: [FixIt] = []
}

extension Parser {
    /// What stands here was perhaps meant to be.
    /// - Parameter what: what is expected here.
    func advice(_ code: DiagnosticCode, expecting what: String) -> Advice? {
        let token = tokens[index].token
        if token.kind == .word, !token.startsLine, let word = lowerCaseKeyword {
            return Advice(
                help: "the words of the language are in lower case",
                fixIts: [FixIt("write '\(word)'", replace: token.range, with: word)])
        }
        if isAtEnd { return nil }
        switch kind {
        case .colon, .equal: return code == .clauseForm ? markAfterWord() : nil
        case .plus where code == .leftover:
            return Advice(help: "several coupons are a bundle: { 2 x off20, tenth }")
        case .number: return groupedFigures() ?? dateOfFigures() ?? dateInWords() ?? longName(code)
        case .word where at(.per) && index > 0 && tokens[index - 1].keyword == .once:
            return times()
        case .word: return dateInWords() ?? longName(code)
        case .minus: return longName(code)
        case .string: return quoted(what)
        default: return nil
        }
    }

    // MARK: - Marks and names

    /// The keyword that the current token is but for its capitals.
    private var lowerCaseKeyword: String? {
        guard tokens[index].keyword == nil else { return nil }
        let lower = text(tokens[index]).lowercased()
        return Keyword(rawValue: lower) == nil ? nil : lower
    }

    /// `in (gold, silver)`
    func listInParentheses(from opening: Token) -> Advice? {
        guard opening.kind == .leftParen, kind == .comma, let end = closingBracket(.rightParen)
        else { return nil }
        let whole = opening.range.through(tokens[end].token.range)
        let list = "[" + file.text(Int(whole.start) + 1, Int(whole.end) - 1) + "]"
        return Advice(
            help: "a list stands in square brackets",
            fixIts: [FixIt("write '\(list)'", replace: whole, with: list)])
    }

    /// `stock: 50`
    private func markAfterWord() -> Advice? {
        guard index > 0, tokens[index - 1].token.kind == .word else { return nil }
        let mark = text(current)
        let isTight = next().map { $0.token.range.start == current.token.range.end } ?? false
        let gap = endOfPrevious.through(current.token.range)
        return Advice(
            help: "no '\(mark)' stands between a clause and its value",
            fixIts: [FixIt("leave out '\(mark)'", replace: gap, with: isTight ? " " : "")])
    }

    /// `once per 30 days`
    private func times() -> Advice {
        let word = tokens[index - 1].token.range
        return Advice(
            help: "once is for ever; in each such time, '1 per …'",
            fixIts: [FixIt("write '1'", replace: word, with: "1")])
    }

    /// `segment big spenders = …`, `segment big-spenders = …`
    private func longName(_ code: DiagnosticCode) -> Advice? {
        guard code == .header, index > 0, tokens[index - 1].token.kind == .word else { return nil }
        var parts = [text(tokens[index - 1])]
        var end = index
        while end < tokens.count, !tokens[end].token.startsLine {
            let token = tokens[end]
            switch token.token.kind {
            case .word, .number: parts.append(text(token))
            case .minus: break
            case .equal, .leftBrace, .string:
                let name = parts.joined(separator: "_")
                let whole = tokens[index - 1].token.range.through(tokens[end - 1].token.range)
                return Advice(
                    help: "a name is one word, its parts joined by '_'",
                    fixIts: [FixIt("write '\(name)'", replace: whole, with: name)])
            default: return nil
            }
            end += 1
        }
        return nil
    }

    /// A date or a name in quotes.
    private func quoted(_ what: String) -> Advice? {
        if what == Self.description(of: .name) {
            return Advice(help: "a name stands without quotes")
        }
        let content = text(current).dropFirst().dropLast()
        guard content.utf8.count == 10, let date = LocalDate(figures: content)?.written,
            date == content
        else { return nil }
        return Advice(
            help: "a date stands without quotes",
            fixIts: [FixIt("write '\(date)'", replace: current.token.range, with: date)])
    }

    // MARK: - Figures

    /// Units as they are called elsewhere, in lower case.
    static let unitsElsewhere = [
        "rmb": "CNY", "yuan": "CNY", "元": "CNY", "块": "CNY", "yen": "JPY", "円": "JPY",
        "dollar": "USD", "dollars": "USD", "euro": "EUR", "euros": "EUR", "pounds": "GBP",
        "s": "seconds", "sec": "seconds", "min": "minutes", "mins": "minutes", "h": "hours",
        "hr": "hours", "hrs": "hours", "d": "days", "w": "weeks", "wk": "weeks", "mo": "months",
        "y": "years", "yr": "years", "yrs": "years", "天": "days", "周": "weeks", "个月": "months",
        "年": "years", "小时": "hours", "分钟": "minutes",
    ]

    /// `200,000`
    private func groupedFigures() -> Advice? {
        var first = index
        while first >= 2, isGroup(first) { first -= 2 }
        var last = first
        while isGroup(last + 2) { last += 2 }
        guard last > first, (1...3).contains(text(tokens[first]).utf8.count) else { return nil }
        let figures = stride(from: first, through: last, by: 2).map { text(tokens[$0]) }
            .joined(separator: "_")
        let whole = tokens[first].token.range.through(tokens[last].token.range)
        return Advice(
            help: "a comma ends a clause; '_' groups figures",
            fixIts: [FixIt("write '\(figures)'", replace: whole, with: figures)])
    }

    /// Whether three figures stand at a place, a comma and figures right before them.
    private func isGroup(_ place: Int) -> Bool {
        guard place >= 2, place < tokens.count else { return false }
        let (number, comma, group) = (tokens[place - 2], tokens[place - 1], tokens[place])
        return number.token.kind == .number && comma.token.kind == .comma
            && group.token.kind == .number
            && number.token.range.end == comma.token.range.start
            && comma.token.range.end == group.token.range.start
            && text(group).prefix { $0 != "." }.utf8.count == 3
    }

    // MARK: - Dates

    private func date(_ local: LocalDate, at range: SourceRange) -> Advice {
        Advice(
            help: "a date is written year, month, day: 2026-01-31",
            fixIts: local.written.map { [FixIt("write '\($0)'", replace: range, with: $0)] } ?? [])
    }

    /// `31/12/2026` and the like.
    func dateOfFigures() -> Advice? {
        let start = Int(current.token.range.start)
        let end = Int(current.token.range.end)
        let isAlone = end == file.bytes.count || Self.endsValue.contains(file.bytes[end])
        guard kind == .number, !isAlone else { return nil }
        let run = file.text(start, start + 24).prefix { $0.isNumber || "/.-年月日".contains($0) }
        guard let local = LocalDate(figures: run) else { return nil }
        return date(
            local, at: SourceRange(file: fileIndex, start: start, end: start + run.utf8.count))
    }

    private static let endsValue = Set(" \t\r\n,})]".utf8)

    /// `31 December 2026`, `December 31, 2026`
    func dateInWords() -> Advice? {
        guard let following = next() else { return nil }
        let (word, number) = kind == .word ? (current, following) : (following, current)
        // No month is a word of the language.
        guard word.token.kind == .word, word.keyword == nil, number.token.kind == .number
        else { return nil }
        var parts: [String] = []
        var end = index
        while end < tokens.count, parts.count < 3, end == index || !tokens[end].token.startsLine {
            if tokens[end].token.kind != .comma { parts.append(text(tokens[end])) }
            end += 1
        }
        guard let local = LocalDate(words: parts) else { return nil }
        return date(local, at: current.token.range.through(tokens[end - 1].token.range))
    }
}

/// A date as people write it elsewhere.
struct LocalDate {
    /// As a script writes it; nil when day and month could be either, or there is no such day.
    let written: String?

    /// `31/12/2026`, `12/31/2026`, `31.12.2026`, `2026/12/31`, `2026-1-1`, `2026年12月31日`
    init?(figures: some StringProtocol) {
        let parts = figures.split { !$0.isASCII || !$0.isNumber }
        let numbers = parts.compactMap { Int($0) }
        guard parts.count == 3, numbers.count == 3 else { return nil }
        if parts[0].count == 4 {
            written = Self.written(numbers[0], numbers[1], numbers[2])
        } else if parts[2].count == 4 {
            let isEither = numbers[0] <= 12 && numbers[1] <= 12 && numbers[0] != numbers[1]
            let (day, month) =
                numbers[0] > 12 ? (numbers[0], numbers[1]) : (numbers[1], numbers[0])
            written = isEither ? nil : Self.written(numbers[2], month, day)
        } else {
            return nil
        }
    }

    /// A day, a month by its name, and a year; or the month first.
    init?(words: [String]) {
        guard words.count == 3, words[2].count == 4, let year = Int(words[2]) else { return nil }
        let isDayFirst = Int(words[0]) != nil
        guard let day = Int(words[isDayFirst ? 0 : 1]),
            let month = Self.month(words[isDayFirst ? 1 : 0])
        else { return nil }
        written = Self.written(year, month, day)
    }

    private static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september",
        "october", "november", "december",
    ]

    /// The number of a month by its name or a beginning of it.
    private static func month(_ word: String) -> Int? {
        let lower = word.lowercased()
        return lower.count < 3
            ? nil : months.firstIndex { $0.hasPrefix(lower) }.map { $0 + 1 }
    }

    private static func written(_ year: Int, _ month: Int, _ day: Int) -> String? {
        guard CivilDate(year: year, month: month, day: day) != nil else { return nil }
        let digits = [month, day].map { $0 < 10 ? "0\($0)" : "\($0)" }
        return "\(year)-\(digits[0])-\(digits[1])"
    }
}
