import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// What checking a script gives.
package struct Checked: Sendable {
    /// Nil when there are errors.
    package let program: Program?
    /// Of the parser and the checker, sorted by place.
    package let diagnostics: [Diagnostic]
    /// The script first, then its imports.
    package let sources: SourceSet
    /// For completion, and for names typed at the prompt.
    package let symbols: Symbols
    let scope: Scope

    package var hasErrors: Bool { program == nil }
}

/// Checks a script: names, types, units and clauses.
/// - Parameters:
///   - trees: the script first, then what it imports, in the order of their file numbers.
///   - zone: the rules of a time zone by its IANA name; nil when there is no such zone.
package func check(
    _ trees: [SyntaxTree], zone: @escaping @Sendable (String) -> ZoneRules?
) -> Checked {
    let checker = Checker(scope: Scope(project: .unnamed, zone: zone))
    for tree in trees { _ = checker.scope.sources.add(tree.file) }
    checker.trees = trees
    checker.diagnostics = trees.flatMap(\.diagnostics)
    let isParsed = !checker.diagnostics.contains { $0.severity == .error }
    checker.checkDeclarations(trees.map(\.root))
    checker.joinUses()
    checker.joinRounds()
    checker.forgetFollowUps(of: trees)
    let diagnostics = checker.diagnostics.sortedByPlace()
    let isSound = isParsed && !diagnostics.contains { $0.severity == .error }
    return Checked(
        program: isSound ? checker.program() : nil, diagnostics: diagnostics,
        sources: checker.scope.sources, symbols: checker.scope.symbols, scope: checker.scope)
}

extension Checker {
    /// What was found on lines that the parser could not read: it mostly follows from that.
    func forgetFollowUps(of trees: [SyntaxTree]) {
        struct Line: Hashable {
            let file: Int32
            let number: Int
        }
        func line(_ diagnostic: Diagnostic) -> Line? {
            scope.sources.file(of: diagnostic.range).map { file in
                Line(
                    file: diagnostic.range.file,
                    number: file.line(of: Int(diagnostic.range.start)))
            }
        }
        let parsed = trees.flatMap(\.diagnostics)
        let unread = Set(parsed.compactMap(line))
        if unread.isEmpty { return }
        diagnostics = parsed + diagnostics.filter { diagnostic in
            line(diagnostic).map { !unread.contains($0) } ?? true
        }
    }

    func program() -> Program {
        Program(
            project: scope.project, dataSets: scope.dataSets, definitions: scope.definitions,
            coupons: scope.coupons, bundles: scope.bundles, channels: scope.channels,
            messages: scope.messages, goals: scope.goals, themes: scope.themes,
            plans: scope.plans, unexecuted: unexecuted)
    }
}

extension Project {
    /// Stands for a project that is not declared, which is reported.
    static let unnamed: Project = {
        guard let currency = Currency("USD") else {
            preconditionFailure("ISO 4217 lists the US dollar")
        }
        return Project(name: "", zone: "UTC", currency: currency, store: "")
    }()
}

extension [Diagnostic] {
    /// In the order of the files and the places; those of one place as reported.
    func sortedByPlace() -> [Diagnostic] {
        enumerated().sorted { left, right in
            let first = (left.element.range.file, left.element.range.start, left.offset)
            return first < (right.element.range.file, right.element.range.start, right.offset)
        }.map(\.element)
    }
}

/// What checking one expression gives.
package struct CheckedExpression: Sendable {
    /// Nil when there are errors.
    package let expression: Expression?
    package let diagnostics: [Diagnostic]
    /// Those of the program, then the entry's.
    package let sources: SourceSet
}

/// Checks an expression, as typed at the prompt or given to `count`: a condition or a value of
/// one member, with all names of a checked program.
///
/// What an entry declares, such as a `let`, is checked with the program: pass its tree to `check`
/// behind those of the program.
/// - Parameter tree: of `parseExpression(_:index:)`, with `checked.sources.files.count` as index.
package func checkExpression(_ tree: SyntaxTree, in checked: Checked) -> CheckedExpression {
    let checker = Checker(scope: checked.scope)
    _ = checker.scope.sources.add(tree.file)
    checker.diagnostics = tree.diagnostics
    let value = tree.root.node("value").map { node in
        checker.whole { checker.expression(node, Context()) }
    }
    checker.joinUses()
    checker.forgetFollowUps(of: [tree])
    let diagnostics = checker.diagnostics.sortedByPlace()
    let isSound = value?.isFaulty == false && !diagnostics.contains { $0.severity == .error }
    return CheckedExpression(
        expression: isSound ? value : nil, diagnostics: diagnostics,
        sources: checker.scope.sources)
}
