import PitchSource

/// Faults as text and as JSON.
struct FaultText {
    let sources: SourceSet

    /// Each with its line underlined, in colour on a terminal that wants it; 20 at most.
    func text(_ diagnostics: [Diagnostic], colored: Bool) -> String {
        let text = Diagnostic.report(diagnostics, in: sources)
        guard colored else { return text }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            for (word, color) in Self.colors where line.hasPrefix(word + "[") {
                return "\u{1B}[1;\(color)m\(word)\u{1B}[0m\(line.dropFirst(word.count))"
            }
            return String(line)
        }.joined(separator: "\n")
    }

    private static let colors = [("error", 31), ("warning", 33), ("hint", 36)]

    func json(_ diagnostic: Diagnostic) -> JSONValue { .raw(diagnostic.json(in: sources)) }
}
