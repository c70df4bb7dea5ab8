import Foundation
import PitchEngine
import PitchTestSupport
import Testing
import pitch

/// Command lines put together at random and then broken, the same every time. `PITCH_FUZZ` says
/// how many whole lists of words, and how many expressions.
@Suite("Arguments put together at random")
struct ArgumentFuzzTests {
    private static let count =
        ProcessInfo.processInfo.environment["PITCH_FUZZ"].flatMap { Int($0) } ?? 20_000

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
    func commandLines() {
        var draw = Draw(seed: 11)
        var slowest = Duration.zero
        for number in 0..<Self.count {
            let arguments = draw.arguments(from: Self.words + Self.expressions)
            let start = ContinuousClock.now
            let refusal = CommandWords.refusal(of: arguments)
            slowest = max(slowest, ContinuousClock.now - start)
            guard let refusal, ![0, 2].contains(refusal.exit) || refusal.message.isEmpty else {
                continue
            }
            let texts = arguments.map { String(decoding: $0, as: UTF8.self) }
            Issue.record("case \(number): \(texts) exits \(refusal.exit): \(refusal.message)")
            return
        }
        #expect(slowest < .seconds(1))
    }

    @Test("an expression is answered or refused with its place, within a second")
    func expressions() throws {
        let shop = try Shop()
        let workspace = try Workspace(
            script: shop.folder.url.appending(path: "shop.pitch").path, asOf: Shop.now, clock: 0)
        try workspace.load()
        var draw = Draw(seed: 12)
        var answered = 0
        var slowest = Duration.zero
        for number in 0..<Self.count {
            let text = String(decoding: draw.mutant(of: Self.expressions), as: UTF8.self)
            let start = ContinuousClock.now
            do throws(WorkspaceError) {
                let result = try workspace.count(text)
                answered += 1
                #expect(result.selected + result.unknown + result.failed <= result.total)
            } catch {
                if error.exitCode != 2 && error.diagnostics.isEmpty || error.message.isEmpty {
                    Issue.record("case \(number): '\(text)': \(error.exitCode) \(error.message)")
                    return
                }
            }
            slowest = max(slowest, ContinuousClock.now - start)
        }
        #expect(slowest < .seconds(1))
        #expect(answered > Self.count / 50, "hardly anything of it was an expression")
    }

    @Test("the built command never ends by a signal and never hangs")
    func builtCommand() throws {
        let shop = try Shop()
        _ = try shop.run("load")
        var draw = Draw(seed: 7)
        for _ in 0..<150 {
            let arguments = draw.arguments(from: Self.words).map {
                // An argument of a process ends at its first zero byte.
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            let result = try shop.command.run(arguments, seconds: 20)
            #expect(!result.wasKilled, "\(arguments) ended by a signal: \(result.errors)")
            #expect(
                [0, 1, 2, 3, 4, 5, 6, 75].contains(result.exit),
                "\(arguments) exits \(result.exit): \(result.errors)")
        }
    }
}

/// Draws words and breaks them.
private struct Draw {
    private var dice: Dice

    init(seed: UInt64) { dice = Dice(seed: seed) }

    /// Up to seven words, a third of them broken.
    mutating func arguments(from words: [String]) -> [[UInt8]] {
        (0..<dice.roll(0...7)).map { _ in
            dice.chance(33) ? mutant(of: words) : Array(dice.pick(words).utf8)
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
