import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// What a `when` line waits for.
extension Checker {
    /// The triggers of a line, and what `this` is in it. A form that is not executed has no
    /// trigger.
    struct Occurrence {
        var triggers: [Trigger] = []
        var shape = OccurrenceShape()
    }

    func occurrence(_ node: SyntaxNode) -> Occurrence {
        let scene = node.tokens("scene").map(text)
        // Reported by the parser.
        guard !scene.isEmpty else { return Occurrence() }
        if let then = node.node("then") { return sequence(node, scene, then) }
        if let days = datePattern(node, scene) {
            guard let pattern = days.pattern else { return Occurrence() }
            let filter = filter(node, Context())
            let trigger = Trigger(.date(pattern), filter: filter, text: text(node), at: node.range)
            return Occurrence(
                triggers: [trigger], shape: OccurrenceShape(fields: fields(of: pattern)))
        }
        if scene.first == "weather" { return weather(node) }
        if scene.first == "balance" { return idleBalance(node) }
        if scene.contains("expiring") { return expiringCoupon(node) }
        if scene.first == "member" { return member(node) }
        return eventLine(node, scene) ?? Occurrence()
    }

    func filter(_ node: SyntaxNode, _ context: Context) -> Expression? {
        node.node("where").map { filter in whole { condition(filter, context, for: "'where'") } }
    }

    /// `member joined`, `member enters lapsed_vips`
    private func member(_ node: SyntaxNode) -> Occurrence {
        let filter = filter(node, Context())
        let source: Trigger.Source
        if let segment = node.node("segment") {
            guard let index = symbol(segment, [.segment], "segment"),
                case .definition(let id) = scope.meanings[index]
            else { return Occurrence() }
            source = .enters(id)
        } else {
            source = .joined(joinedField)
        }
        return Occurrence(triggers: [
            Trigger(source, filter: filter, text: text(node), at: node.range)
        ])
    }

    /// The members' own `joined`, where that is a date or an instant.
    private var joinedField: Int? {
        guard let members = scope.members, let field = scope.fieldIndex("joined", members),
            [.date, .instant].contains(scope.dataSet(members).fields[field].type)
        else { return nil }
        return field
    }
}
