import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// The arguments of a clause as plain values; nil for what is missing or reported.
extension Checker {
    func string(_ clause: SyntaxNode?, _ label: String) -> String? {
        guard let token = clause?.leaf(label), token.kind == .string || token.kind == .longString
        else { return nil }
        return string(token)
    }

    /// A whole number within bounds.
    func integer(
        _ clause: SyntaxNode?, _ label: String, _ bounds: ClosedRange<Int64>, _ what: String
    ) -> Int64? {
        guard let node = clause?.node(label), node.kind != .missing, node.kind != .skipped else {
            return nil
        }
        return integer(node, bounds, what)
    }

    func integer(
        _ node: SyntaxNode, _ bounds: ClosedRange<Int64>, _ what: String
    ) -> Int64? {
        let isNegative = node.kind == .unary
        let literal = isNegative ? node.node("operand") : node
        guard let token = literal?.firstToken, token.kind == .number else { return nil }
        return integer(token, isNegative: isNegative, bounds, what, at: node.range)
    }

    func integer(
        _ token: Token, isNegative: Bool = false, _ bounds: ClosedRange<Int64>, _ what: String,
        at range: SourceRange
    ) -> Int64? {
        if case .success(let count) = FixedPoint.parse(numerals(token), digits: 0),
            bounds.contains(isNegative ? 0 &- count : count)
        {
            return isNegative ? 0 &- count : count
        }
        report(
            .outOfBounds,
            """
            expected a whole number from \(bounds.lowerBound) to \(bounds.upperBound) for \
            \(what), found '\(scope.sources.text(of: range))'
            """,
            at: range)
        return nil
    }

    /// An amount in the project's currency, above or from 0, in minor units.
    func money(_ clause: SyntaxNode?, _ label: String) -> Int64? {
        guard let node = clause?.node(label) else { return nil }
        if node.kind == .unary {
            report(.outOfBounds, "expected an amount from 0, found '\(text(node))'", at: node.range)
        }
        guard node.kind == .quantity || node.kind == .literal else { return nil }
        return projectMoney(quantityOrNumber(node))
    }

    func quantityOrNumber(_ node: SyntaxNode) -> Expression {
        node.kind == .quantity ? quantity(node) : literal(node)
    }

    /// A constant amount in the project's currency.
    func projectMoney(_ value: Expression) -> Int64? {
        if value.isFaulty { return nil }
        let type = ValueType.money(scope.project.currency)
        guard value.type == type, case .money(let minor)? = value.constantValue else {
            if !reportMoney(value, ValueTypePair(type, value.type)) {
                report(
                    .typesDiffer, "expected \(type.words), found \(value.type.words)",
                    at: value.range)
            }
            return nil
        }
        return minor
    }

    /// A share in millionths of one, from 0 to 100%.
    func share(_ clause: SyntaxNode?, _ label: String, _ what: String) -> Int64? {
        guard let node = clause?.node(label) else { return nil }
        var share: Int64 = -1
        if node.kind == .quantity {
            guard case .percent(let given)? = quantity(node).constantValue else { return nil }
            share = given
        } else if node.kind != .unary {
            return nil
        }
        guard (0...1_000_000).contains(share) else {
            report(
                .outOfBounds, "expected 0% to 100% for \(what), found '\(text(node))'",
                at: node.range)
            return nil
        }
        return share
    }

    func date(_ clause: SyntaxNode?, _ label: String) -> Int32? {
        guard let token = clause?.leaf(label), token.kind == .date else { return nil }
        return date(token)
    }

    /// Two days, the first not after the last.
    func days(_ clause: SyntaxNode) -> (first: Int32, last: Int32)? {
        guard let first = date(clause, "from"), let last = date(clause, "until") else { return nil }
        guard first <= last else {
            report(
                .emptyRange, "it ends before it begins", at: clause.range,
                help: "the first day stands first")
            return nil
        }
        return (first, last)
    }

    /// One name, or the names of a list in brackets.
    func names(_ clause: SyntaxNode?, _ label: String) -> [SyntaxNode] {
        guard let node = clause?.node(label) else { return [] }
        if node.kind == .list { return node.nodes("element").filter { $0.kind == .name } }
        return node.kind == .name ? [node] : []
    }
}
