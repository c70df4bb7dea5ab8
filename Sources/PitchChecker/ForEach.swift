import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// `for each city in ["Shanghai", "Beijing"] { … }`: the declarations of the body once for each
/// element.
extension Checker {
    /// All declarations of the program, loops written out.
    func collectDeclarations(_ roots: [SyntaxNode]) -> DeclarationList {
        for root in roots {
            for node in root.nodes where node.kind == .declaration {
                guard node.token("keyword").map(text) == "let", let name = node.leaf("name"),
                    let list = node.node("value"), list.kind == .list
                else { continue }
                namedLists[self.name(name)] = list
            }
        }
        for root in roots { noteUnreadNames(root.nodes) }
        var found = DeclarationList()
        for root in roots { collect(root.nodes, in: nil, into: &found) }
        return found
    }

    /// Whoever uses a name of a declaration that the parser reported is not told of it again.
    private func noteUnreadNames(_ nodes: [SyntaxNode]) {
        for node in nodes {
            switch node.kind {
            case .skipped:
                for case .token(let token) in node.children.map(\.element) {
                    if token.kind == .leftBrace { break }
                    if token.kind == .word || token.kind == .quotedName {
                        unreadNames.insert(name(token))
                    }
                }
                noteUnreadNames(node.nodes)
            case .declaration where node.leaf("name") == nil: noteUnreadNames(node.nodes)
            case .forEach: noteUnreadNames(node.node("block")?.nodes ?? [])
            default: break
            }
        }
    }

    private func collect(
        _ nodes: [SyntaxNode], in round: Round?, into found: inout DeclarationList
    ) {
        for node in nodes {
            if isFull { return }
            switch node.kind {
            case .declaration:
                guard let keyword = node.token("keyword").map(text) else { continue }
                // Reported by the parser.
                if round != nil, Self.unrepeatable.contains(keyword) { continue }
                guard found.count < Limits.declarations else {
                    reportTooMany("a program", Limits.declarations, "declarations", at: node.range)
                    isFull = true
                    return
                }
                found.add(keyword, node, in: round)
            case .forEach:
                for round in within(round, { rounds(of: node, in: round) }) {
                    collect(node.node("block")?.nodes ?? [], in: round, into: &found)
                }
            default: break
            }
        }
    }

    private static let unrepeatable: Set = [
        "project", "members", "events", "table", "history", "test",
    ]

    // MARK: - Rounds

    /// The rounds of a loop, those with a faulty element left out.
    private func rounds(of loop: SyntaxNode, in outer: Round?) -> [Round] {
        guard let name = loop.leaf("name").map(name), let block = loop.node("block"),
            let elements = elements(of: loop)
        else { return [] }
        // A round costs something even where its body is empty.
        let size = elements.count * (Int(block.range.end - block.range.start) + 100)
        guard writtenOut + size <= Limits.writtenOut else {
            isFull = true
            report(
                .tooMany, "written out, 'for each' has more than \(Limits.writtenOut) characters",
                at: loop.firstToken?.range ?? loop.range,
                help: "shorten the list, or name a part of the body outside it")
            return []
        }
        writtenOut += size
        let names = block.nodes.filter { $0.kind == .declaration }.compactMap { $0.leaf("name") }
            .map(self.name)
        if roundCounts[loop.range] == nil {
            loops.append((loop, names))
            checkHidden([name] + names, by: outer, at: loop.leaf("name")?.range ?? loop.range)
        }
        var taken: [String: SyntaxNode] = [:]
        let rounds = elements.compactMap { element -> Round? in
            guard let suffix = suffix(of: element, &taken) else { return nil }
            return Round(
                of: loop, name, element, title: elementText(element) ?? suffix,
                suffix: (outer?.suffix ?? "") + "_" + suffix, declaring: names, in: outer)
        }
        roundCounts[loop.range, default: 0] += rounds.count
        for round in rounds {
            for (name, own) in round.names { scope.repeated[name, default: []].append(own) }
        }
        return rounds
    }

    /// The elements of the list, or of a `let` that names one; nil, once reported, for anything
    /// else.
    private func elements(of loop: SyntaxNode) -> [SyntaxNode]? {
        guard var list = loop.node("list") else { return nil }
        while list.kind == .group, let inner = list.node("inner") { list = inner }
        if list.kind == .missing || list.kind == .skipped { return nil }
        if list.kind == .name, let named = namedLists[name(list)] { list = named }
        guard list.kind == .list else {
            report(
                .listExpected, "expected a list after 'in', found '\(Self.shortened(text(list)))'",
                at: list.range, help: "write a list in brackets, or the name of a 'let' with one")
            return nil
        }
        let elements = list.nodes("element")
        if elements.isEmpty {
            report(.listExpected, "the list is empty", at: list.range)
            return nil
        }
        guard elements.count <= Limits.rounds else {
            report(
                .tooMany,
                "'for each' takes at most \(Limits.rounds) elements, this list has "
                    + "\(elements.count)",
                at: list.range)
            return nil
        }
        return elements
    }

