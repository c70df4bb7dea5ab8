import PitchSchema
import PitchSource
import PitchSyntax
import PitchTestSupport
import Testing

@Suite struct KeywordTests {
    /// The file: a line a word, with the English spelling, the Chinese one or `-`, the category.
    @Test func fileAndTableAreEqual() throws {
        let rows = Keyword.allCases.map { keyword in
            "\(keyword.english) \(keyword.chinese ?? "-") \(keyword.category.rawValue)"
        }
        let text =
            "# english chinese category; the same table as Keyword, which a test asserts\n"
            + rows.joined(separator: "\n") + "\n"
        try Golden.check(text, against: "../../grammar/keywords")
    }

    @Test func everyWordOfTheTablesIsAKeyword() {
        var patterns = ClauseTables.declarations.flatMap { row in
            [row.header] + row.clauses.flatMap(\.forms)
        }
        patterns += ClauseTables.occurrences.map(\.form) + ClauseTables.offers
        let words = patterns.flatMap { Self.words($0.items) }
        #expect(words.count > 100)
        let unknown = words.filter { Keyword(rawValue: $0) == nil }
        #expect(unknown == [])
        #expect(ClauseTables.declarations.allSatisfy { Keyword(rawValue: $0.keyword) != nil })
    }

    @Test func spellingsAreUnique() {
        let chinese = Keyword.allCases.compactMap(\.chinese)
        #expect(Set(chinese).count == chinese.count)
    }

    static func words(_ items: [ClausePattern.Item]) -> [String] {
        items.flatMap { item -> [String] in
            switch item {
            case .word(let word): [word]
            case .slot: []
            case .optional(let inner): words(inner)
            case .oneOf(let branches): branches.flatMap(words)
            }
        }
    }
}
