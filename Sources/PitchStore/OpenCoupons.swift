import PitchProgram
import PitchSchema

/// An issued coupon that can still be used.
package struct OpenCoupon: Sendable, Equatable {
    /// Tells it from the other coupons of its member, whatever code it drew: a hash of what it was
    /// issued for.
    package let identity: Int64
    /// The member's number, from 0.
    package let member: Int
    package let issuedAt: Int64
    package let lastDay: Int32
}

extension Ledger {
    /// The coupon of a member with an identity; nil when there is none.
    package func coupon(
        _ identity: Int64, of member: String
    ) throws -> (name: String, lastDay: Int32, isOpen: Bool)? {
        try store.read("read the ledger of") { database in
            try database.ledgerRows(
                of: "coupon",
                """
                SELECT strategy, feed, occurrence, piece, coupon, last_day,
                    state IN ('issued', 'claimed') AS state FROM coupon WHERE member = ?
                """, .text(member)
            ) { row in
                try Self.identity(row) == identity
                    ? (name: row.text(4), lastDay: row.day(5), isOpen: row.truth(6)) : nil
            }.lazy.compactMap { $0 }.first
        }
    }

    /// Of a row that begins with `strategy, feed, occurrence, piece`.
    private static func identity(_ row: LedgerRow) throws -> Int64 {
        let issue = try "\(row.identifier(0)) \(row.text(1)) \(row.integer(2)) \(row.count(3))"
        return SHA256.digest(Array(issue.utf8)).prefix(8).reduce(0) { $0 << 8 | Int64($1) }
    }

    /// The coupons of a name that end on one of some days and are not used, by last day and
    /// member; without those of people the store does not know.
    /// - Parameter member: only this member's, by number from 0; nil: everyone's.
    package func openCoupons(
        named coupon: String, endingOn days: ClosedRange<Int32>, of member: Int?, _ program: Program
    ) throws -> [OpenCoupon] {
        guard let id = program.members else { return [] }
        return try store.read("read the ledger of") { database in
            let members = try StoredLayout.current(
                program.dataSets[id.index], of: program, in: database)
            let found = try database.ledgerRows(
                of: "coupon",
                """
                SELECT strategy, feed, occurrence, piece,
                    (SELECT id FROM \(members.table) WHERE key = coupon.member) AS member,
                    issued_at, last_day
                FROM coupon WHERE coupon = ? AND last_day BETWEEN ? AND ?
                    AND state IN ('issued', 'claimed') ORDER BY last_day, member, code
                """, .text(coupon), .integer(Int64(days.lowerBound)),
                .integer(Int64(days.upperBound))
            ) { row in
                try row.optional(4, row.identifier).map { holder in
                    try OpenCoupon(
                        identity: Self.identity(row), member: Int(holder) - 1,
                        issuedAt: row.instant(5), lastDay: row.day(6))
                }
            }
            return found.compactMap { $0 }.filter { member == nil || $0.member == member }
        }
    }
}
