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
            return Occurrence(
                triggers: [
                    Trigger(.date(pattern), filter: filter, text: text(node), at: node.range)
                ],
                shape: OccurrenceShape(fields: Self.dayFields))
        }
        if scene.first == "weather" { return weather(node) }
        if scene.first == "balance" { return idleBalance(node) }
        if scene.contains("expiring") { return expiringCoupon(node) }
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
        if let segment = node.node("segment") { _ = symbol(segment, [.segment], "segment") }
        leaveUnexecuted(Self.shortened(text(node)), at: node.range)
        return Occurrence()
    }
}
