import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// Operators between two operands.
extension Checker {
    /// A chain of operators leans left, one node for each; it is walked without recursion.
    func binary(
        _ node: SyntaxNode, _ context: Context, expecting expected: ValueType?
    ) -> Expression {
        var spine = [node]
        while let left = spine[spine.count - 1].node("left"), left.kind == .binary {
            spine.append(left)
        }
        var operand = context
        operand.depth += spine.count
        var value = leftmost(spine[spine.count - 1], operand, expecting: expected)
        for node in spine.reversed() { value = combine(value, operatorText(node), node, operand) }
        return value
    }

    /// `a and b and c`
    func junction(_ node: SyntaxNode, _ context: Context) -> Expression {
        let word = node.token("operator").map(text) ?? "and"
        let conditions = node.nodes("operand").map {
            condition($0, context.deeper, for: "'\(word)'")
        }
        if conditions.contains(where: \.isFaulty) || conditions.isEmpty {
            return .faulty(at: node.range)
        }
        return Expression(
            word == "or" ? .or(conditions) : .and(conditions), .truth, at: node.range)
    }

    /// The first operand. A bare word left of a choice is one of its values.
    private func leftmost(
        _ node: SyntaxNode, _ context: Context, expecting expected: ValueType?
    ) -> Expression {
        guard let left = node.node("left") else { return .faulty(at: node.range) }
        let operation = operatorText(node)
        if operation == "=" || operation == "!=", left.kind == .name, !isKnown(left, context),
            let right = node.node("right"), right.kind == .name || right.kind == .access
        {
            muted += 1
            let type = expression(right, context).type
            muted -= 1
            if case .choice = type { return expression(left, context, expecting: type) }
            if context.isOpen, type == .error {
                return expression(left, context, expecting: type)
            }
        }
        let isElse = operation == "or else"
        if isElse { guards.depth += 1 }
        defer { if isElse { guards.depth -= 1 } }
        return expression(left, context, expecting: isElse ? expected : nil)
    }

    private func combine(
        _ left: Expression, _ operation: String, _ node: SyntaxNode, _ context: Context
    ) -> Expression {
        guard let right = node.node("right"), !isChained(node) else {
            return .faulty(at: node.range)
        }
        switch operation {
        // `joined this year` has no operator.
        case "in", "not in", "": return membership(left, operation, right, node, context)
        case "has", "has any of", "has all of": return has(left, operation, right, node, context)
        case "+", "-", "*", "/": return arithmetic(left, operation, right, node, context)
        case "or else": return orElse(left, right, node, context)
        default: break
        }
        let second = expression(right, context.deeper, expecting: left.type)
        if left.isFaulty || second.isFaulty { return .faulty(at: node.range) }
        switch operation {
        case "starts with": return textTest(.startsWith, left, second, node)
        case "contains": return textTest(.contains, left, second, node)
        case "before": return order(.less, left, second, node, isTime: true)
        case "after": return order(.greater, left, second, node, isTime: true)
        default:
            guard let comparison = Comparison(rawValue: operation) else {
                return .faulty(at: node.range)
            }
            return order(comparison, left, second, node, isTime: false)
        }
    }

    /// `a < b < c`, which the parser reported.
    private func isChained(_ node: SyntaxNode) -> Bool {
        guard let left = node.node("left"), left.kind == .binary else { return false }
        return ![node, left].contains { Self.calculating.contains(operatorText($0)) }
    }

    /// Binary operators that are no comparisons.
    private static let calculating: Set = ["+", "-", "*", "/", "or else"]

    private func orElse(
        _ left: Expression, _ right: SyntaxNode, _ node: SyntaxNode, _ context: Context
    ) -> Expression {
        let second = expression(right, context.deeper, expecting: left.type)
        if left.isFaulty || second.isFaulty { return .faulty(at: node.range) }
        guard let (first, other) = unify(left, second) else {
            reportBranches(left, second)
            return .faulty(at: node.range)
        }
        return Expression(.orElse(first, other), first.type, at: node.range)
    }

