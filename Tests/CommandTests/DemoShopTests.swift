import Foundation
import PitchTestSupport
import Testing

@Suite("The demo shop")
struct DemoShopTests {
    @Test("what new writes is what stands in the examples")
    func embedded() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let command = BuiltCommand(in: folder.url)
        let result = try command.run(
            ["new", "shop", "--as-of", "2026-04-02T09:30:00", "--members", "20"])
        #expect(result.exit == 0, "\(result.errors)")
        let example = Golden.root.appending(path: "examples/demo-shop/shop.pitch")
        #expect(
            try folder.text(of: "shop/shop.pitch")
                == String(contentsOf: example, encoding: .utf8))
        #expect(try command.run(["new", "shop"]).exit == 3, "it wrote over a project")
    }

    @Test("the same seed and instant give the same rows; another seed others")
    func deterministic() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let command = BuiltCommand(in: folder.url)
        for (name, seed) in [("a", "1"), ("b", "1"), ("c", "2")] {
            _ = try command.run(
                ["new", name, "--members", "300", "--seed", seed, "--as-of", "2026-04-02"])
        }
        for file in ["data/members.csv", "data/orders.csv"] {
            #expect(try folder.text(of: "a/\(file)") == folder.text(of: "b/\(file)"))
            #expect(try folder.text(of: "a/\(file)") != folder.text(of: "c/\(file)"))
        }
    }

    @Test("it runs at once, whatever the day, and issues only once")
    func runs() throws {
        for day in [nil, "2024-02-29T00:00:30", "2027-12-31T23:59:30"] {
            let folder = try TemporaryFolder()
            defer { folder.remove() }
            let command = BuiltCommand(in: folder.url)
            let time = day.map { ["--as-of", $0] } ?? []
            #expect(try command.run(["new", "shop"] + time).exit == 0)
            let script = "shop/shop.pitch"
            #expect(try command.run(["check", script]).exit == 0)
            #expect(try command.run(["fmt", "--check", script]).exit == 0)
            let run = try command.run(["run", script, "--format", "json"] + time)
            #expect(run.exit == 0, "\(run.errors)")
            let report = try object(run.output)
            #expect((report["issued"] as? Int ?? 0) >= 1)
            #expect((report["messages"] as? Int ?? 0) >= 1)
            let again = try command.run(["run", script, "--format", "json"] + time)
            #expect(again.exit == 5 || again.exit == 0)
            if again.exit == 0 { #expect(try object(again.output)["issued"] as? Int == 0) }
        }
    }

    @Test("its own test passes")
    func ownTest() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let command = BuiltCommand(in: folder.url)
        _ = try command.run(["new", "shop", "--members", "200"])
        let result = try BuiltCommand.run(
            "/bin/sh", ["shop/test.sh"], in: folder.url, environment: ["PITCH": BuiltCommand.path])
        #expect(result.exit == 0, "\(result.output)\(result.errors)")
    }
}