    // MARK: - Elements

    /// An element as text; nil for what is no plain value.
    private func elementText(_ element: SyntaxNode) -> String? {
        switch element.kind {
        case .name: return round(named: name(element))?.title ?? name(element)
        case .quantity, .unary: return text(element)
        case .literal:
            guard let token = element.firstToken else { return nil }
            return token.kind == .string || token.kind == .longString ? string(token) : text(token)
        default: return nil
        }
    }

    /// What the names of a round end with; reports an element that gives no name, or one that
    /// another has.
    private func suffix(of element: SyntaxNode, _ taken: inout [String: SyntaxNode]) -> String? {
        if element.kind == .missing || element.kind == .skipped { return nil }
        guard let written = elementText(element) else {
            report(
                .badElement,
                "expected a value or a name in the list, found '\(Self.shortened(text(element)))'",
                at: element.range)
            return nil
        }
        guard let suffix = nameEnding(written, at: element.range) else { return nil }
        if let first = taken.updateValue(element, forKey: suffix) {
            report(
                .elementTwice, "'\(written)' stands in the list already", at: element.range,
                notes: [.init("the first", at: first.range)],
                help: elementText(first) == written
                    ? nil : "both give names that end with '_\(suffix)'")
            return nil
        }
        return suffix
    }

    /// Blanks, hyphens and points become '_', and '%' 'percent': "New York" ends names with
    /// `_New_York`.
    private func nameEnding(_ text: String, at range: SourceRange) -> String? {
        var ending = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case " ", "-", ".", ":": ending += "_"
            case "%": ending += "percent"
            case _ where scalar == "_" || scalar.properties.isXIDContinue:
                ending.unicodeScalars.append(scalar)
            default:
                report(
                    .badElement, "'\(text)' cannot end a name: '\(scalar)' stands in none",
                    at: range,
                    help: "names of the body end with the element: use letters and digits")
                return nil
            }
        }
        guard ending.contains(where: { $0 != "_" }) else {
            report(
                .badElement, "'\(text)' cannot end a name: it has no letter or digit", at: range,
                help: "names of the body end with the element: use letters and digits")
            return nil
        }
        return ending
    }

    // MARK: - Names

    /// The name of a loop, and those of its body, may not hide others: what they mean would depend
    /// on where they stand.
    func checkLoopNames() {
        for (loop, names) in loops {
            if let token = loop.leaf("name") { checkLoopName(token, names) }
            let declared = loop.node("block")?.nodes.filter { $0.kind == .declaration } ?? []
            for token in declared.compactMap({ $0.leaf("name") }) {
                guard let index = scope.symbols.index(of: name(token)) else { continue }
                reportTaken(name(token), index, at: token.range)
            }
        }
    }

    /// Names of a loop that the loops around it have.
    private func checkHidden(_ names: [String], by outer: Round?, at range: SourceRange) {
        var round = outer
        while let current = round {
            if let name = names.first(where: { $0 == current.name || current.names[$0] != nil }) {
                return report(
                    .nameTaken, "'\(name)' is a name of the 'for each' around it already",
                    at: range, help: "choose another name")
            }
            round = current.outer
        }
    }

    private func checkLoopName(_ token: Token, _ body: [String]) {
        let name = self.name(token)
        if let index = scope.symbols.index(of: name) {
            return reportTaken(name, index, at: token.range)
        }
        let help = "choose another name for the element"
        if body.contains(name) {
            report(
                .nameTaken, "'\(name)' is declared in the body too", at: token.range, help: help)
        } else if Self.builtIns.contains(name) || name == "member" || name == "this" {
            report(.nameTaken, "'\(name)' has a meaning already", at: token.range, help: help)
        } else if let index = scope.dataSets.indices.first(where: { index in
            scope.dataSets[index].kind == .events && hasField(name, DataSetID(index))
        }) {
            let events = scope.dataSets[index]
            let field = events.fields.first { $0.name == name }
            report(
                .nameTaken, "'\(name)' is a field of '\(events.name)' already", at: token.range,
                notes: field.map { [.init("declared here", at: $0.range)] } ?? [], help: help)
        }
    }

    private func reportTaken(_ name: String, _ index: Int, at range: SourceRange) {
        let other = scope.symbols.all[index]
        report(
            .nameTaken, "'\(name)' is the name of a \(other.kind.rawValue) already", at: range,
            notes: [.init("declared here", at: other.range)], help: "choose another name")
    }
}
