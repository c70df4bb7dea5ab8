import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// What a name in an expression means.
extension Checker {
    static let builtIns = ["today", "yesterday", "tomorrow", "now", "yes", "no", "true", "false"]

    func nameExpression(
        _ node: SyntaxNode, _ context: Context, expecting expected: ValueType?
    ) -> Expression {
        let name = self.name(node)
        if context.locals[name] == nil, let round = round(named: name) {
            return element(of: round, at: node.range, context, expecting: expected)
        }
        if case .choice(let values)? = expected, values.contains(name) {
            return Expression(.constant(.text(name)), .choice(values), at: node.range)
        }
        if let found = lookUp(name, at: node.range, context) { return found }
        if case .choice(let values)? = expected {
            reportChoice(name, values, at: node.range)
        } else if expected != .error || context.isOpen && !choiceWords.contains(name) {
            // Beside what is faulty, a word may have been one of its values; beside a parameter,
            // of any list of values.
            reportUnknown(name, at: node.range, context, isText: expected == .text)
        }
        return .faulty(at: node.range)
    }

    /// The values of all lists of values in the script.
    func choicesOfAllTypes() -> Set<String> {
        var words: Set<String> = []
        var open = trees.map(\.root)
        while let node = open.popLast() {
            for token in node.tokens("choice") {
                let isText = token.kind == .string || token.kind == .longString
                words.insert(isText ? string(token) : name(token))
            }
            open += node.nodes
        }
        return words
    }

    /// Whether a name means something here, without resolving it.
    func isKnown(_ node: SyntaxNode, _ context: Context) -> Bool {
        let name = self.name(node)
        if context.locals[name] != nil { return true }
        if let round = round(named: name) {
            return round.element.kind != .name
                || within(round.outer) { isKnown(round.element, context.with(row: .none)) }
        }
        if index(of: name) != nil { return true }
        if case .event(let dataSet) = context.row, hasField(name, dataSet) { return true }
        if case .columns = context.row { return true }
        return Self.builtIns.contains(name)
    }

    private func lookUp(_ name: String, at range: SourceRange, _ context: Context) -> Expression? {
        if let local = context.locals[name] {
            return canInsert(local, at: range, context) ? local : .faulty(at: range)
        }
        switch context.row {
        case .event(let dataSet):
            if hasField(name, dataSet) { return eventName(name, dataSet, at: range, context) }
        case .columns(let dataSet, let base):
            return columnName(name, dataSet, base, at: range, context)
        case .none: break
        }
        return programName(name, at: range, context) ?? builtIn(name, at: range)
    }

    private func eventName(
        _ name: String, _ dataSet: DataSetID, at range: SourceRange, _ context: Context
    ) -> Expression {
        let events = scope.dataSet(dataSet).name
        guard let index = index(of: name), scope.symbols.all[index].kind.isValue
        else { return field(name, of: dataSet, .event, at: range, context) }
        report(
            .ambiguousName, "'\(name)' is a field of '\(events)' and a name of the member",
            at: range, notes: [.init("the member's", at: scope.symbols.all[index].range)],
            help: "write '\(events).\(name)' or 'member.\(name)'",
            fixIts: [
                FixIt("the event's", replace: range, with: "\(events).\(name)"),
                FixIt("the member's", replace: range, with: "member.\(name)"),
            ])
        return .faulty(at: range)
    }

    /// In a computed field a name is a field of the row, a constant, or a column of the file that
    /// is not declared: that becomes a hidden field.
    private func columnName(
        _ name: String, _ dataSet: DataSetID, _ base: Context.RowBase, at range: SourceRange,
        _ context: Context
    ) -> Expression {
        if hasField(name, dataSet) { return field(name, of: dataSet, base, at: range, context) }
        if let index = index(of: name), scope.symbols.all[index].kind == .constant {
            return symbol(index, at: range, context)
        }
        if let constant = builtIn(name, at: range) { return constant }
        let column = hiddenColumn(name, dataSet, at: range)
        return stored(column, of: dataSet, base, at: range, context)
    }

    private func hiddenColumn(_ name: String, _ dataSet: DataSetID, at range: SourceRange) -> Int {
        if scope.hidden[dataSet.index].insert(name).inserted {
            scope.dataSets[dataSet.index].fields.append(
                Field(name, .text, isOptional: true, range: range))
        }
        let fields = scope.dataSet(dataSet).fields
        return fields.firstIndex { $0.name == name } ?? fields.count - 1
    }

