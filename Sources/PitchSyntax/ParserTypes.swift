import PitchSchema
import PitchSource

/// Rows of `members`, `events` and `table`.
extension Parser {
    /// `amount money CNY = total rounded`
    mutating func fieldRow() -> SyntaxNode {
        var children: Children = [.node(node(.name, [take("name")]), "name")]
        children.append(.node(type(), "type"))
        if kind == .equal {
            children.append(take())
            continueLine()
            children.append(.node(expression(), "value"))
            typeMarks(into: &children)
        }
        return node(.fieldRow, children)
    }

    /// Whether the token after the current one can begin a type.
    var nextStartsType: Bool {
        guard let following = next() else { return false }
        if following.token.kind == .arrow { return true }
        guard following.token.kind == .word else { return false }
        if let keyword = following.keyword {
            return keyword.category == .type || Self.typeWords.contains(keyword)
        }
        return true
    }

    mutating func type() -> SyntaxNode {
        var children: Children = []
        if kind == .arrow {
            children.append(take())
            if let table = argument(.name) { children.append(.node(table, "table")) }
        } else if kind == .word {
            typeName(into: &children)
        } else {
            expected("a type", .unknownType, help: typesHelp)
            return node(.type, children)
        }
        typeMarks(into: &children)
        return node(.type, children)
    }

    private mutating func typeName(into children: inout Children) {
        switch keyword {
        case .money:
            children.append(take("word"))
            guard canStart(.currency) else {
                return expected(Self.description(of: .currency), .unknownType)
            }
            children.append(take("currency"))
        case .one:
            children.append(take("word"))
            guard at(.of) else { return expected("'\(Keyword.of.english)'", .unknownType) }
            children.append(take("word"))
            choices(into: &children)
        case .some(let word) where Self.typeWords.contains(word): children.append(take("word"))
        case nil where Unit.named(text(current)) != nil: children.append(take("unit"))
        default:
            reportType()
            children.append(.node(node(.skipped, [take()])))
        }
    }

    static let typeWords: [Keyword] = [
        .text, .number, .integer, .yesno, .date, .instant, .time, .percent, .duration, .tags,
    ]

    /// Types as they are called elsewhere, in lower case.
    private static let typesElsewhere = [
        "string": "text", "str": "text", "varchar": "text", "char": "text", "int": "integer",
        "bigint": "integer", "float": "number", "double": "number", "numeric": "number",
        "bool": "yesno", "boolean": "yesno", "datetime": "instant", "timestamp": "instant",
        "array": "tags",
    ]

    private var typesHelp: String {
        "a type is one of " + Self.typeWords.map(\.english).joined(separator: ", ")
            + ", money CNY, one of […], -> table, or a unit such as C"
    }

    private mutating func reportType() {
        let word = text(current)
        let meant = Self.typesElsewhere[word.lowercased()] ?? Spelling.nearest(
            to: word, among: (Self.typeWords + [.money]).map(\.english))
        report(
            .unknownType, "there is no type '\(word)'", at: current.token.range,
            help: meant.map { "did you mean '\($0)'?" } ?? typesHelp,
            fixIts: meant.map {
                [FixIt("write '\($0)'", replace: current.token.range, with: $0)]
            } ?? [])
    }

    private mutating func choices(into children: inout Children) {
        guard kind == .leftBracket else { return expected("'['", .unknownType) }
        let opening = current.token
        children.append(openBracket())
        while name() || kind == .string {
            children.append(take("choice"))
            guard kind == .comma else { break }
            children.append(take())
        }
        closeBracket(.rightBracket, of: opening, into: &children)
    }

    /// `?`, `"dd/MM/yyyy"`, `zone "…"`, `separated by "|"`, `decimal comma`, `rounded`
    private mutating func typeMarks(into children: inout Children) {
        while !isAtEnd {
            if kind == .question {
                children.append(take("optional"))
            } else if kind == .string {
                children.append(take("pattern"))
            } else if at(.rounded) {
                children.append(take("rounded"))
            } else if at(.zone) {
                children.append(take())
                text("zone", into: &children)
            } else if at(.separated), next()?.keyword == .by {
                children += [take(), take()]
                text("separator", into: &children)
            } else if at(.decimal), next()?.keyword == .comma {
                children += [take(), take("comma")]
            } else {
                return
            }
        }
    }

    private mutating func text(_ label: String, into children: inout Children) {
        guard kind == .string else {
            return expected(Self.description(of: .string), .clauseForm)
        }
        children.append(take(label))
    }
}
