import Foundation
import PitchEngine
import PitchTestSupport
import Testing

/// A script whose words were exchanged, so that many are still scripts: each is refused, or its
/// preview and its run come to an end that adds up.
@Suite struct ScriptFuzzTests {
    /// The ends of what can be written.
    private static let extremes = [
        "0", "1", "9223372036854775807", "92233720368547758", "3652500", "1439", "0001-01-01",
        "9999-12-31", "2026-04-02", "00:00", "23:59", "24:00", "second", "seconds", "hours",
        "weeks", "months", "years", "birthday", "purchase", "once", "not", "and", "born", "orders",
        "members", "date?", "\"UTC\"", "\"Pacific/Apia\"", "\"America/Santiago\"",
    ]

    /// Words of one shape may often stand in for each other: `2026-04-02` has the shape `0-0-0`.
    private static func shape(_ word: String) -> String {
        word.filter { !$0.isWhitespace }.replacing(/[0-9]+/, with: "0")
            .replacing(/[A-Za-z_]+/, with: "a")
    }

    @Test func fuzzedScriptsRunOrAreRefused() throws {
        let shop = try TestShop(
            TestShop.purchases("at most 2 per 1 day\nlook back 30 days") + """

                strategy birthdays {
                    for adults
                    when birthday at 09:00
                    when 3 days before birthday
                    if count(orders in last 30 days) = 0 or city = "Beijing"
                    give pack
                    say hello via sms
                    every 1 day
                    at most once
                    catch up 2 days
                    success is purchase within 7 days
                }
            """, budget: "budget 90 CNY", coupon: "stock 100",
            extra: "segment adults = age(born) >= 18 and last(orders.at) before 1 hour ago",
            below: Fuzz.folder.path)
        for (index, member) in "abcde".enumerated() {
            try shop.append("orders.csv", "o\(index),\(member),2026-04-02 10:1\(index),150,,,1")
        }
        try shop.workspace(TestShop.now).load()
        let intact = try shop.storeBytes()
        let words = try shop.words()
        let choice = Dictionary(
            grouping: words + Self.extremes.map { $0 + " " }, by: Self.shape)
        var dice = Dice(seed: 31)
        var (inputs, ran) = (0, 0)
        try Fuzz.inputs(of: "a whole script") {
            var words = words
            for _ in 0..<dice.roll(1...2) {
                let place = dice.roll(0...words.count - 1)
                let alike = choice[Self.shape(words[place])] ?? words
                words[place] = dice.pick(dice.chance(90) ? alike : words)
            }
            return Array(words.joined().utf8)
        } body: { bytes in
            inputs += 1
            try Data(bytes).write(to: shop.folder.appending(path: "shop.pitch"))
            do {
                let script = shop.folder.appending(path: "shop.pitch").path
                let workspace = try Workspace(script: script, asOf: TestShop.now, clock: 0)
                guard workspace.program != nil else {
                    let isTold = workspace.diagnostics.contains { $0.severity == .error }
                    return isTold ? nil : "no program, and no error"
                }
                try shop.replaceStore(by: intact)
                let report = try workspace.run()
                ran += 1
                let sum = report.outcomes.values.reduce(0, +)
                return sum == report.audience ? nil : "\(sum) outcomes for \(report.audience)"
            } catch let error as WorkspaceError {
                let isTold = !error.message.isEmpty && !error.message.contains("SQLite")
                return isTold ? nil : "\(error.kind): \(error.message)"
            }
        }
        #expect(ran > inputs / 20, "hardly any of them ran")
    }
}

extension TestShop {
    /// The script in pieces that end in blanks or line ends.
    fileprivate func words() throws -> [String] {
        let text = try String(contentsOf: folder.appending(path: "shop.pitch"), encoding: .utf8)
        var words = [""]
        for character in text {
            let last = words[words.count - 1]
            if last.last?.isWhitespace == true, !character.isWhitespace { words.append("") }
            words[words.count - 1].append(character)
        }
        return words
    }
}
