import Foundation
import PitchTestSupport
import Testing

@Suite("Help")
struct HelpTests {
    private let command = BuiltCommand(in: URL(filePath: "/"))

    @Test("the overview names every command")
    func overview() throws {
        let text = try command.run(["help"]).output
        for name in [
            "new", "check", "fmt", "load", "count", "show", "funnel", "why", "explain", "preview",
            "run", "status", "log", "repl", "help",
        ] {
            #expect(text.contains("\n  \(name) "), "'\(name)' is not in the overview")
        }
        #expect(try command.run([]).output == text)
        #expect(try command.run(["--help"]).exit == 0)
    }

    @Test(
        "declarations, clauses, functions and commands are explained",
        arguments: [
            ("coupon", "threshold <threshold>"), ("at most", "at most once"), ("sum", "the total"),
            ("count", "USAGE: pitch count"), ("strategy", "when"), ("goal", "not executed yet"),
        ])
    func topics(topic: String, words: String) throws {
        let result = try command.run(["help"] + topic.split(separator: " ").map(String.init))
        #expect(result.exit == 0)
        #expect(result.output.contains(words), "\(result.output)")
    }

    @Test("a misspelt topic suggests the one meant")
    func suggestion() throws {
        #expect(try command.run(["help", "coupn"]).errors.contains("did you mean 'coupon'"))
    }

    @Test("JSON carries its format")
    func json() throws {
        #expect(try object(command.run(["help", "coupon", "--format", "json"]).output)["format"] as? Int == 1)
    }
}
