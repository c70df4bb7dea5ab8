import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// `age(born)`, and what `define` declares.
extension Checker {
    func call(_ node: SyntaxNode, _ context: Context) -> Expression {
        guard let function = node.node("function") else { return .faulty(at: node.range) }
        let name = self.name(function)
        if let index = index(of: name) {
            resolve(index, at: function.range)
            if case .function(let declaration) = scope.meanings[index] {
                return expand(declaration, name, node, context)
            }
            switch scope.meanings[index] {
            case .faulty, .working:
                for argument in node.nodes("argument") { _ = expression(argument, context.deeper) }
                return .faulty(at: node.range)
            default: break
            }
        }
        if let aggregate = Aggregate.Function(rawValue: name) {
            return self.aggregate(aggregate, node, context)
        }
        let plain = name == "time" ? Function.timeOfDay : Function(rawValue: name)
        guard let plain else {
            reportUnknownFunction(name, function)
            return .faulty(at: node.range)
        }
        let arguments = node.nodes("argument")
        guard arguments.count == 1 else {
            reportArguments(name, expected: 1, found: arguments.count, node)
            return .faulty(at: node.range)
        }
        let value = expression(arguments[0], context.deeper)
        return value.isFaulty ? value : apply(plain, [value], at: node.range)
    }

    private func reportUnknownFunction(_ name: String, _ function: SyntaxNode) {
        if unreadNames.contains(name) { return }
        let names =
            Aggregate.Function.allCases.map(\.rawValue) + Function.allCases.map(\.rawValue)
            + scope.symbols.all.filter { $0.kind == .function }.map(\.name)
        let near = suggestion(for: name, among: names)
        report(
            .unknownFunction, "there is no function '\(name)'", at: function.range,
            help: near.map { "did you mean '\($0)'?" },
            fixIts: near.map { [FixIt("write '\($0)'", replace: function.range, with: $0)] } ?? [])
    }

    private func reportArguments(_ name: String, expected: Int, found: Int, _ node: SyntaxNode) {
        report(
            .wrongArguments,
            "'\(name)' takes \(expected) argument\(expected == 1 ? "" : "s"), found \(found)",
            at: node.range)
    }

    func apply(_ function: Function, _ arguments: [Expression], at range: SourceRange) -> Expression
    {
        guard let operand = arguments.first else { return .faulty(at: range) }
        if operand.isFaulty { return .faulty(at: range) }
        let taken: Expression?
        var result: ValueType = .integer
        switch function {
        case .age, .year, .month, .day, .weekday: taken = convert(operand, to: .date)
        case .hour: taken = operand.type == .instant ? operand : nil
        case .timeOfDay:
            taken = operand.type == .instant ? operand : nil
            result = .time
        case .length: taken = operand.type == .text ? operand : nil
        case .abs:
            taken = operand.type.isSummable ? operand : nil
            result = operand.type
        }
        guard let taken else {
            report(
                .typesDiffer,
                """
                expected \(Self.wanted(function)) in '\(function.rawValue)(…)', found \
                \(operand.type.words)
                """,
                at: operand.range)
            return .faulty(at: range)
        }
        return Expression(.call(function, [taken]), result, at: range)
    }

    private static func wanted(_ function: Function) -> String {
        switch function {
        case .age, .year, .month, .day, .weekday: ValueType.date.words
        case .hour, .timeOfDay: ValueType.instant.words
        case .length: ValueType.text.words
        case .abs: "a number or an amount"
        }
    }

    /// Writes out a `define` with its arguments in place of its parameters.
    private func expand(
        _ declaration: FunctionDeclaration, _ name: String, _ node: SyntaxNode, _ context: Context
    ) -> Expression {
        let arguments = node.nodes("argument")
        guard arguments.count == declaration.parameters.count else {
            reportArguments(
                name, expected: declaration.parameters.count, found: arguments.count, node)
            return .faulty(at: node.range)
        }
        var inner = context.deeper.with(row: .none)
        inner.locals = [:]
        inner.isOpen = false
        var isFaulty = false
        for (parameter, argument) in zip(declaration.parameters, arguments) {
            let value = expression(argument, context.deeper)
            isFaulty = isFaulty || value.isFaulty
            inner.locals[parameter] = value
        }
        if isFaulty { return .faulty(at: node.range) }
        let count = diagnostics.count
        let value = within(declaration.round) { expression(declaration.body, inner) }
        noteExpansion(from: count, name, node)
        return Expression(value.node, value.type, at: node.range)
    }

    /// So many notes name the uses that share a fault.
    private static let namedUses = 4

    /// What several uses find in one body is said once, naming them.
    func joinUses() {
        struct Fault: Hashable {
            let code: String
            let range: SourceRange
            let message: String
            let round: ObjectIdentifier?
        }
        var places: [Fault: Int] = [:]
        var kept: [Diagnostic] = []
        var rounds: [Int: Round] = [:]
        for (index, diagnostic) in diagnostics.enumerated() {
            let round = roundsOfDiagnostics[index]
            let fault = Fault(
                code: diagnostic.code.id, range: diagnostic.range, message: diagnostic.message,
                round: round.map(ObjectIdentifier.init))
            guard let place = places[fault] else {
                places[fault] = kept.count
                rounds[kept.count] = round
                kept.append(diagnostic)
                continue
            }
            // One without notes does not depend on the use.
            for note in diagnostic.notes
            where (1..<Self.namedUses).contains(kept[place].notes.count)
                && !kept[place].notes.contains(note)
            {
                kept[place].notes.append(note)
            }
        }
        (diagnostics, roundsOfDiagnostics) = (kept, rounds)
    }

    /// What is wrong inside a body was brought in by this call.
    private func noteExpansion(from count: Int, _ name: String, _ node: SyntaxNode) {
        for index in diagnostics.indices.dropFirst(count) {
            diagnostics[index].notes.append(.init("in this use of '\(name)'", at: node.range))
        }
    }
}
