import GRDB

/// Until when an occurrence waits for the end of quiet hours, and what set it off.
package struct Deferral: Sendable, Equatable {
    package let until: Int64
    /// The name of the data set of an event or of the weather; nil for others.
    package let dataSet: String?
    /// The ids of its rows there.
    package let rows: [Int64]
    package let label: String
    package let isDay: Bool

    package init(until: Int64, dataSet: String?, rows: [Int64], label: String, isDay: Bool) {
        self.until = until
        self.dataSet = dataSet
        self.rows = rows
        self.label = label
        self.isDay = isDay
    }
}

/// An outcome that waits to be replaced, and why.
package struct DeferredOutcome: Sendable {
    package let outcome: LedgerOutcome
    package let cause: Deferral
}

extension Ledger {
    /// Occurrences of a strategy whose quiet hours are over, by `at`, feed, occurrence and member.
    package func endedDeferrals(of strategy: Int64, at now: Int64) throws -> [DeferredOutcome] {
        try store.read("read the ledger of") { database in
            let tail = """
                JOIN ledger_deferred USING (strategy, member, feed, occurrence)
                WHERE strategy = ? AND until <= ? ORDER BY at, feed, occurrence, member
                """
            let key: [LedgerBinding] = [.integer(strategy), .integer(now)]
            let outcomes = try database.outcomes(tail, key)
            let causes = try database.ledgerRows(
                of: "ledger_deferred",
                "SELECT until, data_set, rows, label, is_day FROM ledger_outcome \(tail)", key,
                read: Deferral.init)
            return zip(outcomes, causes).map { DeferredOutcome(outcome: $0, cause: $1) }
        }
    }

    /// Whether the quiet hours of any occurrence of a strategy are over.
    package func hasEndedDeferrals(of strategy: Int64, at now: Int64) throws -> Bool {
        try store.read("read the ledger of") { database in
            let first = try database.ledgerRows(
                of: "ledger_deferred",
                "SELECT 1 FROM ledger_deferred WHERE strategy = ? AND until <= ? LIMIT 1",
                .integer(strategy), .integer(now)
            ) { try $0.truth(0) }
            return !first.isEmpty
        }
    }

    /// When occurrences of a strategy stop waiting, ascending.
    package func deferralEnds(of strategy: Int64) throws -> [Int64] {
        try store.read("read the ledger of") { database in
            try database.ledgerRows(
                of: "ledger_deferred",
                "SELECT DISTINCT until FROM ledger_deferred WHERE strategy = ? ORDER BY until",
                .integer(strategy)
            ) { try $0.instant(0) }
        }
    }

    /// Takes back what was recorded while an occurrence waited: it gets its outcome now. The run
    /// that let it wait goes on counting it as deferred, for that is what that run did.
    static func resolveDeferrals(of record: StrategyRecord, in database: Database) throws {
        let statements = try [
            """
            DELETE FROM ledger_outcome WHERE strategy = ?1 AND member = ?2 AND feed = ?3
                AND occurrence = ?4 AND outcome = 'deferred'
            """,
            """
            DELETE FROM ledger_deferred WHERE strategy = ?1 AND member = ?2 AND feed = ?3
                AND occurrence = ?4
            """,
        ].map { try RawStatement(database, $0) }
        for item in record.items where item.wasDeferred {
            for statement in statements { try statement.run(key(of: item.outcome)) }
        }
    }

    static func writeDeferrals(of record: StrategyRecord, in database: Database) throws {
        let statement = try RawStatement(
            database, "INSERT INTO ledger_deferred VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
        for item in record.items {
            guard let deferral = item.deferral else { continue }
            try statement.run(
                key(of: item.outcome) + [
                    .integer(deferral.until), deferral.dataSet.map { .text($0) } ?? .null,
                    .text(deferral.rows.map(String.init).joined(separator: ",")),
                    .text(deferral.label), .integer(deferral.isDay ? 1 : 0),
                ])
        }
    }

    private static func key(of outcome: LedgerOutcome) -> [LedgerBinding] {
        [
            .integer(outcome.strategy), .text(outcome.member), .text(outcome.feed),
            .integer(outcome.occurrence),
        ]
    }
}

extension Deferral {
    fileprivate init(_ row: LedgerRow) throws {
        try self.init(
            until: row.instant(0), dataSet: row.optional(1, row.text),
            rows: row.text(2).split(separator: ",").compactMap { Int64($0) }, label: row.text(3),
            isDay: row.truth(4))
    }
}
