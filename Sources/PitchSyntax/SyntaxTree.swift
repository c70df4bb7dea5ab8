import PitchSource

/// A word, number, string or mark, with the blanks and comments before it. Bytes that begin no
/// token are reported and belong to the trivia.
package struct Token: Sendable, Hashable {
    package enum Kind: String, Sendable {
        /// A bare word: keyword or name, in Unicode NFC by `SyntaxTree.text(of:)`.
        case word
        /// A name between back-ticks.
        case quotedName
        /// `10_000`, `2.5`
        case number
        case string, longString
        /// `2026-03-01`; `2026-03-01 09:30`, `2026-03-01T09:30:00+08:00`; `22:00`. Whether there
        /// is such a day or hour is for the checker to say.
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

    package enum Element: Sendable {
        case token(Token)
        case node(SyntaxNode)
    }

    /// Labels are in parentheses; tokens without a label are marks and connecting words. A slot
    /// of a pattern is always a node: `name` for names and currencies, `literal` for strings,
    /// numbers, dates and times, `quantity` for percents, money and periods, `unary` for negative
    /// numbers, `list` or `name` for several names, `list` or `literal` for several numbers, and
    /// the node of its own name for an occurrence, offer, route, type, block or expression. An
    /// argument that is not there is a node `missing`, or no child; either is already reported.
    package enum Kind: String, Sendable {
        /// (edition) (item)* then the end-of-file token. Items: importItem, declaration, forEach,
        /// skipped.
        case sourceFile
        /// `pitch 1`: (number) token
        case edition
        /// `import "file"`: (path) token
        case importItem
        /// (keyword) then the labels of the header's pattern, then one of (value) expression,
        /// (block) block, (type) type and (block). `form.row` is the index in
        /// `ClauseTables.declarations`. Words of the header (`csv`, `table`) are (word).
        case declaration
        /// (entry)*: clause, fieldRow, item, caseRow, textRow, testRow, valueRow, declaration,
        /// forEach, skipped
        case block
        /// (word)+ the leading words, and the words of the alternatives and options that stand;
        /// the labels of the matched form. `form` says which.
        case clause
        /// `amount money CNY = total`: (name) (type) [(value) expression], then the marks of a
        /// type that stand after the value: (rounded) (pattern) (zone) (separator) (comma)
        case fieldRow
        /// (word)+ the name of the type, none if it was reported; or (unit) token; (currency)
        /// token, (choice)* tokens, (table) name, (optional) '?', and marks: (pattern) string
        /// token, (zone) string token, (separator) string token, (rounded) token, (comma) token
        case type
        /// `2 x off20`: [(count) token] (name)
        case item
        /// `gold if spent >= 5000 CNY`, `bronze otherwise`: (value) expression [(condition)
        /// expression]
        case caseRow
        /// `wechat "text"`: (channel) name (text) token; `SyntaxTree.pieces(of:)` reads the text
        case textRow
        /// `for each x in [..] { … }`: (name) (list) (block)
        case forEach
        /// A row of a `test` block, as `clause`. `form` is in the table of `test`.
        case testRow
        /// `amount 2500 CNY` in a block of a test's row: (name) (value) expression
        case valueRow

        /// (scene)+ the words that say what occurs, `ClauseTables.occurrences` lists the forms;
        /// `form.row` is the index there. The labels of that form, (where) expression. Of `A then
        /// [no] B with same F within D`: (then) occurrence, (no) token, (same)* name, (within)
        /// period.
        case occurrence
        /// [(count)] (name) · (word)+ `best`, (choices) (goal) · (word)+ `picked`, (theme).
        /// `form.form` is the index in `ClauseTables.offers`.
        case offer
        /// (name)+
        case route

        /// (name) word or quoted name.
        case name
        /// `orders.at`: (base) expression (name) token
        case access
        /// A number, string, date, instant or time: (token)
        case literal
        /// `20 CNY`, `7 days`, `10%`, `18 C`: (number) token (unit) token
        case quantity
        /// `[a, b]`: (element)*; of `define f(x)`, in parentheses.
        case list
        /// `(e)`: (inner)
        case group
        /// `f(a, b)`: (function) name (argument)*. Of an aggregate also (other) token before the
        /// first argument, (window), (unit) token after `by`, (where) expression. `time of x` has
        /// the function `time`.
        case call
        /// `not e`, `- e`: (operator) (operand)
        case unary
        /// `a and b and c`, `a or b or c`: (operand) (operand)+ with (operator) tokens between, all
        /// of one word.
        case junction
        /// (left) (operator)+ (right): `= != < <= > >= in 'not in' has 'has any of' 'has all of'
        /// 'starts with' contains before after 'or else' + - * /`. The right side of `in` may be a
        /// window or a range.
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
        /// (word) `last next this today yesterday since until from`, and (period) expression or
        /// (unit) token or (from) (to) expressions: `since` has (from), `until` has (to). The word
        /// `in` has no label.
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
    /// Nodes on the longest way down; at most `heightLimit`, so that recursion over a tree is
    /// safe.
    package let height: Int32

    /// 256 nested brackets with an operator each, twice over.
    package static let heightLimit: Int32 = 512

    package init(
        _ kind: Kind, _ children: [Child], range: SourceRange, form: (row: Int, form: Int)? = nil
    ) {
        self.kind = kind
        self.children = children
        self.range = range
        self.form = form
        var below: Int32 = 0
        for child in children {
            if case .node(let node) = child.element { below = max(below, node.height) }
        }
        height = below + 1
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
