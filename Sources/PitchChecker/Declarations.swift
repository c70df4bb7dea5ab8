import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// Registers every name, then resolves the declarations in the order in which they need each
/// other: data, expressions, offers, plans.
extension Checker {
    func checkDeclarations(_ roots: [SyntaxNode]) {
        let found = collectDeclarations(roots)
        checkProject(found["project"].map(\.node), script: roots.first)
        declareDataSets(found)
        for keyword in Self.named { each(keyword, of: found) { declare(keyword, $0) } }
        checkLoopNames()
        checkRecursion()
        checkMembers(found)
        checkDataSets()
        resolveDefinitions()
        checkOffers(found)
        each("goal", of: found) { checkGoal($0) }
        each("theme", of: found) { checkTheme($0) }
        each("plan", of: found) { checkPlan($0) }
        each("message", of: found) { checkTexts($0) }
        each("test", of: found) { checkTest($0) }
    }

    func each(_ keyword: String, of found: DeclarationList, _ body: (SyntaxNode) -> Void) {
        for declaration in found[keyword] { within(declaration.round) { body(declaration.node) } }
    }

    /// Declarations that introduce one name and are resolved after the data sets.
    private static let named = [
        "segment", "field", "let", "define", "coupon", "bundle", "channel", "message", "plan",
        "goal", "theme",
    ]

    /// Segments, fields and plans are about members.
    private func checkMembers(_ found: DeclarationList) {
        guard scope.members == nil else { return }
        let needing = ["segment", "field", "plan", "channel"].compactMap { found[$0].first?.node }
        guard let first = needing.min(by: { $0.range.start < $1.range.start }) else { return }
        report(
            .membersMissing, "the script declares no members",
            at: first.token("keyword")?.range ?? first.range,
            help: "add 'members from csv \"members.csv\" { key member_id … }'")
    }

    func reportTooMany(_ owner: String, _ limit: Int, _ things: String, at range: SourceRange) {
        report(.tooMany, "\(owner) has at most \(limit) \(things)", at: range)
    }

    private func declare(_ keyword: String, _ node: SyntaxNode) {
        guard let kind = Symbol.Kind(rawValue: keyword), let token = node.leaf("name") else {
            return
        }
        declare(
            Symbol(
                name: declaredName(token), kind: kind, title: title(node), doc: doc(node),
                range: token.range), .pending(PlacedDeclaration(node: node, round: round)))
    }

    /// Adds a name to the one namespace; reports a clash with both places.
    @discardableResult
    func declare(_ symbol: Symbol, _ meaning: Meaning) -> Int? {
        switch scope.symbols.add(symbol) {
        case .success(let index):
            scope.meanings.append(meaning)
            return index
        case .failure(let taken):
            let other = scope.symbols.all[taken.index]
            report(
                .nameTaken, "'\(symbol.name)' is the name of a \(other.kind.rawValue) already",
                at: symbol.range, notes: [.init("declared here", at: other.range)],
                help: "choose another name: all names of a program share one list")
            return nil
        }
    }

    /// A title; in a `for each` with the element in brackets.
    func title(_ node: SyntaxNode) -> String? {
        node.leaf("title").map { token in
            var title = string(token)
            var round = self.round
            while let current = round {
                title += " (\(current.title))"
                round = current.outer
            }
            return title
        }
    }

    /// The `##` comment before a declaration.
    func doc(_ node: SyntaxNode) -> String? {
        guard let token = node.firstToken, let file = scope.sources.file(of: token.range) else {
            return nil
        }
        let trivia = file.text(Int(token.triviaStart), Int(token.range.start))
        let lines = trivia.split(separator: "\n").compactMap { line -> String? in
            let line = line.drop { $0 == " " || $0 == "\t" }
            guard line.hasPrefix("##") else { return nil }
            return String(line.drop { $0 == "#" }.drop { $0 == " " })
        }
        return lines.isEmpty ? nil : lines.joined(separator: "\n")
    }

    /// What could stand instead of a name that is like none; nil when there is nothing.
    private static func choice(of names: [String]) -> String? {
        if names.isEmpty { return nil }
        let shown = names.prefix(6).joined(separator: ", ")
        return "there \(names.count == 1 ? "is" : "are") \(shown)" + (names.count > 6 ? ", …" : "")
    }

    /// The symbol of a name that a clause needs; reports one that is not declared, or that is of
    /// another kind.
    func symbol(_ node: SyntaxNode, _ kinds: Set<Symbol.Kind>, _ wanted: String) -> Int? {
        if node.kind == .missing || node.kind == .skipped { return nil }
        let name = self.name(node)
        if let round = round(named: name), round.element.kind != .name {
            report(
                .wrongKind, "expected a \(wanted), found the value '\(round.title)' of '\(name)'",
                at: node.range, notes: [.init("the element", at: round.element.range)],
                help: "write the names in the list without quotes")
            return nil
        }
        guard let index = index(of: name) else {
            if unreadNames.contains(name) { return nil }
            let names = scope.symbols.all.filter { kinds.contains($0.kind) }.map(\.name)
            let near = suggestion(for: name, among: names)
            report(
                .unknownName, "there is no \(wanted) '\(name)'", at: node.range,
                help: repeatedNames(of: name) ?? near.map { "did you mean '\($0)'?" }
                    ?? Self.choice(of: names),
                fixIts: near.map { [FixIt("write '\($0)'", replace: node.range, with: $0)] } ?? [])
            return nil
        }
        let symbol = scope.symbols.all[index]
        guard kinds.contains(symbol.kind) else {
            report(
                .wrongKind, "expected a \(wanted), found the \(symbol.kind.rawValue) '\(name)'",
                at: node.range, notes: [.init("declared here", at: symbol.range)])
            return nil
        }
        return index
    }
}
