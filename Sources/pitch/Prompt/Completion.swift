import PitchEngine
import PitchSchema

/// What can stand at a place of an entry: verbs first, then names, values and words of expressions.
struct Completion: Sendable {
    private let symbols: [Symbol]

    init(symbols: [Symbol]) { self.symbols = symbols }

    /// Everything that begins with `word` and can follow `before`, sorted.
    func candidates(for word: String, after before: String) -> [String] {
        let words = before.split(whereSeparator: \.isWhitespace).map(String.init)
        let pool: [String]
        switch words.first {
        case nil: pool = PromptVerb.words
        case "help", ":help": pool = HelpTopics.names
        case "preview": pool = names(of: [.plan, .strategy])
        case "run": pool = names(of: [.plan])
        case "why" where words.count == 1: pool = []
        case "why" where words.count == 2:
            pool = ["in"] + names(of: [.strategy])
        case "load", "status", "log", "quit", "exit": pool = []
        default: pool = expression(after: before)
        }
        return Set(pool.filter { $0.hasPrefix(word) && $0 != word }).sorted()
    }

    private func expression(after before: String) -> [String] {
        let values = values(after: before)
        if !values.isEmpty { return values }
        return names(of: [.field, .dataSet, .eventField, .segment, .definition, .constant])
            + LanguageReference.expressionWords
    }

    private func names(of kinds: Set<Symbol.Kind>) -> [String] {
        symbols.filter { kinds.contains($0.kind) }.map(\.name)
    }

    /// After `field =`, `field in [a,`: the words that a field of choices can have.
    private func values(after before: String) -> [String] {
        let tokens = before.split { $0.isWhitespace || "[](),".contains($0) }.map(String.init)
        let comparisons: Set<String> = ["=", "!=", "in", "not"]
        guard let place = tokens.lastIndex(where: comparisons.contains), place > 0 else { return [] }
        let isOpen = place == tokens.count - 1 || before.last { "[]".contains($0) } == "["
        guard isOpen else { return [] }
        let field = tokens[..<place].last { !comparisons.contains($0) } ?? ""
        return symbols.filter { $0.kind == .choice && $0.detail == field }.map(\.name)
    }
}
