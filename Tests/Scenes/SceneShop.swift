import Foundation
import PitchEngine
import PitchStore

/// A case as the engine runs it: a script, files that grow, and a store.
final class SceneShop {
    private let scenes: SceneCase
    private let folder: URL
    private let clock = LocalClock()

    /// Faults of the script, which nobody expects.
    struct Faults: Error { let messages: [String] }

    init(_ scenes: SceneCase) throws {
        self.scenes = scenes
        // In memory where there is such a folder: every cycle is several transactions.
        let memory = URL(filePath: "/dev/shm")
        let isThere = FileManager.default.isWritableFile(atPath: memory.path)
        folder = (isThere ? memory : FileManager.default.temporaryDirectory)
            .appending(path: "pitch-scenes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try write("shop.pitch", scenes.script)
        let days = scenes.world.holidays.map { clock.text(day: $0) + "\n" }
        try write("holidays.csv", "day\n" + Set(days).sorted().joined())
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func write(_ name: String, _ text: String) throws {
        try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
    }

    /// What a cycle decides with all that has come by then, and which days it finds missed.
    func cycle(_ number: Int) throws -> (findings: [Finding], missed: [String]) {
        let world = scenes.world
        let members = world.members(at: number).map { $0.csv(clock) }.joined()
        try write("members.csv", "id,city,points,born,joined\n" + members)
        for feed in world.feeds {
            let rows = world.lines(of: feed, at: number).map { $0.csv(clock) }.joined()
            try write("\(feed.rawValue).csv", feed.header + rows)
        }
        let (day, minute) = world.cycles[number]
        let workspace = try Workspace(
            script: folder.appending(path: "shop.pitch").path,
            asOf: clock.text(day: day, minute: minute), clock: 0)
        let faults = workspace.diagnostics.filter { $0.severity == .error }.map(\.message)
        if !faults.isEmpty { throw Faults(messages: faults) }
        let report = try workspace.run()
        let findings = try findings(of: report.run)
        guard findings.count == report.audience else {
            throw Faults(messages: ["\(findings.count) outcomes of \(report.audience)"])
        }
        return (findings, report.missed.map { String($0.dropFirst("all.".count)) }.sorted())
    }

    private func findings(of run: Int64) throws -> [Finding] {
        let store = try Store(path: folder.appending(path: "shop.db").path, access: .readOnly)
        defer { store.close() }
        let ledger = Ledger(store)
        var names: [Int64: String] = [:]
        for strategy in scenes.strategies {
            guard let known = try ledger.strategy(named: "all." + strategy.name) else { continue }
            names[known.id] = strategy.name
        }
        let members = scenes.world.members(at: scenes.world.cycles.count - 1).map(\.key)
        let rows = try ledger.outcomes(inRun: run).map { outcome in
            Finding(
                names[outcome.strategy] ?? "", outcome.member, outcome.feed,
                key: Int(outcome.occurrence), at: Int(outcome.at),
                lines: [outcome.trigger] + outcome.alsoMatched, outcome.outcome)
        }
        let crowds = try ledger.crowds(inRun: run).flatMap { crowd in
            crowd.members.rows.map { member in
                Finding(
                    names[crowd.strategy] ?? "", members[Int(member)], crowd.feed,
                    key: Int(crowd.day), at: Int(crowd.at),
                    lines: [crowd.trigger] + crowd.alsoMatched, crowd.outcome)
            }
        }
        return (rows + crowds).sorted()
    }
}
