import PitchSource

/// Marks of other languages and scripts, and the ones that they stand for here.
enum Lookalike {
    struct Meant {
        let kind: Token.Kind
        var keyword: Keyword?
        let text: String
    }

    /// ASCII marks, longest first.
    static let sequences: [(bytes: [UInt8], meant: Meant)] = foreign.map {
        (Array($0.0.utf8), $0.1)
    }

    private static let foreign: [(String, Meant)] = [
        ("===", .init(kind: .equal, text: "=")), ("!==", .init(kind: .notEqual, text: "!=")),
        ("==", .init(kind: .equal, text: "=")), ("<>", .init(kind: .notEqual, text: "!=")),
        ("=>", .init(kind: .greaterOrEqual, text: ">=")),
        ("=<", .init(kind: .lessOrEqual, text: "<=")),
        (":=", .init(kind: .equal, text: "=")),
        ("&&", .init(kind: .word, keyword: .and, text: Keyword.and.english)),
        ("||", .init(kind: .word, keyword: .or, text: Keyword.or.english)),
        ("&", .init(kind: .word, keyword: .and, text: Keyword.and.english)),
        ("|", .init(kind: .word, keyword: .or, text: Keyword.or.english)),
        ("!", .init(kind: .word, keyword: .not, text: Keyword.not.english)),
        (";", .init(kind: .comma, text: ",")),
    ]

    static let marks: [Unicode.Scalar: Meant] = [
        "≥": .init(kind: .greaterOrEqual, text: ">="),
        "≤": .init(kind: .lessOrEqual, text: "<="), "≠": .init(kind: .notEqual, text: "!="),
        "÷": .init(kind: .slash, text: "/"), "−": .init(kind: .minus, text: "-"),
        "–": .init(kind: .minus, text: "-"), "—": .init(kind: .minus, text: "-"),
        "→": .init(kind: .arrow, text: "->"),
        "，": .init(kind: .comma, text: ","), "、": .init(kind: .comma, text: ","),
        "；": .init(kind: .comma, text: ","), "：": .init(kind: .colon, text: ":"),
        "（": .init(kind: .leftParen, text: "("), "）": .init(kind: .rightParen, text: ")"),
        "［": .init(kind: .leftBracket, text: "["), "］": .init(kind: .rightBracket, text: "]"),
        "【": .init(kind: .leftBracket, text: "["), "】": .init(kind: .rightBracket, text: "]"),
        "｛": .init(kind: .leftBrace, text: "{"), "｝": .init(kind: .rightBrace, text: "}"),
        "＝": .init(kind: .equal, text: "="), "＞": .init(kind: .greater, text: ">"),
        "＜": .init(kind: .less, text: "<"), "％": .init(kind: .percent, text: "%"),
        "＋": .init(kind: .plus, text: "+"), "－": .init(kind: .minus, text: "-"),
        "＊": .init(kind: .star, text: "*"), "／": .init(kind: .slash, text: "/"),
        "。": .init(kind: .comma, text: ","),
        "！": .init(kind: .word, keyword: .not, text: Keyword.not.english),
    ]

    /// Opening quotes and what closes them.
    static let quotes: [Unicode.Scalar: Unicode.Scalar] = [
        "“": "”", "”": "”", "‘": "’", "’": "’", "「": "」", "『": "』", "＂": "＂",
    ]
}

extension Lexer {
    /// Reads one token; `position` is at its first byte, which begins one.
    mutating func scan() -> (Token.Kind, Keyword?) {
        let first = bytes[position]
        switch first {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "_"):
            return scanWord()
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return (scanNumber(), nil)
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return (scanString(), nil)
        case UInt8(ascii: "`"): return (scanQuotedName(), nil)
        case 0x80...: return scanForeign()
        default: return scanMark()
        }
    }

    private mutating func scanWord() -> (Token.Kind, Keyword?) {
        let start = position
        position += 1
        skipWord()
        return (.word, KeywordIndex.shared.keyword(of: bytes[start..<position]))
    }

    private mutating func skipWord() {
        while position < end {
            let byte = bytes[position]
            if Self.continuesWord[Int(byte)] {
                position += 1
            } else if byte >= 0x80, let (scalar, size) = decode(at: position),
                scalar.properties.isXIDContinue
            {
                position += size
            } else {
                return
            }
        }
    }

    private static let continuesWord: [Bool] = (0..<256).map { byte in
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
            || (0x61...0x7A).contains(byte) || byte == 0x5F
    }

    /// A word, `×`, `°C`, or a mark of another script.
    private mutating func scanForeign() -> (Token.Kind, Keyword?) {
        let start = position
        guard let (scalar, size) = decode(at: position) else {
            position += 1
            return (.word, nil)
        }
        position += size
        if scalar == "×" { return (.times, .x) }
        if let meant = Lookalike.marks[scalar] { return reportLookalike(meant, from: start) }
        if let closing = Lookalike.quotes[scalar] {
            return (scanForeignString(start, until: closing), nil)
        }
        skipWord()
        return (.word, KeywordIndex.shared.keyword(of: bytes[start..<position]))
    }

    private mutating func scanMark() -> (Token.Kind, Keyword?) {
        let start = position
        for (sequence, meant) in Lookalike.sequences where matches(sequence) {
            if sequence.count == 1, sequence[0] == UInt8(ascii: "!"), byte(1) == UInt8(ascii: "=") {
                continue
            }
            position += sequence.count
            return reportLookalike(meant, from: start)
        }
        for (sequence, kind) in Self.doubleMarks where matches(sequence) {
            position += 2
            return (kind, nil)
        }
        position += 1
        return (Self.singleMarks[bytes[start]] ?? .comma, nil)
    }

    private func matches(_ sequence: [UInt8]) -> Bool {
        guard position + sequence.count <= end, bytes[position] == sequence[0] else { return false }
        return sequence.indices.allSatisfy { bytes[position + $0] == sequence[$0] }
    }

    private static let doubleMarks: [([UInt8], Token.Kind)] = [
        .notEqual, .lessOrEqual, .greaterOrEqual, .arrow,
    ].map { (Array($0.rawValue.utf8), $0) }

    private static let singleMarks: [UInt8: Token.Kind] = {
        let kinds: [Token.Kind] = [
            .leftBrace, .rightBrace, .leftBracket, .rightBracket, .leftParen, .rightParen, .comma,
            .dot, .equal, .less, .greater, .plus, .minus, .star, .slash, .percent, .question,
            .colon,
        ]
        return Dictionary(uniqueKeysWithValues: kinds.map { (Array($0.rawValue.utf8)[0], $0) })
    }()

    private mutating func reportLookalike(
        _ meant: Lookalike.Meant, from start: Int
    ) -> (Token.Kind, Keyword?) {
        let range = range(start, position)
        isStandIn = true
        diagnostics.append(
            Diagnostic(
                .foreignMark, "write '\(meant.text)' instead of '\(text(start, position))'",
                at: range,
                fixIts: [FixIt("write '\(meant.text)'", replace: range, with: meant.text)]))
        return (meant.kind, meant.keyword)
    }
}
