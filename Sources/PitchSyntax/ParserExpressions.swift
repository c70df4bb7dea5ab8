import PitchSchema
import PitchSource

/// Expressions, loosest first; each function reads one level.
extension Parser {
    typealias Children = [SyntaxNode.Child]

    /// Any expression; reports and returns `missing` where none stands.
    mutating func expression() -> SyntaxNode {
        nested { $0.conditional() } ?? node(.skipped, skipDeep())
    }

    /// `a if c otherwise b`
    private mutating func conditional() -> SyntaxNode {
        let value = disjunction()
        guard at(.if) else { return value }
        var children: Children = [.node(value, "value"), take()]
        continueLine()
        children.append(.node(disjunction(), "condition"))
        guard at(.otherwise) else {
            expected("'\(Keyword.otherwise.english)'", .expectedOther)
            return bounded(node(.conditional, children))
        }
        children.append(take())
        continueLine()
        children.append(.node(expression(), "otherwise"))
        return bounded(node(.conditional, children))
    }

    mutating func disjunction() -> SyntaxNode {
        junction(.or) { $0.junction(.and) { $0.negation() } }
    }

    private mutating func junction(
        _ word: Keyword, _ operand: (inout Parser) -> SyntaxNode
    ) -> SyntaxNode {
        let first = operand(&self)
        guard continuesJunction(word) else { return first }
        var children: Children = [.node(first, "operand")]
        while continuesJunction(word) {
            continueLine()
            children.append(take("operator"))
            continueLine()
            children.append(.node(operand(&self), "operand"))
        }
        return bounded(node(.junction, children))
    }

    /// `or else` is another operator.
    private func continuesJunction(_ word: Keyword) -> Bool {
        guard continues(word) else { return false }
        return word != .or || index + 1 >= tokens.count || tokens[index + 1].keyword != .else
    }

    private mutating func negation() -> SyntaxNode {
        guard at(.not), startsOperand(next()) else { return comparison() }
        var children: Children = [take("operator")]
        continueLine()
        children.append(.node(nested { $0.negation() } ?? node(.skipped, skipDeep()), "operand"))
        return bounded(node(.unary, children))
    }

    // MARK: - Comparisons

    private mutating func comparison() -> SyntaxNode {
        let start = index
        let left = alternative()
        guard let first = comparisonOperator() else { return left }
        let result = compared(left, first)
        guard comparisonOperator() != nil, !(isInFilter && atWindow) else { return result }
        return chained(result, from: start, first)
    }

    private enum Comparing { case symbol, words(Int), membership, window, between, test }

    /// The comparison that stands here, and how it is read.
    private func comparisonOperator() -> Comparing? {
        switch kind {
        case .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: return .symbol
        case .word: break
        default: return nil
        }
        let following = next()?.keyword
        switch keyword {
        case .in: return .membership
        case .between: return .between
        case .not where following == .in: return .membership
        case .not where following == .between: return .between
        case .is: return .test
        case .has:
            let isQuantified = following == .any || following == .all
            return .words(isQuantified && next(2)?.keyword == .of ? 3 : 1)
        case .starts where following == .with: return .words(2)
        case .contains, .before, .after: return .words(1)
        default: return atWindow ? .window : nil
        }
    }

    private mutating func compared(_ left: SyntaxNode, _ comparing: Comparing) -> SyntaxNode {
        var children: Children = [.node(left, "left")]
        switch comparing {
        case .symbol: children.append(take("operator"))
        case .words(let count): for _ in 0..<count { children.append(take("operator")) }
        case .membership: return membership(left)
        case .window:
            children.append(.node(window(), "right"))
            return bounded(node(.binary, children))
        case .between: return between(left)
        case .test: return test(left)
        }
        continueLine()
        let right = alternative()
        let takesList = if case .words(3) = comparing { true } else { false }
        children.append(.node(takesList ? wholeList(right) : right, "right"))
        return bounded(node(.binary, children))
    }

    private mutating func membership(_ left: SyntaxNode) -> SyntaxNode {
        var children: Children = [.node(left, "left")]
        if at(.not) { children.append(take("operator")) }
        children.append(take("operator"))
        continueLine()
        skipArticle(into: &children)
        if atRelativeWindow {
            children.append(.node(window(), "right"))
            return bounded(node(.binary, children))
        }
        let low = alternative()
        guard at(.to) else {
            children.append(.node(wholeList(low), "right"))
            return bounded(node(.binary, children))
        }
        var range: Children = [.node(low, "low"), take()]
        continueLine()
        range.append(.node(alternative(), "high"))
        children.append(.node(node(.range, range), "right"))
        return bounded(node(.binary, children))
    }

    private mutating func between(_ left: SyntaxNode) -> SyntaxNode {
        var children: Children = [.node(left, "left")]
        if at(.not) { children.append(take("not")) }
        children.append(take())
        continueLine()
        children.append(.node(alternative(), "low"))
        guard at(.and) else {
            expected("'\(Keyword.and.english)'", .expectedOther)
            return bounded(node(.between, children))
        }
        children.append(take())
        continueLine()
        children.append(.node(alternative(), "high"))
        return bounded(node(.between, children))
    }

