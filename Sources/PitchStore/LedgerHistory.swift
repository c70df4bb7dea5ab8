import GRDB

/// What a member already had of one strategy.
package struct MemberHistory: Sendable, Equatable {
    package struct Entry: Sendable, Equatable {
        package let feed: String
        package let occurrence: Int64
        package let judgedAt: Int64
        package let isIssued: Bool
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
            let any = try Int.fetchOne(
                database, sql: "SELECT 1 FROM ledger_outcome WHERE strategy = ? LIMIT 1",
                arguments: [strategy])
            guard any != nil else { return members.map { _ in MemberHistory() } }
            let statement = try RawStatement(
                database,
                """
                SELECT feed, occurrence, judged_at, outcome = 'issued' FROM ledger_outcome
                WHERE strategy = ? AND member = ?
                """)
            statement.bind(1, strategy)
            return try members.map { member in
                defer { statement.reset() }
                statement.bind(2, member)
                var history = MemberHistory()
                while try statement.step() {
                    history.entries.append(
                        MemberHistory.Entry(
                            feed: statement.text(0), occurrence: statement.integer(1),
                            judgedAt: statement.integer(2), isIssued: statement.integer(3) != 0))
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
            try Row.fetchAll(
                database, sql: "SELECT * FROM coupon WHERE run = ? ORDER BY code",
                arguments: [run]
            ).map {
                IssuedCoupon(
                    code: $0["code"], coupon: $0["coupon"], firstDay: $0["first_day"],
                    lastDay: $0["last_day"], worstMinor: $0["worst_minor"])
            }
        }
    }
}
