import PitchSchema
import PitchSource

/// Names, literals, brackets and what is written after them.
extension Parser {
    /// An operand with `.field`, `ago` and `from now`.
    mutating func postfix() -> SyntaxNode {
        var base = primary()
        while !isAtEnd {
            if kind == .dot {
                base = bounded(node(.access, [.node(base, "base"), take()] + fieldName()))
            } else if at(.ago) {
                base = bounded(node(.relative, [.node(base, "operand"), take("direction")]))
            } else if at(.from), next()?.keyword == .now {
                base = bounded(
                    node(.relative, [.node(base, "operand"), take("direction"), take("direction")]))
            } else {
                break
            }
        }
        return base
    }

    private mutating func fieldName() -> Children {
        if kind == .word || kind == .quotedName { return [take("name")] }
        expected("a field's name", .expectedOther)
        return []
    }

    private mutating func primary() -> SyntaxNode {
        switch kind {
        case .number: return quantity()
        case .string, .longString, .date, .instant, .time: return node(.literal, [take("token")])
        case .leftBracket: return list { $0.expression() }
        case .leftParen: return group()
        case .word where isInfix(current) && (next() == nil || startsOperand(next())): break
        case .word where at(.time) && next()?.keyword == .of: return timeOf()
        case .word, .quotedName: return nameOrCall()
        default: break
        }
        expected("an expression", .expectedExpression)
        return missing()
    }

    /// Whether a token can begin an operand, as far as its kind says. The end of the line may.
    func startsOperand(_ token: LexedToken?) -> Bool {
        guard let token else { return true }
        switch token.token.kind {
        case .number, .string, .longString, .date, .instant, .time, .leftBracket, .leftParen,
            .minus, .quotedName:
            return true
        case .word: return !isInfix(token)
        default: return false
        }
    }

    /// Whether a token is a word that stands between operands.
    private func isInfix(_ token: LexedToken) -> Bool {
        switch token.keyword {
        case .and, .or, .in, .is, .has, .between, .where, .otherwise, .if, .contains, .before,
            .after, .else:
            true
        default: false
        }
    }

    func name() -> Bool { kind == .word || kind == .quotedName }

    private func isName(_ token: LexedToken) -> Bool {
        token.token.kind == .word || token.token.kind == .quotedName
    }

    /// Runs `body` where commas part values, or where they do not.
    private mutating func parting<Result>(
        _ parts: Bool, _ body: (inout Parser) -> Result
    ) -> Result {
        let outer = commaParts
        commaParts = parts
        defer { commaParts = outer }
        return body(&self)
    }

    private mutating func group() -> SyntaxNode {
        let opening = current.token
        var children: Children = [openBracket()]
        children.append(.node(parting(false) { $0.expression() }, "inner"))
        closeBracket(.rightParen, of: opening, into: &children)
        return bounded(node(.group, children))
    }

    /// `[a, b]`, each element read by `element`.
    mutating func list(_ element: (inout Parser) -> SyntaxNode) -> SyntaxNode {
        let opening = current.token
        let closing: Token.Kind = opening.kind == .leftParen ? .rightParen : .rightBracket
        var children: Children = [openBracket()]
        while !isAtEnd, kind != closing {
            children.append(.node(parting(true, element), "element"))
            guard kind == .comma else { break }
            children.append(take())
        }
        closeBracket(closing, of: opening, into: &children)
        return bounded(node(.list, children))
    }

    // MARK: - Quantities

    /// A number, with its unit if one stands next to it on its line.
    mutating func quantity() -> SyntaxNode {
        let number = take("number")
        let token = current
        guard !isAtEnd, !token.token.startsLine else { return literal(number) }
        if token.token.kind == .percent { return node(.quantity, [number, take("unit")]) }
        guard token.token.kind == .word else { return literal(number) }
        if isUnit(token) { return node(.quantity, [number, take("unit")]) }
        guard isMisspeltUnit(token) else { return literal(number) }
        reportUnit(token)
        return node(.skipped, [number, take()])
    }

    private func literal(_ number: SyntaxNode.Child) -> SyntaxNode {
        node(.literal, [SyntaxNode.Child(number.element, label: "token")])
    }

    func isUnit(_ token: LexedToken) -> Bool {
        if let keyword = token.keyword { return isPeriodUnit(keyword) }
        let symbol = text(token)
        return Unit.named(symbol) != nil || Currency(symbol) != nil
    }

    /// Whether a word behind a number is no unit, though it can be nothing else.
    func isMisspeltUnit(_ token: LexedToken) -> Bool {
        token.token.kind == .word && !isUnit(token)
            && (token.keyword == nil || token.keyword == .min || token.keyword == .percent)
    }

    func isPeriodUnit(_ keyword: Keyword) -> Bool {
        switch keyword {
        case .day, .month, .year, .hour: true
        default: keyword.category == .unit
        }
    }

    private mutating func reportUnit(_ token: LexedToken) {
        let word = text(token)
        let upper = word.uppercased()
        let nearest =
            Currency(upper) != nil
            ? upper
            : Self.unitsElsewhere[word.lowercased()] ?? Spelling.nearest(
                to: word,
                among: Period.Unit.allCases.flatMap { [$0.rawValue + "s", $0.rawValue] }
                    + Unit.all.map(\.symbol).filter { $0.count > 1 })
        report(
            .unknownUnit, "there is no unit '\(word)'", at: token.token.range,
            help: nearest.map { "did you mean '\($0)'?" }
                ?? "a unit is a currency such as CNY, days or the like, or a measure such as km",
            fixIts: nearest.map {
                [FixIt("write '\($0)'", replace: token.token.range, with: $0)]
            } ?? [])
    }

    // MARK: - Names and calls