    private func textTest(
        _ test: TextTest, _ left: Expression, _ right: Expression, _ node: SyntaxNode
    ) -> Expression {
        for operand in [left, right] where operand.type != .text {
            report(
                .typesDiffer, "expected text for '\(test.rawValue)', found \(operand.type.words)",
                at: operand.range,
                help: operand.type == .tags ? "of tags, write 'has \"…\"'" : nil)
            return .faulty(at: node.range)
        }
        return Expression(.text(test, left, right), .truth, at: node.range)
    }

    /// A comparison; `before` and `after` want dates.
    func order(
        _ comparison: Comparison, _ left: Expression, _ right: Expression, _ node: SyntaxNode,
        isTime: Bool
    ) -> Expression {
        if left.isFaulty || right.isFaulty { return .faulty(at: node.range) }
        guard let (first, second) = unify(left, right) else {
            reportComparison(left, right, node)
            return .faulty(at: node.range)
        }
        if isTime, !first.type.isTimeline, first.type != .time {
            report(
                .noOrder, "'before' and 'after' go with dates, not with \(first.type.words)",
                at: node.range)
            return .faulty(at: node.range)
        }
        let isEquality = comparison == .equal || comparison == .notEqual
        guard isEquality ? first.type != .tags : first.type.isOrdered else {
            report(
                .noOrder, "'\(comparison.rawValue)' does not go with \(first.type.words)",
                at: node.range,
                help: first.type == .tags ? "write 'has \"…\"'" : "write '=' or '!='")
            return .faulty(at: node.range)
        }
        hintAbsence(comparison, first, second, node)
        if comparison == .equal {
            hintAtBirthday(first, on: [second], node)
            hintAtBirthday(second, on: [first], node)
        }
        return Expression(.compare(comparison, first, second), .truth, at: node.range)
    }

    private func reportComparison(_ left: Expression, _ right: Expression, _ node: SyntaxNode) {
        let bare = left.type.isNumeric ? left : right
        if reportMoney(bare, ValueTypePair(left.type, right.type)) { return }
        if case .quantity(let unit) = left.type, case .quantity(let other) = right.type {
            report(
                .unitsDiffer, "'\(unit.symbol)' and '\(other.symbol)' do not compare",
                at: node.range,
                help: unit.dimension == other.dimension
                    ? "declare both fields in one unit" : nil)
            return
        }
        report(
            .typesDiffer, "\(left.type.words) and \(right.type.words) do not compare",
            at: node.range, help: typeHelp(left, right))
    }

    private func typeHelp(_ left: Expression, _ right: Expression) -> String? {
        switch (left.type, right.type) {
        case (.percent, .integer), (.integer, .percent): "write the share with '%'"
        case (.quantity(let unit), .integer), (.quantity(let unit), .number):
            "write the number with its unit, '\(unit.symbol)'"
        case (.date, .integer), (.instant, .integer), (.date, .number), (.instant, .number),
            (.date, .text), (.instant, .text):
            "a day is written without quotes, year first: 2026-01-31"
        case (.money, .text), (.number, .text), (.integer, .text), (.percent, .text):
            beginsWithFigure(right) ? "figures stand without quotes" : nil
        case (.text, .integer), (.text, .number): "text is never read as a number; quote it"
        case (.text, .choice), (.choice, .text): "declare both as 'one of […]', or both as text"
        default: nil
        }
    }

    private func beginsWithFigure(_ expression: Expression) -> Bool {
        guard case .text(let text)? = expression.constantValue else { return false }
        return text.first?.isNumber == true
    }

    /// A test for absence selects members of whom nothing is known as well.
    private func hintAbsence(
        _ comparison: Comparison, _ left: Expression, _ right: Expression, _ node: SyntaxNode
    ) {
        guard case .aggregate(let aggregate) = left.node, aggregate.function == .count,
            case .integer(let count)? = right.constantValue
        else { return }
        let isAbsence =
            (comparison == .equal && count == 0) || (comparison == .lessOrEqual && count == 0)
            || (comparison == .less && count == 1)
        guard isAbsence else { return }
        let events = scope.dataSet(aggregate.dataSet).name
        report(
            .absenceTest,
            "this also selects members whose '\(events)' were never loaded", at: node.range,
            severity: .hint)
    }
}
