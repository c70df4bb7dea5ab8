import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// A data set on its way: its declaration and clauses.
struct DataSetDraft {
    let id: DataSetID
    let keyword: String
    let clauses: Clauses
    var types: [FieldType] = []
}

/// `members`, `events`, `table` and `history`.
extension Checker {
    /// Registers the data sets, their stored fields and the names of their computed ones.
    func declareDataSets(_ found: DeclarationList) {
        for keyword in ["members", "events", "table", "history"] {
            each(keyword, of: found) { declareDataSet(keyword, $0) }
        }
    }

    private func declareDataSet(_ keyword: String, _ node: SyntaxNode) {
        // A history is a table whose columns mean something.
        let stored = keyword == "history" ? "table" : keyword
        guard let kind = DataSet.Kind(rawValue: stored),
            let symbolKind = Symbol.Kind(rawValue: stored)
        else { return }
        let isOnlyOne = kind == .members || keyword == "history"
        let place = (isOnlyOne ? node.token("keyword") : node.leaf("name"))?.range
        guard let place else { return }
        let name = isOnlyOne ? keyword : node.leaf("name").map(name) ?? keyword
        let id = DataSetID(scope.dataSets.count)
        if isOnlyOne, let first = scope.dataSets.first(where: { $0.name == keyword }) {
            let verb = keyword == "history" ? "is" : "are"
            report(
                .declaredTwice, "the \(keyword) \(verb) declared already", at: place,
                notes: [.init("the first", at: first.range)])
            return
        }
        let symbol = Symbol(
            name: name, kind: symbolKind, title: title(node), doc: doc(node), range: place)
        guard declare(symbol, .dataSet(id)) != nil else { return }
        let clauses = clauses(node, keyword)
        scope.dataSets.append(
            DataSet(
                kind: kind, name: name, title: symbol.title, source: source(node, clauses),
                fields: [], onChange: kind == .events ? .ignore : .replace, range: place))
        scope.dataSets[id.index].isHistory = keyword == "history"
        scope.computed.append([:])
        scope.hidden.append([])
        drafts.append(DataSetDraft(id: id, keyword: keyword, clauses: clauses))
        declareFields(id, clauses)
    }

    private func source(_ node: SyntaxNode, _ clauses: Clauses) -> DataSource {
        let path = node.leaf("path").map(string) ?? ""
        let format = words(node)
        if format.contains("sqlite") {
            return .sqlite(path: path, table: node.leaf("from").map(string) ?? "")
        }
        if let delimiter = clauses["delimiter"], format.contains("ndjson") {
            report(.markMisplaced, "ndjson has no delimiter", at: delimiter.range)
        }
        if format.contains("ndjson") { return .ndjson(glob: path) }
        return .csv(glob: path, delimiter: delimiter(clauses["delimiter"]) ?? UInt8(ascii: ","))
    }

    private func delimiter(_ clause: SyntaxNode?) -> UInt8? {
        guard let clause, let token = clause.leaf("delimiter") else { return nil }
        let written = string(token)
        if written == "\\t" || written == "tab" { return UInt8(ascii: "\t") }
        let bytes = Array(written.utf8)
        guard bytes.count == 1, bytes[0] < 0x80, bytes[0] != UInt8(ascii: "\""),
            bytes[0] >= 0x20
                || bytes[0] == UInt8(ascii: "\t")
        else {
            report(
                .badFormat, "expected one character as delimiter, found '\(written)'",
                at: token.range, help: "',' ';' '|' or '\\t' for a tab")
            return nil
        }
        return bytes[0]
    }

    private func declareFields(_ id: DataSetID, _ clauses: Clauses) {
        let rows = clauses.block?.nodes.filter { $0.kind == .fieldRow } ?? []
        var places: [String: SourceRange] = [:]
        for (count, row) in rows.enumerated() {
            guard count < Limits.fields else {
                reportTooMany("a data set", Limits.fields, "fields", at: row.range)
                break
            }
            guard let token = row.leaf("name") else { continue }
            let name = self.name(token)
            if let first = places[name] {
                report(
                    .nameTaken, "'\(name)' is a field of '\(scope.dataSet(id).name)' already",
                    at: token.range, notes: [.init("the first", at: first)])
                continue
            }
            places[name] = token.range
            declareField(name, token, row, id, clauses)
        }
    }