    private mutating func nameOrCall() -> SyntaxNode {
        let isAggregate = keyword?.category == .aggregate || keyword == .last
        let function = node(.name, [take("name")])
        guard kind == .leftParen, !current.token.startsLine else { return function }
        let opening = current.token
        var children: Children = [.node(function, "function"), openBracket()]
        let rest = nested { $0.arguments(isAggregate: isAggregate) }
        children += rest ?? skipDeep()
        closeBracket(.rightParen, of: opening, into: &children)
        return bounded(node(.call, children))
    }

    /// `time of x`
    private mutating func timeOf() -> SyntaxNode {
        let function = node(.name, [take("name")])
        var children: Children = [.node(function, "function"), take()]
        children.append(.node(nested { $0.postfix() } ?? missing(), "argument"))
        return bounded(node(.call, children))
    }

    private mutating func arguments(isAggregate: Bool) -> Children {
        if isAggregate { return aggregateArguments() }
        var children: Children = []
        while !isAtEnd, kind != .rightParen {
            children.append(.node(parting(true) { $0.expression() }, "argument"))
            guard kind == .comma else { break }
            children.append(take())
        }
        return children
    }

    /// `other orders.amount, 2 in last 30 days by day where …`
    private mutating func aggregateArguments() -> Children {
        var children: Children = []
        if at(.other), let following = next(), isName(following), !isInfix(following) {
            children.append(take("other"))
        }
        children.append(.node(alternative(), "argument"))
        while !isAtEnd {
            if kind == .comma {
                children.append(take())
                children.append(.node(alternative(), "argument"))
            } else if at(.by) {
                children.append(take())
                if kind == .word {
                    children.append(take("unit"))
                } else {
                    expected(
                        Self.alternatives(CalendarUnit.allCases.map(\.rawValue)), .expectedOther)
                }
            } else if at(.where) {
                children.append(take())
                children.append(.node(filter(), "where"))
                if atWindow { skipWindow(into: &children) }
                return children
            } else if atWindow {
                children.append(.node(window(), "window"))
            } else {
                return children
            }
        }
        return children
    }

    /// The condition of an aggregate.
    private mutating func filter() -> SyntaxNode {
        let outer = isInFilter
        isInFilter = true
        defer { isInFilter = outer }
        return parting(false) { $0.expression() }
    }

    /// Reports a window that stands after `where`, and goes on behind it.
    private mutating func skipWindow(into children: inout Children) {
        report(
            .windowAfterWhere,
            "the window stands before '\(Keyword.where.english)'", at: current.token.range)
        children.append(.node(node(.skipped, [.node(window())])))
    }

    // MARK: - Windows

    private func isCalendarUnit(_ token: LexedToken?) -> Bool {
        switch token?.keyword {
        case .day, .week, .month, .quarter, .year: true
        default: false
        }
    }

    /// Whether `last 30 days`, `next D` or `this month` stands here, after `in`.
    var atRelativeWindow: Bool { isRelativeWindow(from: 0) }

    private func isRelativeWindow(from offset: Int) -> Bool {
        let word = offset == 0 ? current : next(offset)
        let following = next(offset + 1)
        switch word?.keyword {
        case .this: return isCalendarUnit(following)
        case .last, .next:
            guard let following else { return false }
            return following.token.kind == .number
                || (isName(following) && !isInfix(following))
        default: return false
        }
    }

    /// Whether the window of an aggregate stands here.
    var atWindow: Bool {
        switch keyword {
        case .in: isRelativeWindow(from: 1) || isArticle(next()) && isRelativeWindow(from: 2)
        case .last, .next, .this: isRelativeWindow(from: 0)
        case .today, .yesterday, .since, .until, .from: true
        default: false
        }
    }

    private func isArticle(_ token: LexedToken?) -> Bool { token.map(text) == "the" }

    /// Reports and skips the 'the' of 'in the last 30 days'.
    mutating func skipArticle(into children: inout Children) {
        guard !isAtEnd, isArticle(current), isRelativeWindow(from: 1), let following = next() else {
            return
        }
        let place = current.token.range
        let gap = SourceRange(
            file: fileIndex, start: Int(place.start), end: Int(following.token.range.start))
        report(
            .expectedOther, "expected '\(text(following))' before 'the'", at: place,
            fixIts: [FixIt("leave out 'the'", replace: gap, with: "")])
        children.append(.node(node(.skipped, [take()])))
    }

    /// A window; one stands here.
    mutating func window() -> SyntaxNode {
        var children: Children = []
        let hasIn = at(.in)
        if hasIn {
            children.append(take())
            skipArticle(into: &children)
        }
        let word = keyword
        if !hasIn, word == .last || word == .next, next()?.token.kind == .number,
            index > 0, tokens[index - 1].keyword != .in
        {
            let place = current.token.range
            let start = SourceRange(
                file: fileIndex, start: Int(place.start), end: Int(place.start))
            let english = Keyword.in.english
            report(
                .expectedOther, "expected '\(english)' before '\(text(current))'", at: place,
                fixIts: [FixIt("write '\(english)'", replace: start, with: english + " ")])
        }
        children.append(take("word"))
        switch word {
        case .last, .next, .this:
            if isCalendarUnit(current), !isAtEnd {
                children.append(take("unit"))
            } else {
                children.append(.node(primary(), "period"))
            }
        case .since:
            continueLine()
            children.append(.node(sum(), "from"))
        case .until:
            continueLine()
            children.append(.node(sum(), "to"))
        case .from:
            children.append(.node(sum(), "from"))
            if at(.to) {
                children.append(take())
                children.append(.node(sum(), "to"))
            } else {
                expected("'\(Keyword.to.english)'", .expectedOther)
            }
        default: break
        }
        return node(.window, children)
    }
}
