import PitchSource

extension SyntaxTree {
    /// The name that a `word` or `quotedName` token spells, in Unicode NFC and without back-ticks.
    package func name(of token: Token) -> String {
        var text = text(of: token)
        if token.kind == .quotedName { text.removeAll { $0 == "`" } }
        return UnicodeText.nfc(text)
    }

    /// The name of a `name` node; of `access` and `call` the name that they end or begin with.
    package func name(of node: SyntaxNode) -> String? {
        if let function = node.node("function") { return name(of: function) }
        return node.token("name").map { name(of: $0) }
    }

    /// The text of a `string` or `longString` token without its quotes, in Unicode NFC. Of a long
    /// one the first line end, the last one and the common indentation go.
    package func string(of token: Token) -> String {
        let range = content(of: token)
        let text = file.text(range.lowerBound, range.upperBound)
        return UnicodeText.nfc(token.kind == .longString ? Self.dedent(text) : text)
    }

    /// The bytes of a text token between its quotes; an unclosed one runs to its end.
    func content(of token: Token) -> Range<Int> {
        let start = Int(token.range.start)
        let end = Int(token.range.end)
        let quote = Self.quote(of: token, in: file)
        let first = min(start + quote.opening.utf8.count, end)
        let closing = Array(quote.closing.utf8)
        let isClosed =
            end - closing.count >= first
            && file.bytes[(end - closing.count)..<end].elementsEqual(closing)
        return first..<(isClosed ? end - closing.count : end)
    }

    private static func quote(
        of token: Token, in file: SourceFile
    ) -> (opening: String, closing: String) {
        if token.kind == .longString { return ("\"\"\"", "\"\"\"") }
        let start = Int(token.range.start)
        let lead = file.text(start, min(start + 4, Int(token.range.end))).unicodeScalars.first
        guard let lead, let closing = Lookalike.quotes[lead] else {
            let plain = lead.map { String(Character($0)) } ?? ""
            return (plain, plain)
        }
        return (String(Character(lead)), String(Character(closing)))
    }

    private static func dedent(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.last == "\r" ? line.dropLast() : line
        }
        guard lines.count > 1 else { return text }
        func isBlank(_ line: Substring) -> Bool { line.allSatisfy { $0 == " " || $0 == "\t" } }
        func indent(_ line: Substring) -> Int { line.prefix { $0 == " " || $0 == "\t" }.count }
        let first = lines.removeFirst()
        let closing = lines[lines.count - 1]
        var common = lines.filter { !isBlank($0) }.map(indent).min() ?? 0
        if isBlank(closing) {
            common = min(common, closing.count)
            lines.removeLast()
        }
        let rest = lines.map { $0.dropFirst(min(common, indent($0))) }
        return ((first.isEmpty ? [] : [first]) + rest).joined(separator: "\n")
    }

    /// The `##` lines directly before a token: the documentation of what it begins.
    package func documentation(before token: Token) -> String? {
        let trivia = file.text(Int(token.triviaStart), Int(token.range.start))
        var lines: [Substring] = []
        for line in trivia.split(whereSeparator: \.isNewline).reversed() {
            let text = line.drop { $0 == " " || $0 == "\t" }
            if text.isEmpty { continue }
            guard text.hasPrefix("##") else { break }
            let body = text.dropFirst(2)
            lines.insert(body.first == " " ? body.dropFirst() : body, at: 0)
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }
}
