import PitchSource

/// A larger file is refused; scripts are written by people.
private let sizeLimit = 16 << 20

/// Reads a script. Never fails: what is wrong is in the tree's diagnostics, in the order of the
/// file.
/// - Parameter index: the file's index in its `SourceSet`, for ranges.
package func parse(_ file: SourceFile, index: Int = 0) -> SyntaxTree {
    parse(file, index: index) { $0.sourceFile() }
}

/// Reads one expression, as at the prompt: a `sourceFile` node with (value).
package func parseExpression(_ file: SourceFile, index: Int = 0) -> SyntaxTree {
    parse(file, index: index) { $0.onlyExpression() }
}

private func parse(
    _ file: SourceFile, index: Int, _ body: (inout Parser) -> SyntaxNode
) -> SyntaxTree {
    guard file.bytes.count <= sizeLimit else { return tooLarge(file, index: index) }
    let (tokens, faults) = lex(file, index: index, range: 0..<file.bytes.count)
    var parser = Parser(file: file, index: index, tokens: tokens, diagnostics: faults)
    let root = body(&parser)
    let sorted = parser.diagnostics.enumerated().sorted {
        ($0.element.range.start, $0.offset) < ($1.element.range.start, $1.offset)
    }
    return SyntaxTree(file: file, root: root, diagnostics: sorted.map(\.element))
}

/// The tokens of a part of a file.
func lex(
    _ file: SourceFile, index: Int, range: Range<Int>
) -> ([LexedToken], [Diagnostic]) {
    file.bytes.withUnsafeBufferPointer { bytes in
        var lexer = Lexer(bytes, fileIndex: index, range: range)
        lexer.run()
        return (lexer.tokens, lexer.diagnostics)
    }
}

private func tooLarge(_ file: SourceFile, index: Int) -> SyntaxTree {
    let end = file.bytes.count
    let place = SourceRange(file: index, start: end, end: end)
    let token = Token(.endOfFile, place, triviaStart: 0, startsLine: true)
    let root = SyntaxNode(
        .sourceFile, [SyntaxNode.Child(.token(token))], range: place)
    let start = SourceRange(file: index, start: 0, end: 0)
    return SyntaxTree(
        file: file, root: root,
        diagnostics: [
            Diagnostic(
                .fileTooLarge, "the file is larger than 16 MiB", at: start,
                help: "split it with 'import'")
        ])
}
