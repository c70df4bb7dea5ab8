import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// The clauses of one declaration, by the name of their row.
struct Clauses {
    private(set) var nodes: [String: [SyntaxNode]] = [:]
    let declaration: SyntaxNode
    let block: SyntaxNode?

    init(_ declaration: SyntaxNode) {
        self.declaration = declaration
        block = declaration.node("block")
    }

    mutating func add(_ node: SyntaxNode, to name: String) {
        nodes[name, default: []].append(node)
    }

    subscript(_ name: String) -> SyntaxNode? { nodes[name]?.first }

    func all(_ name: String) -> [SyntaxNode] { nodes[name] ?? [] }

    /// Where to point when something is missing.
    var keyword: SourceRange { declaration.token("keyword")?.range ?? declaration.range }
}

extension Checker {
    /// Sorts a declaration's clauses by row; reports those given twice, those missing, and those
    /// that are not executed.
    func clauses(_ declaration: SyntaxNode, _ keyword: String) -> Clauses {
        var clauses = Clauses(declaration)
        guard let row = ClauseTables.declaration(keyword), let block = clauses.block else {
            return clauses
        }
        for node in block.nodes where node.kind == .clause {
            guard let form = node.form, row.clauses.indices.contains(form.row) else { continue }
            let clause = row.clauses[form.row]
            if clause.presence != .repeated, let first = clauses[clause.name] {
                reportTwice(clause, node, first)
                continue
            }
            clauses.add(node, to: clause.name)
            if !clause.isExecuted { leaveUnexecuted(clause.name, at: node.range) }
        }
        reportMissing(clauses, row, block)
        return clauses
    }

    private func reportTwice(_ clause: ClauseRow, _ node: SyntaxNode, _ first: SyntaxNode) {
        report(
            .clauseTwice, "'\(clause.name)' stands here for the second time", at: node.range,
            notes: [.init("the first", at: first.range)], help: "keep one of them")
    }

    private func reportMissing(_ clauses: Clauses, _ row: DeclarationRow, _ block: SyntaxNode) {
        for clause in row.clauses where clause.presence == .required {
            guard clauses[clause.name] == nil, !isGarbled(clause, block) else { continue }
            let subject = clauses.declaration.leaf("name").map { "'\(name($0))'" } ?? "this"
            report(
                .clauseMissing, "\(subject) lacks '\(clause.name)'", at: clauses.keyword,
                help: "add '\(clause.forms[0].plain)': \(clause.doc)")
        }
    }

    /// Whether a clause stands there but could not be read, which is reported already.
    func isGarbled(_ clause: ClauseRow, _ block: SyntaxNode) -> Bool {
        let word = clause.name.split(separator: " ").first.map(String.init)
        return block.nodes.contains { node in
            guard node.kind == .skipped, let found = node.firstToken.map(text), let word else {
                return false
            }
            return found == word || Spelling.nearest(to: found, among: [word]) != nil
        }
    }

    /// A declaration kind or clause as a whole that the engine does not execute.
    func leaveUnexecuted(_ clauses: Clauses, _ keyword: String) {
        guard ClauseTables.declaration(keyword)?.isExecuted == false else { return }
        leaveUnexecuted(keyword, at: clauses.keyword)
    }
}

extension ClausePattern {
    /// The form in words, for help: `valid <from> to <until>`.
    var plain: String { text.replacingSlotKinds() }
}

extension String {
    /// `<from:date>` becomes `<from>`.
    fileprivate func replacingSlotKinds() -> String {
        var result = ""
        var isKind = false
        for character in self {
            if character == ":" { isKind = true }
            if character == ">" { isKind = false }
            if !isKind { result.append(character) }
        }
        return result
    }
}
