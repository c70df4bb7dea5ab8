import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// From expression nodes to typed expressions.
extension Checker {
    /// The typed expression of a node; of type `error` when something is wrong, which is then
    /// reported.
    /// - Parameter expected: where it is a choice, bare words are its values.
    func expression(
        _ node: SyntaxNode, _ context: Context, expecting expected: ValueType? = nil
    ) -> Expression {
        guard take(node, context) else { return .faulty(at: node.range) }
        switch node.kind {
        case .name: return nameExpression(node, context, expecting: expected)
        case .access: return access(node, context)
        case .literal: return expecting(expected, literal(node))
        case .quantity: return quantity(node)
        case .group:
            // Brackets leave no trace in the typed expression, so they do not deepen it.
            guard let operand = node.node("inner") else { return .faulty(at: node.range) }
            return expression(operand, context, expecting: expected)
        case .call: return call(node, context)
        case .unary: return unary(node, context)
        case .junction: return junction(node, context)
        case .binary: return binary(node, context, expecting: expected)
        case .between: return between(node, context)
        case .test: return test(node, context)
        case .relative: return relative(node, context)
        case .conditional: return conditional(node, context, expecting: expected)
        case .window: return windowName(node, context)
        case .missing, .skipped: return .faulty(at: node.range)
        default:
            report(
                .valueExpected, "expected a value, found '\(Self.shortened(text(node)))'",
                at: node.range, help: node.kind == .list ? "a list stands after 'in' or 'has'" : nil
            )
            return .faulty(at: node.range)
        }
    }

    func inner(
        _ node: SyntaxNode, _ label: String, _ context: Context,
        expecting expected: ValueType? = nil
    ) -> Expression {
        guard let operand = node.node(label) else { return .faulty(at: node.range) }
        return expression(operand, context.deeper, expecting: expected)
    }

    /// A condition: an expression that must be a truth value.
    func condition(_ node: SyntaxNode, _ context: Context, for what: String) -> Expression {
        require(.truth, expression(node, context), for: what)
    }

    /// Counts a node of the expression in hand; false, once reported, when it grows too large.
    private func take(_ node: SyntaxNode, _ context: Context) -> Bool {
        guard context.depth < Limits.expressionDepth else {
            reportTooDeep(at: node.range)
            return false
        }
        return charge(1, at: node.range)
    }

    /// Takes so many nodes from what the expression in hand may use.
    func charge(_ size: Int, at range: SourceRange) -> Bool {
        guard budget > 0 else { return false }
        budget -= size
        guard budget <= 0 else { return true }
        reportSize(
            "an expression has at most \(Limits.expressionSize) parts, names written out", at: range
        )
        return false
    }

    /// A string where a choice is expected is one of its values.
    private func expecting(_ expected: ValueType?, _ literal: Expression) -> Expression {
        guard case .choice(let values)? = expected, case .text(let word)? = literal.constantValue
        else { return literal }
        guard values.contains(word) else {
            reportChoice(word, values, at: literal.range)
            return .faulty(at: literal.range)
        }
        return Expression(literal.node, .choice(values), at: literal.range)
    }

    private func unary(_ node: SyntaxNode, _ context: Context) -> Expression {
        let operation = operatorText(node)
        let operand = inner(node, "operand", context)
        if operand.isFaulty { return operand }
        if operation == "not" {
            let condition = require(.truth, operand, for: "'not'")
            return condition.isFaulty
                ? condition : Expression(.not(condition), .truth, at: node.range)
        }
        if operation == "time of" { return apply(.timeOfDay, [operand], at: node.range) }
        guard operand.type.isSummable else {
            report(
                .noArithmetic, "'-' does not go with \(operand.type.words)", at: node.range)
            return .faulty(at: node.range)
        }
        if let value = operand.constantValue, let raw = value.raw {
            return Expression(
                .constant(Value(raw: 0 &- raw, as: operand.type)), operand.type, at: node.range)
        }
        return Expression(.negate(operand), operand.type, at: node.range)
    }

    /// The words of an operator, joined: `has any of`.
    func operatorText(_ node: SyntaxNode) -> String {
        node.tokens("operator").map(text).joined(separator: " ")
    }

    private func test(_ node: SyntaxNode, _ context: Context) -> Expression {
        guards.depth += 1
        let operand = inner(node, "operand", context)
        guards.depth -= 1
        if operand.isFaulty { return operand }
        let missing = Expression(.isMissing(operand), .truth, at: node.range)
        let words = node.children.compactMap { child -> String? in
            if case .token(let token) = child.element { text(token) } else { nil }
        }
        return words.contains("known")
            ? Expression(.not(missing), .truth, at: node.range) : missing
    }

    /// `60 days ago`: an instant; beside a date it counts as its local day.
    private func relative(_ node: SyntaxNode, _ context: Context) -> Expression {
        guard let operand = node.node("operand"), let period = length(operand, context) else {
            return .faulty(at: node.range)
        }
        let isBack = node.tokens("direction").contains { text($0) == "ago" }
        let now = Expression(.now, .instant, at: node.range)
        return Expression(.shift(now, period, times: isBack ? -1 : 1), .instant, at: node.range)
    }

    /// A length of time as written, or the name of one.
    func length(_ node: SyntaxNode, _ context: Context) -> Period? {
        guard node.kind == .name || node.kind == .group else { return period(node) }
        let value = expression(node, context.deeper)
        if value.isFaulty { return nil }
        guard case .duration(let milliseconds)? = value.constantValue else {
            report(
                .periodExpected,
                "expected a length of time such as '30 days', found \(value.type.words)",
                at: node.range)
            return nil
        }
        return Period(milliseconds: milliseconds)
    }

    private func conditional(
        _ node: SyntaxNode, _ context: Context, expecting expected: ValueType?
    ) -> Expression {
        let value = inner(node, "value", context, expecting: expected)
        guard let conditionNode = node.node("condition") else { return .faulty(at: node.range) }
        let condition = condition(conditionNode, context.deeper, for: "'if'")
        let otherwise = inner(node, "otherwise", context, expecting: expected ?? value.type)
        if value.isFaulty || condition.isFaulty || otherwise.isFaulty {
            return .faulty(at: node.range)
        }
        guard let (first, second) = unify(value, otherwise) else {
            reportBranches(value, otherwise)
            return .faulty(at: node.range)
        }
        return Expression(
            .choose([Expression.Branch(condition, first)], otherwise: second), first.type,
            at: node.range)
    }

    func reportBranches(_ first: Expression, _ second: Expression) {
        if reportMoney(second, ValueTypePair(first.type, second.type)) { return }
        report(
            .branchesDiffer, "expected \(first.type.words) as before, found \(second.type.words)",
            at: second.range, notes: [.init("this is \(first.type.words)", at: first.range)])
    }
}

extension Period {
    /// The period of an exact length: whole days if it is, otherwise seconds. Nil when it is not
    /// positive, too long, or finer than a second.
    init?(milliseconds: Int64) {
        guard milliseconds > 0, milliseconds.isMultiple(of: 1000) else { return nil }
        let isDays = milliseconds.isMultiple(of: millisecondsPerDay)
        let amount = milliseconds / (isDays ? millisecondsPerDay : 1000)
        guard amount <= Period.limit else { return nil }
        self.init(amount, isDays ? .day : .second)
    }
}
