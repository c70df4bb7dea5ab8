import PitchSource

/// A word, number, string or mark, with the blanks and comments before it.
package struct Token: Sendable, Hashable {
    package enum Kind: String, Sendable {
        /// A bare word: keyword or name, in Unicode NFC by `SyntaxTree.text(of:)`.
        case word
        /// A name between back-ticks.
        case quotedName
        /// `10_000`, `2.5`
        case number
        case string, longString
        /// `2026-03-01`; `2026-03-01 09:30`, `2026-03-01T09:30:00+08:00`; `22:00`
        case date, instant, time
        case leftBrace = "{"
        case rightBrace = "}"
        case leftBracket = "["
        case rightBracket = "]"
        case leftParen = "("
        case rightParen = ")"
        case comma = ","
        case dot = "."
        case equal = "="
        case notEqual = "!="
        case less = "<"
        case lessOrEqual = "<="
        case greater = ">"
        case greaterOrEqual = ">="
        case plus = "+"
        case minus = "-"
        case star = "*"
        case slash = "/"
        case percent = "%"
        case times = "×"
        case arrow = "->"
        case question = "?"
        case colon = ":"
        /// Bytes that begin no token; reported by the lexer.
        case unknown
        case endOfFile
    }

    package let kind: Kind
    /// Without trivia.
    package let range: SourceRange
    /// Where the blanks and comments before it begin; up to `range.start`.
    package let triviaStart: Int32
    /// First on its line.
    package let startsLine: Bool

    package init(_ kind: Kind, _ range: SourceRange, triviaStart: Int32, startsLine: Bool) {
        self.kind = kind
        self.range = range
        self.triviaStart = triviaStart
        self.startsLine = startsLine
    }
}

