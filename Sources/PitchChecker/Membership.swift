import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// `in`, `between` and `has`.
extension Checker {
    func membership(
        _ left: Expression, _ operation: String, _ right: SyntaxNode, _ node: SyntaxNode,
        _ context: Context
    ) -> Expression {
        let inside: Expression
        switch right.kind {
        case .window: inside = within(left, right, node, context)
        case .range:
            inside = between(left, right.node("low"), right.node("high"), node, context)
        default: inside = isIn(left, right, node, context)
        }
        guard operation == "not in", !inside.isFaulty else { return inside }
        return Expression(.not(inside), .truth, at: node.range)
    }

    func between(_ node: SyntaxNode, _ context: Context) -> Expression {
        let left = inner(node, "left", context)
        let inside = between(left, node.node("low"), node.node("high"), node, context)
        guard words(node).contains("not"), !inside.isFaulty else { return inside }
        return Expression(.not(inside), .truth, at: node.range)
    }

    private func between(
        _ left: Expression, _ low: SyntaxNode?, _ high: SyntaxNode?, _ node: SyntaxNode,
        _ context: Context
    ) -> Expression {
        guard let low, let high else { return .faulty(at: node.range) }
        let least = expression(low, context.deeper, expecting: left.type)
        let most = expression(high, context.deeper, expecting: left.type)
        if left.isFaulty || least.isFaulty || most.isFaulty { return .faulty(at: node.range) }
        guard charge(extent(of: left).size, at: node.range) else { return .faulty(at: node.range) }
        let lower = order(.greaterOrEqual, left, least, node, isTime: false)
        if lower.isFaulty { return lower }
        let upper = order(.lessOrEqual, left, most, node, isTime: false)
        if upper.isFaulty { return upper }
        if let (first, second) = unify(least, most), let lowest = first.constantValue?.raw,
            let highest = second.constantValue?.raw, lowest > highest
        {
            report(
                .emptyRange, "'\(text(low))' is above '\(text(high))': nothing is between them",
                at: low.range.through(high.range))
            return .faulty(at: node.range)
        }
        hintAtBirthday(left, on: [least, most], node)
        return Expression(.and([lower, upper]), .truth, at: node.range)
    }

    private func isIn(
        _ left: Expression, _ right: SyntaxNode, _ node: SyntaxNode, _ context: Context
    ) -> Expression {
        guard let elements = elements(right, context, expecting: left.type) else {
            if !left.isFaulty || context.isOpen { reportNoList(right, left) }
            return .faulty(at: node.range)
        }
        if left.isFaulty || elements.contains(where: \.isFaulty) {
            return .faulty(at: node.range)
        }
        guard left.type != .tags else {
            report(
                .noOrder, "'in' does not go with a set of tags", at: node.range,
                help: "write 'has any of […]'")
            return .faulty(at: node.range)
        }
        guard let (value, list) = unify(all: elements, with: left) else {
            let odd = elements.first { unify(left, $0) == nil } ?? left
            reportListElement(odd, left)
            return .faulty(at: node.range)
        }
        guard let operand = convert(left, to: value.type) else { return .faulty(at: node.range) }
        hintAtBirthday(operand, on: list, node)
        return Expression(.isIn(operand, list), .truth, at: node.range)
    }

    private func reportListElement(_ odd: Expression, _ left: Expression) {
        if reportMoney(odd, ValueTypePair(left.type, odd.type)) { return }
        report(
            .typesDiffer, "expected \(left.type.words) in the list, found \(odd.type.words)",
            at: odd.range)
    }

    private func reportNoList(_ right: SyntaxNode, _ left: Expression) {
        if right.kind == .missing || right.kind == .skipped { return }
        let isSegment =
            right.kind == .name
            && index(of: name(right)).map { scope.symbols.all[$0].kind } == .segment
        report(
            .listExpected, "expected a list, a range or a time after 'in', found '\(text(right))'",
            at: right.range,
            help: isSegment
                ? "a segment is a condition by itself: write '\(text(right))' alone"
                : "write a list in brackets: '[\(text(right))]'",
            fixIts: isSegment
                ? []
                : [
                    FixIt(
                        "write '[\(Self.shortened(text(right)))]'", replace: right.range,
                        with: "[\(text(right))]")
                ])
    }

    /// The elements of a list in brackets, or of a `let` that names one; nil for anything else.
    private func elements(
        _ node: SyntaxNode, _ context: Context, expecting expected: ValueType
    ) -> [Expression]? {
        if node.kind == .name, let index = index(of: name(node)) {
            resolve(index, at: node.range)
            if case .list(let named) = scope.meanings[index] {
                return within(named.round) {
                    elements(named.node, context, expecting: expected)
                }
            }
        }
        let list = node
        if list.kind == .group, let inner = list.node("inner") {
            return elements(inner, context, expecting: expected)
        }
        guard list.kind == .list else { return nil }
        let nodes = list.nodes("element")
        guard nodes.count <= Limits.listLength else {
            report(
                .tooMany, "a list has at most \(Limits.listLength) values, this one \(nodes.count)",
                at: list.range)
            return [.faulty(at: list.range)]
        }
        if nodes.isEmpty {
            report(.listExpected, "the list is empty", at: list.range)
            return [.faulty(at: list.range)]
        }
        return nodes.map { expression($0, context.deeper, expecting: expected) }
    }

    func has(
        _ left: Expression, _ operation: String, _ right: SyntaxNode, _ node: SyntaxNode,
        _ context: Context
    ) -> Expression {
        guard left.type == .tags || left.isFaulty else {
            report(
                .typesDiffer, "expected a set of tags before 'has', found \(left.type.words)",
                at: left.range,
                help: left.type == .text ? "of text, write 'contains' or '='" : nil)
            return .faulty(at: node.range)
        }
        let parts: [Expression]
        if operation == "has" {
            parts = [expression(right, context.deeper, expecting: .text)]
        } else if let elements = elements(right, context, expecting: .text) {
            parts = elements
        } else {
            reportNoList(right, left)
            return .faulty(at: node.range)
        }
        if left.isFaulty { return left }
        var tags: [String] = []
        for part in parts {
            if part.isFaulty { return .faulty(at: node.range) }
            guard case .text(let tag)? = part.constantValue else {
                report(
                    .constantExpected, "expected a tag in quotes, found '\(text(right))'",
                    at: part.range)
                return .faulty(at: node.range)
            }
            tags.append(tag)
        }
        let quantifier: Quantifier = operation == "has any of" ? .any : .all
        return Expression(.has(left, quantifier, tags), .truth, at: node.range)
    }
}
