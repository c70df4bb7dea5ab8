import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// `count(orders in last 30 days where amount > 100 CNY)`
extension Checker {
    func aggregate(
        _ function: Aggregate.Function, _ node: SyntaxNode, _ context: Context
    ) -> Expression {
        guard isAllowed(function, node, context) else { return .faulty(at: node.range) }
        guard let argument = node.nodes("argument").first,
            let dataSet = events(of: argument, function)
        else {
            if node.nodes("argument").isEmpty {
                report(
                    .aggregateArgument, "expected events in '\(function.rawValue)(…)'",
                    at: node.range)
            }
            return .faulty(at: node.range)
        }
        guard isOfMembers(dataSet, at: argument.range) else { return .faulty(at: node.range) }
        var inner = context.deeper.with(row: .event(dataSet))
        inner.isInsideAggregate = true
        let count = faults
        let value = aggregated(argument, function, dataSet, inner)
        let window = node.node("window").flatMap {
            self.window($0, isDated: scope.dataSet(dataSet).isDated, context)
        }
        let filter = node.node("where").map { condition($0, inner, for: "'where'") }
        let position = position(function, node)
        let isOther = node.token("other") != nil || node.node("other") != nil
        if isOther, !leavesOut(dataSet, node, context) { return .faulty(at: node.range) }
        let isWindowFaulty = node.node("window") != nil && window == nil
        if faults != count || isWindowFaulty || filter?.isFaulty == true || value?.isFaulty == true
        {
            return .faulty(at: node.range)
        }
        guard let type = result(function, value, argument) else { return .faulty(at: node.range) }
        let made = Aggregate(
            function, over: dataSet, argument: value, window: window, filter: filter,
            position: position, unit: unit(node, function), excludesOccurrence: isOther)
        return Expression(.aggregate(made), type, at: node.range)
    }

    /// Whether `other` has something to leave out: an occurrence of these events.
    private func leavesOut(
        _ dataSet: DataSetID, _ node: SyntaxNode, _ context: Context
    ) -> Bool {
        guard let occurrence = context.occurrence else {
            report(
                .noOccurrence, "there is no occurrence here to leave out", at: node.range,
                help: "'other' stands in 'if' only")
            return false
        }
        if occurrence.isPartial || occurrence.sources.contains(dataSet) { return true }
        let events = scope.dataSet(dataSet).name
        let word = node.leaf("other")?.range ?? node.range
        let end = node.nodes("argument").first?.range.start ?? word.end
        report(
            .nothingLeftOut, "'other' leaves nothing out: no 'when' line waits for '\(events)'",
            at: word, help: "without 'other' all of them count",
            fixIts: [
                FixIt(
                    "take out 'other'",
                    replace: SourceRange(
                        file: Int(word.file), start: Int(word.start), end: Int(end)), with: "")
            ])
        return false
    }

    private func isAllowed(
        _ function: Aggregate.Function, _ node: SyntaxNode, _ context: Context
    ) -> Bool {
        if context.isInsideAggregate {
            report(
                .nestedAggregate, "an aggregate inside an aggregate", at: node.range,
                help: "name the inner one: 'field usual = \(Self.shortened(text(node)))'")
            return false
        }
        if case .columns = context.row {
            report(
                .columnsOnly, "a computed field sees the columns of its own row only",
                at: node.range, help: "declare a 'field' for aggregates")
            return false
        }
        return true
    }

    /// The events that an argument is about: the first data set it names.
    private func events(
        of argument: SyntaxNode, _ function: Aggregate.Function
    ) -> DataSetID? {
        var open = [argument]
        var firstName: SyntaxNode?
        while let node = open.popLast() {
            if node.kind == .name {
                firstName = firstName ?? node
                if let index = index(of: name(node)),
                    case .dataSet(let id) = scope.meanings[index],
                    scope.dataSet(id).kind == .events
                {
                    return id
                }
            }
            if node.kind == .access {
                if let base = node.node("base") { open.append(base) }
            } else {
                open += node.nodes.reversed()
            }
        }
        reportNoEvents(firstName ?? argument, function)
        return nil
    }

