import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

extension Checker {
    func checkChannel(_ node: SyntaxNode) {
        let clauses = clauses(node, "channel")
        let address = memberField(clauses["to"], .text, "the address")
        let consent = memberField(clauses["consent"], .truth, "the consent")
        let cost = cost(clauses["cost"])
        let transport = transport(clauses)
        if let file = clauses["file"], let webhook = clauses["webhook"] {
            report(
                .channelTransport, "a channel goes one way: to a file or to a webhook",
                at: webhook.range, notes: [.init("the file", at: file.range)])
        } else if clauses["file"] == nil, clauses["webhook"] == nil, clauses.block != nil {
            report(
                .channelTransport, "the channel leads nowhere", at: clauses.keyword,
                help: "add 'file \"outbox\"' or 'webhook \"https://…\"'")
        }
        guard let index = ownSymbol(node) else { return }
        guard let transport else {
            scope.meanings[index] = .unexecuted
            return
        }
        let symbol = scope.symbols.all[index]
        scope.meanings[index] = .channel(scope.channels.count)
        scope.channels.append(
            Channel(
                name: symbol.name, title: symbol.title, transport: transport,
                address: address ?? 0, consent: consent, costMicroMinor: cost ?? 0,
                costsPerPart: clauses["cost"].map(words)?.contains("part") ?? false,
                lengthAtMost: size(clauses, "length at most", "length"),
                partsAtMost: size(clauses, "parts at most", "parts"), range: symbol.range))
    }

    /// The stored member field of a type that a clause names.
    private func memberField(
        _ clause: SyntaxNode?, _ type: ValueType, _ what: String
    ) -> Int? {
        guard let node = clause?.node("field"), node.kind == .name,
            let index = symbol(node, [.memberField], "member field")
        else { return nil }
        guard case .memberField(let field) = scope.meanings[index], let members = scope.members
        else {
            report(
                .wrongKind, "expected a field of the file for \(what), found a computed one",
                at: node.range)
            return nil
        }
        let found = scope.dataSet(members).fields[field].type
        guard found == type || found == .error else {
            report(
                .typesDiffer, "expected \(type.words) for \(what), found \(found.words)",
                at: node.range)
            return nil
        }
        return field
    }

    /// A limit to how long a text may be.
    private func size(_ clauses: Clauses, _ name: String, _ label: String) -> Int? {
        integer(clauses[name], label, 1...Limits.textLength, "the most \(label)").map { Int($0) }
    }

    /// Costs carry six decimals beyond the minor unit.
    private func cost(_ clause: SyntaxNode?) -> Int64? {
        guard let node = clause?.node("cost") else { return nil }
        guard node.kind == .quantity, let number = node.leaf("number"), let unit = node.leaf("unit")
        else {
            if node.kind == .literal { return projectMoney(literal(node)) }
            return nil
        }
        let currency = scope.project.currency
        guard text(unit) == currency.code else { return projectMoney(quantity(node)) }
        return count(numerals(number), digits: currency.digits + 6, at: node.range)
    }
}
