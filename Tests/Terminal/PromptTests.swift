import Foundation
import PitchTestSupport
import Testing

/// The prompt as a person sees it, under a pseudo-terminal.
@Suite("The prompt", .serialized)
struct PromptTests {
    private let folder: TemporaryFolder
    private var environment: [String: String] { ["XDG_STATE_HOME": folder.url.path + "/state"] }
    private let time = ["--as-of", "2026-04-02T09:30:00"]

    init() throws {
        folder = try TemporaryFolder()
        let command = BuiltCommand(in: folder.url)
        _ = try command.run(["new", "shop", "--members", "300"] + time)
        _ = try command.run(["load", "shop/shop.pitch"] + time)
    }

    private func open() throws -> PseudoTerminal {
        let terminal = try PseudoTerminal(
            ["repl", "shop/shop.pitch"] + time, in: folder.url, environment: environment)
        try terminal.expect("pitch> ")
        return terminal
    }

    /// Types an entry, and waits for its echo and then for a part of the answer.
    private func ask(_ terminal: PseudoTerminal, _ entry: String, _ answer: String) throws {
        terminal.type(entry + "\n")
        try terminal.expect(entry)
        try terminal.expect(answer)
    }

    /// Ctrl-D at the next prompt.
    private func leave(_ terminal: PseudoTerminal) throws {
        try terminal.expect("pitch> ")
        terminal.type("\u{04}")
        #expect(terminal.finish() == 0)
    }

    @Test("a question is answered, and Ctrl-D leaves")
    func count() throws {
        let terminal = try open()
        try ask(terminal, "count true", "300 of 300 members (100 %)")
        try leave(terminal)
    }

    @Test("an entry goes on while a bracket or an operand is missing")
    func severalLines() throws {
        let terminal = try open()
        terminal.type("count city in [\n")
        try terminal.expect("...> ")
        terminal.type("\"Shanghai\", \"Beijing\"\n")
        try terminal.expect("...> ")
        terminal.type("] or\n")
        try terminal.expect("...> ")
        terminal.type("true\n")
        try terminal.expect("300 of 300 members")
        try leave(terminal)
    }

    @Test("Ctrl-C gives up the line, not the prompt")
    func interrupt() throws {
        let terminal = try open()
        terminal.type("count city = ")
        try terminal.expect("count city = ")
        terminal.type("\u{03}")
        try terminal.expect("^C")
        try terminal.expect("pitch> ")
        try ask(terminal, "count true", "300 of 300 members")
        try leave(terminal)
    }

    @Test("Ctrl-C in the middle of a long entry drops all its lines")
    func interruptContinuation() throws {
        let terminal = try open()
        terminal.type("count (\n")
        try terminal.expect("...> ")
        terminal.type("\u{03}")
        try terminal.expect("pitch> ")
        try ask(terminal, "count true", "300 of 300 members")
        try leave(terminal)
    }

    @Test("Tab completes verbs, names, clause words and values")
    func completion() throws {
        let terminal = try open()
        terminal.type("fun\t")
        try terminal.expect("funnel ")
        terminal.type("lap\t")
        try terminal.expect("lapsed_vips ")
        terminal.type("and tier = go\t")
        try terminal.expect("gold")
        terminal.type("\n")
        try terminal.expect("near misses")
        terminal.type("help cou\t\t")
        try terminal.expect("coupon")
        terminal.type("\u{15}")
        try ask(terminal, "count true", "300 of 300 members")
        try leave(terminal)
    }

    @Test("Tab completes the texts that stand in the store, with their quotes")
    func storedValues() throws {
        let terminal = try open()
        terminal.type("count city = \"Shang\t")
        try terminal.expect("\"Shanghai\"")
        terminal.type("or city in [\"Bei\t")
        try terminal.expect("\"Beijing\"")
        terminal.type(", Hang\t")
        try terminal.expect("\"Hangzhou\"")
        terminal.type("] or tags has \"cof\t")
        try terminal.expect("\"coffee\"")
        terminal.type("or count(orders where category = \"bak\t")
        try terminal.expect("\"bakery\"")
        terminal.type(") > 0 or true\n")
        try terminal.expect("300 of 300 members")
        try leave(terminal)
    }

