import GRDB
import PitchColumnar

/// The members whom a strategy last found in a segment that it watches.
package struct LedgerInsiders: Sendable, Equatable {
    package let segment: String
    /// What the segment meant then: with another condition it is another segment.
    package let condition: String
    package let judgedAt: Int64
    /// A bit for every member number, from 0.
    package let members: Bitmap

    package init(segment: String, condition: String, judgedAt: Int64, members: Bitmap) {
        self.segment = segment
        self.condition = condition
        self.judgedAt = judgedAt
        self.members = members
    }
}

extension Ledger {
    /// Whom a strategy last found in the segments that it watches, by their names.
    package func insiders(of strategy: Int64) throws -> [String: LedgerInsiders] {
        try store.read("read the ledger of") { database in
            let found = try database.ledgerRows(
                of: "ledger_inside",
                "SELECT segment, condition, judged_at, bits FROM ledger_inside WHERE strategy = ?",
                .integer(strategy)
            ) { row in
                try LedgerInsiders(
                    segment: row.text(0), condition: row.text(1), judgedAt: row.instant(2),
                    members: row.bitmap(3))
            }
            return Dictionary(found.map { ($0.segment, $0) }) { $1 }
        }
    }

    static func writeInsiders(of record: StrategyRecord, in database: Database) throws {
        let statement = try RawStatement(
            database, "INSERT OR REPLACE INTO ledger_inside VALUES (?, ?, ?, ?, ?)")
        for insiders in record.insiders {
            guard let bits = PackedBitmap.pack(insiders.members) else {
                throw StoreError(
                    .failed, "write the ledger", "there is no memory to pack a segment's members")
            }
            try statement.run(
                .integer(record.state.id), .text(insiders.segment), .text(insiders.condition),
                .integer(insiders.judgedAt), .bytes(bits))
        }
    }
}