    private func declareField(
        _ name: String, _ token: Token, _ row: SyntaxNode, _ id: DataSetID, _ clauses: Clauses
    ) {
        let type = fieldType(row, clauses)
        let value = row.node("value")
        let isRename = value == nil || value?.kind == .name
        if isRename {
            scope.dataSets[id.index].fields.append(
                Field(
                    name, type.type, isOptional: type.isOptional, column: value.map(self.name),
                    format: type.format, range: token.range))
        } else if let value {
            scope.computed[id.index][name] = ComputedField(
                name: name, type: type.type, body: value, range: token.range)
            scope.computedOrder.append((id, name))
        }
        guard scope.dataSet(id).kind == .members else { return }
        let index = scope.dataSet(id).fields.count - 1
        declare(
            Symbol(
                name: name, kind: .memberField, doc: doc(row), range: token.range, type: type.type),
            isRename ? .memberField(index) : .computedField)
    }

    // MARK: - After all names are known

    func checkDataSets() {
        for draft in drafts {
            checkClauses(draft)
        }
        for draft in drafts {
            checkReferences(draft.id)
            checkHistory(draft)
        }
        for (id, name) in scope.computedOrder { checkComputed(id, name) }
        for index in scope.symbols.all.indices { describeFields(of: index) }
    }

    /// The fields of a data set, for completion.
    private func describeFields(of index: Int) {
        guard case .dataSet(let id) = scope.meanings[index] else { return }
        let set = scope.dataSet(id)
        var fields = set.fields.filter { !scope.hidden[id.index].contains($0.name) }.map {
            Symbol(name: $0.name, kind: .field, range: $0.range, type: $0.type)
        }
        for computed in scope.computed[id.index].values.sorted(by: {
            $0.range.start < $1.range.start
        }) {
            fields.append(
                Symbol(
                    name: computed.name, kind: .field, range: computed.range, type: computed.type))
        }
        scope.symbols.describe(index, fields: fields)
    }

    private func checkReferences(_ id: DataSetID) {
        for field in scope.dataSet(id).fields { checkReference(field.type, at: field.range) }
        for computed in scope.computed[id.index].values {
            checkReference(computed.type, at: computed.range)
        }
    }

    private func checkReference(_ type: ValueType, at range: SourceRange) {
        guard case .reference(let table) = type else { return }
        if let index = scope.symbols.index(of: table), scope.symbols.all[index].kind == .table {
            guard case .dataSet(let id) = scope.meanings[index] else { return }
            let set = scope.dataSet(id)
            let isText = set.key.allSatisfy { set.fields[$0].type.storage == .text }
            if set.key.count > 1 || !isText {
                let reason = isText ? "of several columns" : "that is no text"
                report(
                    .badKey, "'\(table)' has a key \(reason): nothing can refer to it",
                    at: range, notes: [.init("the table", at: set.range)])
            }
            return
        }
        let tables = scope.symbols.all.filter { $0.kind == .table }.map(\.name)
        let near = suggestion(for: table, among: tables)
        report(
            .unknownTable, "there is no table '\(table)'", at: range,
            help: near.map { "did you mean '\($0)'?" } ?? "declare it: 'table \(table) from csv …'")
    }

    private func checkComputed(_ id: DataSetID, _ name: String) {
        guard let computed = scope.computed[id.index][name] else { return }
        let context = Context(
            row: .columns(id, scope.dataSet(id).kind == .members ? .member : .event),
            expanding: [Context.FieldName(dataSet: id, name: name)])
        let value = whole { expression(computed.body, context, expecting: computed.type) }
        _ = require(computed.type, value, for: "'\(name)'")
    }

    /// Looks at one whole expression, with a budget of its own.
    func whole<Result>(hints: Bool = true, _ body: () -> Result) -> Result {
        let saved = (budget, isOversized, guards)
        (budget, isOversized, guards) = (Limits.expressionSize, false, GuardedFields())
        defer { (budget, isOversized, guards) = saved }
        let result = body()
        if hints { hintGuards() }
        return result
    }

    /// An optional field that nothing guards, once an expression.
    private func hintGuards() {
        guard let members = scope.members else { return }
        var seen = guards.guarded
        for (field, range) in guards.used where seen.insert(field).inserted {
            let name = scope.dataSet(members).fields[field].name
            report(
                .unguarded, "'\(name)' may be missing: then this is unknown", at: range,
                severity: .hint,
                help: "write '\(name) is known and …' or '\(name) or else …' to say what you mean")
        }
    }
}
