import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// `segment`, `field`, `let` and `define`.
extension Checker {
    /// Definitions that wait for each other at most; sorted as they are, only a cycle waits longer.
    private static let longestWait = 64

    func resolveDefinitions() {
        for index in definitionOrder() { resolve(index, at: scope.symbols.all[index].range) }
    }

    /// Every definition after those whose names it spells. The order only keeps the recursion
    /// flat: what a name means is found out by `resolve`.
    private func definitionOrder() -> [Int] {
        var order: [Int] = []
        var isSeen = [Bool](repeating: false, count: scope.symbols.all.count)
        for start in scope.symbols.all.indices where isDefinition(start) && !isSeen[start] {
            isSeen[start] = true
            var open = [(index: start, needs: needs(of: start))]
            while let (index, needs) = open.last {
                guard let next = needs.last else {
                    order.append(index)
                    open.removeLast()
                    continue
                }
                open[open.count - 1].needs.removeLast()
                if !isSeen[next] {
                    isSeen[next] = true
                    open.append((next, self.needs(of: next)))
                }
            }
        }
        return order
    }

    private func isDefinition(_ index: Int) -> Bool {
        switch scope.symbols.all[index].kind {
        case .segment, .field, .constant, .function: true
        default: false
        }
    }

    private func needs(of index: Int) -> [Int] {
        guard case .pending(let declaration) = scope.meanings[index] else { return [] }
        return within(declaration.round) {
            var needs: [Int] = []
            var open = declaration.node.nodes
            while let next = open.popLast() {
                if next.kind == .name, let index = self.index(of: name(next)), isDefinition(index) {
                    needs.append(index)
                }
                open += next.nodes
            }
            return needs
        }
    }

    /// Finds out what a name means, if it is not known yet.
    func resolve(_ index: Int, at use: SourceRange) {
        if case .working = scope.meanings[index] {
            if let start = inHand.firstIndex(of: index) {
                let names = inHand[start...].map { scope.symbols.all[$0].name }
                reportCycle(names + [scope.symbols.all[index].name], at: use)
            }
            return
        }
        guard case .pending(let declaration) = scope.meanings[index], isDefinition(index) else {
            return
        }
        guard inHand.count < Self.longestWait else {
            report(
                .expressionTooLarge, "too many names wait for each other here", at: use,
                help: "declare what a name needs before it")
            scope.meanings[index] = .faulty
            return
        }
        scope.meanings[index] = .working
        inHand.append(index)
        let outside = muted
        muted = 0
        scope.meanings[index] = within(declaration.round) {
            whole { definition(index, declaration.node) }
        }
        muted = outside
        inHand.removeLast()
    }

    private func definition(_ index: Int, _ node: SyntaxNode) -> Meaning {
        switch scope.symbols.all[index].kind {
        case .segment:
            guard let body = node.node("value") else { return .faulty }
            let condition = condition(body, Context(), for: "a segment")
            return define(.segment, index, condition)
        case .field:
            if let body = node.node("value") {
                return define(.field, index, expression(body, Context()))
            }
            return define(.field, index, cases(node))
        case .constant: return constant(index, node)
        default: return function(node)
        }
    }

    private func define(_ kind: Definition.Kind, _ index: Int, _ body: Expression) -> Meaning {
        if body.isFaulty { return .faulty }
        let symbol = scope.symbols.all[index]
        scope.symbols.describe(index, type: body.type)
        budget = Limits.expressionSize
        scope.definitionDepths.append(extent(of: body).depth)
        scope.definitions.append(
            Definition(kind, symbol.name, title: symbol.title, body, at: symbol.range))
        return .definition(DefinitionID(scope.definitions.count - 1))
    }

    private func constant(_ index: Int, _ node: SyntaxNode) -> Meaning {
        guard let body = node.node("value") else { return .faulty }
        if body.kind == .list { return .list(PlacedDeclaration(node: body, round: round)) }
        let value = expression(body, Context())
        if value.isFaulty { return .faulty }
        scope.symbols.describe(index, type: value.type)
        return .constant(value)
    }

    private func function(_ node: SyntaxNode) -> Meaning {
        guard let body = node.node("value") else { return .faulty }
        var parameters: [String] = []
        for parameter in node.node("parameters")?.nodes ?? [] where parameter.kind == .name {
            let name = self.name(parameter)
            if parameters.contains(name) {
                report(.nameTaken, "'\(name)' is a parameter already", at: parameter.range)
            }
            parameters.append(name)
            guard parameters.count <= 32 else {
                reportTooMany("a define", 32, "parameters", at: parameter.range)
                break
            }
        }
        guard isSound(body, parameters) else { return .faulty }
        return .function(FunctionDeclaration(parameters: parameters, body: body, round: round))
    }

    /// Looks at the body of a `define` by itself: what is wrong whatever the arguments are is said
    /// once, used or not. What depends on the arguments is left to the uses.
    private func isSound(_ body: SyntaxNode, _ parameters: [String]) -> Bool {
        var context = Context(isOpen: true, occurrence: OccurrenceShape(isPartial: true))
        for parameter in parameters { context.locals[parameter] = .faulty(at: body.range) }
        let count = faults
        // A use may guard the whole of it.
        guards.depth += 1
        _ = expression(body, context)
        guards.depth -= 1
        return faults == count
    }

    // MARK: - Fields by cases

    /// `one of [gold, silver] { gold if …  silver otherwise }`
    private func cases(_ node: SyntaxNode) -> Expression {
        guard let typeNode = node.node("type"), let block = node.node("block") else {
            return .faulty(at: node.range)
        }
        let type = self.type(typeNode)
        var branches: [Expression.Branch] = []
        var otherwise: Expression?
        let count = faults
        for row in block.nodes where row.kind == .caseRow {
            guard let valueNode = row.node("value") else { continue }
            if let first = otherwise {
                report(
                    .deadCase, "this case is never reached", at: row.range,
                    notes: [.init("all others end here", at: first.range)],
                    help: "'otherwise' stands last")
                break
            }
            let value = require(
                type, expression(valueNode, Context(), expecting: type), for: "this field")
            guard let condition = row.node("condition") else {
                otherwise = value
                continue
            }
            branches.append(
                Expression.Branch(self.condition(condition, Context(), for: "'if'"), value))
        }
        guard faults == count, type != .error, !branches.isEmpty || otherwise != nil else {
            return .faulty(at: node.range)
        }
        if branches.isEmpty, let otherwise { return otherwise }
        return Expression(.choose(branches, otherwise: otherwise), type, at: block.range)
    }
}