    private func reportNoEvents(_ node: SyntaxNode, _ function: Aggregate.Function) {
        if node.kind == .missing || node.kind == .skipped { return }
        let written = node.kind == .name ? name(node) : text(node)
        if unreadNames.contains(written) { return }
        let events = scope.dataSets.filter { $0.kind == .events }.map(\.name)
        let near = suggestion(for: written, among: events)
        if node.kind == .name, index(of: written) == nil {
            report(
                .unknownName, "there are no events '\(written)'", at: node.range,
                help: near.map { "did you mean '\($0)'?" },
                fixIts: near.map { [FixIt("write '\($0)'", replace: node.range, with: $0)] } ?? [])
        } else {
            report(
                .aggregateArgument,
                "expected events in '\(function.rawValue)(…)', found '\(Self.shortened(written))'",
                at: node.range,
                help: events.isEmpty
                    ? "declare them: 'events orders from csv …'"
                    : "there are \(events.prefix(6).joined(separator: ", "))")
        }
    }

    /// What is aggregated, of each event; nil for `count` and `streak`.
    private func aggregated(
        _ argument: SyntaxNode, _ function: Aggregate.Function, _ dataSet: DataSetID,
        _ context: Context
    ) -> Expression? {
        let isWhole = argument.kind == .name
        let events = scope.dataSet(dataSet).name
        if function == .count || function == .streak {
            guard isWhole else {
                report(
                    .aggregateArgument, "'\(function.rawValue)' takes events, not a field",
                    at: argument.range, help: "write '\(function.rawValue)(\(events) …)'",
                    fixIts: [FixIt("write '\(events)'", replace: argument.range, with: events)])
                return .faulty(at: argument.range)
            }
            return nil
        }
        if isWhole {
            report(
                .aggregateArgument, "'\(function.rawValue)' takes a field of the events",
                at: argument.range, help: "write '\(function.rawValue)(\(events).…)'")
            return .faulty(at: argument.range)
        }
        return expression(argument, context)
    }

    private func result(
        _ function: Aggregate.Function, _ value: Expression?, _ argument: SyntaxNode
    ) -> ValueType? {
        guard let type = value?.type else { return .integer }
        let isFitting =
            switch function {
            case .sum, .avg: type.isSummable
            case .min, .max: type.isOrdered
            case .distinct: type != .tags
            default: true
            }
        guard isFitting else {
            report(
                .aggregateArgument, "'\(function.rawValue)' does not go with \(type.words)",
                at: argument.range)
            return nil
        }
        if function == .distinct { return .integer }
        return function == .avg && type == .integer ? .number : type
    }

    private func position(_ function: Aggregate.Function, _ node: SyntaxNode) -> Int {
        let arguments = node.nodes("argument")
        guard function == .nth else {
            if arguments.count > 1 {
                report(
                    .wrongArguments,
                    "'\(function.rawValue)' takes 1 argument, found \(arguments.count)",
                    at: node.range)
            }
            return 1
        }
        guard arguments.count == 2, let token = arguments[1].firstToken, token.kind == .number,
            case .success(let position) = FixedPoint.parse(numerals(token), digits: 0),
            (1...1000).contains(position)
        else {
            report(
                .wrongArguments, "'nth' takes a field and a whole number from 1 to 1000",
                at: node.range, help: "write 'nth(orders.at, 2)'")
            return 1
        }
        return Int(position)
    }

    /// The unit after `by`, in which a streak is counted.
    private func unit(_ node: SyntaxNode, _ function: Aggregate.Function) -> CalendarUnit {
        guard let leaf = node.leaf("unit") else { return .day }
        guard function == .streak else {
            report(
                .aggregateArgument, "'by' goes with 'streak' only, not with '\(function.rawValue)'",
                at: leaf.range)
            return .day
        }
        if let unit = CalendarUnit(rawValue: text(leaf)) { return unit }
        let units = CalendarUnit.allCases.map(\.rawValue)
        let near = suggestion(for: text(leaf), among: units)
        report(
            .aggregateArgument,
            "expected one of \(units.joined(separator: ", ")) after 'by', found '\(text(leaf))'",
            at: leaf.range, help: near.map { "did you mean '\($0)'?" },
            fixIts: near.map { [FixIt("write '\($0)'", replace: leaf.range, with: $0)] } ?? [])
        return .day
    }
}