    /// The question takes seconds; when Ctrl-C comes depends on the machine, so it is tried again.
    @Test("Ctrl-C gives up a question that is being answered, not the prompt")
    func interruptQuestion() throws {
        let command = BuiltCommand(in: folder.url)
        #expect(try command.run(["new", "big", "--members", "800000"] + time).exit == 0)
        #expect(try command.run(["load", "big/shop.pitch"] + time).exit == 0)
        let terminal = try PseudoTerminal(
            ["repl", "big/shop.pitch"] + time, in: folder.url, environment: environment)
        try terminal.expect("pitch> ")
        var isGivenUp = false
        for attempt in 1...5 where !isGivenUp {
            let question = (1...60)
                .map { "distinct(orders.category in last \(attempt)\($0) days) > 9" }
            terminal.type("count " + question.joined(separator: " or ") + "\n")
            usleep(UInt32(attempt) * 300_000)
            terminal.type("\u{03}")
            isGivenUp = (try? terminal.expect("given up", seconds: 10, isNeeded: false)) != nil
        }
        #expect(isGivenUp, "no question was given up")
        try terminal.expect("pitch> ")
        try ask(terminal, "count true", "800,000 of 800,000 members")
        try leave(terminal)
    }

    @Test("the history comes back whole after a restart")
    func history() throws {
        var terminal = try open()
        terminal.type("count city in [\n")
        try terminal.expect("...> ")
        terminal.type("\"Shanghai\"]\n")
        try terminal.expect("members")
        try ask(terminal, "count true", "300 of 300 members")
        try leave(terminal)
        terminal = try open()
        terminal.type("\u{1B}[A")
        try terminal.expect("count true")
        terminal.type("\u{1B}[A")
        // Readline rewrites only what differs from the line before.
        try terminal.expect("city in [")
        try terminal.expect("\"Shanghai\"]")
        terminal.type("\n")
        try terminal.expect("members")
        try leave(terminal)
    }

    @Test("a name for a value lasts for the session")
    func definitions() throws {
        let terminal = try open()
        try ask(terminal, "let big = 500 CNY", "pitch> ")
        try ask(terminal, "count sum(orders.amount) > big or true", "300 of 300 members")
        try ask(terminal, "segment rich = spent > big", "pitch> ")
        try ask(terminal, "why 10001 in rich", "spent > big")
        try leave(terminal)
    }

    @Test("a fault does not end the session, and tables line up under Chinese names")
    func faults() throws {
        let terminal = try open()
        try ask(terminal, "count nosuchfield = 3", "there is no 'nosuchfield'")
        try ask(terminal, "cout true", "did you mean 'count'")
        try ask(terminal, "show true limit 3 fields name, city", "more members")
        try ask(terminal, "help", "Ctrl-D leaves")
        try leave(terminal)
    }

    @Test("entries from a pipe are answered without a prompt")
    func pipe() throws {
        let command = BuiltCommand(in: folder.url)
        let result = try command.run(
            ["repl", "shop/shop.pitch"] + time,
            input: "count true\ncount city in [\n\"Shanghai\"\n] or true\n")
        #expect(result.exit == 0, "\(result.errors)")
        #expect(result.output == "300 of 300 members (100 %)\n300 of 300 members (100 %)\n")
        let faulty = try command.run(
            ["repl", "shop/shop.pitch"] + time, input: "count nosuch\ncount true\n")
        #expect(faulty.exit == 1)
        #expect(faulty.output == "300 of 300 members (100 %)\n")
    }

    @Test("what could not be handed over is, when asked for")
    func deliver() throws {
        // A file lies where the channels' folder should be.
        let outbox = try folder.write("", to: "shop/outbox")
        let run = try BuiltCommand(in: folder.url).run(["run", "shop/shop.pitch"] + time)
        #expect(run.exit == 4, "\(run.errors)")
        let terminal = try open()
        try ask(terminal, "deliver", "not delivered yet")
        try terminal.expect("pitch> ")
        try FileManager.default.removeItem(at: outbox)
        try ask(terminal, "deliver", "delivered shop/outbox/")
        try terminal.expect("pitch> ")
        try ask(terminal, "deliver", "nothing to hand over")
        try leave(terminal)
        let files = try FileManager.default.subpathsOfDirectory(atPath: outbox.path)
        #expect(files.contains { $0.hasSuffix(".ndjson") }, "\(files)")
    }
}
