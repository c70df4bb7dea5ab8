import PitchSource
import PitchSyntax

/// A script in the canonical layout.
package struct Formatted: Sendable {
    /// The layout; the script as it was if `fault` says why.
    package let text: String
    /// Set when the layout would not read as the same script.
    package let fault: Diagnostic?
}

extension DiagnosticCode {
    package static let formatCodes: [DiagnosticCode] = [.layoutChangesScript]

    static let layoutChangesScript = DiagnosticCode(
        "P191", "a script that the formatter leaves as it is",
        explanation: """
            The formatter reads its own result again. Where that is not the same script it changes \
            nothing; please report the script.
            """,
        example: "", repair: "")
}

/// Reads a file and lays it out.
/// - Returns: the layout, nil for a script with syntax errors; and its faults.
package func format(_ file: SourceFile) -> (formatted: Formatted?, faults: [Diagnostic]) {
    let tree = parse(file)
    return (format(tree), tree.diagnostics)
}

/// Lays a script out: four blanks a level, a clause a line, clause words padded to a column,
/// blocks that stand in one line left there if they fit, at most one empty line, all comments
/// kept, and lines beyond 100 columns broken at `and`, `or`, `where` and in brackets.
/// Nil for a script with syntax errors.
package func format(_ tree: SyntaxTree) -> Formatted? {
    guard !tree.diagnostics.contains(where: { $0.severity == .error }) else { return nil }
    var formatter = Formatter(tree: tree)
    let text = LayoutPrinter.text(of: formatter.file())
    let again = parse(SourceFile(name: tree.file.name, text: text))
    let before = Fingerprint(tree)
    guard again.diagnostics.isEmpty, Fingerprint(again) == before else {
        let place = SourceRange(file: Int(tree.root.range.file), start: 0, end: 0)
        let fault = Diagnostic(
            .layoutChangesScript, "the layout would change the script; it is left as it is",
            at: place, severity: .warning)
        return Formatted(text: tree.file.text(0, tree.file.bytes.count), fault: fault)
    }
    return Formatted(text: text, fault: nil)
}

/// The tokens and comments of a script in order, without the commas that only end clauses.
private struct Fingerprint: Equatable {
    private var parts: [String] = []

    init(_ tree: SyntaxTree) { add(tree.root, in: tree) }

    private mutating func add(_ node: SyntaxNode, in tree: SyntaxTree) {
        for child in node.children {
            switch child.element {
            case .node(let node): add(node, in: tree)
            case .token(let token):
                let comments = Comments(before: token, in: tree.file)
                if let trailing = comments.trailing { parts.append(trailing) }
                parts += comments.ownLines.map(\.text)
                if node.kind == .block, token.kind == .comma { continue }
                parts.append(tree.text(of: token))
            }
        }
    }
}
