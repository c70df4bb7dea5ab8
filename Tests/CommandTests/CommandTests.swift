import Foundation
import PitchTestSupport
import Testing

@Suite("Commands over one script")
struct CommandTests {
    @Test("check is silent about a sound script but for one line, and names faults by place")
    func check() throws {
        let shop = try Shop()
        let sound = try shop.run("check")
        #expect(sound.exit == 0)
        #expect(sound.output.hasPrefix("shop.pitch: no faults"))
        try shop.folder.write(
            Shop.script.replacing("sum(orders.amount", with: "sum(orders.amuont"), to: "shop.pitch")
        let faulty = try shop.run("check")
        #expect(faulty.exit == 1)
        #expect(faulty.errors.contains("shop.pitch:26:"))
        #expect(faulty.errors.contains("amuont") && faulty.errors.contains("^"), "\(faulty.errors)")
        let json = try shop.json("check")
        let faults = try #require(json["diagnostics"] as? [[String: Any]])
        #expect(json["errors"] as? Int == 1)
        let span = faults.first?["span"] as? [String: Any]
        #expect((span?["start"] as? [String: Any])?["line"] as? Int == 26)
    }

    @Test("load counts what is new and then finds everything unchanged")
    func load() throws {
        let shop = try Shop()
        let first = try shop.json("load")
        #expect(try counts(first, "members") == ["new": 4, "unchanged": 0, "quarantined": 0])
        #expect(try counts(first, "orders") == ["new": 6, "unchanged": 0, "quarantined": 0])
        let second = try shop.json("load")
        #expect(try counts(second, "orders")["new"] == 0)
    }

    private func counts(_ answer: [String: Any], _ name: String) throws -> [String: Int] {
        let sets = try #require(answer["data"] as? [[String: Any]])
        let set = try #require(sets.first { $0["name"] as? String == name })
        return ["new", "unchanged", "quarantined"].reduce(into: [:]) { $0[$1] = set[$1] as? Int }
    }

    @Test("a bad row is quarantined with its place, and the load exits 4")
    func quarantine() throws {
        let shop = try Shop()
        try shop.folder.write(Shop.orders + "A7,001,yesterday,5.00\n", to: "orders.csv")
        let result = try shop.run("load")
        #expect(result.exit == 4)
        #expect(result.errors.contains("orders.csv:8"), "\(result.errors)")
        #expect(result.errors.contains("yesterday"))
    }

    @Test("count counts")
    func count() throws {
        let shop = try Shop()
        _ = try shop.run("load")
        let text = try shop.run("count", ["spenders"])
        #expect(text.output == "4 of 4 members (100 %)\n")
        let json = try shop.json("count", ["city", "=", "\"Shanghai\""])
        #expect(json["format"] as? Int == 1)
        #expect(json["count"] as? Int == 2)
        #expect(json["total"] as? Int == 4)
        let unknown = try shop.json("count", ["age(born) > 30"])
        #expect(unknown["unknown"] as? Int == 1)
        #expect(try shop.run("count", ["spendres"]).exit == 1)
    }

    @Test("show aligns Chinese names, and limits its rows")
    func show() throws {
        let shop = try Shop()
        _ = try shop.run("load")
        let table = try shop.run("show", ["spenders", "--fields", "name, city"]).output
        let lines = table.split(separator: "\n")
        #expect(lines.contains { $0.contains("王伟      Beijing") }, "\(table)")
        let json = try shop.json("show", ["spenders", "--limit", "2"])
        #expect((json["rows"] as? [Any])?.count == 2)
        #expect(json["count"] as? Int == 4)
    }

    @Test("funnel shows what each condition removes")
    func funnel() throws {
        let shop = try Shop()
        _ = try shop.run("load")
        let json = try shop.json("funnel", ["spenders and city = \"Shanghai\" and sms_ok"])
        let steps = try #require(json["steps"] as? [[String: Any]])
        #expect(steps.map { $0["left"] as? Int } == [4, 2, 2])
    }

    @Test("why shows each condition with the member's own values")
    func why() throws {
        let shop = try Shop()
        _ = try shop.run("load")
        let text = try shop.run("why", ["001", "spenders and city = \"Beijing\""]).output
        #expect(text.contains("250"), "\(text)")
        #expect(text.contains("Shanghai"), "\(text)")
        #expect(try shop.run("why", ["999", "spenders"]).exit == 2)
    }

    @Test("explain names the columns")
    func explain() throws {
        let shop = try Shop()
        _ = try shop.run("load")
        let json = try shop.json("explain", ["city = \"Shanghai\""])
        #expect("\(json["columns"] ?? "")".contains("city"))
    }

