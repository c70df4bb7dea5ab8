import Foundation
import GRDB

/// Numbered templates and what was picked of them.
extension Ledger {
    /// All templates, by number.
    /// - Parameter theme: of this theme only; nil: of all.
    package func templates(of theme: String? = nil) throws -> [StoredTemplate] {
        try store.read("read the templates of") { try Self.templates(of: theme, in: $0) }
    }

    private static func templates(
        of theme: String?, in database: Database
    ) throws -> [StoredTemplate] {
        try database.ledgerRows(
            of: "template",
            """
            SELECT number, theme, words, items, made_at, conversion, weight, t.at, t.place,
                t.is_frontier, t.basis, t.trial
            FROM template JOIN template_trial t ON t.template = number
                AND t.at = (SELECT max(at) FROM template_trial WHERE template = number)
            WHERE theme = coalesce(?1, theme) ORDER BY number
            """, theme.map { .text($0) } ?? .null
        ) { row in
            try StoredTemplate(
                number: row.identifier(0), theme: row.text(1), words: row.decoded(2),
                items: row.decoded(3), madeAt: row.instant(4), conversion: row.share(5),
                weight: row.share(6),
                trial: StoredTrial(
                    at: row.instant(7), place: row.count(8), isFrontier: row.truth(9),
                    basis: row.text(10), numbers: row.decoded(11)))
        }
    }

    /// Writes what a search found, in one transaction: templates of number 0 get the next numbers,
    /// others are updated.
    /// - Returns: their numbers, in their order.
    package func record(_ templates: [StoredTemplate]) throws -> [Int64] {
        try store.write("write the templates of") { database in
            try templates.map { template in
                let number = try Self.write(template, in: database)
                try database.execute(
                    sql: """
                        INSERT OR REPLACE INTO template_trial
                            (template, at, place, is_frontier, basis, trial)
                        VALUES (?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        number, template.trial.at, template.trial.place,
                        template.trial.isFrontier, template.trial.basis,
                        try storedJSON(template.trial.numbers),
                    ])
                return number
            }
        }
    }

    private static func write(_ template: StoredTemplate, in database: Database) throws -> Int64 {
        let items = try storedJSON(template.items)
        guard template.number == 0 else {
            try database.execute(
                sql: """
                    UPDATE template SET items = ?, conversion = ?, weight = ? WHERE number = ?
                    """,
                arguments: [items, template.conversion, template.weight, template.number])
            return template.number
        }
        try database.execute(
            sql: """
                INSERT INTO template (theme, words, items, made_at, conversion, weight)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                template.theme, try storedJSON(template.words), items, template.madeAt,
                template.conversion, template.weight,
            ])
        return database.lastInsertedRowID
    }

    package func record(_ pick: TemplatePick) throws {
        try store.write("write the templates of") { database in
            try database.execute(
                sql: """
                    INSERT INTO template_pick (strategy, theme, template, items, at)
                    VALUES (?, ?, ?, ?, ?)
                    """,
                arguments: [
                    pick.strategy, pick.theme, pick.template, try storedJSON(pick.items),
                    pick.at,
                ])
        }
    }

    /// Everything that was picked or declined, the oldest first.
    package func picks() throws -> [TemplatePick] {
        try store.read("read the templates of") { database in
            try database.ledgerRows(
                of: "template_pick",
                "SELECT strategy, theme, template, items, at FROM template_pick ORDER BY id"
            ) { row in
                try TemplatePick(
                    strategy: row.text(0), theme: row.text(1),
                    template: row.optional(2, row.identifier), items: row.decoded(3),
                    at: row.instant(4))
            }
        }
    }

    /// What holds for a strategy: what was said last; nil when nothing was.
    package func pick(of strategy: String) throws -> TemplatePick? {
        try picks().last { $0.strategy == strategy }
    }
}

extension LedgerRow {
    /// A number from 0.
    func share(_ column: Int) throws -> Double {
        let number = statement.real(column)
        guard number.isFinite, number >= 0 else { throw damage(column, "a number from 0") }
        return number
    }

    fileprivate func decoded<Value: Decodable>(_ column: Int) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(try text(column).utf8))
        } catch is DecodingError {
            throw damage(column, "JSON as Pitch writes it")
        }
    }
}

/// Keys in order, so that equal values are equal texts.
private func storedJSON(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
}
