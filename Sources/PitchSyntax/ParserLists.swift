import PitchSchema
import PitchSource

/// Lists that lack their brackets: reported once, with the brackets as a repair, and read whole.
extension Parser {
    /// `off20, comeback` after a clause that wants a list; nil where none stands.
    mutating func bareList(
        after previous: SyntaxNode?, in table: PatternTable.Declaration
    ) -> SyntaxNode? {
        guard let previous, previous.kind == .clause, let form = previous.form,
            !current.token.startsLine, tokens[max(0, index - 1)].token.kind == .comma
        else { return nil }
        if previous.node("route") != nil { return bareRoute() }
        guard
            let first = lastArgument(of: previous, table.clauses[form.row].forms[form.form]),
            let kind = first.firstKind, let length = bareElement(kind, at: index)
        else { return nil }
        let end = endOfBareList(kind, from: index + length)
        reportBareList(first.range.through(tokens[end - 1].token.range))
        var children: Children = []
        while index < end { children.append(take()) }
        return node(.skipped, children)
    }

    /// `wechat, sms` for `wechat or else sms`.
    private mutating func bareRoute() -> SyntaxNode? {
        guard kind == .word, bareElement(.word, at: index) != nil else { return nil }
        let comma = tokens[index - 1].token.range
        let end = endOfBareList(.word, from: index + 1)
        report(
            .clauseForm, "expected '\(Keyword.or.english) \(Keyword.else.english)' before ','",
            at: comma, help: "the next channel is for those whom the first cannot reach",
            fixIts: [FixIt("write 'or else'", replace: comma, with: " or else")])
        var children: Children = []
        while index < end { children.append(take()) }
        return node(.skipped, children)
    }

    /// The value that a clause ends with, if a list of such values could stand there.
    private func lastArgument(of clause: SyntaxNode, _ form: PatternTable.Form) -> SyntaxNode? {
        guard case .node(let last)? = clause.children.last?.element, takesList(form) else {
            return nil
        }
        guard last.kind == .occurrence else { return last.isPlainValue ? last : nil }
        guard case .node(let argument)? = last.children.last?.element, argument.isPlainValue,
            argument.kind == .literal || last.node("weekdays") != nil
        else { return nil }
        return argument
    }

    private func takesList(_ form: PatternTable.Form) -> Bool {
        form.items.contains { item in
            guard case .slot(_, let slot) = item else { return false }
            switch slot {
            case .names, .integers, .expression, .occurrence: return true
            default: return false
            }
        }
    }

    /// The value after `in`, `has any of` and `has all of`, with those that stand behind it.
    mutating func wholeList(_ first: SyntaxNode) -> SyntaxNode {
        guard !commaParts, first.isPlainValue, let kind = first.firstKind,
            case let end = endOfBareList(kind, from: index), end > index
        else { return first }
        reportBareList(first.range.through(tokens[end - 1].token.range))
        var children: Children = [.node(first, "element")]
        while index < end {
            children.append(take())
            var element: Children = []
            while index < end, tokens[index].token.kind != .comma { element.append(take("token")) }
            children.append(.node(node(first.kind, element), "element"))
        }
        return node(.list, children)
    }

    private mutating func reportBareList(_ whole: SourceRange) {
        let list = "[" + file.text(Int(whole.start), Int(whole.end)) + "]"
        report(
            .bareList, "a list of values stands in brackets", at: whole,
            fixIts: [FixIt("write '\(list)'", replace: whole, with: list)])
    }

    /// The index after the last `, value` that stands from `start` on.
    private func endOfBareList(_ kind: Token.Kind, from start: Int) -> Int {
        var end = start
        while end < tokens.count, tokens[end].token.kind == .comma, !tokens[end].token.startsLine,
            let length = bareElement(kind, at: end + 1)
        {
            end += 1 + length
        }
        return end
    }

    /// How many tokens the value has that stands at `start` and is of the kind of those before;
    /// nil where none stands. A comma ends a clause: what begins one is no value.
    private func bareElement(_ kind: Token.Kind, at start: Int) -> Int? {
        guard start < tokens.count, case let token = tokens[start], token.token.kind == kind,
            !token.token.startsLine, !PatternTable.isWholeClause(token.keyword)
        else { return nil }
        var end = start + 1
        if kind == .number, end < tokens.count, !tokens[end].token.startsLine,
            tokens[end].token.kind == .percent || isUnit(tokens[end])
        {
            end += 1
        }
        guard end < tokens.count else { return end - start }
        let following = tokens[end]
        switch following.token.kind {
        case .comma, .rightBrace, .rightParen, .endOfFile: return end - start
        default: break
        }
        let goesOn = following.token.startsLine || following.keyword == .and
            || following.keyword == .or
        return goesOn ? end - start : nil
    }
}

extension SyntaxNode {
    fileprivate var isPlainValue: Bool {
        kind == .literal || kind == .name || kind == .quantity
    }

    fileprivate var firstKind: Token.Kind? {
        guard case .token(let token)? = children.first?.element else { return nil }
        return token.kind
    }
}
