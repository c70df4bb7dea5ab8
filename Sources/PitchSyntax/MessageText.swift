import PitchSource

/// A part of a message's text.
package enum TextPiece: Sendable {
    /// As it is sent; `{{` is one brace here. In Unicode NFC.
    case text(String)
    /// `{expires as 'd MMMM'}`: an expression, and the string token after `as`.
    case hole(SyntaxNode, format: Token?, range: SourceRange)
}

extension SyntaxTree {
    /// The parts of the text of a `textRow`. What is wrong in it is among the tree's diagnostics.
    package func pieces(of token: Token) -> [TextPiece] {
        var reader = TextReader(tree: self, index: Int(token.range.file))
        reader.read(token)
        return reader.pieces
    }
}

/// Takes a message's text apart.
struct TextReader {
    let tree: SyntaxTree
    let index: Int
    private(set) var pieces: [TextPiece] = []
    private(set) var diagnostics: [Diagnostic] = []

    init(tree: SyntaxTree, index: Int) {
        self.tree = tree
        self.index = index
    }

    mutating func read(_ token: Token) {
        let content = tree.content(of: token)
        let bytes = tree.file.bytes
        var plain: [UInt8] = []
        var position = content.lowerBound
        while position < content.upperBound {
            let byte = bytes[position]
            let isDouble = position + 1 < content.upperBound && bytes[position + 1] == byte
            if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "}"), isDouble {
                plain.append(byte)
                position += 2
            } else if byte == UInt8(ascii: "{") {
                flush(&plain)
                position = hole(from: position, to: content.upperBound)
            } else {
                plain.append(byte)
                position += 1
            }
        }
        flush(&plain)
    }

    private mutating func flush(_ plain: inout [UInt8]) {
        guard !plain.isEmpty else { return }
        pieces.append(.text(UnicodeText.nfc(String(decoding: plain, as: UTF8.self))))
        plain = []
    }

    /// Reads the hole whose `{` stands at `start`; where the text goes on.
    private mutating func hole(from start: Int, to end: Int) -> Int {
        let bytes = tree.file.bytes
        var position = start + 1
        var quote: UInt8?
        while position < end {
            let byte = bytes[position]
            if let open = quote {
                if byte == open { quote = nil }
            } else if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") {
                quote = byte
            } else if byte == UInt8(ascii: "}") {
                read(hole: start + 1..<position)
                return position + 1
            }
            position += 1
        }
        diagnostics.append(
            Diagnostic(
                .textHole, "expected '}' before the end of the text",
                at: SourceRange(file: index, start: start, end: start + 1),
                help: "write '{{' for a brace"))
        return end
    }

    private mutating func read(hole range: Range<Int>) {
        let whole = SourceRange(
            file: index, start: range.lowerBound - 1, end: range.upperBound + 1)
        let (tokens, faults) = lex(tree.file, index: index, range: range)
        guard tokens.count > 1 else {
            diagnostics.append(
                Diagnostic(
                    .textHole, "expected an expression between '{' and '}'", at: whole,
                    help: "write '{{' for a brace"))
            return
        }
        var parser = Parser(file: tree.file, index: index, tokens: tokens, diagnostics: faults)
        let (expression, format) = parser.hole()
        diagnostics += parser.diagnostics
        pieces.append(.hole(expression, format: format, range: whole))
    }
}

extension Parser {
    /// An expression, and the string after `as`; nothing else.
    mutating func hole() -> (SyntaxNode, Token?) {
        insideBrackets { parser in
            let expression = parser.expression()
            var format: Token?
            if parser.at(.as) {
                _ = parser.take()
                if parser.kind == .string {
                    format = parser.current.token
                    _ = parser.take()
                } else {
                    parser.expected("a format in quotes", .textHole)
                }
            }
            if parser.current.token.kind != .endOfFile {
                parser.expected("'}'", .textHole)
            }
            return (expression, format)
        }
    }

    /// Reports what is wrong in a message's text.
    mutating func checkText(_ token: Token) {
        let empty = SyntaxTree(file: file, root: node(.missing, []), diagnostics: [])
        var reader = TextReader(tree: empty, index: fileIndex)
        reader.read(token)
        diagnostics += reader.diagnostics
    }
}
