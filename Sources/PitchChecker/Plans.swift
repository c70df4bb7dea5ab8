import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

extension Checker {
    func checkPlan(_ node: SyntaxNode) {
        let clauses = clauses(node, "plan")
        let days = clauses["valid"].flatMap(days)
        let budget = money(clauses["budget"], "budget")
        if let clause = clauses["budget"], words(clause).contains("expected") {
            leaveUnexecuted("budget … expected", at: clause.range)
        }
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
        let isCapped = clauses["budget"] != nil
        let strategies = nested.map { checkStrategy($0, plan: name, isCapped: isCapped) }
        guard let index = ownSymbol(node) else { return }
        let symbol = scope.symbols.all[index]
        scope.meanings[index] = .other
        scope.plans.append(
            Plan(
                name: symbol.name, title: symbol.title, firstDay: days?.first ?? 0,
                lastDay: days?.last ?? 0, team: string(clauses["team"], "team"),
                owner: string(clauses["owner"], "owner"), budgetMinor: budget,
                strategies: strategies, range: symbol.range))
    }
}
