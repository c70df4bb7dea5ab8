import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// One check under way: what the script declares, what is resolved so far, what was wrong.
///
/// A class, because every part of the walk adds to the same tables; it never leaves `check`.
final class Checker {
    /// What names mean; outlives the check for entries at the prompt.
    var scope: Scope
    /// By the number of their file.
    var trees: [SyntaxTree] = []
    var diagnostics: [Diagnostic] = []
    private var errorCount = 0
    /// While above 0 nothing is reported: a computed field is checked where it is declared, and
    /// written out again wherever it is used.
    var muted = 0
    /// How many more nodes the expression in hand may take.
    var budget = Limits.expressionSize
    /// Whether the expression in hand was found to be too large.
    var isOversized = false
    private var suggestionsLeft = Limits.suggestions
    var unexecuted: [Unexecuted] = []
    /// The data sets on their way.
    var drafts: [DataSetDraft] = []
    /// The channels for which each message has a text, by their symbols.
    var messageChannels: [Int: Set<Int>] = [:]
    /// The `exclusive` and `stacks with` clauses of coupons, to be held against each other.
    var stackings: [(coupon: Int, range: SourceRange)] = []
    /// Definitions that are being resolved, each for the one before.
    var inHand: [Int] = []
    /// Optional member fields of the expression in hand: guarded somewhere, or used where.
    var guards = GuardedFields()
    /// The round of the `for each` in whose body the declaration in hand stands.
    var round: Round?
    /// In which rounds diagnostics were reported, by their index.
    var roundsOfDiagnostics: [Int: Round] = [:]
    /// How many rounds each loop has, by its place.
    var roundCounts: [SourceRange: Int] = [:]
    /// The loops, with the names that their bodies declare.
    var loops: [(loop: SyntaxNode, names: [String])] = []
    /// What a bare word beside a parameter may mean.
    lazy var choiceWords = choicesOfAllTypes()
    /// The words in the headers of declarations that the parser could not read: some are names.
    var unreadNames: Set<String> = []
    /// The lists that `let`s name.
    var namedLists: [String: SyntaxNode] = [:]
    /// The bytes of all bodies written out.
    var writtenOut = 0
    /// Whether there were too many declarations.
    var isFull = false
    /// What the strategies that say each message have in common, by the message's index.
    var sayings: [Int: Saying] = [:]

    init(scope: Scope) { self.scope = scope }

    // MARK: - Diagnostics

    func report(_ diagnostic: Diagnostic) {
        guard muted == 0 else { return }
        if diagnostic.severity == .error { errorCount += 1 }
        if let round { roundsOfDiagnostics[diagnostics.count] = round }
        diagnostics.append(diagnostic)
    }

    func report(
        _ code: DiagnosticCode, _ message: String, at range: SourceRange,
        severity: Severity = .error, notes: [Diagnostic.Note] = [], help: String? = nil,
        fixIts: [FixIt] = []
    ) {
        report(
            Diagnostic(
                code, message, at: range, severity: severity, notes: notes, help: help,
                fixIts: fixIts))
    }

    /// Something that is checked but not executed: `run` and `preview` refuse.
    func leaveUnexecuted(_ word: String, at range: SourceRange) {
        if round == nil || !unexecuted.contains(where: { $0.range == range }) {
            unexecuted.append(Unexecuted(word, at: range))
        }
        report(
            .notExecuted, "'\(word)' is checked but not executed yet: run and preview refuse",
            at: range, severity: .warning)
    }

    /// Errors so far, to see whether a part reported one.
    var faults: Int { muted == 0 ? errorCount : 0 }

    /// The candidate that a name was perhaps meant to be. Only so many are looked for: the work
    /// grows with the number of names.
    func suggestion(for name: String, among candidates: some Sequence<String>) -> String? {
        guard suggestionsLeft > 0 else { return nil }
        suggestionsLeft -= 1
        return Spelling.nearest(to: name, among: candidates)
    }

    // MARK: - Text

    func text(_ token: Token) -> String { scope.sources.text(of: token.range) }
    func text(_ node: SyntaxNode) -> String { scope.sources.text(of: node.range) }

    /// The name that a name node or a leaf spells, back-ticks removed.
    func name(_ token: Token) -> String {
        let text = self.text(token)
        guard token.kind == .quotedName else { return UnicodeText.nfc(text) }
        return UnicodeText.nfc(String(text.drop { $0 == "`" }.prefix { $0 != "`" }))
    }

    func name(_ node: SyntaxNode) -> String { node.firstToken.map(name) ?? "" }

    /// The keywords that stand directly in a node.
    func words(_ node: SyntaxNode) -> [String] {
        node.children.compactMap { child in
            guard case .token(let token) = child.element, token.kind == .word else { return nil }
            return text(token)
        }
    }
}

extension SyntaxNode {
    /// The first token below.
    var firstToken: Token? {
        for child in children {
            switch child.element {
            case .token(let token): return token
            case .node(let node): if let token = node.firstToken { return token }
            }
        }
        return nil
    }

    /// The first token of a labelled child, whether it is a token or a node.
    func leaf(_ label: String) -> Token? {
        for child in children where child.label == label {
            switch child.element {
            case .token(let token): return token
            case .node(let node): return node.firstToken
            }
        }
        return nil
    }

    /// The direct child nodes.
    var nodes: [SyntaxNode] {
        children.compactMap { if case .node(let node) = $0.element { node } else { nil } }
    }
}
