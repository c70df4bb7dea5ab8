import Foundation
import PitchTestSupport
import Testing

@Suite("Exit codes")
struct ExitCodeTests {
    @Test(
        "wrong usage exits 2 with a line on standard error",
        arguments: [
            ["bogus"], ["count"], ["check"], ["run"], ["help", "nosuchtopic"],
            ["check", "--format", "xml", "a.pitch"], ["new"], ["new", "x", "--members", "0"],
            ["count", "shop.pitch", "spenders", "--as-of", "soon"],
            ["show", "shop.pitch", "spenders", "--limit", "-1"],
        ])
    func usage(arguments: [String]) throws {
        let shop = try Shop()
        _ = try shop.run("load")
        let result = try shop.command.run(arguments)
        #expect(result.exit == 2, "\(result.errors)")
        #expect(result.errors.hasPrefix("error: "))
        #expect(result.output.isEmpty)
    }

    @Test(
        "a misspelt word gets what was meant",
        arguments: [
            (["cuont", "a.pitch", "b"], "there is no command 'cuont'; did you mean 'count'?"),
            (["shwo", "a.pitch"], "there is no command 'shwo'; did you mean 'show'?"),
            (["bogus"], "there is no command 'bogus'; 'pitch help' lists them"),
            (["run", "a.pitch", "--quit"], "unknown option '--quit'. Did you mean '--quiet'?"),
        ])
    func misspelt(arguments: [String], message: String) throws {
        let shop = try Shop()
        let result = try shop.command.run(arguments)
        #expect(result.exit == 2)
        #expect(result.errors.split(separator: "\n").first == "error: \(message)")
    }

    @Test(
        "a file that is not there exits 3 and is named",
        arguments: ["check", "load", "count", "show", "funnel", "explain", "preview", "run", "fmt"])
    func noFile(verb: String) throws {
        let shop = try Shop()
        let needsExpression = ["count", "show", "funnel", "explain"].contains(verb)
        let result = try shop.command.run(
            [verb, "nowhere.pitch"] + (needsExpression ? ["true"] : []))
        #expect(result.exit == 3, "\(verb): \(result.errors)")
        #expect(result.errors.contains("nowhere.pitch"))
    }

    @Test("a store that is no database exits 3")
    func noDatabase() throws {
        let shop = try Shop()
        try shop.folder.write(String(repeating: "not a database ", count: 400), to: "shop.db")
        let result = try shop.run("load")
        #expect(result.exit == 3, "\(result.errors)")
        #expect(result.errors.contains("shop.db"))
    }

    @Test("missing data exits 3")
    func noData() throws {
        let shop = try Shop()
        try FileManager.default.removeItem(at: shop.folder.url.appending(path: "orders.csv"))
        let result = try shop.run("load")
        #expect(result.exit == 3, "\(result.errors)")
        #expect(result.errors.contains("orders.csv"))
    }

    @Test("what a file holds cannot move the cursor when it is quoted")
    func controlCharacters() throws {
        let shop = try Shop()
        try shop.folder.write("\u{1B}[31mcolumn\r,b\n1,2\n", to: "orders.csv")
        let result = try shop.run("load")
        #expect(result.exit == 3, "\(result.errors)")
        #expect(result.errors.contains("\u{FFFD}[31mcolumn"))
        #expect(!result.errors.contains("\u{1B}") && !result.errors.contains("\r"))
    }

    @Test("a plan that is not valid leaves nothing to run: 5")
    func nothingToRun() throws {
        let shop = try Shop()
        let result = try shop.run("run", at: "2026-09-01T10:00:00")
        #expect(result.exit == 5, "\(result.errors)")
    }

    /// Cron would never tell, and members would get nothing.
    @Test("a plan that waits for an approval says so, also when quiet: 5")
    func unapproved() throws {
        let shop = try Shop(
            script: Shop.script.replacing(
                "    budget 1000 CNY\n", with: "    budget 1000 CNY\n    approved by \"finance\"\n"))
        let approve = ["spring", "--as", "finance"]
        #expect(try shop.run("approve", approve, at: "2026-04-01T09:00:00").exit == 0)
        #expect(try shop.run("run", ["--quiet"]).exit == 0)
        let script = try shop.folder.text(of: "shop.pitch")
        try shop.folder.write(script.replacing("1000 CNY", with: "2000 CNY"), to: "shop.pitch")
        let stopped = try shop.run("run", ["--quiet"], at: "2026-04-02T10:30:00")
        #expect(stopped.exit == 5 && stopped.output.isEmpty)
        #expect(
            stopped.errors.hasSuffix(
                "approval of 'finance', because the script changed after it was approved\n"))
    }

    @Test("a second run at once exits 75")
    func busy() throws {
        let shop = try Shop()
        _ = try shop.run("load")
        // Another process takes the store's write lock, as a run does.
        let script = """
            import sqlite3, sys, time
            store = sqlite3.connect("shop.db", isolation_level=None)
            store.execute("begin immediate")
            print("held", flush=True)
            time.sleep(20)
            """
        let holder = Process()
        holder.executableURL = URL(filePath: "/usr/bin/env")
        holder.arguments = ["python3", "-c", script]
        holder.currentDirectoryURL = shop.folder.url
        let output = Pipe()
        holder.standardOutput = output
        try holder.run()
        defer { holder.terminate() }
        _ = output.fileHandleForReading.availableData
        let result = try shop.run("run")
        #expect(result.exit == 75, "\(result.exit): \(result.errors)")
    }

    @Test("an argument that is not UTF-8 exits 2")
    func bytes() throws {
        let shop = try Shop()
        let result = try BuiltCommand.run(
            "/bin/sh", ["-c", "exec \"$0\" check \"$(printf 'a\\377')\"", BuiltCommand.path],
            in: shop.folder.url)
        #expect(result.exit == 2)
        #expect(result.errors.contains("UTF-8"))
    }

    @Test("output that cannot be written exits 3")
    func fullOutput() throws {
        let shop = try Shop()
        let result = try BuiltCommand.run(
            "/bin/sh", ["-c", "exec \"$0\" help > /dev/full", BuiltCommand.path],
            in: shop.folder.url)
        #expect(result.exit == 3)
    }
}
