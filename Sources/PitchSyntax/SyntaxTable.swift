import PitchSchema

/// The clause tables with their words looked up, as the parser reads them.
struct PatternTable: Sendable {
    indirect enum Item: Sendable {
        case word(Keyword)
        case slot(label: String, ClausePattern.Slot)
        case optional([Item])
        case oneOf([[Item]])
    }

    struct Form: Sendable {
        let items: [Item]
        let row: Int
        let form: Int
    }

    struct Clause: Sendable {
        let leading: [Keyword]
        let forms: [Form]
    }

    struct Declaration: Sendable {
        let row: DeclarationRow
        let keyword: Keyword
        let index: Int
        let header: [Item]
        let clauses: [Clause]
        let nested: [Keyword]
        /// Positions in `clauses` by first word; the longest leading words first. Clauses without
        /// a leading word are under nil.
        let byFirstWord: [Keyword?: [Int]]
    }

    static let declarations: [Declaration] = ClauseTables.declarations.enumerated().map {
        declaration($1, index: $0)
    }

    private static let byKeyword: [Keyword: Int] = Dictionary(
        uniqueKeysWithValues: declarations.map { ($0.keyword, $0.index) })

    static func declaration(_ keyword: Keyword?) -> Declaration? {
        guard let keyword, let index = byKeyword[keyword] else { return nil }
        return declarations[index]
    }

    /// Whether a word alone is a clause, such as `exclusive`.
    static func isWholeClause(_ word: Keyword?) -> Bool { word.map(wholeClauses.contains) ?? false }

    private static let wholeClauses: Set<Keyword> = Set(
        declarations.flatMap(\.clauses).flatMap(\.forms).compactMap { form in
            guard form.items.count == 1, case .word(let word)? = form.items.first
            else { return nil }
            return word
        })

    static let occurrences: [Form] = ClauseTables.occurrences.enumerated().map { index, row in
        Form(items: row.form.items.map(item), row: index, form: 0)
    }

    static let offers: [Form] = ClauseTables.offers.enumerated().map { index, pattern in
        Form(items: pattern.items.map(item), row: 0, form: index)
    }

    private static func declaration(_ row: DeclarationRow, index: Int) -> Declaration {
        let clauses = row.clauses.enumerated().map { number, clause in
            Clause(
                leading: clause.name.split(separator: " ").map { keyword(String($0)) },
                forms: clause.forms.enumerated().map { form, pattern in
                    Form(items: pattern.items.map(item), row: number, form: form)
                })
        }
        var byFirstWord = Dictionary(grouping: clauses.indices) { clauses[$0].leading.first }
        for key in byFirstWord.keys {
            byFirstWord[key]?.sort { clauses[$0].leading.count > clauses[$1].leading.count }
        }
        return Declaration(
            row: row, keyword: keyword(row.keyword), index: index,
            header: row.header.items.map(item), clauses: clauses,
            nested: row.nested.map(keyword), byFirstWord: byFirstWord)
    }

    private static func item(_ item: ClausePattern.Item) -> Item {
        switch item {
        case .word(let word): .word(keyword(word))
        case .slot(let label, let slot): .slot(label: label, slot)
        case .optional(let items): .optional(items.map(Self.item))
        case .oneOf(let branches): .oneOf(branches.map { $0.map(Self.item) })
        }
    }

    /// - Precondition: the tables use only words of `Keyword`, which a test asserts.
    private static func keyword(_ word: String) -> Keyword {
        guard let keyword = Keyword(rawValue: word) else {
            preconditionFailure("'\(word)' of the clause tables is not in the keyword table")
        }
        return keyword
    }
}
