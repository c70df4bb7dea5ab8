import PitchSchema
import PitchSource
import PitchSyntax
import PitchTestSupport
import Testing

@Suite struct GrammarTests {
    private static let text = Corpus.read("grammar/pitch.ebnf")
    private static let grammar = Grammar(text)

    @Test func everyRuleIsDefinedAndEnds() {
        #expect(Self.grammar.rules.count > 50)
        for (name, item) in Self.grammar.rules {
            #expect(Self.grammar.depths[name] != nil, "'\(name)' has no finite sentence")
            for used in Self.rules(in: item) {
                let isKnown = Self.grammar.rules[used] != nil || Sentences.tokens[used] != nil
                #expect(isKnown, "'\(used)' is not defined")
            }
        }
    }

    private static func rules(in item: Grammar.Item) -> [String] {
        switch item {
        case .word: []
        case .rule(let name): [name]
        case .sequence(let items), .choice(let items): items.flatMap(rules)
        case .optional(let inner), .repeated(let inner): rules(in: inner)
        }
    }

    /// Each of these rules is derived this often.
    @Test(arguments: [
        ("file", 1500), ("declaration", 2000), ("expression", 2000), ("occurrence", 1000),
        ("strategy", 1000),
    ])
    func parserAcceptsWhatTheGrammarDerives(rule: String, count: Int) {
        var sentences = Sentences(grammar: Self.grammar, random: SeededGenerator(seed: 3))
        let frames = [
            "expression": ("segment s = ", ""), "strategy": ("plan p {", "}"),
            "occurrence": ("plan p { strategy s { when ", "} }"),
        ]
        let (before, after) = frames[rule] ?? ("", "")
        var lengths = 0
        for number in 0..<count {
            let depth = 4 + number % 20
            let sentence = sentences.sentence(of: rule, depth: depth)
            lengths += sentence.utf8.count
            let tree = tree(before + sentence + after)
            if let fault = tree.diagnostics.first {
                Issue.record("\(fault.long(in: SourceSet(tree.file)))\n\(sentence)")
                return
            }
        }
        #expect(lengths > 20 * count)
    }

    @Test func everyFormOfTheTablesIsInTheGrammar() {
        let words = Self.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        var patterns = ClauseTables.declarations.flatMap { row in
            row.clauses.flatMap(\.forms)
        }
        patterns += ClauseTables.occurrences.map(\.form) + ClauseTables.offers
        #expect(patterns.count > 100)
        for pattern in patterns {
            let form = Self.notation(pattern.items)
            #expect(words.contains(form), "\(form)")
        }
    }

    private static func notation(_ items: [ClausePattern.Item]) -> String {
        items.map { item -> String in
            switch item {
            case .word(let word): "'\(word)'"
            case .slot(_, let slot): slot == .newName ? "name" : slot.rawValue
            case .optional(let inner): "[ " + notation(inner) + " ]"
            case .oneOf(let branches):
                "( " + branches.map(notation).joined(separator: " | ") + " )"
            }
        }.joined(separator: " ")
    }
}
