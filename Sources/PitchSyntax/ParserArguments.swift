import PitchSchema
import PitchSource

/// The arguments of clauses, one kind a slot.
extension Parser {
    /// Reads an argument; reports and returns nil where none stands.
    mutating func argument(_ slot: ClausePattern.Slot) -> SyntaxNode? {
        switch slot {
        case .expression: return expression()
        case .occurrence: return occurrence()
        case .offer: return offer()
        case .type: return type()
        default: break
        }
        if kind == .number, isMisspeltUnit(slot) { return quantity() }
        guard canStart(slot) else {
            expected(Self.description(of: slot), .clauseForm)
            return nil
        }
        switch slot {
        case .newName, .name, .currency: return node(.name, [take("name")])
        case .names: return kind == .leftBracket ? list { $0.element(.name) } : argument(.name)
        case .integers:
            return kind == .leftBracket ? list { $0.element(.integer) } : argument(.integer)
        case .integer, .number: return signed { $0.plainNumber() }
        case .share where unitAfterNumber?.token.kind != .percent:
            return signed { $0.plainNumber() }
        case .share, .percent, .money, .period: return signed { $0.quantity() }
        case .ordinal: return node(.literal, [take("token"), take()])
        case .parameters: return list { $0.element(.name) }
        case .values: return values()
        case .route: return route()
        default: return node(.literal, [take("token")])
        }
    }

    /// Whether an argument of a slot can begin here.
    func canStart(_ slot: ClausePattern.Slot) -> Bool {
        switch slot {
        case .newName, .name, .route: return name()
        case .names: return name() || kind == .leftBracket
        case .integers: return isInteger || kind == .leftBracket
        case .string: return kind == .string || kind == .longString
        case .integer: return isInteger
        case .number: return isNumber
        case .ordinal: return isInteger && kind == .number && isOrdinalSuffix(next())
        case .share: return isInteger || unitAfterNumber?.token.kind == .percent
        case .percent: return unitAfterNumber?.token.kind == .percent
        case .money:
            guard let unit = unitAfterNumber, unit.keyword == nil else { return false }
            return Currency(text(unit)) != nil
        case .period: return unitAfterNumber?.keyword.map(isPeriodUnit) ?? false
        case .date: return kind == .date
        case .instant: return kind == .instant
        case .moment: return kind == .date || kind == .instant
        case .inequality: return kind == .lessOrEqual || kind == .greaterOrEqual
        case .time: return kind == .time
        case .currency: return kind == .word && Currency(text(current)) != nil
        case .parameters: return kind == .leftParen
        case .values: return !isAtEnd && current.token.kind == .leftBrace
        case .type: return kind == .arrow || kind == .word
        case .offer: return name() || kind == .number
        case .occurrence: return kind == .word || kind == .number
        case .expression: return !isAtEnd && startsOperand(current)
        }
    }

    private var isNumber: Bool {
        kind == .number || (kind == .minus && next()?.token.kind == .number)
    }

    private var isInteger: Bool {
        guard isNumber else { return false }
        let number = kind == .minus ? (next() ?? current) : current
        return !text(number).contains(".")
    }

    private func isOrdinalSuffix(_ token: LexedToken?) -> Bool {
        guard let token, !token.token.startsLine else { return false }
        return ["st", "nd", "rd", "th"].contains(text(token))
    }

    /// The token after a number here, with or without a sign, if it stands on the same line.
    private var unitAfterNumber: LexedToken? {
        guard isNumber, let unit = next(kind == .minus ? 2 : 1), !unit.token.startsLine else {
            return nil
        }
        return unit
    }

    /// Whether a quantity is wanted and a word that is no unit follows the number.
    private func isMisspeltUnit(_ slot: ClausePattern.Slot) -> Bool {
        guard slot == .money || slot == .period, let unit = unitAfterNumber else { return false }
        return isMisspeltUnit(unit) && dateOfFigures() == nil && dateInWords() == nil
    }

    private mutating func signed(_ number: (inout Parser) -> SyntaxNode) -> SyntaxNode {
        guard kind == .minus else { return number(&self) }
        return node(.unary, [take("operator"), .node(number(&self), "operand")])
    }

    /// A number without a unit.
    private mutating func plainNumber() -> SyntaxNode { node(.literal, [take("token")]) }

    private mutating func element(_ slot: ClausePattern.Slot) -> SyntaxNode {
        argument(slot) ?? missing()
    }

    /// `wechat or else sms`
    private mutating func route() -> SyntaxNode {
        var children: Children = [.node(element(.name), "name")]
        while continues(.or), index + 1 < tokens.count, tokens[index + 1].keyword == .else {
            continueLine()
            children += [take(), take()]
            continueLine()
            children.append(.node(element(.name), "name"))
        }
        return node(.route, children)
    }

    /// What a strategy gives.
    private mutating func offer() -> SyntaxNode {
        var children: Children = []
        reportCouponInPlace()
        let starts = PatternTable.offers.filter { form in
            switch form.items.first {
            case .word(let keyword)?: at(keyword) && next() != nil
            default: true
            }
        }
        let result = match(oneOf: starts, style: .clause, into: &children)
        return node(.offer, children, form: (0, result?.form.form ?? 0))
    }