    @Test("preview equals the run that follows, and the second run issues nothing")
    func cycle() throws {
        let shop = try Shop()
        _ = try shop.run("load")
        let store = shop.folder.url.appending(path: "shop.db")
        let before = try Data(contentsOf: store)
        let preview = try shop.json("preview")
        #expect(try Data(contentsOf: store) == before, "preview wrote to the store")
        let run = try shop.json("run")
        #expect(run["outcomes"] as? [String: Int] == preview["outcomes"] as? [String: Int])
        let outcomes = try #require(run["outcomes"] as? [String: Int])
        #expect(run["format"] as? Int == 1)
        #expect(outcomes.values.reduce(0, +) == run["audience"] as? Int)
        #expect((run["issued"] as? Int ?? 0) >= 1)
        let outbox = try FileManager.default.contentsOfDirectory(
            atPath: shop.folder.url.appending(path: "outbox").path)
        #expect(outbox.count == 1)
        let again = try shop.run("run", ["--format", "json"])
        #expect(again.exit == 5 || again.exit == 0)
        if again.exit == 0 { #expect(try object(again.output)["issued"] as? Int == 0) }
        let later = try shop.command.run(
            ["run", "shop.pitch", "--as-of", "2026-04-02T11:00:00", "--format", "json"])
        #expect(later.exit == 0)
        #expect(try object(later.output)["issued"] as? Int == 0)
        #expect(try shop.run("log").output.contains("issued"))
        #expect(try shop.run("status").output.contains("spring"))
    }

    @Test("status counts the issued offers that succeeded")
    func success() throws {
        let shop = try Shop(
            script: Shop.script.replacing(
                "look back 7 days", with: "look back 7 days\n        success is orders within 7 days"))
        #expect(try shop.run("run").exit == 0)
        try shop.folder.write(Shop.orders + "A7,001,2026-04-05T12:00:00,1.00\n", to: "orders.csv")
        let later = "2026-04-06T09:30:00"
        #expect(try shop.run("load", at: later).exit == 0)
        let text = try shop.run("status", at: later).output
        #expect(
            text.contains("    success: 1 of 2 issued converted (50 %), 2 still in the window\n"),
            "\(text)")
        let json = try object(shop.run("status", ["--format", "json"], at: later).output)
        let plan = try #require((json["plans"] as? [[String: Any]])?.first)
        let strategy = try #require((plan["strategies"] as? [[String: Any]])?.first)
        let success = try #require(strategy["success"] as? [String: Any])
        let issued = success.compactMapValues { $0 as? Double }
        #expect(issued == ["issued": 2, "in_window": 2, "converted": 1, "rate": 0.5])
        let heldOut = try #require(success["held_out"] as? [String: Any])
        let counts = heldOut.compactMapValues { $0 as? Double }
        #expect(counts == ["members": 0, "in_window": 0, "converted": 0])
    }

    @Test("quiet says nothing when all is well")
    func quiet() throws {
        let shop = try Shop()
        for verb in ["check", "load", "run"] {
            let result = try shop.run(verb, ["--quiet"])
            #expect(result.output.isEmpty && result.errors.isEmpty && result.exit == 0, "\(verb)")
        }
        let idle = try shop.run("run", ["--quiet"])
        #expect(idle.output.isEmpty && idle.errors.isEmpty && (idle.exit == 5 || idle.exit == 0))
    }

    @Test("what is checked but not executed makes run and preview refuse with its place")
    func unexecuted() throws {
        let shop = try Shop(script: Shop.script + "test \"a\" { at 2026-04-02 }\n")
        _ = try shop.run("load")
        for verb in ["run", "preview"] {
            let result = try shop.run(verb)
            #expect(result.exit == 1)
            #expect(result.errors.contains("'test'"), "\(result.errors)")
        }
        #expect(try shop.run("count", ["spenders"]).exit == 0)
    }

    @Test("fmt --check tells a file that is laid out otherwise, and fmt mends it")
    func fmt() throws {
        let shop = try Shop(script: Shop.script.replacing("currency CNY", with: "currency    CNY"))
        #expect(try shop.run("fmt", ["--check"], at: nil).exit == 6)
        #expect(try shop.run("fmt", ["--diff"], at: nil).output.contains("-    currency    CNY"))
        #expect(try shop.run("fmt", at: nil).exit == 0)
        #expect(try shop.run("fmt", ["--check"], at: nil).exit == 0)
        #expect(try shop.run("check").exit == 0)
    }
}
