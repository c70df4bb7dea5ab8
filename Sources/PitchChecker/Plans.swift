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
        let strategies = nested.map { checkStrategy($0, plan: name, basis) }
        guard let index = ownSymbol(node) else { return }
        let symbol = scope.symbols.all[index]
        scope.meanings[index] = .other
        scope.plans.append(
            Plan(
                name: symbol.name, title: symbol.title, firstDay: days?.first ?? 0,
                lastDay: days?.last ?? 0, team: string(clauses["team"], "team"),
                owner: string(clauses["owner"], "owner"), budgetMinor: budget,
                reservesExpected: basis == .expected,
                strategies: strategies, range: symbol.range))
    }
}
