import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// `when` lines that wait for rows of events.
extension Checker {
    /// The rows that a line about a scene's data sets names, and what `this` is for them.
    struct EventLine {
        var rows: [EventRows] = []
        /// The field that makes rows one occurrence; beside `rows`.
        var per: [Int?] = []
        var shape = OccurrenceShape()
        var ordinal: Ordinal?
    }

    /// A line about the rows of a scene's data sets; nil for other lines.
    func eventLine(_ node: SyntaxNode, _ words: [String]) -> Occurrence? {
        guard let line = eventRows(node, words) else { return nil }
        var result = Occurrence(shape: line.shape)
        if let ordinal = line.ordinal {
            result.triggers = [
                Trigger(.count(EventCount(line.rows, ordinal)), text: text(node), at: node.range)
            ]
        } else {
            result.triggers = zip(line.rows, line.per).map { rows, per in
                Trigger(
                    .event(rows.dataSet, per: per), filter: rows.filter, text: text(node),
                    at: node.range)
            }
        }
        return result
    }

    /// - Parameter same: names of fields that a sequence compares.
    func eventRows(
        _ node: SyntaxNode, _ words: [String], same: [SyntaxNode] = []
    ) -> EventLine? {
        guard let (scene, action) = Self.scene(of: words) else { return nil }
        let tokens = node.tokens("scene")
        let word = tokens.first { text($0) == scene.rawValue } ?? tokens.first
        var line = EventLine(ordinal: ordinal(node, words))
        let before = faults
        for id in events(of: scene, at: word?.range ?? node.range) {
            // What is wrong with the fields of one data set is not said again of the next.
            let isSaid = faults != before
            if isSaid { muted += 1 }
            defer { if isSaid { muted -= 1 } }
            line.per.append(node.node("per").flatMap { perField($0, id) })
            let filter = eventFilter(node, id, action)
            let shape = shape(of: id, per: node.node("per").map(name))
            if line.rows.isEmpty { line.shape = shape } else { line.shape.narrow(to: shape) }
            line.rows.append(
                EventRows(id, filter: filter, same: same.map { sameField($0, of: id) }))
        }
        if line.ordinal != nil { hintAtMovingPositions(line, words) }
        return line
    }

    private func sameField(_ node: SyntaxNode, of id: DataSetID) -> Expression {
        whole { field(name(node), of: id, .event, at: node.range, Context()) }
    }

    /// `first`, `number 3`, `every 5th`
    private func ordinal(_ node: SyntaxNode, _ words: [String]) -> Ordinal? {
        if words.first == "first" { return Ordinal(1) }
        guard let number = node.node("number") else { return nil }
        let count = integer(number, 1...Limits.ordinal, "the number of an event")
        return Ordinal(Int(count ?? 1), repeats: words.first == "every")
    }

    /// `first purchase where count(orders) >= 3`: no row is the first of those when it comes.
    private func hintAtMovingPositions(_ line: EventLine, _ words: [String]) {
        guard let part = line.rows.first?.filter.flatMap(movingPart) else { return }
        let number = line.ordinal == Ordinal(1) ? position(askedBy: part, in: line) : nil
        report(
            .movingPositions,
            "'\(scope.sources.text(of: part.range))' holds for all rows of a member or for none: "
                + "it does not say which of them are counted",
            at: part.range, severity: .hint,
            help: number.map {
                "write 'when \(words.dropFirst().joined(separator: " ")) number \($0)'"
            } ?? "write it as 'if'")
    }

    /// The condition that reads an aggregate and no field of the row.
    private func movingPart(of filter: Expression) -> Expression? {
        if case .and(let parts) = filter.node {
            return parts.lazy.compactMap { self.movingPart(of: $0) }.first
        }
        return countsEvents(filter) && !readsRow(filter) ? filter : nil
    }

    private func readsRow(_ expression: Expression) -> Bool {
        switch expression.node {
        case .eventField: true
        // Its fields are those of the rows that it counts.
        case .aggregate: false
        default: expression.operands.contains(where: readsRow)
        }
    }

    private func countsEvents(_ expression: Expression) -> Bool {
        switch expression.node {
        case .aggregate: true
        case .definition(let id): countsEvents(scope.definitions[id.index].expression)
        default: expression.operands.contains(where: countsEvents)
        }
    }

    /// Of a bound on the count of the rows that a line is about: which row reaches it.
    private func position(askedBy condition: Expression, in line: EventLine) -> Int64? {
        guard case .compare(let comparison, let left, let right) = condition.node,
            case .aggregate(let count) = left.node, count.function == .count,
            count.window == nil, count.filter == nil,
            line.rows.map(\.dataSet) == [count.dataSet],
            case .integer(let bound)? = right.constantValue
        else { return nil }
        let number = comparison == .greater ? bound + 1 : bound
        let isLowest = [.greater, .greaterOrEqual, .equal].contains(comparison)
        return isLowest && (2...Limits.ordinal).contains(number) ? number : nil
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
                .productAction,
                "'\(set.name)' does not say what was done: it has no field 'action'",
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

    /// What `this` is for a row of events: its declared fields, and `at` whatever its column is
    /// called.
    /// - Parameter per: the field that makes rows one occurrence. That has the sums, its last
    ///   instant, and what its rows have in common.
    func shape(of id: DataSetID, per: String? = nil) -> OccurrenceShape {
        var fields: [String: OccurrenceShape.Field] = [:]
        for field in scope.dataSet(id).fields where !scope.hidden[id.index].contains(field.name) {
            fields[field.name] = .init(type: field.type, isOptional: field.mayBeMissing)
        }
        let set = scope.dataSet(id)
        if let at = set.at, fields["at"] == nil {
            fields["at"] = .init(type: set.fields[at].type, isOptional: false)
        }
        var shape = OccurrenceShape(fields: fields, sources: [id])
        if let per {
            let at = set.at.map { set.fields[$0].name }
            shape.gather(own: Set(["amount", "quantity", "at", per] + [at].compactMap(\.self)))
        }
        return shape
    }
}
