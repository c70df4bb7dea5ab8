import Foundation
import PitchEngine
import PitchTestSupport
import Testing
import pitch

/// Command lines put together at random and then broken, the same every time.
@Suite("Arguments put together at random")
struct ArgumentFuzzTests {
    private static let words = [
        "check", "count", "show", "why", "run", "fmt", "repl", "help", "load", "funnel", "explain",
        "preview", "status", "coupons", "log", "new", "shop.pitch", "spenders", "--as-of", "--format", "json",
        "text", "--limit", "-1", "99999999999999999999", "--", "--store", "", "(", "\"", "王", "{}",
        "true", "--quiet", "--color", "always", "2026-04-02", "city = ", "members.csv",
        "/dev/null", ".", "--check", "-h", "001", "--format=json", "--limit=3", "--fields",
        "name,city", "--seed", "--members", "--=", "-", "--no-such",
    ]

    private static let expressions = [
        "spenders", "city = \"Shanghai\" and sms_ok", "age(born) >= 30 or born is missing",
        "sum(orders.amount in last 30 days where amount >= 10 CNY) > 100 CNY",
        "last(orders.at) before 60 days ago", "count(orders this month) between 1 and 3",
        "not (city in [\"Beijing\", \"Shanghai\"])", "name starts with \"王\"",
        "month(born) = 2 and day(born) = 29", "streak(orders by week) >= 2",
        "distinct(orders.order_id) * 2 + 1 > 3", "phone is known and length(phone) = 11",
    ]

    @Test("a command line makes a command, or is refused in words, within a second")
    func commandLines() throws {
        var draw = Draw(seed: 11)
        let choice = Self.words + Self.expressions
        try Fuzz.inputs(of: "arguments") {
            draw.commandLine(from: choice)
        } body: { line in
            guard let refusal = CommandWords.refusal(of: words(of: line)) else { return nil }
            let isTold = [0, 2].contains(refusal.exit) && !refusal.message.isEmpty
            return isTold ? nil : "it exits \(refusal.exit): \(refusal.message)"
        }
    }

    @Test("an expression is answered or refused with its place, within a second")
    func expressions() throws {
        let shop = try Shop()
        let workspace = try Workspace(
            script: shop.folder.url.appending(path: "shop.pitch").path, asOf: Shop.now, clock: 0)
        try workspace.load()
        var draw = Draw(seed: 12)
        var (inputs, answered) = (0, 0)
        try Fuzz.inputs(of: "an expression") {
            draw.mutant(of: Self.expressions)
        } body: { bytes in
            inputs += 1
            do throws(WorkspaceError) {
                let result = try workspace.count(String(decoding: bytes, as: UTF8.self))
                answered += 1
                let known = result.selected + result.unknown + result.failed
                return known <= result.total ? nil : "it counts \(known) of \(result.total)"
            } catch {
                let isTold = error.exitCode == 2 || !error.diagnostics.isEmpty
                return isTold && !error.message.isEmpty
                    ? nil : "it exits \(error.exitCode): \(error.message)"
            }
        }
        #expect(answered > inputs / 50, "hardly anything of it was an expression")
    }

    @Test("the built command never ends by a signal and never hangs")
    func builtCommand() throws {
        let shop = try Shop()
        _ = try shop.run("load")
        var draw = Draw(seed: 7)
        try Fuzz.inputs(of: "the built command", within: 20) {
            draw.commandLine(from: Self.words)
        } body: { line in
            let arguments = words(of: line).map { String(decoding: $0, as: UTF8.self) }
            let result = try shop.command.run(arguments, seconds: 20)
            if result.wasKilled { return "it ends by a signal: \(result.errors)" }
            return [0, 1, 2, 3, 4, 5, 6, 75].contains(result.exit)
                ? nil : "it exits \(result.exit): \(result.errors)"
        }
    }

    /// Words that each end at their first zero byte, as the arguments of a process do.
    private func words(of line: [UInt8]) -> [[UInt8]] {
        line.split(separator: 0, omittingEmptySubsequences: false).dropLast().map { Array($0) }
    }
}

/// Draws words and breaks them.
private struct Draw {
    private var dice: Dice

    init(seed: UInt64) { dice = Dice(seed: seed) }

    /// Up to seven words, a third of them broken, each with a zero byte behind it.
    mutating func commandLine(from words: [String]) -> [UInt8] {
        (0..<dice.roll(0...7)).flatMap { _ in
            (dice.chance(33) ? mutant(of: words) : Array(dice.pick(words).utf8)) + [0]
        }
    }

    /// One to three changes: bytes written over, taken away, put in, and pieces of other words.
    mutating func mutant(of words: [String]) -> [UInt8] {
        var bytes = Array(dice.pick(words).utf8)
        for _ in 0..<dice.roll(1...3) {
            let place = dice.roll(0...bytes.count)
            let end = min(bytes.count, place + dice.roll(0...4))
            switch dice.roll(0...4) {
            case 0: bytes.removeSubrange(place..<end)
            case 1: bytes.insert(contentsOf: bytes[place..<end], at: place)
            case 2 where place < bytes.count: bytes[place] = UInt8(dice.roll(0...255))
            case 3: bytes.insert(UInt8(dice.roll(32...126)), at: place)
            default: bytes.insert(contentsOf: Array(dice.pick(words).utf8), at: place)
            }
        }
        return bytes
    }
}
