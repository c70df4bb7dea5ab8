import PitchSource
import Testing

@Suite struct DiagnosticTextTests {
    private static let code = DiagnosticCode(
        "P999", "a test", explanation: "", example: "", repair: "")

    private func diagnostic(_ start: Int, _ end: Int, noteEnd: Int = 1) -> Diagnostic {
        let range = SourceRange(file: 0, start: start, end: end)
        return Diagnostic(
            Self.code, "expected 'a' before 'b'", at: range,
            notes: [.init("it begins here", at: SourceRange(file: 0, start: 0, end: noteEnd))],
            help: "write 'a'",
            fixIts: [FixIt("write 'a'", replace: range, with: "a\"\n")])
    }

    private func sources(_ text: String) -> SourceSet {
        SourceSet(SourceFile(name: "x.pitch", text: text))
    }

    @Test func shortTextNamesThePlace() {
        #expect(
            diagnostic(4, 5).short(in: sources("one\ntwo\n"))
                == "x.pitch:2:1: error[P999]: expected 'a' before 'b'")
    }

    @Test func longTextUnderlinesByDisplayWidth() {
        let text = "城市 = \"上海\"\twrong # x"
        let place = text.utf8.count - "wrong # x".utf8.count
        #expect(
            diagnostic(place, place + 5, noteEnd: 3).long(in: sources(text)) == """
                error[P999]: expected 'a' before 'b'
                 --> x.pitch:1:11
                  |
                1 | 城市 = "上海"    wrong # x
                  |                  ^^^^^
                note: it begins here
                 --> x.pitch:1:1
                  |
                1 | 城市 = "上海"    wrong # x
                  | --
                help: write 'a'
                fix: write 'a'
                """)
    }

    /// A range at the end, over several lines, outside the file, and in bytes that are no text.
    @Test(arguments: [(0, 0), (3, 3), (0, 12), (12, 12), (11, 400), (-5, -1), (5, 2)])
    func everyRangeIsShown(start: Int, end: Int) {
        let file = SourceFile(
            name: "x", bytes: Array("one\r\n".utf8) + [0xFF, 0x1B, 0x0A] + Array("two\n".utf8))
        let text = diagnostic(start, end).long(in: SourceSet(file))
        #expect(text.hasPrefix("error[P999]"))
        #expect(!text.unicodeScalars.contains("\u{1B}"), "a script must not steer the terminal")
        #expect(!Diagnostic.json([diagnostic(start, end)], in: SourceSet(file)).isEmpty)
    }

    @Test func longLinesAreCutAroundTheMark() {
        let text = String(repeating: "a", count: 1000) + "X" + String(repeating: "b", count: 1000)
        let lines = diagnostic(1000, 1001).long(in: sources(text)).split(separator: "\n")
        #expect(lines.allSatisfy { UnicodeText.width(String($0)) < 140 })
        let mark = lines[3].split(separator: "X").first.map { UnicodeText.width(String($0)) }
        let caret = lines[4].split(separator: "^").first.map { UnicodeText.width(String($0)) }
        #expect(mark == caret && mark != nil)
    }

    @Test func placelessDiagnosticHasNoExcerpt() {
        let diagnostic = Diagnostic(Self.code, "no place", at: .none)
        #expect(diagnostic.long(in: sources("a")) == "error[P999]: no place")
        #expect(diagnostic.short(in: sources("a")) == "error[P999]: no place")
    }

    @Test func jsonCarriesSpans() {
        #expect(
            Diagnostic.json([diagnostic(4, 5)], in: sources("one\ntwo\n")) == """
                {"format":1,"diagnostics":[{"code":"P999","severity":"error",\
                "message":"expected 'a' before 'b'",\
                "span":{"file":"x.pitch","start":{"offset":4,"line":2,"column":1},\
                "end":{"offset":5,"line":2,"column":2}},"help":"write 'a'",\
                "notes":[{"message":"it begins here","span":{"file":"x.pitch",\
                "start":{"offset":0,"line":1,"column":1},"end":{"offset":1,"line":1,"column":2}}}],\
                "fixIts":[{"message":"write 'a'","span":{"file":"x.pitch",\
                "start":{"offset":4,"line":2,"column":1},"end":{"offset":5,"line":2,"column":2}},\
                "replacement":"a\\"\\n"}]}]}
                """)
    }

    @Test func reportStopsAtItsLimit() {
        let many = (0..<25).map { _ in diagnostic(0, 1) }
        let text = Diagnostic.report(many, in: sources("abc"), isLong: false)
        #expect(text.split(separator: "\n").count == 21)
        #expect(text.hasSuffix("and 5 more\n"))
    }

    @Test(arguments: [
        ("segmnt", "segment"), ("stokc", "stock"), ("kid", "kind"), ("zzz", nil), ("a", nil),
    ])
    func nearestSpelling(word: String, meant: String?) {
        #expect(Spelling.nearest(to: word, among: ["segment", "stock", "kind"]) == meant)
    }
}
