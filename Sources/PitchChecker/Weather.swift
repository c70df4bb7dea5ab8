import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// Events of places: their `place` clause, and the `when` lines that watch them.
extension Checker {
    func isWeather(_ draft: DataSetDraft) -> Bool {
        draft.clauses["scene"].map { words($0).last } == Scene.weather.rawValue
    }

    /// Of a data set that feeds the weather.
    func checkPlace(_ draft: DataSetDraft) {
        let member = draft.clauses["member"]
        if let member {
            report(
                .placeMisplaced, "the weather belongs to a place, not to a member",
                at: member.range, help: "write 'place' and the column of the place's name")
        }
        guard let clause = draft.clauses["place"] else {
            if member == nil {
                reportMissing("place", draft, "name the column of the place's name")
            }
            return
        }
        guard let node = clause.node("place"), node.kind == .name, !isType(node, draft),
            let index = column(node, draft, FieldType(.text), as: "place")
        else { return }
        scope.dataSets[draft.id.index].place = index
        let field = scope.dataSet(draft.id).fields[index]
        if field.type == .error { return }
        if field.type.storage != .text {
            report(
                .placeExpected, "expected a text as place, found \(field.type.words)",
                at: node.range, notes: [.init("declared here", at: field.range)])
        } else if field.isOptional {
            report(
                .placeExpected, "the place '\(field.name)' of an observation may not be missing",
                at: node.range, notes: [.init("declared here", at: field.range)],
                help: "leave out its '?'")
        }
    }

    /// `place text` declares no field: it names the column `text`, which is hardly meant.
    private func isType(_ node: SyntaxNode, _ draft: DataSetDraft) -> Bool {
        let word = name(node)
        guard node.firstToken?.kind == .word, Keyword(rawValue: word)?.category == .type,
            scope.fieldIndex(word, draft.id) == nil
        else { return false }
        report(
            .placeMisplaced, "expected the column of the place, found the type '\(word)'",
            at: node.range, help: "write 'place' and the column's name; its type is text")
        return true
    }

    /// Of any other events.
    func refusePlace(_ draft: DataSetDraft) {
        guard let clause = draft.clauses["place"] else { return }
        report(
            .placeMisplaced, "only events of the scene 'weather' have a place", at: clause.range,
            help: "a field of this name stands in back-ticks: '`place` text'")
    }

    /// Whether the rows of events belong to members; reports when they do not.
    func isOfMembers(_ id: DataSetID, at range: SourceRange) -> Bool {
        let set = scope.dataSet(id)
        guard set.isWeather else { return true }
        report(
            .noMembersRows, "the rows of '\(set.name)' belong to places, not to a member",
            at: range, notes: [.init("declared here", at: set.range)],
            help: "watch them: 'when weather in …', and read them in 'if' through 'this'")
        return false
    }

    // MARK: - `when weather in city`

    func weather(_ node: SyntaxNode) -> Occurrence {
        let range = node.tokens("scene").first?.range ?? node.range
        let field = node.node("place").flatMap(placeField)
        var result = Occurrence()
        let sets = events(of: .weather, at: range)
        for (order, id) in sets.enumerated() {
            let filter = filter(node, Context(row: .event(id)))
            if let part = filter?.memberPart {
                report(
                    .weatherOfMember, "the weather of a place is the same for all who live there",
                    at: part.range, help: "write what is to hold for the member into 'for' or 'if'")
            }
            let shape = shape(of: id)
            if order == 0 { result.shape = shape } else { result.shape.narrow(to: shape) }
            guard let field, scope.dataSet(id).place != nil else { continue }
            result.triggers.append(
                Trigger(
                    .weather(id, place: field), filter: filter, text: text(node), at: node.range))
        }
        return result
    }

    /// The member field that names the place.
    private func placeField(_ node: SyntaxNode) -> Int? {
        guard let index = symbol(node, [.memberField], "member field") else { return nil }
        guard case .memberField(let field) = scope.meanings[index], let members = scope.members,
            case let type = scope.dataSet(members).fields[field].type,
            type.storage == .text || type == .error
        else {
            report(
                .placeExpected, "expected a text of the members' file, found '\(name(node))'",
                at: node.range, notes: [.init("declared here", at: scope.symbols.all[index].range)]
            )
            return nil
        }
        return field
    }
}

extension Expression {
    /// The first part that reads a member.
    fileprivate var memberPart: Expression? {
        switch node {
        case .memberField, .definition, .aggregate: self
        default: operands.lazy.compactMap(\.memberPart).first
        }
    }
}
