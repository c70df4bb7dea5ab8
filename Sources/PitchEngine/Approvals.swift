import PitchProgram
import PitchSchema
import PitchStore

/// Whether a plan may run: what its approvers said about the program as it is now. Any change of
/// the program, other than of its layout and comments, needs their approval again.
package struct PlanApproval: Sendable, Equatable {
    package let plan: String
    /// Those named by `approved by`; none: it needs no approval.
    package let approvers: [String]
    /// The last word of each approver about this program.
    let decisions: [String: PlanDecision]
    /// Whether one of them approved a program that has changed since.
    package let isOutdated: Bool

    init(_ plan: Plan, fingerprint: String, among all: [PlanDecision]) {
        let own = all.filter { $0.plan == plan.name && plan.approvers.contains($0.approver) }
        self.plan = plan.name
        approvers = plan.approvers
        decisions = Dictionary(
            own.filter { $0.program == fingerprint }.map { ($0.approver, $0) }
        ) { $1 }
        isOutdated = own.contains { $0.program != fingerprint && $0.kind == .approved }
    }

    package var isGranted: Bool { approvers.allSatisfy { decisions[$0]?.kind == .approved } }

    /// When the last approval was given; nil where none is needed or one is missing.
    package var grantedAt: Int64? {
        isGranted ? approvers.compactMap { decisions[$0]?.at }.max() : nil
    }

    /// Those whose approval is missing.
    package var waitingFor: [String] { approvers.filter { decisions[$0]?.kind != .approved } }

    /// What was said about the program as it is now, in the order of `approved by`.
    package var words: [(approver: String, isApproval: Bool, at: Int64, reason: String?)] {
        approvers.compactMap { decisions[$0] }.map {
            ($0.approver, $0.kind == .approved, $0.at, $0.reason)
        }
    }

    /// Why it does not run: `plan 'spring' waits for the approval of 'finance'`.
    var refusal: String {
        let isRejected = decisions.values.contains { $0.kind == .rejected }
        return "plan '\(plan)' " + (isRejected ? "is " : "") + text
    }

    /// `waits for the approval of 'finance'`; empty when it needs no approval.
    package var text: String {
        if approvers.isEmpty { return "" }
        let rejections = approvers.compactMap { decisions[$0] }.filter { $0.kind == .rejected }
        if let rejection = rejections.first {
            let reason = rejection.reason.map { ": \($0)" } ?? ""
            return "rejected by '\(rejection.approver)'\(reason)"
        }
        if isGranted { return "approved by " + Self.list(approvers) }
        let changed = decisions.isEmpty && isOutdated
        return "waits for the approval of \(Self.list(waitingFor))"
            + (changed ? ", because the script changed after it was approved" : "")
    }

    private static func list(_ names: [String]) -> String {
        names.map { "'\($0)'" }.joined(separator: " and ")
    }
}

/// Plans and who approves them.
extension Workspace {
    /// Records that an approver approves a plan, as the script is now.
    /// - Throws: `usage` when there is no such plan, or it does not name the approver.
    package func approve(
        plan name: String, as approver: String
    ) throws(WorkspaceError) -> PlanApproval {
        try decide(.approved, plan: name, as: approver, reason: nil)
    }

    /// Records that an approver rejects a plan, or takes an approval back.
    /// - Throws: `usage` when there is no such plan, or it does not name the approver.
    package func reject(
        plan name: String, as approver: String, reason: String?
    ) throws(WorkspaceError) -> PlanApproval {
        try decide(.rejected, plan: name, as: approver, reason: reason)
    }

    private func decide(
        _ kind: PlanDecision.Kind, plan name: String, as approver: String, reason: String?
    ) throws(WorkspaceError) -> PlanApproval {
        let program = try checkedProgram()
        guard let plan = program.plans.first(where: { $0.name == name }) else {
            throw WorkspaceError(.usage, "there is no plan '\(name)'")
        }
        guard plan.approvers.contains(approver) else {
            let named = plan.approvers.map { "'\($0)'" }.joined(separator: ", ")
            throw WorkspaceError(
                .usage,
                plan.approvers.isEmpty
                    ? "plan '\(name)' needs no approval: it has no 'approved by'"
                    : "'\(approver)' does not approve plan '\(name)': \(named) do")
        }
        let moment = try moment()
        return try attempt {
            let path = self.storePath(of: program)
            let lease = try RunLease(store: path)
            defer { lease.release() }
            let store = try Store(path: path, access: .readWrite)
            defer { store.close() }
            self.forgetData()
            let ledger = Ledger(store)
            try self.refuseTimeTravel(ledger, at: moment)
            try ledger.record(
                PlanDecision(
                    plan: name, program: try self.fingerprint(of: plan, ledger),
                    approver: approver, kind: kind,
                    at: moment.now, reason: reason))
            return try self.approval(of: plan, ledger)
        }
    }

    func approval(of plan: Plan, _ ledger: Ledger) throws -> PlanApproval {
        let decisions = plan.approvers.isEmpty ? [] : try ledger.planDecisions()
        return PlanApproval(
            plan, fingerprint: try fingerprint(of: plan, ledger), among: decisions)
    }

    /// What an approval of a plan is bound to: the script, and what is picked for its strategies.
    private func fingerprint(of plan: Plan, _ ledger: Ledger) throws -> String {
        var texts = [fingerprint]
        for strategy in plan.strategies {
            guard case .picked? = strategy.gift,
                let pick = try ledger.pick(of: "\(plan.name).\(strategy.name)")
            else { continue }
            texts.append("\(pick.strategy) \(pick.template ?? 0) \(pick.items)")
        }
        if texts.count == 1 { return fingerprint }
        return SHA256.digest(Array(texts.joined(separator: "\u{1F}").utf8))
            .map { String($0, radix: 16) }.joined(separator: ":")
    }

    /// What plans say and who has approved them. A store that is not there knows of no approval.
    package func plans() throws(WorkspaceError) -> [(plan: Plan, approval: PlanApproval)] {
        let program = try checkedProgram()
        return try attempt {
            do {
                let ledger = Ledger(try self.openStore())
                return try program.plans.map { ($0, try self.approval(of: $0, ledger)) }
            } catch let error as StoreError where error.kind == .missing {
                return program.plans.map {
                    ($0, PlanApproval($0, fingerprint: self.fingerprint, among: []))
                }
            }
        }
    }
}