    private mutating func test(_ left: SyntaxNode) -> SyntaxNode {
        var children: Children = [.node(left, "operand"), take()]
        if at(.missing) || at(.known) {
            children.append(take("test"))
        } else {
            let word = tokens[index - 1].token.range
            expected(
                "'\(Keyword.missing.english)' or '\(Keyword.known.english)'", .expectedOther,
                help: "to compare, write '='",
                fixIts: startsOperand(current)
                    ? [FixIt("write '='", replace: word, with: "=")] : [])
            if !isAtEnd, kind == .word { children.append(.node(node(.skipped, [take()]))) }
        }
        return bounded(node(.test, children))
    }

    /// Reports `1 < x < 5` and reads on, so that nothing else is reported.
    private mutating func chained(
        _ first: SyntaxNode, from start: Int, _ opening: Comparing
    ) -> SyntaxNode {
        let place = tokens[index].token.range
        let isSymbol = if case .symbol? = comparisonOperator() { true } else { false }
        let before = faults
        let position = self.position
        var result = first
        while let comparing = comparisonOperator() { result = compared(result, comparing) }
        guard before == faults else { return result }
        let whole = SourceRange(
            file: fileIndex, start: Int(tokens[start].token.range.start),
            end: Int(tokens[index - 1].token.range.end))
        let fixIts = isSymbol ? betweenFixIt(first, result, whole) : []
        reset(to: position)
        report(
            .chainedComparison, "comparisons do not chain", at: place,
            help: atWindow
                ? "the window of an aggregate stands in it: 'count(orders in last 30 days)'"
                : "join two comparisons with 'and', or write 'x between a and b'",
            fixIts: fixIts)
        result = first
        while let comparing = comparisonOperator() { result = compared(result, comparing) }
        return result
    }

    /// For `a < x < b` and the like.
    private func betweenFixIt(
        _ first: SyntaxNode, _ second: SyntaxNode, _ whole: SourceRange
    ) -> [FixIt] {
        guard let low = first.node("left"), let middle = first.node("right"),
            let high = second.node("right"), let left = first.token("operator"),
            let right = second.token("operator"), second.node("left")?.range == first.range
        else { return [] }
        let ascends = Self.ascending.contains(left.kind) && Self.ascending.contains(right.kind)
        let descends = Self.descending.contains(left.kind) && Self.descending.contains(right.kind)
        guard ascends || descends else { return [] }
        func text(_ node: SyntaxNode) -> String {
            file.text(Int(node.range.start), Int(node.range.end))
        }
        let bounds = ascends ? (low, high) : (high, low)
        let between =
            "\(text(middle)) between \(text(bounds.0)) and \(text(bounds.1))"
        let isStrict = left.kind == .less || left.kind == .greater || right.kind == .less
            || right.kind == .greater
        return [
            FixIt(
                "write '\(between)'" + (isStrict ? ", which includes both ends" : ""),
                replace: whole, with: between)
        ]
    }

    private static let ascending: [Token.Kind] = [.less, .lessOrEqual]
    private static let descending: [Token.Kind] = [.greater, .greaterOrEqual]

    // MARK: - Arithmetic

    /// `a or else b`: the loosest level that stands beside a comparison.
    mutating func alternative() -> SyntaxNode {
        var left = sum()
        while continues(.or), tokens[min(index + 1, tokens.count - 1)].keyword == .else {
            continueLine()
            var children: Children = [.node(left, "left"), take("operator"), take("operator")]
            continueLine()
            children.append(.node(sum(), "right"))
            left = bounded(node(.binary, children))
        }
        return left
    }

    mutating func sum() -> SyntaxNode {
        chain([.plus, .minus]) { $0.chain([.star, .slash]) { $0.unary() } }
    }

    private mutating func chain(
        _ kinds: [Token.Kind], _ operand: (inout Parser) -> SyntaxNode
    ) -> SyntaxNode {
        var left = operand(&self)
        while kinds.contains(kind) {
            var children: Children = [.node(left, "left"), take("operator")]
            continueLine()
            children.append(.node(operand(&self), "right"))
            left = bounded(node(.binary, children))
        }
        return left
    }

    private mutating func unary() -> SyntaxNode {
        guard kind == .minus else { return postfix() }
        var children: Children = [take("operator")]
        children.append(.node(nested { $0.unary() } ?? node(.skipped, skipDeep()), "operand"))
        return bounded(node(.unary, children))
    }

    /// A tree that is too high is reported and given up.
    func isTooHigh(_ node: SyntaxNode) -> Bool { node.height >= SyntaxNode.heightLimit }

    /// The node, or if it is too high its tokens in a flat one.
    mutating func bounded(_ whole: SyntaxNode) -> SyntaxNode {
        guard isTooHigh(whole) else { return whole }
        reportNesting()
        var children: Children = []
        whole.forEachToken { children.append(.init(.token($0))) }
        children += skipDeep()
        return node(.skipped, children)
    }
}
