import PitchEngine
import PitchSchema

/// What can stand at a place of an entry: verbs first, then names, values and words of expressions.
struct Completion: Sendable {
    /// The texts of a field in the store that begin with some letters; the names near the field
    /// tell which data set is meant.
    typealias StoredWords =
        @Sendable (_ field: String, _ names: Set<String>, _ start: String) -> [String]

    private let symbols: [Symbol]
    private let storedWords: StoredWords

    init(symbols: [Symbol], storedWords: @escaping StoredWords = { _, _, _ in [] }) {
        self.symbols = symbols
        self.storedWords = storedWords
    }

    /// Everything that begins with `word` and can follow `before`, sorted.
    func candidates(for word: String, after before: String) -> [String] {
        let words = before.split(whereSeparator: \.isWhitespace).map(String.init)
        if let place = ValuePlace(after: before) {
            let values = values(at: place, word: word)
            if place.isInString || !values.isEmpty { return values }
        }
        let pool: [String]
        switch words.first {
        case nil: pool = PromptVerb.words
        case "help", ":help": pool = HelpTopics.names
        case "preview": pool = names(of: [.plan, .strategy])
        case "run": pool = names(of: [.plan])
        case "why" where words.count == 1: pool = []
        case "why" where words.count == 2:
            pool = ["in"] + names(of: [.strategy])
        case "load", "status", "coupons", "log", "quit", "exit": pool = []
        default: pool = expressionWords
        }
        return Set(pool.filter { $0.hasPrefix(word) && $0 != word }).sorted()
    }

    private var expressionWords: [String] {
        names(of: [.field, .dataSet, .eventField, .segment, .definition, .constant])
            + LanguageReference.expressionWords
    }

    private func names(of kinds: Set<Symbol.Kind>) -> [String] {
        symbols.filter { kinds.contains($0.kind) }.map(\.name)
    }

    /// The words that a field of choices can have, bare; the texts of another field, in quotes. In
    /// a string that is open, what follows the words that are there.
    private func values(at place: ValuePlace, word: String) -> [String] {
        let start = place.start + word
        if !place.isInString {
            let choices = symbols.filter { $0.kind == .choice && $0.detail == place.field }
            if !choices.isEmpty {
                return choices.map(\.name).filter { $0.hasPrefix(word) && $0 != word }.sorted()
            }
        }
        // What would need an escape is left to be typed.
        let texts = storedWords(place.field, place.names, start)
            .filter { !$0.contains { "\"\\{".contains($0) || $0.isNewline } && printable($0) == $0 }
        return texts.map {
            place.isInString ? $0.dropFirst(place.start.count) + "\"" : "\"\($0)\""
        }
    }
}

/// A place where a value of a field is wanted: after `field =`, `field has`, `field in [a,`.
private struct ValuePlace {
    let field: String
    /// All names before it.
    let names: Set<String>
    /// What an open string holds so far, up to the word that is completed.
    let start: String
    let isInString: Bool

    init?(after before: String) {
        let pieces = before.split(separator: "\"", omittingEmptySubsequences: false)
        isInString = pieces.count.isMultiple(of: 2)
        start = isInString ? String(pieces[pieces.count - 1]) : ""
        let tokens = Self.tokens(isInString ? pieces.dropLast() : pieces[...])
        names = Set(tokens.flatMap { $0.split(separator: ".").map(String.init) })
        guard var place = tokens.indices.last else { return nil }
        if tokens[place] == "[" || tokens[place] == "," {
            guard let open = tokens.lastIndex(of: "["), open > 0,
                !tokens[open...].contains("]")
            else { return nil }
            place = open - 1
            guard ["in", "of"].contains(tokens[place]) else { return nil }
        } else if !["=", "has"].contains(tokens[place]) {
            return nil
        }
        let operators: Set<String> = ["!", "=", "in", "not", "has", "any", "all", "of"]
        guard let field = tokens[...place].last(where: { !operators.contains($0) }),
            field.first?.isLetter == true
        else { return nil }
        self.field = field
    }

    /// Names with their dots, `"` for a whole string, and single marks.
    private static func tokens(_ pieces: ArraySlice<Substring>) -> [String] {
        var tokens: [String] = []
        for (index, piece) in pieces.enumerated() {
            guard index.isMultiple(of: 2) else {
                tokens.append("\"")
                continue
            }
            var rest = piece
            while let character = rest.first {
                let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." }
                if !name.isEmpty {
                    tokens.append(String(name))
                } else if !character.isWhitespace {
                    tokens.append(String(character))
                }
                rest = rest.dropFirst(max(1, name.count))
            }
        }
        return tokens
    }
}