    /// A name of the program as a value of the member; nil when it is not declared.
    func programName(_ name: String, at range: SourceRange, _ context: Context) -> Expression? {
        index(of: name).map { symbol($0, at: range, context.with(row: .none)) }
    }

    private func builtIn(_ name: String, at range: SourceRange) -> Expression? {
        let today = Expression(.today, .date, at: range)
        switch name {
        case "today": return today
        case "now": return Expression(.now, .instant, at: range)
        case "yesterday":
            return Expression(.shift(today, Period(1, .day), times: -1), .date, at: range)
        case "tomorrow":
            return Expression(.shift(today, Period(1, .day), times: 1), .date, at: range)
        case "yes", "true": return Expression(.constant(.truth(true)), .truth, at: range)
        case "no", "false": return Expression(.constant(.truth(false)), .truth, at: range)
        default: return nil
        }
    }

    /// A declared name as a value.
    private func symbol(_ index: Int, at range: SourceRange, _ context: Context) -> Expression {
        resolve(index, at: range)
        let symbol = scope.symbols.all[index]
        switch scope.meanings[index] {
        case .memberField(let field): return memberField(field, at: range)
        case .computedField:
            guard let members = scope.members else { return .faulty(at: range) }
            return field(symbol.name, of: members, .member, at: range, context)
        case .definition(let id):
            guard context.depth + scope.definitionDepths[id.index] <= Limits.totalDepth else {
                reportTooDeep(at: range)
                return .faulty(at: range)
            }
            return Expression(.definition(id), symbol.type ?? .error, at: range)
        case .constant(let value):
            guard canInsert(value, at: range, context) else { return .faulty(at: range) }
            return Expression(value.node, value.type, at: range)
        case .faulty, .working, .pending: return .faulty(at: range)
        case .dataSet(let id): return dataSetAsValue(id, symbol, at: range, context)
        case .function:
            report(
                .wrongKind, "'\(symbol.name)' needs its arguments: '\(symbol.name)(…)'", at: range)
        default:
            report(
                .wrongKind, "expected a value, found the \(symbol.kind.rawValue) '\(symbol.name)'",
                at: range, notes: [.init("declared here", at: symbol.range)],
                help: "a text to compare with stands in quotes: '\"\(symbol.name)\"'")
        }
        return .faulty(at: range)
    }

    func memberField(_ index: Int, at range: SourceRange) -> Expression {
        guard let members = scope.members else { return .faulty(at: range) }
        let field = scope.dataSet(members).fields[index]
        if muted > 0 {
            // A computed field that is written out; its declaration was looked at.
        } else if guards.depth > 0 {
            guards.guarded.insert(index)
        } else if field.isOptional {
            guards.used.append((index, range))
        }
        return Expression(.memberField(index), field.type, at: range)
    }

    private func dataSetAsValue(
        _ id: DataSetID, _ symbol: Symbol, at range: SourceRange, _ context: Context
    ) -> Expression {
        let kind = scope.dataSet(id).kind
        report(
            .wrongKind, "expected a value, found the \(kind.rawValue) '\(symbol.name)'", at: range,
            help: kind == .events
                ? "a member has many of them: write an aggregate such as 'count(\(symbol.name))'"
                : "write one of its fields")
        return .faulty(at: range)
    }

    // MARK: - Fields

    func hasField(_ name: String, _ dataSet: DataSetID) -> Bool {
        scope.fieldIndex(name, dataSet) != nil
            || scope.computed[dataSet.index][name] != nil
            || role(name, in: dataSet) != nil
    }

    /// `at` and `place` are fields whatever their columns are called.
    private func role(_ name: String, in dataSet: DataSetID) -> Int? {
        switch name {
        case "at": scope.dataSet(dataSet).at
        case "place": scope.dataSet(dataSet).place
        default: nil
        }
    }

    /// A stored or computed field of a row.
    func field(
        _ name: String, of dataSet: DataSetID, _ base: Context.RowBase, at range: SourceRange,
        _ context: Context
    ) -> Expression {
        if let computed = scope.computed[dataSet.index][name] {
            return write(computed, of: dataSet, base, at: range, context)
        }
        guard let index = scope.fieldIndex(name, dataSet) ?? role(name, in: dataSet) else {
            reportUnknownField(name, of: dataSet, at: range)
            return .faulty(at: range)
        }
        return stored(index, of: dataSet, base, at: range, context)
    }

