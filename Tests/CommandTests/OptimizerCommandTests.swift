import Foundation
import PitchTestSupport
import Testing

/// The commands of themes and templates, on an example.
@Suite("Optimizer commands")
struct OptimizerCommandTests {
    private let folder: TemporaryFolder
    private let command: BuiltCommand

    init() throws {
        folder = try TemporaryFolder()
        command = BuiltCommand(in: folder.url)
        let kinds = Golden.root.appending(path: "examples/kinds")
        for name in ["theme.pitch", "goal.pitch", "data"] {
            try FileManager.default.copyItem(
                at: kinds.appending(path: name), to: folder.url.appending(path: name))
        }
        for script in ["theme.pitch", "goal.pitch"] {
            _ = try run("load", [script], "2026-04-01T09:00:00")
        }
    }

    private func run(
        _ verb: String, _ arguments: [String], _ asOf: String = "2026-04-01T10:00:00",
        input: String = ""
    ) throws -> BuiltCommand.Result {
        try command.run([verb] + arguments + ["--as-of", asOf], input: input)
    }

    @Test("every command answers in JSON, too")
    func json() throws {
        let optimize = ["theme.pitch", "double_eleven", "--for", "capped"]
        for (verb, arguments, member) in [
            ("optimize", optimize, "templates"), ("templates", ["theme.pitch"], "templates"),
            ("trial", ["goal.pitch", "most"], "trials"),
            ("pick", ["theme.pitch", "1", "--for", "treat"], "template"),
            ("statistics", ["theme.pitch", "--by", "theme,coupon,month"], "rows"),
            ("statistics", ["theme.pitch", "--members"], "population"),
            ("preview", ["goal.pitch"], "choices"), ("run", ["goal.pitch"], "choices"),
        ] {
            let result = try run(
                verb, arguments + ["--format", "json"],
                verb == "run" ? "2026-04-02T10:00:00" : "2026-04-01T10:00:00")
            let json = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
            let object = try #require(json as? [String: Any], "\(verb)")
            #expect(object["format"] as? Int == 1 && object[member] != nil, "\(verb): \(object)")
        }
    }

    @Test("plots are written by the ending of their file")
    func plots() throws {
        for (name, start) in [("f.svg", "<svg"), ("f.html", "<!doctype html")] {
            let result = try run(
                "optimize", ["theme.pitch", "double_eleven", "--for", "capped", "--plot", name])
            #expect(result.exit == 0, "\(result.errors)")
            let text = try folder.text(of: name)
            #expect(text.lowercased().hasPrefix(start) && text.contains(">1<"))
        }
        let script = try folder.text(of: "theme.pitch")
        try folder.write(
            script + "\ngoal far { minimize cost\n keep conversion at least 500 }\n",
            to: "theme.pitch")
        let far = try run(
            "optimize", ["theme.pitch", "double_eleven", "--for", "far", "--plot", "far.svg"])
        #expect(far.exit == 6 && far.errors.contains("no template reaches the goal 'far'"))
        #expect(try folder.text(of: "far.svg").hasPrefix("<svg"))
        let farther = try run(
            "optimize", ["theme.pitch", "double_eleven", "--for", "far", "--format", "json"])
        let answer = try JSONSerialization.jsonObject(with: Data(farther.output.utf8))
        #expect(farther.exit == 6 && answer is [String: Any])
        let wrong = try run("templates", ["theme.pitch", "--plot", "f.png"])
        #expect(wrong.exit == 2 && wrong.errors.contains(".svg or .html"))
        let nowhere = try run("templates", ["theme.pitch", "--plot", "no/where/f.svg"])
        #expect(nowhere.exit == 3)
    }

    @Test(
        "what cannot be is refused with its reason",
        arguments: [
            (["optimize", "theme.pitch", "x", "--for", "capped"], 2, "there is no theme 'x'"),
            (["optimize", "theme.pitch", "double_eleven", "--for", "x"], 2, "no goal 'x'"),
            (["pick", "theme.pitch", "7", "--for", "treat"], 2, "'pitch optimize' makes some"),
            (["pick", "theme.pitch", "-1", "--for", "treat"], 2, "'<number>'"),
            (["pick", "theme.pitch", "one", "--for", "treat"], 2, "the number of a template"),
            (["pick", "goal.pitch", "1", "--for", "most"], 2, "lacks 'give picked from"),
            (["trial", "theme.pitch", "x"], 2, "no coupon, bundle, template or strategy 'x'"),
            (["trial", "theme.pitch", "off10", "--on", "city = \"x\""], 2, "no member is in"),
            (["trial", "theme.pitch", "off10", "--on", "cty = 1"], 1, "cty"),
            (["statistics", "theme.pitch", "--by", "colour"], 2, "there are theme, template"),
            (["statistics", "theme.pitch", "--members", "--by", "x"], 2, "member field 'x'"),
        ] as [([String], Int32, String)])
    func refusals(words: [String], exit: Int32, message: String) throws {
        let result = try run(words[0], Array(words.dropFirst()))
        #expect(result.exit == exit && result.errors.contains(message), "\(result.errors)")
    }

    @Test("the same at the prompt")
    func prompt() throws {
        let entries = """
            trial off10 on shanghai
            optimize double_eleven for capped
            pick 2 for treat
            pick none for treat
            templates
            statistics of members by city
            statistics by coupon
            optimize double_eleven
            """
        let result = try run("repl", ["theme.pitch"], input: entries + "\n")
        #expect(result.output.contains("spring.treat gives template 2 of double_eleven"))
        #expect(result.output.contains("spring.treat gives none of the templates"))
        #expect(result.output.contains("off10 on 2 members"))
        #expect(result.output.contains("Shanghai"))
        #expect(result.output.contains("no coupon was issued"))
        #expect(result.errors.contains("expected 'optimize THEME for GOAL'"))
        #expect(result.exit == 2)
    }
}
