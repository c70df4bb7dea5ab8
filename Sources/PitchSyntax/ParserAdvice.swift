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
        if what == "'\(Keyword.expiring.english)'" {
            return Advice(
                help: "a coupon is 'bought', 'used' or 'claimed', or 'expiring in 3 days'")
        }
        if isAtEnd { return nil }
        if let comment = comment() { return comment }
        switch kind {
        case .colon, .equal: return code == .clauseForm ? markAfterWord() : nil
        case .plus where code == .leftover:
            return Advice(help: "several coupons are a bundle: { 2 x off20, tenth }")
        case .number: return groupedFigures() ?? dateOfFigures() ?? dateInWords() ?? longName(code)
        case .word where what == Self.description(of: .currency): return currencyElsewhere()
        case .word:
            return word(code) ?? dateInWords() ?? longName(code) ?? fieldNamedAsClause(code)
        case .minus: return longName(code)
        case .string: return quoted(what)
        default: return nil
        }
    }

    // MARK: - Words

    /// A word where a clause ends, or before the value that it needs.
    private func word(_ code: DiagnosticCode) -> Advice? {
        let word = text(current)
        let range = current.token.range
        switch (code, keyword) {
        case (.leftover, .per) where index > 0 && tokens[index - 1].keyword == .once:
            let once = tokens[index - 1].token.range
            return Advice(
                help: "once is for ever; in each such time, '1 per …'",
                fixIts: [FixIt("write '1'", replace: once, with: "1")])
        case (.leftover, .and) where index > 0 && Self.weekdays.contains(tokens[index - 1].keyword):
            return Advice(help: "several days of a week: 'every week on [monday, friday]'")
        case (.leftover, .not):
            return Advice(
                help: "to compare, write '!='",
                fixIts: [FixIt("write '!='", replace: range, with: "!=")])
        case (.leftover, _):
            return comparison(word) ?? aggregateWithoutBrackets()
        case (.clauseForm, .until):
            return Advice(help: "both days are written: '2026-03-01 to 2026-05-31'")
        case (.clauseForm, .from), (.clauseForm, .times):
            return Advice(
                help: "no '\(word)' stands here",
                fixIts: [
                    FixIt("leave out '\(word)'", replace: endOfPrevious.through(range), with: "")
                ])
        default: return nil
        }
    }

    private static let weekdays: [Keyword?] = [
        .monday, .tuesday, .wednesday, .thursday, .friday, .saturday, .sunday,
    ]

    /// `RMB`
    private func currencyElsewhere() -> Advice? {
        let word = text(current)
        let meant = Currency(word.uppercased())?.code ?? Self.unitsElsewhere[word.lowercased()]
        guard let meant, Currency(meant) != nil else { return nil }
        return Advice(
            help: "did you mean '\(meant)'?",
            fixIts: [FixIt("write '\(meant)'", replace: current.token.range, with: meant)])
    }

    /// `more than`
    private func comparison(_ word: String) -> Advice? {
        guard let mark = Self.comparisons[word] else { return nil }
        let than = next().flatMap { text($0) == "than" ? $0.token.range : nil }
        let range = current.token.range
        return Advice(
            help: "to compare, write '\(mark)'",
            fixIts: [
                FixIt("write '\(mark)'", replace: than.map(range.through) ?? range, with: mark)
            ])
    }

    private static let comparisons = [
        "more": ">", "above": ">", "over": ">", "less": "<", "below": "<", "under": "<",
        "equals": "=",
    ]

    /// `count orders > 3`
    private func aggregateWithoutBrackets() -> Advice? {
        guard index > 0, case let word = tokens[index - 1], let keyword = word.keyword,
            keyword.category == .aggregate || keyword == .last
        else { return nil }
        return Advice(help: "an aggregate has brackets: '\(text(word))(\(text(current)) …)'")
    }

    // MARK: - Comments

    /// `//`, `--` and `/*`
    func comment() -> Advice? {
        let first = index > 0 && isCommentMark(index - 1) ? index - 1 : index
        guard isCommentMark(first) else { return nil }
        let range = tokens[first].token.range.through(tokens[first + 1].token.range)
        return Advice(
            help: "a comment begins with '#'",
            fixIts: [FixIt("write '#'", replace: range, with: "#")])
    }

    private func isCommentMark(_ first: Int) -> Bool {
        guard first + 1 < tokens.count, case let (mark, second) =
            (tokens[first].token, tokens[first + 1].token), mark.range.end == second.range.start
        else { return false }
        switch (mark.kind, second.kind) {
        case (.slash, .slash), (.slash, .star): return true
        case (.minus, .minus): return mark.startsLine
        default: return false
        }
    }

    // MARK: - Marks and names

    /// `zone text?` among fields
    private func fieldNamedAsClause(_ code: DiagnosticCode) -> Advice? {
        guard code == .clauseForm, index > 0, case let previous = tokens[index - 1],
            previous.keyword != nil, let keyword, Self.typeWords.contains(keyword)
        else { return nil }
        let name = "`\(text(previous))`"
        return Advice(
            help: "a field of this name stands in back-ticks: '\(name) \(text(current))'",
            fixIts: [FixIt("write '\(name)'", replace: previous.token.range, with: name)])
    }

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
            let isText = index > 0 && tokens[index - 1].keyword == .say
            return Advice(
                help: isText
                    ? "a text stands in a message, and 'say' names it"
                    : "a name stands without quotes")
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
        "percent": "%", "y": "years", "yr": "years", "yrs": "years", "天": "days", "周": "weeks", "个月": "months",
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
}
