import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// One round of a `for each`: its element, and what the names declared in its body stand for.
final class Round: Sendable {
    /// The `for each` itself; tells loops apart.
    let loop: SyntaxNode
    let name: String
    let element: SyntaxNode
    /// The element as it stands in titles.
    let title: String
    /// What is put behind the names of the body: of the loops around first.
    let suffix: String
    /// The names declared in the body, with their suffix.
    let names: [String: String]
    let outer: Round?

    init(
        of loop: SyntaxNode, _ name: String, _ element: SyntaxNode, title: String,
        suffix: String, declaring names: [String], in outer: Round?
    ) {
        self.loop = loop
        self.name = name
        self.element = element
        self.title = title
        self.suffix = suffix
        self.names = Dictionary(
            names.map { ($0, $0 + suffix) }, uniquingKeysWith: { first, _ in first })
        self.outer = outer
    }
}

/// A declaration, and the round of the loop in which it stands.
struct PlacedDeclaration: Sendable {
    let node: SyntaxNode
    var round: Round?
}

/// The declarations of a program by keyword, in the order of the script; those of a `for each` once
/// for each element.
struct DeclarationList {
    private(set) var byKeyword: [String: [PlacedDeclaration]] = [:]
    private(set) var count = 0

    mutating func add(_ keyword: String, _ node: SyntaxNode, in round: Round?) {
        byKeyword[keyword, default: []].append(PlacedDeclaration(node: node, round: round))
        count += 1
    }

    subscript(_ keyword: String) -> [PlacedDeclaration] { byKeyword[keyword] ?? [] }
}

/// What a name means inside a `for each`.
extension Checker {
    func within<Result>(_ round: Round?, _ body: () -> Result) -> Result {
        let saved = self.round
        self.round = round
        defer { self.round = saved }
        return body()
    }

    /// The symbol of a name as it is spelt here: in the body of a `for each` a name that the body
    /// declares is that of the same round, and the loop's name is the name that the element is.
    func index(of name: String) -> Int? {
        var name = name
        var round = self.round
        while let current = round {
            if current.name == name {
                guard current.element.kind == .name else { return nil }
                name = self.name(current.element)
            } else if let own = current.names[name] {
                return scope.symbols.index(of: own)
            }
            round = current.outer
        }
        return scope.symbols.index(of: name)
    }

    /// The name that a declaration introduces, as the program has it.
    func declaredName(_ token: Token) -> String {
        let name = self.name(token)
        return round?.names[name] ?? name
    }

    /// The round whose element a name stands for.
    func round(named name: String) -> Round? {
        var round = self.round
        while let current = round, current.name != name { round = current.outer }
        return round
    }

    /// The element of a round, where its loop's name is used.
    func element(
        of round: Round, at range: SourceRange, _ context: Context,
        expecting expected: ValueType?
    ) -> Expression {
        var outside = context.with(row: .none)
        outside.locals = [:]
        let count = diagnostics.count
        let value = within(round.outer) {
            expression(round.element, outside.deeper, expecting: expected)
        }
        for index in diagnostics.indices.dropFirst(count) {
            diagnostics[index].notes.append(.init("in this use of '\(round.name)'", at: range))
        }
        return Expression(value.node, value.type, at: range)
    }

    /// The names that a name of a body has outside it, for one that is not found.
    func repeatedNames(of name: String) -> String? {
        guard let names = scope.repeated[name], let first = names.first else { return nil }
        let shown = names.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
        return names.count == 1
            ? "outside its 'for each' write '\(first)'"
            : "outside its 'for each' it is \(shown)" + (names.count > 3 ? ", …" : "")
    }

    /// What is wrong whatever the element is said once; what depends on it names the element.
    func joinRounds() {
        struct Fault: Hashable {
            let code: String
            let range: SourceRange
        }
        var rounds: [Fault: [ObjectIdentifier]] = [:]
        for (index, round) in roundsOfDiagnostics.sorted(by: { $0.key < $1.key }) {
            let fault = Fault(code: diagnostics[index].code.id, range: diagnostics[index].range)
            let id = ObjectIdentifier(round)
            if rounds[fault]?.contains(id) != true { rounds[fault, default: []].append(id) }
        }
        var kept: [Diagnostic] = []
        for (index, var diagnostic) in diagnostics.enumerated() {
            if let round = roundsOfDiagnostics[index] {
                let fault = Fault(code: diagnostic.code.id, range: diagnostic.range)
                let all = rounds[fault] ?? []
                let isGeneral = all.count == roundCounts[round.loop.range]
                if isGeneral, all.first != ObjectIdentifier(round) { continue }
                if !isGeneral { diagnostic.notes += Self.places(of: round) }
            }
            kept.append(diagnostic)
        }
        diagnostics = kept
        roundsOfDiagnostics = [:]
    }

    private static func places(of round: Round) -> [Diagnostic.Note] {
        var notes: [Diagnostic.Note] = []
        var open: Round? = round
        while let current = open {
            notes.append(
                .init("when '\(current.name)' is '\(current.title)'", at: current.element.range))
            open = current.outer
        }
        return notes
    }
}
