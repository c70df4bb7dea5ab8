import PitchSchema
import PitchSource

/// What stands between braces.
extension Parser {
    /// `{ entries }`, each read by `entry`, which is given the one before it; both braces may be
    /// missing, which is reported once.
    mutating func block(
        of owner: SourceRange, closesAtDeclaration: Bool = true,
        _ entry: (inout Parser, SyntaxNode?) -> SyntaxNode
    ) -> SyntaxNode {
        let opening: SourceRange? = current.token.kind == .leftBrace ? owner : nil
        var children: Children = opening == nil ? [] : [take()]
        outsideBrackets { parser in
            parser.entries(
                of: opening, closesAtDeclaration: closesAtDeclaration, into: &children, entry)
        }
        return node(.block, children)
    }

    private mutating func entries(
        of owner: SourceRange?, closesAtDeclaration: Bool, into children: inout Children,
        _ entry: (inout Parser, SyntaxNode?) -> SyntaxNode
    ) {
        var previous: SyntaxNode?
        while true {
            switch current.token.kind {
            case .rightBrace:
                children.append(take())
                return
            case .endOfFile: return reportOpenBlock(owner)
            case .comma:
                expected("a clause", .strayMark)
                children.append(.node(node(.skipped, [take()])))
                continue
            default: break
            }
            if closesAtDeclaration, startsDeclaration { return reportOpenBlock(owner) }
            beginEntry()
            let next = entry(&self, previous)
            previous = next
            children.append(.node(next, "entry"))
            endEntry(into: &children)
            if current.token.kind == .comma, !current.token.startsLine { children.append(take()) }
        }
    }

    private mutating func reportOpenBlock(_ owner: SourceRange?) {
        guard let owner else { return }
        expected(
            "'}'", .unclosedBlock, notes: [.init("it closes the block that begins here", at: owner)]
        )
    }

    /// Reports and skips what is left of a clause.
    mutating func endEntry(into children: inout Children) {
        guard !isAtEnd else { return }
        expected("end of line", .leftover)
        children.append(.node(comment() == nil ? skipEntry() : skipLine(), "entry"))
    }

    // MARK: - Entries of declarations

    /// One entry of a declaration's block.
    mutating func entry(
        of table: PatternTable.Declaration, after previous: SyntaxNode?
    ) -> SyntaxNode {
        if let number = clauseNumber(in: table) { return clause(number, of: table) }
        if let keyword, table.nested.contains(keyword) { return declaration() }
        if let bare = bareList(after: previous, in: table) { return bare }
        switch table.row.body {
        case .fields where name() && (nextStartsType || !isMisspeltClause(of: table)):
            return fieldRow()
        case .items: return item()
        case .valueOrCases: return caseRow()
        case .texts where name() && (next()?.token.kind).map(Self.isText) ?? false:
            return textRow()
        default: break
        }
        if let number = table.byFirstWord[nil]?.first, name(), next()?.keyword == .of {
            return clause(number, of: table)
        }
        reportEntry(of: table)
        return comment() == nil ? skipEntry() : skipLine()
    }

    private static func isText(_ kind: Token.Kind) -> Bool {
        kind == .string || kind == .longString
    }

    /// The clause whose words stand here; the one with most words.
    private func clauseNumber(in table: PatternTable.Declaration) -> Int? {
        guard let keyword, let numbers = table.byFirstWord[keyword] else { return nil }
        return numbers.first { number in
            let words = table.clauses[number].leading
            return words.indices.allSatisfy { offset in
                offset == 0 || next(offset)?.keyword == words[offset]
            }
        }
    }

    private mutating func clause(
        _ number: Int, of table: PatternTable.Declaration
    ) -> SyntaxNode {
        let kind: SyntaxNode.Kind = table.row.body == .test ? .testRow : .clause
        var children: Children = []
        let result = match(
            oneOf: table.clauses[number].forms, style: .clause, into: &children)
        if let result, !result.fits, !isAtEnd { children.append(.node(skipEntry())) }
        return node(kind, children, form: (number, result?.form.form ?? 0))
    }

    /// Whether a word is nearly that of a clause.
    private func isMisspeltClause(of table: PatternTable.Declaration) -> Bool {
        kind == .word && next() != nil && meantClause(of: table) != nil
    }

    private func meantClause(of table: PatternTable.Declaration) -> String? {
        let word = text(current)
        let words = table.clauses.compactMap { $0.leading.first?.english }
        return table.row.clauses.map(\.name).first {
            $0.contains(" ") && $0.replacing(" ", with: "") == word.replacing("_", with: "")
        } ?? Spelling.nearest(to: word, among: words + table.nested.map(\.english))
    }

    private mutating func reportEntry(of table: PatternTable.Declaration) {
        let owner = table.row.keyword
        guard kind == .word else { return unexpected("a clause of '\(owner)'", .unknownClause) }
        let word = text(current)
        if let keyword, keyword.category == .declaration, let following = next(),
            following.token.kind == .word || Self.isText(following.token.kind)
        {
            return report(
                .misplaced, "'\(word)' cannot stand inside '\(owner)'", at: current.token.range)
        }
        let meant = meantClause(of: table)
        let names = table.row.clauses.map(\.name).filter { !$0.isEmpty }
        report(
            .unknownClause, "'\(owner)' has no clause '\(word)'", at: current.token.range,
            help: meant.map { "did you mean '\($0)'?" }
                ?? "its clauses are " + names.joined(separator: ", "),
            fixIts: meant.map {
                [FixIt("write '\($0)'", replace: current.token.range, with: $0)]
            } ?? [])
    }

    // MARK: - Rows without a clause word

    /// `2 x off20`
    private mutating func item() -> SyntaxNode {
        var children: Children = []
        if kind == .number {
            children.append(take("count"))
            if at(.x) {
                children.append(take())
            } else {
                expected("'\(Keyword.x.english)'", .clauseForm)
            }
        }
        if let name = argument(.name) { children.append(.node(name, "name")) }
        if children.isEmpty { return skipEntry() }
        return node(.item, children)
    }

    /// `gold if spent >= 5000 CNY`
    private mutating func caseRow() -> SyntaxNode {
        var children: Children = [.node(disjunction(), "value")]
        if at(.if) {
            children.append(take())
            continueLine()
            children.append(.node(expression(), "condition"))
        } else if at(.otherwise) {
            children.append(take())
        } else {
            expected(
                Self.alternatives([Keyword.if.english, Keyword.otherwise.english]), .clauseForm)
        }
        return node(.caseRow, children)
    }

    /// `wechat "Your pack is waiting"`
    private mutating func textRow() -> SyntaxNode {
        let channel = node(.name, [take("name")])
        checkText(current.token)
        return node(.textRow, [.node(channel, "channel"), take("text")])
    }

    /// `{ city "Shanghai", joined 2024-01-01 }`
    mutating func values() -> SyntaxNode {
        block(of: current.token.range) { parser, _ in
            guard parser.name() else {
                parser.expected("a field's name", .clauseForm)
                return parser.skipEntry()
            }
            let name = parser.node(.name, [parser.take("name")])
            return parser.node(
                .valueRow, [.node(name, "name"), .node(parser.expression(), "value")])
        }
    }
}
