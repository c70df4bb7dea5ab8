import PitchSchema
import PitchSource

/// The file and its declarations.
extension Parser {
    mutating func sourceFile() -> SyntaxNode {
        var children: Children = []
        while current.token.kind != .endOfFile {
            beginEntry()
            let isFirst = children.isEmpty
            let entry = item(isFirst: isFirst)
            children.append(.node(entry, entry.kind == .edition ? "edition" : "item"))
            endEntry(into: &children)
        }
        children.append(take())
        return node(.sourceFile, children)
    }

    /// One expression and nothing else.
    mutating func onlyExpression() -> SyntaxNode {
        beginEntry()
        var children: Children = [.node(expression(), "value")]
        if !isAtEnd || current.token.kind != .endOfFile {
            expected("end of the expression", .leftover)
            var skipped: Children = []
            while current.token.kind != .endOfFile { skipped.append(take()) }
            children.append(.node(node(.skipped, skipped)))
        }
        children.append(take())
        return node(.sourceFile, children)
    }

    /// Whether the first token is a word that begins an item.
    var beginsLikeAScript: Bool {
        guard let word = tokens.first?.keyword else { return false }
        return word == .pitch || word == .import || word == .for
            || PatternTable.declaration(word) != nil
    }

    private mutating func item(isFirst: Bool) -> SyntaxNode {
        switch keyword {
        case .pitch where next()?.token.kind == .number: return edition(isFirst: isFirst)
        case .import: return importItem()
        case .for where next()?.keyword == .each: return forEach()
        case .strategy:
            report(
                .misplaced, "a '\(Keyword.strategy.english)' stands inside a plan",
                at: current.token.range)
            return node(.skipped, [.node(declaration())])
        case .some(let keyword) where PatternTable.declaration(keyword) != nil:
            return declaration()
        default: return unknownItem()
        }
    }

    private mutating func unknownItem() -> SyntaxNode {
        let token = current.token
        switch token.kind {
        case .rightBrace, .rightParen, .rightBracket, .comma:
            report(
                .strayMark, "'\(token.kind.rawValue)' closes or separates nothing here",
                at: token.range)
            return node(.skipped, [take()])
        case .word:
            let word = text(current)
            let kinds =
                PatternTable.declarations.map(\.keyword).filter { $0 != .strategy }
                + [.import, .for]
            let meant = Spelling.nearest(to: word, among: kinds.map(\.english))
            report(
                .unknownDeclaration, "'\(word)' declares nothing", at: token.range,
                help: meant.map { "did you mean '\($0)'?" }
                    ?? "a declaration begins with "
                    + Self.alternatives(kinds.map(\.english)),
                fixIts: meant.map { [FixIt("write '\($0)'", replace: token.range, with: $0)] }
                    ?? [])
        default:
            unexpected("a declaration", .unknownDeclaration)
            if comment() != nil { return skipLine() }
        }
        let skipped = skipEntry()
        return skipped.children.isEmpty ? node(.skipped, [take()]) : skipped
    }

    /// `pitch 1`
    private mutating func edition(isFirst: Bool) -> SyntaxNode {
        if !isFirst {
            report(
                .misplaced, "'\(text(current))' stands at the top of the file",
                at: current.token.range)
        }
        var children: Children = [take()]
        if text(current) != "1" {
            report(
                .unknownEdition, "there is no edition \(text(current)) of the language",
                at: current.token.range, help: "this version of Pitch reads edition 1",
                fixIts: [FixIt("write '1'", replace: current.token.range, with: "1")])
        }
        children.append(take("number"))
        return node(.edition, children)
    }

    /// `import "file.pitch"`
    private mutating func importItem() -> SyntaxNode {
        var children: Children = [take()]
        if kind == .string {
            children.append(take("path"))
        } else {
            expected("a file's name in quotes", .header)
        }
        return node(.importItem, children)
    }

