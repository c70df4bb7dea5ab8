import GRDB

/// What a member already had of one strategy.
package struct MemberHistory: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package let feed: String
        package let occurrence: Int64
        package let judgedAt: Int64
        /// Whether it counts for `at most`: issued, deferred or held out.
        package let isDecision: Bool
    }
    package var entries: [Entry] = []

    package init(entries: [Entry] = []) { self.entries = entries }

    package func holds(feed: String, occurrence: Int64) -> Bool {
        entries.contains { $0.occurrence == occurrence && $0.feed == feed }
    }
}

extension Ledger {
    /// The histories of members in one strategy, in their order; one look-up a member.
    package func histories(of members: [String], in strategy: Int64) throws -> [MemberHistory] {
        try store.read("read the ledger of") { database in
            let any = try database.ledgerRows(
                of: "ledger_outcome", "SELECT 1 FROM ledger_outcome WHERE strategy = ? LIMIT 1",
                .integer(strategy)
            ) { try $0.truth(0) }
            guard !any.isEmpty else { return members.map { _ in MemberHistory() } }
            let statement = try RawStatement(
                database,
                """
                SELECT feed, occurrence, judged_at,
                    outcome IN ('issued', 'deferred', 'held out') AS outcome
                FROM ledger_outcome WHERE strategy = ? AND member = ?
                """)
            statement.bind(1, strategy)
            let row = LedgerRow(statement: statement, table: "ledger_outcome")
            return try members.map { member in
                defer { statement.reset() }
                statement.bind(2, member)
                var history = MemberHistory()
                while try statement.step() {
                    history.entries.append(
                        try MemberHistory.Entry(
                            feed: row.text(0), occurrence: row.integer(1),
                            judgedAt: row.instant(2), isDecision: row.truth(3)))
                }
                return history
            }
        }
    }
}

extension Ledger {
    /// The coupons of a run, by code.
    package func coupons(inRun run: Int64) throws -> [IssuedCoupon] {
        try store.read("read the ledger of") { database in
            try database.ledgerRows(
                of: "coupon",
                """
                SELECT code, coupon, first_day, last_day, worst_minor, held_minor FROM coupon
                WHERE run = ? ORDER BY code
                """, .integer(run)
            ) { row in
                try IssuedCoupon(
                    code: row.text(0), coupon: row.text(1), firstDay: row.day(2),
                    lastDay: row.day(3), worstMinor: row.optional(4) { try row.integer($0) },
                    heldMinor: row.amount(5))
            }
        }
    }
}
