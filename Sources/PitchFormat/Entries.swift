import PitchSchema
import PitchSource
import PitchSyntax

/// Turns a tree into a layout: the file, blocks and their entries.
struct Formatter {
    let tree: SyntaxTree
    /// Starts of the tokens whose comments are already laid out.
    var handled: Set<Int32> = []

    /// The token before the current one in its entry.
    var previous: Token?
    /// No blank stands before the next token.
    var isGlued = false
    /// The declaration whose block is laid out: an index in `ClauseTables.declarations`.
    var owner: Int?
    /// Open blocks.
    var depth = 0

    /// Clause words up to this width are padded to one column.
    static let headLimit = 9

    init(tree: SyntaxTree) { self.tree = tree }

    mutating func file() -> Layout {
        var nodes: [SyntaxNode] = []
        var end: Token?
        for child in tree.root.children {
            switch child.element {
            case .node(let node): nodes.append(node)
            case .token(let token): end = token
            }
        }
        var parts: [Layout] = []
        var isFirst = true
        for node in nodes {
            parts += lead(to: firstToken(of: node), isFirst: isFirst)
            parts.append(entry(node, head: 0))
            isFirst = false
        }
        if let end { parts += closing(end, isFirst: isFirst) }
        return .sequence(parts)
    }

    /// The comments and line end before an entry; none before the first but its comments.
    private mutating func lead(to token: Token?, isFirst: Bool) -> [Layout] {
        guard let token else { return [] }
        handled.insert(token.range.start)
        let comments = Comments(before: token, in: tree.file)
        var parts: [Layout] = []
        if let trailing = comments.trailing { parts.append(.trailingComment(trailing)) }
        var needsLine = !isFirst
        for comment in comments.ownLines {
            if needsLine { parts.append(.hardLine) }
            if comment.followsBlankLine, needsLine { parts.append(.hardLine) }
            parts.append(.text(comment.text))
            needsLine = true
        }
        if needsLine { parts.append(.hardLine) }
        if comments.endsInBlankLine, needsLine { parts.append(.hardLine) }
        return parts
    }

    /// The comments before a closing mark or the end of the file.
    private mutating func closing(_ token: Token, isFirst: Bool) -> [Layout] {
        handled.insert(token.range.start)
        let comments = Comments(before: token, in: tree.file)
        var parts: [Layout] = []
        if let trailing = comments.trailing { parts.append(.trailingComment(trailing)) }
        var needsLine = !isFirst
        for comment in comments.ownLines {
            if needsLine { parts.append(.hardLine) }
            if comment.followsBlankLine, needsLine { parts.append(.hardLine) }
            parts.append(.text(comment.text))
            needsLine = true
        }
        return parts
    }

    func firstToken(of node: SyntaxNode) -> Token? {
        for child in node.children {
            switch child.element {
            case .token(let token): return token
            case .node(let node): if let token = firstToken(of: node) { return token }
            }
        }
        return nil
    }

    // MARK: - Blocks

    /// - Parameter width: of what stands before the block in its line.
    mutating func block(_ node: SyntaxNode, after width: Int) -> Layout {
        var entries: [SyntaxNode] = []
        for case .node(let entry) in node.children.map(\.element) { entries.append(entry) }
        guard case .token(let brace)? = node.children.first?.element,
            case .token(let end)? = node.children.last?.element
        else { return .empty }
        let opening = leaf(brace)
        defer { previous = end }
        if entries.isEmpty, !hasComment(node) { return .sequence([opening, .text("}")]) }
        if isOneLine(node), !hasComment(node) {
            let saved = self
            let flat = oneLine(entries, opening)
            let whole = 4 * depth + width + (Self.flatWidth(flat) ?? LayoutPrinter.width)
            if whole <= LayoutPrinter.width { return flat }
            self = saved
        }
        return .sequence([opening, lines(entries, end)])
    }

    private mutating func oneLine(_ entries: [SyntaxNode], _ opening: Layout) -> Layout {
        var parts: [Layout] = [opening, .text(" ")]
        for (number, entry) in entries.enumerated() {
            if number > 0 { parts.append(.text(", ")) }
            parts.append(self.entry(entry, head: 0))
        }
        return .sequence(parts + [.text(" }")])
    }

    private mutating func lines(_ entries: [SyntaxNode], _ end: Token) -> Layout {
        let head = headWidth(of: entries)
        depth += 1
        defer { depth -= 1 }
        var parts: [Layout] = []
        for (number, entry) in entries.enumerated() {
            let lead = lead(to: firstToken(of: entry), isFirst: false)
            parts += number == 0 ? withoutBlankLine(lead) : lead
            parts.append(self.entry(entry, head: head))
        }
        parts += closing(end, isFirst: false)
        return .sequence([.nested(.sequence(parts)), .hardLine, .text("}")])
    }

    /// A block does not begin with an empty line.
    private func withoutBlankLine(_ lead: [Layout]) -> [Layout] {
        var result: [Layout] = []
        var lines = 0
        for part in lead {
            if case .hardLine = part {
                lines += 1
                if lines == 2, result.count < 3 { continue }
            } else if case .text = part {
                lines = 3
            }
            result.append(part)
        }
        return result
    }

    /// The column of what follows the clause words.
    private func headWidth(of entries: [SyntaxNode]) -> Int {
        let widths = entries.compactMap { entry -> Int? in
            let width = UnicodeText.width(head(of: entry).text)
            return width == 0 || width > Self.headLimit ? nil : width
        }
        return widths.count > 1 ? (widths.max() ?? 0) : 0
    }

    private func isOneLine(_ node: SyntaxNode) -> Bool {
        let text = tree.text(of: node)
        let holdsDeclaration = node.children.contains { child in
            guard case .node(let entry) = child.element else { return false }
            return entry.kind == .declaration || entry.kind == .forEach
        }
        return !text.contains("\n") && !holdsDeclaration
    }

    private func hasComment(_ node: SyntaxNode) -> Bool {
        var isFirst = true
        var found = false
        node.forEachToken { token in
            if !isFirst, !Comments(before: token, in: tree.file).isEmpty { found = true }
            isFirst = false
        }
        return found
    }

    /// The width of a layout without lines; nil if it has some that must break.
    static func flatWidth(_ layout: Layout) -> Int? {
        switch layout {
        case .text(let text): return text.contains("\n") ? nil : UnicodeText.width(text)
        case .line: return 1
        case .softLine: return 0
        case .trailingComment, .hardLine: return nil
        case .nested(let inner), .group(let inner): return flatWidth(inner)
        case .sequence(let parts):
            var width = 0
            for part in parts {
                guard let next = flatWidth(part) else { return nil }
                width += next
            }
            return width
        }
    }
}
