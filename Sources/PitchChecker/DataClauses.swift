import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// `key`, `member`, `at` and the other clauses of a data set.
extension Checker {
    func checkClauses(_ draft: DataSetDraft) {
        let id = draft.id.index
        let clauses = draft.clauses
        if draft.keyword == "events" { checkEvents(draft) }
        scope.dataSets[id].key = key(draft)
        if let clause = clauses["scene"] {
            let words = self.words(clause).dropFirst().joined(separator: " ")
            scope.dataSets[id].scene = Scene(rawValue: words)
        }
        if let clause = clauses["on change"] {
            scope.dataSets[id].onChange = words(clause).last == "replace" ? .replace : .ignore
        }
        if let clause = clauses["new members"] {
            scope.dataSets[id].newMembers = words(clause).last == "add" ? .add : .quarantine
        }
        _ = zone(clauses["zone"]?.leaf("zone"))
        scope.dataSets[id].absentGone = clauses["absent gone"] != nil
        scope.dataSets[id].quarantineLimit = share(
            clauses["quarantine at most"], "share", "the quarantine")
    }

    private func key(_ draft: DataSetDraft) -> [Int] {
        let set = scope.dataSet(draft.id)
        guard let clause = draft.clauses["key"] else {
            if set.kind != .events, !set.isHistory, draft.clauses.block != nil {
                reportMissing("key", draft, "name the column that identifies a row")
            }
            return []
        }
        let names = self.names(clause, "key")
        if set.kind == .members, names.count > 1 {
            report(.badKey, "the key of the members is one column", at: clause.range)
        }
        return names.compactMap { keyField($0, clause, draft) }
    }

    private func keyField(
        _ node: SyntaxNode, _ clause: SyntaxNode, _ draft: DataSetDraft
    ) -> Int? {
        let type = clause.node("type").map { fieldType(type: $0, marks: $0, draft.clauses) }
        guard let index = column(node, draft, type ?? FieldType(.text)) else { return nil }
        let set = scope.dataSet(draft.id)
        let field = set.fields[index]
        if field.isOptional {
            report(
                .badKey, "the key '\(field.name)' may not be missing", at: node.range,
                notes: [.init("declared here", at: field.range)], help: "leave out its '?'")
        } else if !isKey(field.type, of: set.kind) {
            report(
                .badKey, "expected a text as key, found \(field.type.words)", at: node.range,
                notes: [.init("declared here", at: field.range)],
                help: "a key is text: 00123 is not 123")
        }
        return index
    }

    private func isKey(_ type: ValueType, of kind: DataSet.Kind) -> Bool {
        switch kind {
        case .events: type != .tags
        case .table: type.storage == .text || [.date, .error].contains(type)
        case .members: type.storage == .text || type == .error
        }
    }

    /// The field that a clause names: a declared one, or a column that becomes a field by this.
    func column(
        _ node: SyntaxNode, _ draft: DataSetDraft, _ type: FieldType, as given: String? = nil
    ) -> Int? {
        let column = name(node)
        if let index = scope.fieldIndex(column, draft.id) ?? roleField(column, draft.id) {
            return index
        }
        if scope.computed[draft.id.index][column] != nil {
            report(
                .badKey, "'\(column)' is computed: name a column of the file", at: node.range)
            return nil
        }
        let name = given ?? column
        if scope.fieldIndex(name, draft.id) != nil {
            report(
                .nameTaken, "'\(name)' is a field of '\(scope.dataSet(draft.id).name)' already",
                at: node.range, help: "name the field itself: 'at \(name)'")
            return nil
        }
        scope.dataSets[draft.id.index].fields.append(
            Field(name, type.type, column: column, format: type.format, range: node.range))
        let index = scope.dataSet(draft.id).fields.count - 1
        if scope.dataSet(draft.id).kind == .members {
            declare(
                Symbol(name: name, kind: .memberField, range: node.range, type: type.type),
                .memberField(index))
        }
        return index
    }

    /// The field that `at` or `place` made of a column.
    private func roleField(_ column: String, _ id: DataSetID) -> Int? {
        let set = scope.dataSet(id)
        return [set.at, set.place].compactMap { $0 }.first { set.fields[$0].column == column }
    }

    func reportMissing(_ clause: String, _ draft: DataSetDraft, _ help: String) {
        let set = scope.dataSet(draft.id)
        report(
            .dataClauseMissing, "'\(set.name)' lacks '\(clause)'", at: draft.clauses.keyword,
            help: help)
    }

    private func checkEvents(_ draft: DataSetDraft) {
        guard draft.clauses.block != nil else { return }
        if isWeather(draft) {
            checkPlace(draft)
        } else if let node = draft.clauses["member"]?.node("member"), node.kind == .name {
            scope.dataSets[draft.id.index].member = column(node, draft, FieldType(.text))
            checkMember(node, draft)
        } else if draft.clauses["member"] == nil {
            reportNoMember(draft)
        }
        if !isWeather(draft) { refusePlace(draft) }
        if let clause = draft.clauses["at"], let node = clause.node("at"), node.kind == .name {
            checkAt(clause, node, draft)
        } else if draft.clauses["at"] == nil {
            reportMissing("at", draft, "name the column that says when")
        }
    }

    private func reportNoMember(_ draft: DataSetDraft) {
        guard draft.clauses["scene"].map({ words($0).last }) == Scene.product.rawValue else {
            reportMissing("member", draft, "name the column that holds the member's key")
            return
        }
        report(
            .productOfNobody,
            "'\(scope.dataSet(draft.id).name)' does not say whom its rows concern",
            at: draft.clauses.keyword,
            help: "add 'member' and its column: a row for each member whom the product concerns")
    }

    private func checkMember(_ node: SyntaxNode, _ draft: DataSetDraft) {
        let set = scope.dataSet(draft.id)
        guard let member = set.member else { return }
        let field = set.fields[member]
        guard field.type != .text, field.type != .error else { return }
        report(
            .badKey, "expected text as the member's key, found \(field.type.words)",
            at: node.range, notes: [.init("declared here", at: field.range)],
            help: "a key is text: 00123 is not 123")
    }

    private func checkAt(_ clause: SyntaxNode, _ node: SyntaxNode, _ draft: DataSetDraft) {
        let type =
            clause.node("type").map { fieldType(type: $0, marks: $0, draft.clauses) }
            ?? FieldType(.instant, format: FieldFormat(zone: zone(of: draft.clauses)))
        guard let index = column(node, draft, type, as: "at") else { return }
        scope.dataSets[draft.id.index].at = index
        let field = scope.dataSet(draft.id).fields[index]
        if field.type != .error, !field.type.isTimeline {
            report(
                .badTime, "expected a date or an instant, found \(field.type.words)",
                at: node.range, notes: [.init("declared here", at: field.range)])
        } else if field.isOptional {
            report(
                .badTime, "the time '\(field.name)' of an event may not be missing",
                at: node.range, notes: [.init("declared here", at: field.range)],
                help: "leave out its '?'")
        }
    }

    /// The zone of a data set's instants without an offset.
    func zone(of clauses: Clauses) -> String? {
        guard let token = clauses["zone"]?.leaf("zone"), scope.zone(string(token)) != nil else {
            return nil
        }
        return string(token)
    }
}
