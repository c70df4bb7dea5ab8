import PitchSource

/// Reads tokens into a tree. One pass with look-ahead; a fault is reported, what cannot be read
/// goes into a `skipped` node, and the next clause or declaration starts afresh.
struct Parser {
    let file: SourceFile
    let fileIndex: Int
    let tokens: [LexedToken]
    private(set) var index = 0
    /// Whether the clause ends before the current token: there is nothing more for it to read.
    private(set) var isAtEnd = false
    /// Open `(` and `[` around the current token.
    private var brackets = 0
    /// The token whose line start does not end the clause.
    private var continuation = -1
    private var nesting = 0
    /// How often something was wrong, reported or not.
    private(set) var faults = 0
    private var lastReported = -1
    var diagnostics: [Diagnostic]
    /// What the last `expected` asked for; and what a form that was tried with others asks for
    /// instead.
    private(set) var lastExpectation = ""
    var expectationOverride: String?
    /// Whether the condition of an aggregate is being read: a window cannot follow.
    var isInFilter = false
    /// Whether a comma parts values here: between the elements of a list or the arguments of a
    /// call.
    var commaParts = false
    /// Deeper syntax is refused, so that recursion over any tree is safe.
    static let nestingLimit = 256

    init(file: SourceFile, index: Int, tokens: [LexedToken], diagnostics: [Diagnostic]) {
        self.file = file
        fileIndex = index
        self.tokens = tokens
        self.diagnostics = diagnostics
        refresh()
    }

    // MARK: - The current token

    var current: LexedToken { tokens[index] }

    /// The kind of the current token; `endOfFile` where the clause ends.
    var kind: Token.Kind { isAtEnd ? .endOfFile : tokens[index].token.kind }

    /// The keyword of the current token; nil where the clause ends.
    var keyword: Keyword? { isAtEnd ? nil : tokens[index].keyword }

    func at(_ keyword: Keyword) -> Bool { !isAtEnd && tokens[index].keyword == keyword }

    /// The token after the current one, if it belongs to the same clause as far as can be seen.
    func next(_ offset: Int = 1) -> LexedToken? {
        guard !isAtEnd, index + offset < tokens.count else { return nil }
        let token = tokens[index + offset]
        if token.token.kind == .endOfFile { return nil }
        return token.token.startsLine && brackets == 0 ? nil : token
    }

    /// Whether a word that may begin a line of the same expression stands here.
    func continues(_ keyword: Keyword) -> Bool {
        let token = tokens[index]
        guard token.keyword == keyword else { return false }
        return !isAtEnd || (brackets == 0 && token.token.startsLine && !isBarrier)
    }

    /// Whether the current token closes all brackets, whatever is open.
    private var isBarrier: Bool {
        let token = tokens[index]
        switch token.token.kind {
        case .endOfFile, .rightBrace: return true
        default: return token.marks.contains(.afterBlankLine) || startsDeclaration
        }
    }

    /// Whether a declaration stands here in column 1.
    var startsDeclaration: Bool {
        let token = tokens[index]
        guard token.marks.contains(.startsColumnOne), let keyword = token.keyword,
            keyword.category == .declaration || keyword == .for, keyword != .strategy
        else { return false }
        func kind(_ offset: Int) -> Token.Kind {
            index + offset < tokens.count ? tokens[index + offset].token.kind : .endOfFile
        }
        switch kind(1) {
        case .string, .longString: return true
        case .number: return keyword == .pitch
        case .word where keyword == .for: return tokens[index + 1].keyword == .each
        case .word, .quotedName:
            let after = kind(2)
            return after == .leftBrace || after == .equal || after == .string
                || tokens[index + 1].keyword == .from || (keyword == .define && after == .leftParen)
                || tokens[index + 2].keyword == .from
        default: return false
        }
    }

    private mutating func refresh() {
        let token = tokens[index]
        switch token.token.kind {
        case .endOfFile, .rightBrace: isAtEnd = true
        case .comma where brackets == 0: isAtEnd = true
        default:
            isAtEnd =
                brackets == 0
                ? token.token.startsLine && index != continuation
                : token.marks.contains(.afterBlankLine) || startsDeclaration
        }
    }

    // MARK: - Moving

    /// Takes the current token, whatever it is; the end of the file stays.
    mutating func take(_ label: String? = nil) -> SyntaxNode.Child {
        let token = tokens[index].token
        if token.kind != .endOfFile { index += 1 }
        refresh()
        return SyntaxNode.Child(.token(token), label: label)
    }

