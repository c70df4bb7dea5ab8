import ArgumentParser
import Foundation
import PitchEngine

/// The demo shop at scale: loading, questions and a cycle of ten strategies, beside SQLite.
struct ShopBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shop", abstract: "Load a demo shop, ask questions, run ten strategies.")

    @Option(help: "Members; about 5 orders each.") var members = 1_000_000
    @Option(help: "How often each question is asked.") var rounds = 5
    @Option(help: "The pitch binary; beside this one if left out.") var pitch: String?
    @Option(help: "Where to work; a temporary folder that is removed if left out.")
    var folder: String?

    func run() throws {
        let place = folder ?? NSTemporaryDirectory() + "pitch-bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: true)
        defer { if folder == nil { try? FileManager.default.removeItem(atPath: place) } }
        let bench = Shop(binary: pitch ?? Self.sibling(), folder: place, rounds: rounds)
        Figure.print(try bench.measureAll(members: members))
    }

    private static func sibling() -> String {
        URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appending(path: "pitch").path
    }
}

private struct Shop {
    let binary: String
    let folder: String
    let rounds: Int

    func measureAll(members: Int) throws -> [Figure] {
        let made = try measure(
            [binary, "new", "shop", "--members", String(members), "--seed", "1"], in: folder)
        try script.write(
            toFile: folder + "/shop/bench.pitch", atomically: true, encoding: .utf8)
        let load = try measure([binary, "load", "bench.pitch"], in: folder + "/shop")
        let rows = try rowCount()
        var figures = [
            Figure(name: "generate", value: seconds(made), note: "\(rows) rows"),
            Figure(
                name: "load", value: seconds(load),
                note: "\(Int(Double(rows) / load.wallSeconds)) rows/s, \(memory(load))"),
        ]
        figures += try importPeer(rows: rows, load: load)
        figures += try questions()
        figures += try cycle()
        return figures
    }

    private func rowCount() throws -> Int {
        let lines = try measure(
            ["wc", "-l", "shop/data/members.csv", "shop/data/orders.csv"], in: folder)
        let total = lines.output.split(separator: "\n").last?.split(separator: " ").first
        return (total.flatMap { Int($0) } ?? 2) - 2
    }

    /// SQLite's own shell, reading the same files into tables of text without keys or checks.
    private func importPeer(rows: Int, load: Usage) throws -> [Figure] {
        let commands = [
            "sqlite3", "peer.db", ".mode csv", ".import shop/data/members.csv members",
            ".import shop/data/orders.csv orders",
        ]
        guard let peer = try? measure(commands, in: folder) else {
            return [Figure(name: "load, peer", value: "–", note: "sqlite3 is not installed")]
        }
        let ratio = String(format: "%.2f", load.cpuSeconds / peer.cpuSeconds)
        return [
            Figure(
                name: "load, sqlite3 .import", value: seconds(peer),
                note: "untyped, no keys; pitch/peer = \(ratio)")
        ]
    }

    private static let question = "count(orders in last 30 days where amount > 100 CNY) >= 2"

    private func questions() throws -> [Figure] {
        let shop = folder + "/shop"
        let fresh = try (0..<rounds).map { _ in
            try measure([binary, "count", "bench.pitch", Self.question], in: shop)
        }
        let clock = Int64(Date.now.timeIntervalSince1970 * 1000)
        let workspace = try Workspace(script: shop + "/bench.pitch", clock: clock)
        _ = try workspace.count("count(orders) >= 0 and tags has \"x\"")
        let wall = try (0..<rounds).map { round in
            let start = DispatchTime.now().uptimeNanoseconds
            _ = try workspace.count(Self.question.replacing("100", with: String(100 + round)))
            return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
        }
        return [
            Figure(
                name: "count, fresh process", value: Spread(fresh.map(\.wallSeconds)).description,
                note: "s wall; \(Spread(fresh.map(\.cpuSeconds))) s cpu, \(memory(fresh[0]))"),
            Figure(
                name: "count, first in a session", value: String(format: "%.3f", wall[0]),
                note: "s wall, the data loaded"),
            Figure(
                name: "count, next ones", value: Spread(Array(wall.dropFirst())).description,
                note: "s wall"),
        ] + peerQuestion()
    }

    /// The same question in SQL over the imported tables, with an index on (member, time).
    private func peerQuestion() -> [Figure] {
        let since = Date.now.addingTimeInterval(-30 * 86_400).ISO8601Format()
        let query = """
            SELECT count(*) FROM (SELECT 1 FROM orders WHERE ordered_at > '\(since)'
            AND CAST(total AS REAL) > 100 GROUP BY member_id HAVING count(*) >= 2)
            """
        guard
            (try? measure(
                ["sqlite3", "peer.db", "CREATE INDEX i ON orders (member_id, ordered_at)"],
                in: folder)) != nil,
            let answers = try? (0..<rounds).map({ _ in
                try measure(["sqlite3", "peer.db", query], in: folder)
            })
        else { return [] }
        return [
            Figure(
                name: "count, sqlite3", value: Spread(answers.map(\.wallSeconds)).description,
                note: "s wall; \(Spread(answers.map(\.cpuSeconds))) s cpu")
        ]
    }

    private func cycle() throws -> [Figure] {
        let shop = folder + "/shop"
        let first = try measure([binary, "run", "bench.pitch"], in: shop)
        let second = try measure([binary, "run", "bench.pitch"], in: shop)
        let lines = first.output.split(separator: "\n").filter { $0.hasPrefix("judged") }
        return [
            Figure(
                name: "run, ten strategies", value: seconds(first),
                note: "\(memory(first)); \(lines.joined())"),
            Figure(name: "run again, nothing due", value: seconds(second), note: memory(second)),
        ]
    }

    private func seconds(_ usage: Usage) -> String {
        String(format: "%.2f s cpu, %.2f s wall", usage.cpuSeconds, usage.wallSeconds)
    }

    private func memory(_ usage: Usage) -> String {
        String(format: "%.0f MB at most", usage.peakMegabytes)
    }

    /// The shop's data under ten strategies that look at purchases and days in different ways.
    private var script: String {
        let path = folder + "/shop/shop.pitch"
        let shop = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        let shared = shop.components(separatedBy: "\nplan ")[0]
        let audiences = [
            "lapsed_vips", "regulars", "tier = gold", "tags has \"coffee\"",
            "city = \"Shanghai\" and spent > 100 CNY",
        ]
        let strategies = (0..<10).map { number in
            let trigger =
                number < 5
                ? "purchase where amount >= \(100 + number * 50) CNY"
                : "every month on [\((1...31).map(String.init).joined(separator: ", "))] at 00:00"
            return """
                    strategy s\(number) {
                        for       \(audiences[number % 5])
                        when      \(trigger)
                        if        count(orders in last \(7 + number) days) < 4
                        give      off20
                        say       thank_you via wechat or else sms
                        at most   1 per 30 days
                        look back 1 day
                    }
                """
        }
        return shared + "\nplan bench \"Ten strategies\" {\n    valid 2020-01-01 to 2099-12-31\n"
            + strategies.joined(separator: "\n\n") + "\n}\n"
    }
}
