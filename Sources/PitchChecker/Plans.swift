import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// What a plan reserves for a coupon.
enum BudgetBasis {
    /// There is no budget.
    case unlimited
    case worstCase, expected
}

extension Checker {
    func checkPlan(_ node: SyntaxNode) {
        let clauses = clauses(node, "plan")
        let days = clauses["valid"].flatMap(days)
        let budget = money(clauses["budget"], "budget")
        let basis: BudgetBasis = clauses["budget"].map {
            words($0).contains("expected") ? .expected : .worstCase
        } ?? .unlimited
        let name = node.leaf("name").map(declaredName) ?? ""
        let nested =
            clauses.block?.nodes.filter {
                $0.kind == .declaration && $0.token("keyword").map(text) == "strategy"
            } ?? []
        if nested.isEmpty, let block = clauses.block,
            !block.nodes.contains(where: { $0.kind == .skipped })
        {
            report(
                .emptyPlan, "the plan has no strategy: it does nothing", at: clauses.keyword,
                severity: .warning)
        }
        checkFormerNames(nested)
        let own = ownSymbol(node)
        let strategies = nested.map { checkStrategy($0, plan: own == nil ? nil : name, basis) }
        guard let index = own else { return }
        let symbol = scope.symbols.all[index]
        scope.meanings[index] = .other
        scope.plans.append(
            Plan(
                name: symbol.name, title: symbol.title, firstDay: days?.first ?? 0,
                lastDay: days?.last ?? 0, team: string(clauses["team"], "team"),
                owner: string(clauses["owner"], "owner"),
                approvers: approvers(clauses["approved by"]), budgetMinor: budget,
                reservesExpected: basis == .expected,
                strategies: strategies, range: symbol.range))
    }

    private func approvers(_ clause: SyntaxNode?) -> [String] {
        guard let clause else { return [] }
        var names: [String] = []
        for label in ["name", "second", "third"] {
            guard let name = string(clause, label), let token = clause.leaf(label) else { continue }
            if name.allSatisfy(\.isWhitespace) {
                report(.badApprover, "the name of an approver is blank", at: token.range)
            } else if names.contains(name) {
                report(
                    .badApprover, "'\(name)' is named twice", at: token.range,
                    help: "each approver approves once")
            }
            names.append(name)
        }
        return names
    }

    /// A former name must no longer be anyone's.
    private func checkFormerNames(_ strategies: [SyntaxNode]) {
        var owners: [String: SourceRange] = [:]
        for node in strategies {
            if let token = node.leaf("name") { owners[name(token)] = token.range }
        }
        for node in strategies {
            guard
                let clause = node.node("block")?.nodes.first(where: {
                    $0.kind == .clause && $0.firstToken.map(text) == "was"
                }), let old = clause.node("old"), old.kind == .name
            else { continue }
            if let taken = owners.updateValue(old.range, forKey: name(old)) {
                report(
                    .formerName, "'\(name(old))' is the name of a strategy of this plan",
                    at: old.range, notes: [.init("here", at: taken)],
                    help: "'was' gives the name that this strategy had before it was renamed")
            }
        }
    }
}