    /// Lets the clause go on in the next line: after an operator, `=` or a connecting word.
    mutating func continueLine() {
        guard isAtEnd, brackets == 0, tokens[index].token.startsLine, !isBarrier,
            tokens[index].token.kind != .comma
        else { return }
        continuation = index
        refresh()
    }

    mutating func openBracket(_ label: String? = nil) -> SyntaxNode.Child {
        brackets += 1
        return take(label)
    }

    /// Takes the closing bracket, or reports that it is not there.
    mutating func closeBracket(
        _ kind: Token.Kind, of opening: Token, into children: inout [SyntaxNode.Child]
    ) {
        if !isAtEnd, tokens[index].token.kind == kind {
            brackets -= 1
            children.append(take())
            return
        }
        let comma = kind == .rightBracket ? "',' or " : ""
        let list = listInParentheses(from: opening)
        expected(
            "\(comma)'\(kind.rawValue)'", .unclosedBracket,
            notes: [.init("it closes this bracket", at: opening.range)], help: list?.help,
            fixIts: list?.fixIts ?? [])
        if let closing = closingBracket(kind) {
            var skipped: [SyntaxNode.Child] = []
            while index < closing { skipped.append(take()) }
            children.append(.node(node(.skipped, skipped)))
            brackets -= 1
            children.append(take())
        } else {
            brackets -= 1
            refresh()
        }
    }

    /// The closing mark of the innermost bracket, if it stands on this line.
    func closingBracket(_ kind: Token.Kind) -> Int? {
        guard !isAtEnd, !tokens[index].token.startsLine else { return nil }
        var open = 0
        for offset in index..<tokens.count {
            let token = tokens[offset].token
            if offset > index, token.startsLine { return nil }
            switch token.kind {
            case .leftParen, .leftBracket: open += 1
            case .rightParen, .rightBracket:
                if open == 0 { return token.kind == kind ? offset : nil }
                open -= 1
            case .leftBrace, .rightBrace, .endOfFile: return nil
            default: break
            }
        }
        return nil
    }

    /// Begins a clause or declaration at the current token, which may begin a line.
    mutating func beginEntry() {
        continuation = index
        refresh()
    }

    /// Skips to the end of a clause, over whole blocks and brackets.
    mutating func skipEntry() -> SyntaxNode {
        var children: [SyntaxNode.Child] = []
        var braces = 0
        let saved = brackets
        while braces > 0 ? !startsDeclaration : !isAtEnd {
            switch tokens[index].token.kind {
            case .endOfFile: braces = 0
            case .leftBrace: braces += 1
            case .rightBrace:
                braces -= 1
                brackets = saved
            case .leftParen, .leftBracket: brackets += 1
            case .rightParen, .rightBracket: brackets = max(saved, brackets - 1)
            default: break
            }
            if tokens[index].token.kind == .endOfFile { break }
            children.append(take())
        }
        brackets = saved
        refresh()
        return node(.skipped, children)
    }

    /// Skips what is left of a line, whatever it is.
    mutating func skipLine() -> SyntaxNode {
        var children: [SyntaxNode.Child] = []
        while tokens[index].token.kind != .endOfFile,
            children.isEmpty || !tokens[index].token.startsLine
        {
            children.append(take())
        }
        return node(.skipped, children)
    }

    /// Runs `body` outside all brackets: the entries of a block.
    mutating func outsideBrackets<Result>(_ body: (inout Parser) -> Result) -> Result {
        let saved = brackets
        brackets = 0
        refresh()
        defer {
            brackets = saved
            refresh()
        }
        return body(&self)
    }

    /// Runs `body` where line ends do not count.
    mutating func insideBrackets<Result>(_ body: (inout Parser) -> Result) -> Result {
        brackets += 1
        refresh()
        defer {
            brackets -= 1
            refresh()
        }
        return body(&self)
    }

    /// Runs `body` one level deeper; at the limit it reports and returns nil.
    mutating func nested<Result>(_ body: (inout Parser) -> Result) -> Result? {
        guard nesting < Self.nestingLimit else {
            reportNesting()
            return nil
        }
        nesting += 1
        defer { nesting -= 1 }
        return body(&self)
    }

    /// Gives up on syntax that is too deep: the rest of the clause, and what is open, is skipped.
    mutating func skipDeep() -> [SyntaxNode.Child] {
        var children: [SyntaxNode.Child] = []
        while !isAtEnd, tokens[index].token.kind != .leftBrace { children.append(take()) }
        lastReported = index
        return children
    }