    private func stored(
        _ index: Int, of dataSet: DataSetID, _ base: Context.RowBase, at range: SourceRange,
        _ context: Context
    ) -> Expression {
        let type = scope.dataSet(dataSet).fields[index].type
        switch base {
        case .member: return memberField(index, at: range)
        case .event:
            return Expression(.eventField(FieldID(dataSet, index)), type, at: range)
        case .occurrence:
            let name = scope.dataSet(dataSet).fields[index].name
            return Expression(.occurrenceField(name), type, at: range)
        case .lookup(let key):
            guard canInsert(key, at: range, context) else { return .faulty(at: range) }
            return Expression(.lookup(table: dataSet, key: key, field: index), type, at: range)
        }
    }

    /// A computed field, written out over the stored fields of its row.
    private func write(
        _ computed: ComputedField, of dataSet: DataSetID, _ base: Context.RowBase,
        at range: SourceRange, _ context: Context
    ) -> Expression {
        let name = Context.FieldName(dataSet: dataSet, name: computed.name)
        if let start = context.expanding.firstIndex(of: name) {
            reportCycle(context.expanding[start...].map(\.name) + [computed.name], at: range)
            return .faulty(at: range)
        }
        var inner = context.deeper.with(row: .columns(dataSet, base))
        inner.locals = [:]
        inner.expanding.append(name)
        let isOutermost = context.expanding.isEmpty
        let wasOversized = isOversized
        if isOutermost { muted += 1 }
        // What a data set's own expression says does not depend on who reads it.
        let value = within(nil) { expression(computed.body, inner, expecting: computed.type) }
        if isOutermost { muted -= 1 }
        if isOutermost, isOversized, !wasOversized {
            report(
                .expressionTooLarge,
                "with '\(computed.name)' written out this expression is too large", at: range,
                help: "name a part of it as a segment or a field")
        }
        guard let converted = convert(value, to: computed.type) else { return .faulty(at: range) }
        return Expression(converted.node, converted.type, at: range)
    }

    func reportCycle(_ names: [String], at range: SourceRange, help: String? = nil) {
        let chain = names.map { "'\($0)'" }.joined(separator: " → ")
        report(.cycle, "a cycle of names: \(chain)", at: range, help: help)
    }

    func reportUnknownField(_ name: String, of dataSet: DataSetID, at range: SourceRange) {
        let set = scope.dataSet(dataSet)
        let names = set.fields.map(\.name) + scope.computed[dataSet.index].keys.sorted()
        let near = suggestion(for: name, among: names)
        report(
            .unknownField, "'\(set.name)' has no field '\(name)'", at: range,
            help: near.map { "did you mean '\($0)'?" }
                ?? "it has \(names.prefix(12).joined(separator: ", "))",
            fixIts: near.map { [FixIt("write '\($0)'", replace: range, with: $0)] } ?? [])
    }

    /// - Parameter isText: whether a text is expected, so that quotes may be what is lacking.
    func reportUnknown(
        _ name: String, at range: SourceRange, _ context: Context, isText: Bool = false
    ) {
        if unreadNames.contains(name) { return }
        var candidates =
            scope.symbols.all.map(\.name) + Self.builtIns + Array(context.locals.keys).sorted()
        if case .event(let dataSet) = context.row {
            candidates += scope.dataSet(dataSet).fields.map(\.name)
            candidates += scope.computed[dataSet.index].keys.sorted()
        }
        if let round { candidates += Array(round.names.keys).sorted() + [round.name] }
        let isOfOccurrence = context.occurrence?.fields[name] != nil
        let near = isOfOccurrence ? "this.\(name)" : suggestion(for: name, among: candidates)
        var help = repeatedNames(of: name) ?? near.map { "did you mean '\($0)'?" }
        if help == nil, let function = Function(rawValue: name) {
            help = "'\(name)' is a function: write '\(function.rawValue)(…)'"
        }
        var fixIts = near.map { [FixIt("write '\($0)'", replace: range, with: $0)] } ?? []
        if isText, help == nil {
            help = "a text stands in quotes"
            fixIts = [FixIt("write '\"\(name)\"'", replace: range, with: "\"\(name)\"")]
        }
        report(
            .unknownName, "there is no '\(name)'", at: range,
            help: help ?? "a name is declared with 'segment', 'field' or 'let'", fixIts: fixIts)
    }
}
