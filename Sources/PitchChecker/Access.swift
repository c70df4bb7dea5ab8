import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// `orders.at`, `member.city`, `this.amount`, `orders.product.department`.
extension Checker {
    func access(_ node: SyntaxNode, _ context: Context) -> Expression {
        guard let base = node.node("base"), let nameToken = node.leaf("name") else {
            return .faulty(at: node.range)
        }
        let name = self.name(nameToken)
        if base.kind == .name, let found = qualified(base, name, nameToken.range, node, context) {
            return found
        }
        let row = expression(base, context.deeper)
        if row.isFaulty { return row }
        guard case .reference(let table) = row.type,
            let index = scope.symbols.index(of: table),
            case .dataSet(let id) = scope.meanings[index]
        else {
            report(
                .wrongKind, "'\(text(base))' is \(row.type.words): it has no fields", at: node.range
            )
            return .faulty(at: node.range)
        }
        return relocated(
            field(name, of: id, .lookup(key: row), at: nameToken.range, context), to: node.range)
    }

    private func relocated(_ expression: Expression, to range: SourceRange) -> Expression {
        Expression(expression.node, expression.type, at: range)
    }

    /// A field behind the name of a data set, `member` or `this`; nil when the base is a value.
    private func qualified(
        _ base: SyntaxNode, _ name: String, _ nameRange: SourceRange, _ node: SyntaxNode,
        _ context: Context
    ) -> Expression? {
        let owner = self.name(base)
        if context.locals[owner] != nil { return nil }
        if let round = round(named: owner), round.element.kind != .name { return nil }
        if case .event(let dataSet) = context.row {
            if scope.dataSet(dataSet).name == owner {
                return relocated(
                    field(name, of: dataSet, .event, at: nameRange, context), to: node.range)
            }
            if hasField(owner, dataSet), owner != "member" || isReference(owner, dataSet) {
                return nil
            }
        }
        if case .columns = context.row { return nil }
        guard let index = index(of: owner) else {
            return owner == "member"
                ? ofMember(name, nameRange, node, context)
                : owner == "this" ? ofOccurrence(name, nameRange, node, context) : nil
        }
        guard case .dataSet(let id) = scope.meanings[index] else { return nil }
        let set = scope.dataSet(id)
        if set.kind == .events, !hasField(name, id) {
            reportUnknownField(name, of: id, at: nameRange)
        } else {
            report(
                .eventFieldAlone, "a member has many rows of '\(owner)': which '\(name)'?",
                at: node.range,
                help:
                    "write an aggregate such as 'last(\(owner).\(name))' or 'max(\(owner).\(name))'"
            )
        }
        return .faulty(at: node.range)
    }

    /// `member member` makes a field of that name, but none that has fields itself.
    private func isReference(_ name: String, _ dataSet: DataSetID) -> Bool {
        guard let field = scope.fieldIndex(name, dataSet),
            case .reference = scope.dataSet(dataSet).fields[field].type
        else { return false }
        return true
    }

    private func ofMember(
        _ name: String, _ nameRange: SourceRange, _ node: SyntaxNode, _ context: Context
    ) -> Expression {
        if let found = programName(name, at: nameRange, context) {
            return relocated(found, to: node.range)
        }
        guard let members = scope.members else {
            reportUnknown(name, at: nameRange, context)
            return .faulty(at: node.range)
        }
        reportUnknownField(name, of: members, at: nameRange)
        return .faulty(at: node.range)
    }

    private func ofOccurrence(
        _ name: String, _ nameRange: SourceRange, _ node: SyntaxNode, _ context: Context
    ) -> Expression {
        guard let occurrence = context.occurrence else {
            report(
                .noOccurrence, "there is no 'this' here", at: node.range,
                help: "'this' is the occurrence; it stands in 'if' and in texts that are said")
            return .faulty(at: node.range)
        }
        if let events = occurrence.events, hasField(name, events) {
            if occurrence.isBasket, occurrence.fields[name] == nil {
                report(
                    .noOccurrence, "each row of a basket has its own '\(name)'", at: nameRange,
                    help: "put the condition into 'where' of the 'when' line: one row that meets "
                        + "it is enough")
                return .faulty(at: node.range)
            }
            return relocated(
                field(name, of: events, .occurrence, at: nameRange, context), to: node.range)
        }
        let fields = occurrence.fields
        guard let type = fields[name]?.type else {
            // What a faulty line has is not known.
            if occurrence.isPartial { return .faulty(at: node.range) }
            let near = suggestion(for: name, among: fields.keys.sorted())
            report(
                .noOccurrence, "not every 'when' line has the field '\(name)'", at: nameRange,
                help: near.map { "did you mean '\($0)'?" }
                    ?? (fields.isEmpty
                        ? "they have no field in common"
                        : "they share \(fields.keys.sorted().prefix(12).joined(separator: ", "))"))
            return .faulty(at: node.range)
        }
        return Expression(.occurrenceField(name), type, at: node.range)
    }
}
