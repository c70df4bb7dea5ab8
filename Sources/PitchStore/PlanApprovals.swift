import GRDB

/// What one approver said about a plan.
package struct PlanDecision: Sendable, Equatable {
    package enum Kind: String, Sendable { case approved, rejected }

    package let plan: String
    /// The fingerprint of the program that was looked at, in hexadecimal figures.
    package let program: String
    package let approver: String
    package let kind: Kind
    package let at: Int64
    package let reason: String?

    package init(
        plan: String, program: String, approver: String, kind: Kind, at: Int64, reason: String?
    ) {
        self.plan = plan
        self.program = program
        self.approver = approver
        self.kind = kind
        self.at = at
        self.reason = reason
    }
}

extension Ledger {
    package func record(_ decision: PlanDecision) throws {
        try store.write("write the approvals of") { database in
            try database.execute(
                sql: """
                    INSERT INTO plan_decision (plan, program, approver, kind, at, reason)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    decision.plan, decision.program, decision.approver, decision.kind.rawValue,
                    decision.at, decision.reason,
                ])
        }
    }

    /// Everything that was said about plans, the oldest first.
    package func planDecisions() throws -> [PlanDecision] {
        try store.read("read the approvals of") { database in
            try database.ledgerRows(
                of: "plan_decision",
                """
                SELECT plan, program, approver, kind, at, reason FROM plan_decision ORDER BY id
                """
            ) { row in
                guard let kind = PlanDecision.Kind(rawValue: try row.text(3)) else {
                    throw row.damage(3, "'approved' or 'rejected'")
                }
                return try PlanDecision(
                    plan: row.text(0), program: row.text(1), approver: row.text(2), kind: kind,
                    at: row.instant(4), reason: row.optional(5, row.text))
            }
        }
    }
}