    mutating func reportNesting() {
        report(
            .nestingTooDeep, "this is nested too deep", at: tokens[index].token.range,
            help: "name a part of it with 'let' or 'segment'")
    }

    // MARK: - Trying

    struct Position {
        fileprivate let index: Int
        fileprivate let brackets: Int
        fileprivate let continuation: Int
        fileprivate let faults: Int
        fileprivate let lastReported: Int
        fileprivate let reported: Int
    }

    var position: Position {
        Position(
            index: index, brackets: brackets, continuation: continuation, faults: faults,
            lastReported: lastReported, reported: diagnostics.count)
    }

    mutating func reset(to position: Position) {
        index = position.index
        brackets = position.brackets
        continuation = position.continuation
        faults = position.faults
        lastReported = position.lastReported
        diagnostics.removeSubrange(position.reported...)
        refresh()
    }

    // MARK: - Faults

    /// Reports a fault, at most one a token, and none that follows from bytes already reported.
    mutating func report(
        _ code: DiagnosticCode, _ message: String, at range: SourceRange,
        notes: [Diagnostic.Note] = [], help: String? = nil, fixIts: [FixIt] = []
    ) {
        faults += 1
        guard lastReported != index else { return }
        lastReported = index
        if tokens[index].marks.contains(.afterFault) { return }
        diagnostics.append(
            Diagnostic(
                code, message, at: range, notes: notes, help: help, fixIts: fixIts))
    }

    /// Reports `expected what before found` where the current token stands.
    mutating func expected(
        _ what: String, _ code: DiagnosticCode, notes: [Diagnostic.Note] = [],
        help: String? = nil, fixIts: [FixIt] = []
    ) {
        lastExpectation = what
        let what = expectationOverride ?? what
        let advice = help == nil ? self.advice(code, expecting: lastExpectation) : nil
        report(
            code, "expected \(what) before \(found)", at: foundRange, notes: notes,
            help: help ?? advice?.help, fixIts: fixIts + (advice?.fixIts ?? []))
    }

    /// Reports what begins a line and cannot, where it stands; elsewhere as `expected`.
    mutating func unexpected(_ what: String, _ code: DiagnosticCode) {
        let token = tokens[index].token
        guard token.startsLine, token.kind != .endOfFile else { return expected(what, code) }
        let advice = advice(code, expecting: what)
        let text = file.text(Int(token.range.start), Int(token.range.end))
        let shown = text.utf8.count > 40 || text.contains("\n") ? "this text" : "'\(text)'"
        report(
            code, "expected \(what), found \(shown)", at: token.range, help: advice?.help,
            fixIts: advice?.fixIts ?? [])
    }

    /// The current token in a message.
    var found: String {
        let token = tokens[index].token
        if token.kind == .endOfFile { return "end of file" }
        if token.startsLine, index > 0 { return "end of line" }
        let text = file.text(Int(token.range.start), Int(token.range.end))
        guard text.utf8.count <= 40, !text.contains("\n") else { return "this text" }
        return token.kind == .string ? text : "'\(text)'"
    }

    /// Where a fault at the current token is shown: on the line that lacks something.
    var foundRange: SourceRange {
        let token = tokens[index].token
        guard index > 0, token.startsLine || token.kind == .endOfFile else { return token.range }
        return endOfPrevious
    }

    /// The empty range after the token before the current one.
    var endOfPrevious: SourceRange {
        guard index > 0 else { return tokens[index].token.range }
        let end = Int(tokens[index - 1].token.range.end)
        return SourceRange(file: fileIndex, start: end, end: end)
    }

    func text(_ token: LexedToken) -> String {
        file.text(Int(token.token.range.start), Int(token.token.range.end))
    }

    // MARK: - Nodes

    func node(
        _ kind: SyntaxNode.Kind, _ children: [SyntaxNode.Child], form: (row: Int, form: Int)? = nil
    ) -> SyntaxNode {
        guard let first = children.first, let last = children.last else {
            return SyntaxNode(kind, [], range: endOfPrevious, form: form)
        }
        return SyntaxNode(
            kind, children, range: first.range.through(last.range), form: form)
    }

    /// The place of something that is not there.
    func missing() -> SyntaxNode { node(.missing, []) }
}

extension SyntaxNode.Child {
    var range: SourceRange {
        switch element {
        case .token(let token): token.range
        case .node(let node): node.range
        }
    }

    static func node(_ node: SyntaxNode, _ label: String? = nil) -> Self {
        Self(.node(node), label: label)
    }
}
