import PitchSource
import PitchSyntax
import PitchTestSupport
import Testing

/// The TextMate grammar for editors follows from the keyword table.
@Suite struct EditorGrammarTests {
    private static let scopes: [(Keyword.Category, String)] = [
        (.declaration, "keyword.declaration"), (.clause, "keyword.other.clause"),
        (.operator, "keyword.operator.word"), (.connecting, "keyword.other.connecting"),
        (.window, "keyword.other.window"), (.aggregate, "support.function.aggregate"),
        (.function, "support.function"), (.scene, "keyword.other.scene"),
        (.type, "storage.type"), (.unit, "constant.other.unit"),
    ]

    private static let marks: [(name: String, match: String)] = [
        ("comment.line.documentation", "##.*$"), ("comment.line.number-sign", "#.*$"),
        ("string.quoted.triple", "\"\"\"[^\"]*\"\"\""), ("string.quoted.double", "\"[^\"\\n]*\""),
        ("string.quoted.single", "'[^'\\n]*'"), ("variable.other.quoted", "`[^`\\n]*`"),
        (
            "constant.numeric.date",
            "\\b\\d{4}-\\d{2}-\\d{2}([T ]\\d{1,2}:\\d{2}(:\\d{2})?(Z|[+-]\\d{2}:\\d{2})?)?\\b"
        ),
        ("constant.numeric.time", "\\b\\d{1,2}:\\d{2}(:\\d{2})?\\b"),
        ("constant.numeric", "\\b\\d[\\d_]*(\\.\\d[\\d_]*)?%?"),
        ("keyword.operator", "!=|<=|>=|->|[=<>+*/×-]"),
    ]

    @Test func fileFollowsFromTheTable() throws {
        var patterns = Self.marks.map { mark in
            "    { \"name\": \"\(mark.name).pitch\", \"match\": \(JSONText.quoted(mark.match)) }"
        }
        for (category, scope) in Self.scopes {
            let words = Keyword.words(of: category).flatMap { keyword in
                [keyword.english] + (keyword.chinese.map { [$0] } ?? [])
            }
            let match = "(?<![\\w])(" + words.joined(separator: "|") + ")(?![\\w])"
            patterns.append(
                "    { \"name\": \"\(scope).pitch\", \"match\": \(JSONText.quoted(match)) }")
        }
        let text = """
            {
              "name": "Pitch",
              "scopeName": "source.pitch",
              "fileTypes": ["pitch"],
              "patterns": [
            \(patterns.joined(separator: ",\n"))
              ]
            }

            """
        #expect(Set(Self.scopes.map(\.0)) == Set(Keyword.Category.allCases))
        try Golden.check(text, against: "../../grammar/pitch.tmLanguage.json")
    }
}
