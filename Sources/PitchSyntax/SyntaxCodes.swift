import PitchSource

/// Faults of characters, words and marks, and of the shape of clauses.
extension DiagnosticCode {
    /// Every code that lexing and parsing report.
    package static let syntaxCodes: [DiagnosticCode] = [
        .invalidEncoding, .unknownCharacter, .unclosedString, .unclosedName, .malformedNumber,
        .foreignMark, .fileTooLarge, .nestingTooDeep, .unclosedBracket, .unclosedBlock, .strayMark,
        .unknownDeclaration, .misplaced, .unknownEdition, .header, .unknownClause, .clauseForm,
        .leftover, .bareList, .unknownType, .unknownScene, .unknownUnit, .expectedExpression,
        .expectedOther, .chainedComparison, .windowAfterWhere, .textHole, .notAScript,
    ]

    static let invalidEncoding = DiagnosticCode(
        "P101", "the file is not UTF-8",
        explanation: "Scripts are UTF-8. The byte offset says where another encoding shows.",
        example: "let café = 1 (saved as Latin-1)", repair: "let café = 1")

    static let unknownCharacter = DiagnosticCode(
        "P102", "a character that means nothing",
        explanation: """
            The character belongs to no name, number or mark. Text stands in quotes; a name with \
            unusual characters stands in back-ticks.
            """,
        example: "let total = $5", repair: "let total = 5 USD")

    static let unclosedString = DiagnosticCode(
        "P103", "a text without its closing quote",
        explanation: """
            A text ends on its line with the quote it began with. For several lines write three \
            quotes.
            """,
        example: "let city = \"Shanghai", repair: "let city = \"Shanghai\"")

    static let unclosedName = DiagnosticCode(
        "P104", "a name without its closing back-tick",
        explanation: "A name between back-ticks ends on its line and is not empty.",
        example: "let `big order = 5", repair: "let `big order` = 5")

    static let malformedNumber = DiagnosticCode(
        "P105", "a number with a misplaced '_'",
        explanation: "In a number '_' stands between two digits, for reading.",
        example: "let big = 10__000", repair: "let big = 10_000")

    static let foreignMark = DiagnosticCode(
        "P106", "a mark of another language",
        explanation: "Pitch writes '=', 'and', 'or', 'not', '>=' and plain punctuation.",
        example: "segment big = spent == 5", repair: "segment big = spent = 5")

    static let fileTooLarge = DiagnosticCode(
        "P107", "a file larger than 16 MiB",
        explanation: "A script is written by people. Split it, and use 'import'.",
        example: "# 200,000 coupons in one file",
        repair: "import \"coupons.pitch\"\nimport \"more_coupons.pitch\"")

    static let nestingTooDeep = DiagnosticCode(
        "P108", "syntax that is nested too deep",
        explanation: """
            Brackets may be nested 256 deep, and a chain of '+' or '*' may be 500 long. Name a \
            part of the expression with 'let' or 'segment'.
            """,
        example: "let deep = " + String(repeating: "(", count: 300) + "1"
            + String(repeating: ")", count: 300),
        repair: "let deep = ((1))")

    static let unclosedBracket = DiagnosticCode(
        "P110", "a bracket that is not closed",
        explanation: """
            Every '(' and '[' has its closing mark. A '}', an empty line or a new declaration \
            ends what is open.
            """,
        example: "segment big = (spent > 5", repair: "segment big = (spent > 5)")

    static let unclosedBlock = DiagnosticCode(
        "P111", "a block that is not closed",
        explanation: "Every '{' has its '}'. A declaration in the first column ends all blocks.",
        example: "bundle pack { off20", repair: "bundle pack { off20 }")

    static let strayMark = DiagnosticCode(
        "P112", "a mark that closes or separates nothing",
        explanation: "There is no open bracket for it, or nothing before the comma.",
        example: "bundle pack { off20 }\n}", repair: "bundle pack { off20 }")

    static let unknownDeclaration = DiagnosticCode(
        "P113", "a word that declares nothing",
        explanation: "A file consists of declarations such as 'segment', 'coupon' and 'plan'.",
        example: "segmnt big = spent > 5", repair: "segment big = spent > 5")

    static let misplaced = DiagnosticCode(
        "P114", "a declaration in the wrong place",
        explanation: """
            A strategy stands inside a plan, other declarations stand by themselves, and 'pitch 1' \
            stands first.
            """,
        example: "plan spring {\n    coupon off20 { kind cash }\n}",
        repair: "plan spring {\n}\ncoupon off20 { kind cash }")

