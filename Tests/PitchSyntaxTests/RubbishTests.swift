import PitchSource
import PitchSyntax
import Testing

/// What no script is: it must not drown the one thing to say.
@Suite struct RubbishTests {
    private static let rows = "id,name,note\n"
        + String(repeating: "m1,\"Li Na\",it's $5; {ok} (or not\n", count: 400)

    @Test("a file of data is said to be no script, once")
    func data() {
        #expect(codes(Self.rows) == ["P129"])
        #expect(codes("\n# members\n" + Self.rows) == ["P129"])
    }

    @Test("a script with many faults keeps them, a line each")
    func faultyScript() {
        let lines = (0..<150).map { "segmnt s\($0) = = 5, , ) of" }
        #expect(codes("pitch 1\n" + lines.joined(separator: "\n")).count == 150)
    }

    @Test("a line of rubbish gives one message", arguments: [
        "m1,Shanghai,2024-01-01,beauty", "coupon c { kind cahs, face many, stock none }",
        "))))", "let a = = = =", "if x then y else z end", "SELECT a, b FROM t WHERE c = 1",
        "plan p { valid monday, budget much, strategy s { when never, give up } }",
    ])
    func line(text: String) {
        #expect(codes("pitch 1\n" + text + "\nlet b = 1").count == 1)
    }
}
