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
        if let then = node.node("then") {
            _ = single(node, scene)
            let last = occurrence(then)
            _ = period(node.node("within"))
            leaveUnexecuted("then", at: node.range)
            return Occurrence(shape: node.token("no") == nil ? last.shape : OccurrenceShape())
        }
        return single(node, scene)
    }

    private func single(_ node: SyntaxNode, _ scene: [String]) -> Occurrence {
        // Reported by the parser.
        guard !scene.isEmpty else { return Occurrence() }
        if let days = datePattern(node, scene) {
            guard let pattern = days.pattern else { return Occurrence() }
            let filter = filter(node, Context())
            return Occurrence(
                triggers: [
                    Trigger(.date(pattern), filter: filter, text: text(node), at: node.range)
                ],
                shape: OccurrenceShape(fields: Self.dayFields))
        }
        if scene.first == "weather" { return weather(node) }
        return eventLine(node, scene) ?? other(node, scene)
    }

    private static let dayFields: [String: OccurrenceShape.Field] = [
        "day": .init(type: .date, isOptional: false),
        "weekday": .init(type: .integer, isOptional: false),
        "month": .init(type: .integer, isOptional: false),
    ]

    func filter(_ node: SyntaxNode, _ context: Context) -> Expression? {
        node.node("where").map { filter in whole { condition(filter, context, for: "'where'") } }
    }

    // MARK: - What is not executed yet

    private func other(_ node: SyntaxNode, _ scene: [String]) -> Occurrence {
        for label in ["idle", "offset"] { _ = period(node.node(label)) }
        if let coupon = node.node("coupon") { _ = symbol(coupon, [.coupon], "coupon") }
        if let segment = node.node("segment") { _ = symbol(segment, [.segment], "segment") }
        leaveUnexecuted(Self.shortened(text(node)), at: node.range)
        return Occurrence()
    }
}