    /// `for each x in [..] { declarations }`
    private mutating func forEach() -> SyntaxNode {
        let owner = current.token.range
        var children: Children = [take(), take()]
        let pattern: [Item] = [
            .slot(label: "name", .newName), .word(.in), .slot(label: "list", .expression),
        ]
        _ = match(pattern, style: .clause, into: &children)
        guard openBody(.leftBrace, into: &children) else { return node(.forEach, children) }
        let block = nested { parser in
            parser.block(of: owner, closesAtDeclaration: false) { parser, _ in
                parser.reportUnrepeatable()
                return parser.item(isFirst: false)
            }
        }
        children.append(.node(block ?? skipEntry(), "block"))
        return node(.forEach, children)
    }

    /// What a program has once, and data, cannot be declared for each element of a list.
    private mutating func reportUnrepeatable() {
        switch keyword {
        case .import, .project, .members, .events, .table, .test:
            report(
                .misplaced, "'\(text(current))' cannot stand inside 'for each'",
                at: current.token.range, help: "write it before the loop")
        default: break
        }
    }

    // MARK: - Declarations

    /// A declaration; the current token is its keyword.
    mutating func declaration() -> SyntaxNode {
        guard let table = PatternTable.declaration(keyword) else { return skipEntry() }
        let start = current.token.range
        var children: Children = [take("keyword")]
        let fits = match(table.header, style: .header, into: &children)
        let owner = start.through(tokens[index - 1].token.range)
        if !fits, !isAtEnd, kind != .leftBrace, kind != .equal {
            children.append(.node(skipToBody()))
        }
        body(of: table, owner: owner, into: &children)
        return node(.declaration, children, form: (table.index, 0))
    }

    private mutating func body(
        of table: PatternTable.Declaration, owner: SourceRange, into children: inout Children
    ) {
        switch table.row.body {
        case .none: return
        case .value:
            if openBody(.equal, into: &children) { value(into: &children) }
            return
        case .valueOrCases where kind == .equal:
            value(into: &children)
            return
        case .valueOrCases where kind == .word || kind == .arrow:
            children.append(.node(type(), "type"))
        case .valueOrCases:
            expected("'=' or a type", .header)
            if !isAtEnd { children.append(.node(skipEntry())) }
            return
        default: break
        }
        guard openBody(.leftBrace, into: &children) || goesOnDeeper(than: owner) else { return }
        let block = block(of: owner) { parser, previous in
            parser.entry(of: table, after: previous)
        }
        children.append(.node(block, "block"))
    }

    /// Whether the next line is indented more than a header without its brace: its body.
    private func goesOnDeeper(than owner: SourceRange) -> Bool {
        let token = current
        guard isAtEnd, token.token.kind == .word, token.token.startsLine,
            !token.marks.contains(.afterBlankLine)
        else { return false }
        let start = Int(owner.start)
        return file.place(of: Int(token.token.range.start)).column > file.place(of: start).column
    }

    private mutating func value(into children: inout Children) {
        children.append(take())
        continueLine()
        children.append(.node(expression(), "value"))
    }

    /// Goes to the mark that begins a body; reports what stands before it. False if there is none.
    private mutating func openBody(_ mark: Token.Kind, into children: inout Children) -> Bool {
        let token = current
        if token.token.kind == mark,
            !isAtEnd || (mark == .leftBrace && !token.marks.contains(.afterBlankLine))
        {
            return true
        }
        expected("'\(mark.rawValue)'", .header)
        if isAtEnd { return false }
        children.append(.node(skipToBody()))
        if kind == mark { return true }
        if !isAtEnd { children.append(.node(skipEntry())) }
        return false
    }

    private mutating func skipToBody() -> SyntaxNode {
        var skipped: Children = []
        while !isAtEnd, kind != .leftBrace, kind != .equal { skipped.append(take()) }
        return node(.skipped, skipped)
    }
}