/// A node of the lossless tree. Its tokens in order, with their trivia, are the file to the byte.
package struct SyntaxNode: Sendable {
    /// A child and what it is to its parent; the labels of each kind are listed at `Kind`.
    package struct Child: Sendable {
        package let label: String?
        package let element: Element
        package init(_ element: Element, label: String? = nil) {
            self.label = label
            self.element = element
        }
    }

    package indirect enum Element: Sendable {
        case token(Token)
        case node(SyntaxNode)
    }

    /// Labels are in parentheses; tokens without a label are marks and connecting words.
    package enum Kind: String, Sendable {
        /// (edition) (item)* then the end-of-file token.
        case sourceFile
        /// `pitch 1`: (number)
        case edition
        /// `import "file"`: (path)
        case importItem
        /// (keyword) then the labels of the header's pattern, then one of (value) expression,
        /// (block) block, (type) type and (block).
        case declaration
        /// (entry)*: clause, fieldRow, item, caseRow, textRow, testRow, declaration, skipped
        case block
        /// (word)+ the clause words, then the labels of the matched form. `form` is in
        /// `SyntaxNode.form`.
        case clause
        /// `amount money CNY = total`: (name) (type) [(value) expression]
        case fieldRow
        /// (word)+ (currency) (choice)* (table) (unit) (optional) '?', and marks: (pattern) string,
        /// (zone) string, (separator) string, (rounded), (comma)
        case type
        /// `2 x off20`: [(count)] (name)
        case item
        /// `gold if spent >= 5000 CNY`, `bronze otherwise`: (value) expression [(condition)
        /// expression]
        case caseRow
        /// `wechat "text"`: (channel) (text)
        case textRow
        /// `for each x in [..] { … }`: (name) (list) (block)
        case forEach
        /// A row of a `test` block: (word)+ and labelled arguments as the test's patterns say.
        case testRow

        /// (scene)+ words, (ordinal) `first` or (number) with (everyth), (per) name, (where)
        /// expression, (field) name, (days) (weekday)+ (time) (moment) (segment) (offset) period,
        /// (idle) period; then (then) occurrence with (no), (same) name and (within) period.
        /// (negated) `no`.
        case occurrence
        /// (count) (name) · (best) (choices) list (goal) · (picked) (theme)
        case offer
        /// (name)+
        case route

        /// (name) word or quoted name.
        case name
        /// `orders.at`: (base) expression (name)
        case access
        /// A number, string, date, instant or time: (token)
        case literal
        /// `20 CNY`, `7 days`, `10%`, `18 C`: (number) (unit)
        case quantity
        /// `[a, b]`: (element)*
        case list
        /// `(e)`: (inner)
        case group
        /// `f(a, b)`: (function) name (argument)*; of an aggregate the first argument may be
        /// followed by (window) and (where) expression, (unit) word after `by`; and preceded by
        /// (other).
        case call
        /// (operator)+ (operand)
        case unary
        /// (left) (operator)+ (right): `and or = != < <= > >= in 'not in' has 'has any of' 'has
        /// all of' 'starts with' contains before after 'or else' + - * /`. The right side of `in`
        /// may be a window or a range.
        case binary
        /// `x [not] between a and b`: (left) [(not)] (low) (high)
        case between
        /// `x in 18 to 25`: stands right of `in`: (low) (high)
        case range
        /// `x is missing`, `x is known`: (operand) (test)
        case test
        /// `60 days ago`, `3 days from now`: (operand) (direction)+
        case relative
        /// `in last 30 days`, `this month`, `since T`, `until T`, `from A to B`, `today`:
        /// (word)+ and (period) or (unit) or (from) (to) expressions.
        case window
        /// `a if c otherwise b`: (value) (condition) (otherwise)
        case conditional
        /// Where an expression was expected and none stands; it holds no token. Already reported.
        case missing
        /// Tokens that fit nowhere. Already reported.
        case skipped
    }

    package let kind: Kind
    package let children: [Child]
    /// From the first token to the last, without the first one's trivia. Empty, at its place, for
    /// `missing`.
    package let range: SourceRange
    /// Of a clause: the index of its `ClauseRow` in the declaration's table, and of the form that
    /// it matches.
    package let form: (row: Int, form: Int)?

    package init(
        _ kind: Kind, _ children: [Child], range: SourceRange, form: (row: Int, form: Int)? = nil
    ) {
        self.kind = kind
        self.children = children
        self.range = range
        self.form = form
    }

    /// The first node of a label.
    package func node(_ label: String) -> SyntaxNode? {
        for child in children where child.label == label {
            if case .node(let node) = child.element { return node }
        }
        return nil
    }

    /// All nodes of a label, in order.
    package func nodes(_ label: String) -> [SyntaxNode] {
        children.compactMap { child in
            guard child.label == label, case .node(let node) = child.element else { return nil }
            return node
        }
    }

    /// The first token of a label.
    package func token(_ label: String) -> Token? {
        for child in children where child.label == label {
            if case .token(let token) = child.element { return token }
        }
        return nil
    }

    /// All tokens of a label, in order.
    package func tokens(_ label: String) -> [Token] {
        children.compactMap { child in
            guard child.label == label, case .token(let token) = child.element else { return nil }
            return token
        }
    }

    /// Every token below, in order.
    package func forEachToken(_ body: (Token) -> Void) {
        for child in children {
            switch child.element {
            case .token(let token): body(token)
            case .node(let node): node.forEachToken(body)
            }
        }
    }
}

/// What parsing a file gives: always a whole tree, and what was wrong.
package struct SyntaxTree: Sendable {
    package let file: SourceFile
    package let root: SyntaxNode
    package let diagnostics: [Diagnostic]

    package init(file: SourceFile, root: SyntaxNode, diagnostics: [Diagnostic]) {
        self.file = file
        self.root = root
        self.diagnostics = diagnostics
    }

    /// A token's text as written.
    package func text(of token: Token) -> String {
        file.text(Int(token.range.start), Int(token.range.end))
    }

    package func text(of node: SyntaxNode) -> String {
        file.text(Int(node.range.start), Int(node.range.end))
    }
}
