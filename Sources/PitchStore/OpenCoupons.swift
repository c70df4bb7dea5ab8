import PitchProgram
import PitchSchema

/// An issued coupon that can still be used.
package struct OpenCoupon: Sendable, Equatable {
    package let code: String
    /// The member's number, from 0.
    package let member: Int
    package let issuedAt: Int64
    package let lastDay: Int32
}

extension Ledger {
    /// The coupons of a name that end on one of some days and are not used, by last day and code;
    /// without those of people the store does not know.
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
                SELECT code, (SELECT id FROM \(members.table) WHERE key = coupon.member) AS member,
                    issued_at, last_day
                FROM coupon WHERE coupon = ? AND last_day BETWEEN ? AND ?
                    AND state IN ('issued', 'claimed') ORDER BY last_day, code
                """, .text(coupon), .integer(Int64(days.lowerBound)),
                .integer(Int64(days.upperBound))
            ) { row in
                let holder = try row.optional(1, row.identifier)
                return try holder.map { holder in
                    try OpenCoupon(
                        code: row.text(0), member: Int(holder) - 1, issuedAt: row.instant(2),
                        lastDay: row.day(3))
                }
            }
            return found.compactMap { $0 }.filter { member == nil || $0.member == member }
        }
    }
}
