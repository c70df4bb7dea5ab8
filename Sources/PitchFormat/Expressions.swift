import PitchSchema
import PitchSource
import PitchSyntax

/// Entries and expressions.
extension Formatter {
    /// An entry of a block or file, its clause words padded to `head` columns.
    mutating func entry(_ node: SyntaxNode, head: Int) -> Layout {
        previous = nil
        isGlued = false
        if node.children.contains(where: { $0.label == "value" || Self.isBlock($0) }),
            node.kind != .fieldRow, node.kind != .caseRow, node.kind != .valueRow
        {
            return declaration(node)
        }
        let (words, count) = self.head(of: node)
        guard head > 0, count > 0, count < node.children.count else {
            return .group(.nested(layout(node)))
        }
        var children = node.children[...]
        for _ in 0..<count { children.removeFirst() }
        if let token = firstToken(of: node) { previous = token }
        isGlued = true
        let padding = max(0, head - UnicodeText.width(words)) + 1
        let rest = sequence(of: Array(children), in: node)
        return .group(
            .nested(
                .sequence([.text(words + String(repeating: " ", count: padding)), rest])))
    }

    /// The words that name a clause, or the name of a row: as many as fit the column; and how many
    /// children they are.
    func head(of node: SyntaxNode) -> (text: String, count: Int) {
        switch node.kind {
        case .clause:
            guard let owner, let form = node.form else { return ("", 0) }
            let rows = ClauseTables.declarations[owner].clauses
            let leading = rows[form.row].name.split(separator: " ").count
            var text = ""
            var count = 0
            for child in node.children.prefix(leading) {
                guard case .token(let token) = child.element else { break }
                let next = text.isEmpty ? tree.text(of: token) : text + " " + tree.text(of: token)
                guard UnicodeText.width(next) <= Self.headLimit else { break }
                text = next
                count += 1
            }
            return (text, count)
        case .fieldRow, .textRow, .caseRow:
            guard case .node(let first)? = node.children.first?.element, first.kind == .name else {
                return ("", 0)
            }
            let text = tree.text(of: first)
            return UnicodeText.width(text) <= Self.headLimit ? (text, 1) : ("", 0)
        default: return ("", 0)
        }
    }

    private static func isBlock(_ child: SyntaxNode.Child) -> Bool {
        if case .node(let node) = child.element { node.kind == .block } else { false }
    }

    /// A row with a block or a value: a declaration, `for each`, or a row of a test.
    private mutating func declaration(_ node: SyntaxNode) -> Layout {
        var parts: [Layout] = []
        for child in node.children {
            switch child.element {
            case .token(let token): parts.append(leaf(token))
            case .node(let inner) where inner.kind == .block:
                let width = parts.reduce(0) { $0 + (Self.flatWidth($1) ?? 0) }
                let saved = owner
                owner = node.kind == .declaration ? node.form?.row : nil
                parts.append(block(inner, after: width))
                owner = saved
            case .node(let inner) where child.label == "value":
                let line = line(before: firstToken(of: inner))
                parts.append(.group(.nested(.sequence([line, layout(inner)]))))
            case .node(let inner):
                if child.label == "parameters" { isGlued = true }
                parts.append(layout(inner))
            }
        }
        return .sequence(parts)
    }

    // MARK: - Nodes

    private mutating func layout(_ node: SyntaxNode) -> Layout {
        switch node.kind {
        case .junction: return junction(node)
        case .list, .group, .call, .type: return bracketed(node)
        case .literal where node.children.count == 2:
            return sequence(of: node.children, in: node, isGlued: true)
        default: return sequence(of: node.children, in: node)
        }
    }

    private mutating func sequence(
        of children: [SyntaxNode.Child], in node: SyntaxNode, isGlued glues: Bool = false
    ) -> Layout {
        var parts: [Layout] = []
        for (number, child) in children.enumerated() {
            if glues, number > 0 { isGlued = true }
            switch child.element {
            case .token(let token):
                if isWhere(child) { parts.append(line(before: token)) }
                parts.append(leaf(token))
                if node.kind == .unary, token.kind == .minus { isGlued = true }
            case .node(let inner): parts.append(layout(inner))
            }
        }
        return .sequence(parts)
    }

