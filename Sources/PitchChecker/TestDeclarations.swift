import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// `test`: checked for names and types; the engine does not execute it yet.
extension Checker {
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
