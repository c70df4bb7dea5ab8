/// One clause of a declaration kind. The tables drive the parser, the checker, completion, `pitch
/// help` and the generated reference: adding a clause is adding a row.
package struct ClauseRow: Sendable {
    package enum Presence: String, Sendable { case required, optional, repeated }

    /// How it is written, in the language of `ClausePattern`: `at most <count:integer> per
    /// <period:period>`. A row may list several forms; the first words of all are the same clause
    /// word.
    package let forms: [ClausePattern]
    package let presence: Presence
    /// What holds when it is left out, as it would be written; nil: nothing, or it is required.
    package let defaultText: String?
    /// One line for help and hover.
    package let doc: String
    /// Whether the engine executes it. If not, `run` and `preview` refuse with its place.
    package let isExecuted: Bool

    /// The word or words that name the clause, common to all its forms: `at most`, `valid`.
    package var name: String {
        let words = forms.map { $0.leadingWords.split(separator: " ") }
        let shortest = words.map(\.count).min() ?? 0
        let common = (0..<shortest).prefix { offset in
            words.allSatisfy { $0[offset] == words[0][offset] }
        }
        return words[0].prefix(common.count).joined(separator: " ")
    }

    package init(
        _ forms: [String], _ presence: Presence = .optional, default defaultText: String? = nil,
        isExecuted: Bool = true, doc: String
    ) {
        self.forms = forms.map(ClausePattern.init)
        self.presence = presence
        self.defaultText = defaultText
        self.doc = doc
        self.isExecuted = isExecuted
    }
}

/// A kind of declaration: `coupon name "Title" { clauses }`.
package struct DeclarationRow: Sendable {
    package enum Body: String, Sendable {
        /// `{ clauses }`
        case clauses
        /// `{ clauses, and rows 'name type' }` of members, events and tables.
        case fields
        /// `{ 2 x off20, no_interest }`
        case items
        /// `= expression`
        case value
        /// `= expression`, or `one of […] { value if condition … otherwise }`
        case valueOrCases
        /// `{ clauses, then words as a channel: wechat "text" }`
        case texts
        /// `{ rows of a test }`
        case test
        case none
    }

    package let keyword: String
    /// What stands between the keyword and the body, in the language of `ClausePattern`.
    package let header: ClausePattern
    package let body: Body
    package let clauses: [ClauseRow]
    /// Keywords of the declarations that may stand inside.
    package let nested: [String]
    package let doc: String
    package let isExecuted: Bool

    package init(
        _ keyword: String, header: String = "<name:newName> [<title:string>]", body: Body,
        clauses: [ClauseRow] = [], nested: [String] = [], isExecuted: Bool = true, doc: String
    ) {
        self.keyword = keyword
        self.header = ClausePattern(header)
        self.body = body
        self.clauses = clauses
        self.nested = nested
        self.doc = doc
        self.isExecuted = isExecuted
    }
}

/// The form of a clause, as a tree. Written: words as they are; `<label:slot>` for an argument; `[
/// … ]` optional; `( a | b )` one of several.
package struct ClausePattern: Sendable, Equatable {
    package indirect enum Item: Sendable, Equatable {
        case word(String)
        case slot(label: String, Slot)
        case optional([Item])
        case oneOf([[Item]])
    }

    /// What can stand in an argument.
    package enum Slot: String, CaseIterable, Sendable {
        /// A name that this declaration introduces; a name that is declared elsewhere.
        case newName, name
        /// One name, or a bracketed list of names.
        case names
        case string, integer, number, percent, money, period, date, instant, time, currency
        /// `5th`
        case ordinal
        /// A date, or a date with a time; a percent or a whole number.
        case moment, share
        /// `<=` or `>=`
        case inequality
        /// A bracketed list of whole numbers, or one.
        case integers
        /// Any expression; last in its clause, or followed by a word that is no operator.
        case expression
        /// What a `when` line waits for.
        case occurrence
        /// A strategy's offer: `comeback`, `2 x off20`, `best of [a, b] by goal`, `picked from
        /// theme`.
        case offer
        /// `wechat or else sms`
        case route
        /// A field's type with its marks: `money CNY`, `one of [a, b]`, `-> products`.
        case type
        /// `(x, y)` of a `define`.
        case parameters
        /// `{ city "Shanghai", joined 2024-01-01 }` of a test's row.
        case values
    }

    /// The form as written in the table.
    package let text: String
    package let items: [Item]

    /// - Precondition: `text` is well formed; the tables are part of the program, and a test reads
    ///   all of them.
    package init(_ text: String) {
        self.text = text
        var reader = PatternReader(text)
        items = reader.sequence(until: [])
    }

    /// `at most` of `at most <count:integer> …`
    package var leadingWords: String {
        var words: [String] = []
        for case .word(let word) in items.prefix(while: {
            if case .word = $0 { true } else { false }
        }) {
            words.append(word)
        }
        return words.joined(separator: " ")
    }
}

private struct PatternReader {
    private var rest: ArraySlice<String>

    init(_ text: String) {
        var spaced = ""
        for character in text {
            spaced += "[]()|".contains(character) ? " \(character) " : String(character)
        }
        rest = spaced.split(separator: " ").map(String.init)[...]
    }

    mutating func sequence(until ends: Set<String>) -> [ClausePattern.Item] {
        var items: [ClausePattern.Item] = []
        while let word = rest.first, !ends.contains(word) {
            rest.removeFirst()
            items.append(item(word))
        }
        return items
    }

    private mutating func item(_ word: String) -> ClausePattern.Item {
        if word == "[" {
            let inner = sequence(until: ["]"])
            rest.removeFirst()
            return .optional(inner)
        }
        if word == "(" {
            var branches = [sequence(until: ["|", ")"])]
            while rest.removeFirst() == "|" { branches.append(sequence(until: ["|", ")"])) }
            return .oneOf(branches)
        }
        guard word.hasPrefix("<"), word.hasSuffix(">"), word.count > 2 else { return .word(word) }
        let parts = word.dropFirst().dropLast().split(separator: ":").map(String.init)
        guard parts.count == 2, let slot = ClausePattern.Slot(rawValue: parts[1]) else {
            preconditionFailure("'\(word)' is no slot of a clause pattern")
        }
        return .slot(label: parts[0], slot)
    }
}