    private func isWhere(_ child: SyntaxNode.Child) -> Bool {
        guard child.label == nil, case .token(let token) = child.element, token.kind == .word else {
            return false
        }
        return tree.text(of: token) == Keyword.where.english
    }

    private mutating func junction(_ node: SyntaxNode) -> Layout {
        var parts: [Layout] = []
        for child in node.children {
            switch child.element {
            case .token(let token):
                parts.append(line(before: token))
                parts.append(leaf(token))
            case .node(let inner):
                let layout = layout(inner)
                parts.append(inner.kind == .junction ? .nested(layout) : layout)
            }
        }
        return .group(.sequence(parts))
    }

    /// What stands before, in and after the brackets of a node.
    private mutating func bracketed(_ node: SyntaxNode) -> Layout {
        let opening = node.children.firstIndex { Self.isToken($0, [.leftParen, .leftBracket]) }
        guard let opening,
            let closing = node.children.lastIndex(where: {
                Self.isToken($0, [.rightParen, .rightBracket])
            }), opening < closing
        else { return sequence(of: node.children, in: node) }
        var before: [Layout] = [sequence(of: Array(node.children[..<opening]), in: node)]
        if node.kind == .call { isGlued = true }
        before.append(sequence(of: [node.children[opening]], in: node))
        var inside: [Layout] = []
        for (number, child) in node.children[(opening + 1)..<closing].enumerated() {
            let follows = number > 0 ? node.children[opening + number] : nil
            if number == 0 {
                inside.append(line(.softLine, before: firstToken(of: child)))
            } else if follows.map({ Self.isToken($0, [.comma]) }) ?? false {
                inside.append(line(before: firstToken(of: child)))
            }
            inside.append(sequence(of: [child], in: node))
        }
        let closingToken = firstToken(of: node.children[closing])
        let end = line(inside.isEmpty ? .sequence([]) : .softLine, before: closingToken)
        isGlued = true
        let closed = sequence(of: [node.children[closing]], in: node)
        let after = sequence(of: Array(node.children[(closing + 1)...]), in: node)
        return .group(.sequence(before + [.nested(.sequence(inside)), end, closed, after]))
    }

    private static func isToken(_ child: SyntaxNode.Child, _ kinds: [Token.Kind]) -> Bool {
        if case .token(let token) = child.element { kinds.contains(token.kind) } else { false }
    }

    private func firstToken(of child: SyntaxNode.Child) -> Token? {
        switch child.element {
        case .token(let token): token
        case .node(let node): firstToken(of: node)
        }
    }

    // MARK: - Tokens

    /// A place where a line may end; where comments stand before the next token, it does.
    private mutating func line(_ line: Layout = .line, before token: Token?) -> Layout {
        defer { isGlued = true }
        guard let token, let comments = comments(before: token) else { return line }
        return comments
    }

    /// The comments before a token and the line end after them; nil where there are none.
    private mutating func comments(before token: Token) -> Layout? {
        let comments = Comments(before: token, in: tree.file)
        guard !comments.isEmpty, handled.insert(token.range.start).inserted else { return nil }
        var parts = comments.trailing.map { [Layout.trailingComment($0)] } ?? []
        for comment in comments.ownLines { parts += [.hardLine, .text(comment.text)] }
        return .sequence(parts + [.hardLine])
    }

    /// A token with the blank and the comments before it.
    mutating func leaf(_ token: Token) -> Layout {
        let text = tree.text(of: token)
        defer {
            previous = token
            isGlued = false
        }
        if let comments = comments(before: token) { return .sequence([comments, .text(text)]) }
        return .text(needsBlank(before: token) ? " " + text : text)
    }

    private func needsBlank(before token: Token) -> Bool {
        guard !isGlued, let previous else { return false }
        switch token.kind {
        case .comma, .rightParen, .rightBracket, .dot, .question, .percent: return false
        default: return previous.kind != .dot
        }
    }
}
