import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// `when` lines that wait for rows of events.
extension Checker {
    /// A line about the rows of a scene's data sets; nil for other lines.
    func eventLine(_ node: SyntaxNode, _ words: [String]) -> Occurrence? {
        guard let (scene, action) = Self.scene(of: words) else { return nil }
        let place = node.tokens("scene").first { text($0) == scene.rawValue }?.range ?? node.range
        var result = Occurrence()
        let isPlain = node.leaf("number") == nil && words.first != "first"
        let sets = events(of: scene, at: scene == .purchase || scene == .topup ? place : node.range)
        let before = faults
        for (order, id) in sets.enumerated() {
            // What is wrong with the fields of one data set is not said again of the next.
            let isSaid = faults != before
            if isSaid { muted += 1 }
            defer { if isSaid { muted -= 1 } }
            let per = node.node("per").flatMap { perField($0, id) }
            let filter = eventFilter(node, id, action)
            let shape = shape(of: id)
            if order == 0 { result.shape = shape } else { result.shape.narrow(to: shape) }
            guard isPlain else { continue }
            result.triggers.append(
                Trigger(.event(id, per: per), filter: filter, text: text(node), at: node.range))
        }
        if !isPlain, !sets.isEmpty { leaveUnexecuted(Self.shortened(text(node)), at: node.range) }
        return result
    }

    /// The scene that a line's words name, and what its rows must say was done.
    private static func scene(of words: [String]) -> (scene: Scene, action: String?)? {
        switch words.first {
        case "product": return (.product, words.dropFirst().joined(separator: " "))
        case "coupon": return Scene(rawValue: words.joined(separator: " ")).map { ($0, nil) }
        default:
            let scene = words.contains("topup") ? Scene.topup : .purchase
            return words.contains(scene.rawValue) ? (scene, nil) : nil
        }
    }

    /// What a row must be to count: its action, and the line's `where`.
    private func eventFilter(
        _ node: SyntaxNode, _ id: DataSetID, _ action: String?
    ) -> Expression? {
        let filter = filter(node, Context(row: .event(id)))
        guard let action, let acts = self.action(action, of: id, at: node) else { return filter }
        guard let filter else { return acts }
        return Expression(.and([acts, filter]), .truth, at: filter.range)
    }

    /// Whether the field `action` of a row says what was done: `price changed`, or in one word
    /// `price_changed`.
    private func action(_ words: String, of id: DataSetID, at node: SyntaxNode) -> Expression? {
        let set = scope.dataSet(id)
        let range = node.tokens("scene").last?.range ?? node.range
        let help = "declare 'action one of [\(words.replacing(" ", with: "_")), …]'"
        let note = Diagnostic.Note("the events", at: set.range)
        guard hasField("action", id) else {
            report(
                .productAction, "'\(set.name)' does not say what was done: it has no field 'action'",
                at: range, notes: [note], help: help)
            return nil
        }
        let field = self.field("action", of: id, .event, at: range, Context())
        guard case .choice(let values) = field.type else {
            if field.type == .error { return nil }
            report(
                .productAction,
                "expected a choice as 'action' of '\(set.name)', found \(field.type.words)",
                at: range, notes: [note], help: help)
            return nil
        }
        guard let value = [words, words.replacing(" ", with: "_")].first(where: values.contains)
        else {
            report(
                .productAction, "'action' of '\(set.name)' is never '\(words)'", at: range,
                notes: [note],
                help: "it is one of \(values.prefix(12).joined(separator: ", "))")
            return nil
        }
        let wanted = Expression(.constant(.text(value)), field.type, at: range)
        return Expression(.compare(.equal, field, wanted), .truth, at: range)
    }

    private func perField(_ node: SyntaxNode, _ id: DataSetID) -> Int? {
        let name = self.name(node)
        if let index = scope.fieldIndex(name, id) { return index }
        reportUnknownField(name, of: id, at: node.range)
        return nil
    }

    /// What `this` is for a row of events.
    func shape(of id: DataSetID) -> OccurrenceShape {
        var fields: [String: OccurrenceShape.Field] = [:]
        for field in scope.dataSet(id).fields where !scope.hidden[id.index].contains(field.name) {
            fields[field.name] = .init(type: field.type, isOptional: field.mayBeMissing)
        }
        return OccurrenceShape(fields: fields, sources: [id])
    }
}
