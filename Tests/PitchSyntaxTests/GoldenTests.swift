import Foundation
import PitchSource
import PitchSyntax
import PitchTestSupport
import Testing

@Suite struct GoldenTests {
    /// A code's example is the input of its golden case; a byte that is no UTF-8 and a huge file
    /// cannot be, `CodeTests` has them.
    @Test(arguments: DiagnosticCode.syntaxCodes.filter { !["P101", "P107"].contains($0.id) })
    func diagnosticText(code: DiagnosticCode) throws {
        let bytes = CodeTests.bytes[code.id]?.example ?? Array(code.example.utf8)
        let file = SourceFile(name: "\(code.id).pitch", bytes: bytes)
        try Golden.check(file.text(0, bytes.count), against: "parser/\(code.id).pitch")
        let text = Diagnostic.report(parse(file).diagnostics, in: SourceSet(file))
        try Golden.check(text, against: "parser/\(code.id).text")
    }

    @Test(arguments: Golden.inputs("lexer", extension: "pitch"))
    func tokens(file: URL) throws {
        let name = file.deletingPathExtension().lastPathComponent
        let tree = tree(try String(contentsOf: file, encoding: .utf8))
        var lines: [String] = []
        tree.root.forEachToken { token in
            let mark = token.startsLine ? "" : "    "
            lines.append("\(mark)\(token.kind) \(tree.text(of: token))")
        }
        lines += tree.diagnostics.map { $0.short(in: SourceSet(tree.file)) }
        try Golden.check(lines.joined(separator: "\n") + "\n", against: "lexer/\(name).tokens")
    }

    @Test func textPieces() throws {
        let tree = tree(
            """
            message m {
                sms "{{a}} {name or else 'you'} until {expires as 'd MMMM'}."
            }
            """)
        #expect(tree.diagnostics.isEmpty)
        let block = try #require(tree.root.nodes("item").first?.node("block"))
        let token = try #require(block.nodes("entry").first?.token("text"))
        let shown = tree.pieces(of: token).map { piece in
            switch piece {
            case .text(let text): text
            case .hole(let expression, let format, _):
                "<\(tree.text(of: expression))|\(format.map { tree.string(of: $0) } ?? "")>"
            }
        }
        #expect(shown == ["{a} ", "<name or else 'you'|>", " until ", "<expires|d MMMM>", "."])
    }

    @Test(arguments: [
        ("'a b'", "a b"), ("\"\"", ""), ("\"\"\"\n    a\n      b\n    \"\"\"", "a\n  b"),
        ("\"\"\"a\"\"\"", "a"), ("\"e\u{301}\"", "é"),
    ])
    func textWithoutItsQuotes(written: String, text: String) throws {
        let tree = parseExpression(SourceFile(name: "x", text: written))
        let token = try #require(tree.root.node("value")?.token("token"))
        #expect(Array(tree.string(of: token).unicodeScalars) == Array(text.unicodeScalars))
    }

    @Test func documentationIsTheCommentBefore() throws {
        let tree = tree("# not this\n## One.\n##  Two.\nlet a = 1")
        let token = try #require(tree.root.nodes("item").first?.token("keyword"))
        #expect(tree.documentation(before: token) == "One.\n Two.")
    }
}
