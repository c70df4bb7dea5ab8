import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// `goal`, `theme` and `test`: checked for names and types; the engine does not execute them yet.
extension Checker {
    func checkGoal(_ node: SyntaxNode) {
        let clauses = clauses(node, "goal")
        for clause in clauses.all("keep") { checkKeep(clause) }
        _ = money(clauses["cost near"], "target")
        checkTarget(clauses["cost near"])
        checkTarget(clauses["conversion near"])
        finish(node, clauses, "goal")
    }

    private func checkKeep(_ clause: SyntaxNode) {
        for label in ["segment", "within"] {
            if let name = clause.node(label) { _ = symbol(name, [.segment], "segment") }
        }
        if let name = clause.node("channel") { _ = symbol(name, [.channel], "channel") }
        if let name = clause.node("field") {
            _ = symbol(name, [.memberField, .field], "member field")
        }
        guard let limit = clause.node("limit") else { return }
        let value = whole { expression(limit, Context()) }
        if words(clause).dropFirst().first == "cost", !value.isFaulty { _ = projectMoney(value) }
    }

    /// A target in a ratio must be above 0.
    private func checkTarget(_ clause: SyntaxNode?) {
        guard let node = clause?.node("target"), node.kind == .quantity || node.kind == .literal,
            case let value = quantityOrNumber(node), value.constantValue?.raw == 0
        else { return }
        report(.outOfBounds, "expected a target above 0", at: node.range)
    }

    func checkTheme(_ node: SyntaxNode) {
        let clauses = clauses(node, "theme")
        if let audience = clauses["audience"]?.node("audience") {
            _ = whole { condition(audience, Context(), for: "'audience'") }
        }
        for name in names(clauses["from"], "offers") {
            _ = symbol(name, [.coupon, .bundle], "coupon or bundle")
        }
        let bounds = 0...Limits.stock
        if let clause = clauses["quantity"],
            let least = integer(clause, "least", bounds, "the quantity"),
            let most = integer(clause, "most", bounds, "the quantity"), least > most
        {
            report(.emptyRange, "the least is above the most", at: clause.range)
        }
        _ = share(clauses["similarity"], "similarity", "the similarity")
        _ = integer(clauses["tries"], "tries", 1...1_000_000, "the tries")
        finish(node, clauses, "theme")
    }

    private func finish(_ node: SyntaxNode, _ clauses: Clauses, _ keyword: String) {
        if let index = ownSymbol(node) { scope.meanings[index] = .other }
        leaveUnexecuted(clauses, keyword)
    }

    // MARK: - Tests

    func checkTest(_ node: SyntaxNode) {
        var people: Set<String> = []
        let rows = node.node("block")?.nodes.filter { $0.kind == .testRow } ?? []
        for row in rows {
            guard let name = row.node("member"), words(row).first == "member" else { continue }
            if !people.insert(self.name(name)).inserted {
                report(
                    .nameTaken, "'\(self.name(name))' is a member of this test already",
                    at: name.range)
            }
        }
        for row in rows { checkTestRow(row, people) }
        let place = node.token("keyword")?.range ?? node.range
        leaveUnexecuted("test", at: place)
    }

    private func checkTestRow(_ row: SyntaxNode, _ people: Set<String>) {
        if let member = row.node("member"), words(row).first != "member",
            member.kind == .name, !people.contains(name(member))
        {
            let near = suggestion(for: name(member), among: people.sorted())
            report(
                .unknownName, "this test has no member '\(name(member))'", at: member.range,
                help: near.map { "did you mean '\($0)'?" }
                    ?? "declare it: 'member \(name(member)) { … }'")
        }
        if let segment = row.node("segment") { _ = symbol(segment, [.segment], "segment") }
        if let channel = row.node("channel") { _ = symbol(channel, [.channel], "channel") }
        if let offer = row.node("offer") { _ = symbol(offer, [.coupon, .bundle], "coupon") }
        if let strategy = row.node("strategy") { checkStrategyName(strategy) }
        guard let values = row.node("values") else { return }
        if let set = row.node("dataSet") {
            if let index = symbol(set, [.events], "data set of events"),
                case .dataSet(let id) = scope.meanings[index]
            {
                checkValues(values, id)
            }
        } else if words(row).first == "member", let members = scope.members {
            checkValues(values, members)
        }
    }

    private func checkStrategyName(_ node: SyntaxNode) {
        let written = text(node)
        if scope.symbols.named(written)?.kind == .strategy { return }
        let names = scope.symbols.all.filter { $0.kind == .strategy }.map(\.shortName)
        let near = suggestion(for: written, among: names)
        report(
            .unknownName, "there is no strategy '\(written)'", at: node.range,
            help: near.map { "did you mean '\($0)'?" })
    }

    private func checkValues(_ block: SyntaxNode, _ set: DataSetID) {
        for row in block.nodes where row.kind == .valueRow {
            guard let name = row.node("name"), let value = row.node("value") else { continue }
            guard let type = valueType(name, set) else { continue }
            if value.kind == .list, type == .tags {
                for element in value.nodes("element") {
                    _ = require(.text, whole { expression(element, Context()) }, for: "a tag")
                }
                continue
            }
            let given = whole { expression(value, Context(), expecting: type) }
            if type == .instant, given.type == .date { continue }
            _ = require(type, given, for: "'\(self.name(name))'")
        }
    }

    /// The type of a stored or computed field, or of a column that a rename reads.
    private func valueType(_ node: SyntaxNode, _ id: DataSetID) -> ValueType? {
        let name = self.name(node)
        let set = scope.dataSet(id)
        if name == "at", let at = set.at { return set.fields[at].type }
        if let index = scope.fieldIndex(name, id) { return set.fields[index].type }
        if let computed = scope.computed[id.index][name] { return computed.type }
        reportUnknownField(name, of: id, at: node.range)
        return nil
    }
}
