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
    if isWide(file) { return unread(file, index: index, wide(index)) }
    let (tokens, faults) = lex(file, index: index, range: 0..<file.bytes.count)
    var parser = Parser(file: file, index: index, tokens: tokens, diagnostics: faults)
    let root = body(&parser)
    let sorted = firstOfEachLine(parser.diagnostics, in: file)
    if sorted.count > faultsOfAnotherLanguage, !parser.beginsLikeAScript {
        return unread(file, index: index, notAScript(tokens, file, index))
    }
    return SyntaxTree(file: file, root: root, diagnostics: sorted)
}

/// In the order of the file. Where one part of a line cannot be read, what is wrong with the rest
/// of it mostly follows from that; marks of other languages do not, and each has its repair.
private func firstOfEachLine(_ diagnostics: [Diagnostic], in file: SourceFile) -> [Diagnostic] {
    let sorted = diagnostics.enumerated().sorted {
        ($0.element.range.start, $0.offset) < ($1.element.range.start, $1.offset)
    }
    var last: (line: Int, code: DiagnosticCode)?
    return sorted.map(\.element).filter { diagnostic in
        let line = file.line(of: Int(diagnostic.range.start))
        if let last, last.line == line {
            return last.code == .foreignMark && diagnostic.code == .foreignMark
        }
        last = (line, diagnostic.code)
        return true
    }
}

/// A file with more faults, whose first word declares nothing, is of another kind: to list them
/// all would tell nobody anything.
private let faultsOfAnotherLanguage = 100

private func notAScript(_ tokens: [LexedToken], _ file: SourceFile, _ index: Int) -> Diagnostic {
    Diagnostic(
        .notAScript, "'\(file.name)' does not look like a Pitch script",
        at: tokens.first?.token.range ?? SourceRange(file: index, start: 0, end: 0),
        help: """
            a script begins with 'pitch 1' and declares a project; it names files of data: \
            'members from csv "…"'
            """)
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

/// Whether a file seems to be UTF-16: it begins with that encoding's mark, or every second of its
/// first bytes is zero. One fault says it better than one for each character.
private func isWide(_ file: SourceFile) -> Bool {
    let head = Array(file.bytes.prefix(4))
    return head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF])
        || head.count == 4 && ((head[0] == 0 && head[2] == 0) || (head[1] == 0 && head[3] == 0))
}

private func wide(_ index: Int) -> Diagnostic {
    Diagnostic(
        .invalidEncoding, "the file is UTF-16, not UTF-8",
        at: SourceRange(file: index, start: 0, end: 0), help: "save it as UTF-8")
}

private func tooLarge(_ file: SourceFile, index: Int) -> SyntaxTree {
    let fault = Diagnostic(
        .fileTooLarge, "the file is larger than 16 MiB",
        at: SourceRange(file: index, start: 0, end: 0), help: "split it with 'import'")
    return unread(file, index: index, fault)
}

/// A tree without declarations: the whole file stands before its end.
private func unread(_ file: SourceFile, index: Int, _ fault: Diagnostic) -> SyntaxTree {
    let end = file.bytes.count
    let place = SourceRange(file: index, start: end, end: end)
    let token = Token(.endOfFile, place, triviaStart: 0, startsLine: true)
    let root = SyntaxNode(.sourceFile, [SyntaxNode.Child(.token(token))], range: place)
    return SyntaxTree(file: file, root: root, diagnostics: [fault])
}
