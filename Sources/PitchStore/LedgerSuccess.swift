import GRDB
import PitchProgram
import PitchSchema

/// In which time an outcome that was issued or held out can succeed: after `from`, until `until`
/// included.
package struct SuccessWindow: Sendable, Equatable {
    /// The member's number, from 0; nil when the store no longer knows the member.
    package let member: Int?
    package let from: Int64
    package let until: Int64
    package let isHeldOut: Bool
}

extension Ledger {
    /// The success windows of a strategy's outcomes, the oldest first.
    package func successWindows(
        of strategy: Int64, _ program: Program
    ) throws -> [SuccessWindow] {
        guard let id = program.members else { return [] }
        return try store.read("read the ledger of") { database in
            let members = try StoredLayout.current(
                program.dataSets[id.index], of: program, in: database)
            return try database.ledgerRows(
                of: "ledger_outcome",
                """
                SELECT
                    (SELECT id FROM \(members.table) WHERE key = ledger_outcome.member) AS member,
                    judged_at, success_until, outcome = 'held out' AS outcome
                FROM ledger_outcome WHERE strategy = ? AND success_until IS NOT NULL
                ORDER BY judged_at, success_until, ledger_outcome.member
                """, .integer(strategy)
            ) { row in
                try SuccessWindow(
                    member: row.optional(0, row.identifier).map { Int($0) - 1 },
                    from: row.instant(1), until: row.integer(2), isHeldOut: row.truth(3))
            }
        }
    }
}

extension Store {
    /// The events of each window's member that lie in it and have come, by `at`, then key. Events
    /// dated by day lie at the beginning of their day.
    /// - Parameters:
    ///   - limit: at most so many a window; nil: all.
    ///   - zone: the project's.
    package func events(
        in windows: some Sequence<SuccessWindow>, of dataSet: DataSetID, limit: Int? = nil,
        now: Int64, zone: ZoneRules, _ program: Program
    ) throws -> [[StoredEvent]] {
        let declared = program.dataSets[dataSet.index]
        let clock = { (instant: Int64) in
            declared.isDated ? Int64(zone.day(of: instant)) : instant
        }
        return try read("read the '\(declared.name)' of members from") { db in
            let layout = try StoredLayout.current(declared, of: program, in: db)
            let reader = try RowReader(
                layout, program, db,
                "WHERE member = ?1 AND +at > ?2 AND +at <= ?3 ORDER BY at, key LIMIT ?4")
            return try windows.map { window in
                guard let member = window.member else { return [] }
                defer { reader.statement.reset() }
                reader.statement.bind(1, Int64(member) + 1)
                reader.statement.bind(2, clock(window.from))
                reader.statement.bind(3, clock(min(window.until, now)))
                reader.statement.bind(4, limit.map(Int64.init) ?? -1)
                return try reader.events()
            }
        }
    }
}