    static let unknownEdition = DiagnosticCode(
        "P115", "an edition that does not exist",
        explanation: "The number after 'pitch' is the edition of the language: 1.",
        example: "pitch 7", repair: "pitch 1")

    static let header = DiagnosticCode(
        "P116", "a declaration without its body",
        explanation: """
            A declaration is 'kind name "Title" { clauses }' or 'kind name = expression'.
            """,
        example: "segment big spent > 5", repair: "segment big = spent > 5")

    static let unknownClause = DiagnosticCode(
        "P117", "a clause that this declaration does not have",
        explanation: "The first word of a line in a block names a clause of that declaration.",
        example: "coupon off20 { kid cash }", repair: "coupon off20 { kind cash }")

    static let clauseForm = DiagnosticCode(
        "P118", "a clause that is not complete",
        explanation: "The message says what was expected and what stands there instead.",
        example: "coupon off20 { kind cash, stock many }",
        repair: "coupon off20 { kind cash, stock 100 }")

    static let leftover = DiagnosticCode(
        "P119", "something after the end of a clause",
        explanation: "A comma or a new line ends a clause; the clause was complete before this.",
        example: "coupon off20 { stock 100 pieces }", repair: "coupon off20 { stock 100 }")

    static let bareList = DiagnosticCode(
        "P120", "a list without brackets",
        explanation: "A comma ends a clause, so a list of values stands in brackets.",
        example: "theme autumn { from off20, comeback }",
        repair: "theme autumn { from [off20, comeback] }")

    static let unknownType = DiagnosticCode(
        "P121", "a type that does not exist",
        explanation: "The types are text, number, integer, yesno, date, instant, time and others.",
        example: "members from csv \"m.csv\" {\n    city txt\n}",
        repair: "members from csv \"m.csv\" {\n    city text\n}")

    static let unknownScene = DiagnosticCode(
        "P122", "something that cannot be waited for",
        explanation: "After 'when' stands a scene: purchase, topup, coupon, product, weather, …",
        example: "plan p { strategy s { when purchse } }",
        repair: "plan p { strategy s { when purchase } }")

    static let unknownUnit = DiagnosticCode(
        "P123", "a unit that does not exist",
        explanation:
            "A word after a number is a unit: days, CNY, C, km. Currencies are upper case.",
        example: "let big = 500 cny", repair: "let big = 500 CNY")

    static let expectedExpression = DiagnosticCode(
        "P124", "an expression that is not there",
        explanation: "A value, name or condition was expected.",
        example: "segment big = spent > and city = \"Bern\"",
        repair: "segment big = spent > 5 and city = \"Bern\"")

    static let expectedOther = DiagnosticCode(
        "P125", "an expression that is not complete",
        explanation: "The message says which word or mark was expected.",
        example: "segment some = spent between 1", repair: "segment some = spent between 1 and 5")

    static let chainedComparison = DiagnosticCode(
        "P126", "comparisons in a chain",
        explanation: "A comparison has two sides. For a range write 'x between a and b'.",
        example: "segment some = 1 < spent < 5", repair: "segment some = spent between 1 and 5")

    static let windowAfterWhere = DiagnosticCode(
        "P127", "a window after 'where'",
        explanation: """
            In brackets the window stands first: 'where' runs to the closing bracket, so what \
            follows it would belong to its condition.
            """,
        example: "let n = count(orders where amount > 5 in last 30 days)",
        repair: "let n = count(orders in last 30 days where amount > 5)")

    static let textHole = DiagnosticCode(
        "P128", "a hole in a text that cannot be read",
        explanation: """
            In the text of a message '{' begins a hole with an expression, and '}' ends it. Write \
            '{{' for a brace. Text inside a hole uses the other quote.
            """,
        example: "message hi { wechat \"Dear {name, hello\" }",
        repair: "message hi { wechat \"Dear {name}, hello\" }")

    static let notAScript = DiagnosticCode(
        "P129", "a file that is no script",
        explanation: """
            The file begins with no declaration, and hardly a line of it can be read. It may be \
            data, which a script names: 'members from csv "members.csv" { … }'.
            """,
        example: "m1,Shanghai,2024-01-01 (and a hundred lines more)",
        repair: "members from csv \"members.csv\" { key member_id, city text }")
}