    /// `give 20 CNY off`, `give 10% off`
    private mutating func reportCouponInPlace() {
        guard let unit = unitAfterNumber, isNumber else { return }
        let isShare = unit.token.kind == .percent
        guard isShare || Currency(text(unit)) != nil else { return }
        let value = file.text(Int(current.token.range.start), Int(unit.token.range.end))
        report(
            .clauseForm, "expected the name of a coupon, found '\(value)'",
            at: current.token.range.through(unit.token.range),
            help: "declare it: 'coupon my_coupon { kind \(isShare ? "percent" : "cash"), "
                + "face \(value), valid 14 days }', and write 'give my_coupon'")
    }

    // MARK: - Occurrences

    private mutating func occurrence() -> SyntaxNode {
        var (children, form, fits) = event()
        guard fits, at(.then) else { return node(.occurrence, children, form: form) }
        children.append(take())
        continueLine()
        if at(.no) { children.append(take("no")) }
        let (second, secondForm, secondFits) = event()
        children.append(.node(node(.occurrence, second, form: secondForm), "then"))
        guard secondFits else { return node(.occurrence, children, form: form) }
        if at(.with) { children += correlation() }
        guard at(.within) else {
            expected("'\(Keyword.within.english)'", .clauseForm)
            return node(.occurrence, children, form: form)
        }
        children.append(take())
        continueLine()
        if let period = argument(.period) { children.append(.node(period, "within")) }
        return node(.occurrence, children, form: form)
    }

    /// `with same cart_id and store`
    private mutating func correlation() -> Children {
        var children: Children = [take()]
        guard at(.same) else {
            expected("'\(Keyword.same.english)'", .clauseForm)
            return children
        }
        children.append(take())
        if let field = argument(.name) { children.append(.node(field, "same")) }
        while at(.and) {
            children.append(take())
            continueLine()
            if let field = argument(.name) { children.append(.node(field, "same")) }
        }
        return children
    }

    /// One occurrence with its `where`.
    private mutating func event() -> (Children, (row: Int, form: Int)?, fits: Bool) {
        let before = faults
        let starts = PatternTable.occurrences.filter { canStart(form: $0) }
        guard !starts.isEmpty else {
            reportScene()
            return ([], nil, false)
        }
        var children: Children = []
        let result = match(oneOf: starts, style: .occurrence, into: &children)
        if before == faults, continues(.where) {
            continueLine()
            children.append(take())
            continueLine()
            children.append(.node(expression(), "where"))
        }
        return (children, result.map { ($0.form.row, 0) }, before == faults)
    }

    private func canStart(form: Form) -> Bool {
        switch form.items.first {
        case .word(let keyword)?: at(keyword)
        case .slot(_, let slot)?: canStart(slot)
        case .oneOf(let branches)?:
            branches.contains { if case .word(let word)? = $0.first { at(word) } else { false } }
        default: false
        }
    }

    private mutating func reportScene() {
        var words: [String] = []
        for word in PatternTable.occurrences.flatMap({ Self.firstWords($0.items) })
        where !words.contains(word) { words.append(word) }
        let scenes = "it begins with " + Self.alternatives(words) + "; see 'pitch help when'"
        guard kind == .word else {
            return expected(Self.description(of: .occurrence), .unknownScene, help: scenes)
        }
        let isCondition = at(.where) || next().map(isComparison) ?? false
        let meant = isCondition ? nil : Spelling.nearest(to: text(current), among: words)
        let rule =
            isCondition ? "a condition stands behind a scene: 'purchase where …'" : scenes
        report(
            .unknownScene, "'\(text(current))' is nothing to wait for", at: current.token.range,
            help: meant.map { "did you mean '\($0)'?" } ?? rule,
            fixIts: meant.map {
                [FixIt("write '\($0)'", replace: current.token.range, with: $0)]
            } ?? [])
    }

    private func isComparison(_ token: LexedToken) -> Bool {
        switch token.token.kind {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: true
        default: false
        }
    }

    private static func firstWords(_ items: [Item]) -> [String] {
        switch items.first {
        case .word(let keyword)?: [keyword.english]
        case .oneOf(let branches)?: branches.flatMap(firstWords)
        default: []
        }
    }

    // MARK: - Messages

    static func description(of slot: ClausePattern.Slot) -> String {
        switch slot {
        case .newName, .name: "a name"
        case .names: "a name or a list of names"
        case .string: "a text in quotes"
        case .integer: "a whole number"
        case .ordinal: "a number such as 5th"
        case .number: "a number"
        case .percent: "a percent such as 10%"
        case .money: "an amount such as 20 CNY"
        case .period: "a period such as 30 days"
        case .date: "a date such as 2026-03-01"
        case .instant: "an instant such as 2026-03-01 09:30"
        case .time: "a time such as 09:30"
        case .currency: "a currency such as CNY"
        case .moment: "a date or an instant"
        case .share: "a percent or a whole number"
        case .inequality: "'<=' or '>='"
        case .integers: "a whole number or a list of them"
        case .expression: "an expression"
        case .occurrence: "what to wait for"
        case .offer: "a coupon or a bundle"
        case .route: "a channel"
        case .type: "a type"
        case .parameters: "parameters in parentheses"
        case .values: "'{'"
        }
    }
}
