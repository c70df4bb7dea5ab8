import ArgumentParser
import Foundation
import PitchEngine
import PitchTestSupport

/// Cycles of 20 strategies over all seven scenes: the first over a history, and the second over
/// 50,000 new events of 10,000 members, as a process of its own and in one that has run before.
struct SceneBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenes",
        abstract: "Run 20 strategies over all scenes, and again after 50,000 new events.")

    @Option(help: "Members, 10,000 or more; about 8 events each.") var members = 1_000_000
    @Option(help: "How often the second cycle runs, each way.") var rounds = 3
    @Option(help: "The pitch binary; beside this one if left out.") var pitch: String?
    @Option(help: "Where to work; a temporary folder that is removed if left out.")
    var folder: String?
    @Flag(help: "Go by what the folder holds since an earlier call.") var reuse = false

    func validate() throws {
        guard members >= SceneRows.membersWithNews, rounds > 0 else {
            throw ValidationError("10,000 members and one round are the least")
        }
    }

    func run() throws {
        let place = folder ?? NSTemporaryDirectory() + "pitch-bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: place + "/data", withIntermediateDirectories: true)
        defer { if folder == nil { try? FileManager.default.removeItem(atPath: place) } }
        let bench = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let binary = pitch ?? bench.deletingLastPathComponent().appending(path: "pitch").path
        let chain = Chain(folder: place, bench: bench.path, binary: binary)
        Figure.print(try (reuse ? [] : chain.begin(members: members)) + chain.repeated(rounds))
    }
}

/// A folder with a script, its data and its store.
private struct Chain {
    let folder: String
    let bench: String
    let binary: String

    private static let script = "chain.pitch"
    private static let store = "chain.db"
    /// The store of one round, a copy.
    private static let copy = "round.db"

    // MARK: - The first cycle

    func begin(members: Int) throws -> [Figure] {
        let script = Golden.root.appending(path: "Sources/PitchBench/Scenes/\(Self.script)")
        try String(contentsOf: script, encoding: .utf8).write(
            toFile: folder + "/" + Self.script, atomically: true, encoding: .utf8)
        let rows = SceneRows(members: members)
        let past = try rows.writeHistory(to: folder + "/data")
        try FileManager.default.createDirectory(
            atPath: folder + "/news", withIntermediateDirectories: true)
        let news = try rows.writeNews(to: folder + "/news")
        // The word of the file system for files of the last two seconds is not trusted.
        Thread.sleep(forTimeInterval: 2.1)
        let load = try pitch("load", SceneRows.baseline, store: Self.store)
        let first = try pitch("run", SceneRows.baseline, store: Self.store)
        return [
            Figure(name: "rows", value: "\(past)", note: "and \(news) new ones"),
            Figure(
                name: "load", value: seconds(load),
                note: "\(Int(Double(past) / load.wallSeconds)) rows/s, \(memory(load))"),
            Figure(
                name: "first cycle", value: seconds(first),
                note: "\(memory(first)); \(try CycleCounts(json: first.output).text)"),
        ]
    }

    private func pitch(_ verb: String, _ instant: String, store: String) throws -> Usage {
        try measure(
            [binary, verb, Self.script, "--as-of", instant, "--store", store, "--format", "json"],
            in: folder)
    }

    // MARK: - The second cycle

    func repeated(_ rounds: Int) throws -> [Figure] {
        var (alone, watching): ([CycleTimes], [CycleTimes]) = ([], [])
        for _ in 0..<rounds {
            alone.append(try round(newsAtOnce: true, runAlone))
            watching.append(try round(newsAtOnce: false, runWatching))
        }
        let counts = Set((alone + watching).map(\.counts.text))
        guard counts.count == 1, let text = counts.first else {
            throw BenchError.differingCycles(counts.sorted())
        }
        return figures("from cron", alone) + figures("in watch", watching)
            + [Figure(name: "second cycle", value: "–", note: text)]
    }

    /// On a copy of the store, with the news in place.
    private func round(
        newsAtOnce: Bool, _ cycle: () throws -> CycleTimes
    ) throws -> CycleTimes {
        let files = FileManager.default
        for name in try files.contentsOfDirectory(atPath: folder) where name.hasPrefix(Self.store) {
            try files.copyItem(
                atPath: "\(folder)/\(name)",
                toPath: "\(folder)/\(Self.copy)\(name.dropFirst(Self.store.count))")
        }
        if newsAtOnce { try News(folder: folder).arrive() }
        defer { tidy() }
        return try cycle()
    }

    private func tidy() {
        let files = FileManager.default
        News(folder: folder).leave()
        let names = (try? files.contentsOfDirectory(atPath: folder)) ?? []
        for name in names where name == "outbox" || name.hasPrefix(Self.copy) {
            try? files.removeItem(atPath: "\(folder)/\(name)")
        }
    }

    private func runAlone() throws -> CycleTimes {
        let usage = try pitch("run", SceneRows.next, store: Self.copy)
        return CycleTimes(
            cpuSeconds: usage.cpuSeconds, wallSeconds: usage.wallSeconds,
            peakMegabytes: usage.peakMegabytes, counts: try CycleCounts(json: usage.output))
    }

    private func runWatching() throws -> CycleTimes {
        let usage = try measure([bench, "watch-scenes", Self.script, Self.copy], in: folder)
        var times = try JSONDecoder().decode(CycleTimes.self, from: Data(usage.output.utf8))
        times.peakMegabytes = usage.peakMegabytes
        return times
    }

    // MARK: - Text

    private func figures(_ name: String, _ times: [CycleTimes]) -> [Figure] {
        [
            Figure(
                name: "second cycle \(name)", value: "\(Spread(times.map(\.cpuSeconds))) s cpu",
                note: "\(Spread(times.map(\.wallSeconds))) s wall, "
                    + "\(Spread(times.map(\.peakMegabytes))) MB at most")
        ]
    }

    private func seconds(_ usage: Usage) -> String {
        String(format: "%.2f s cpu, %.2f s wall", usage.cpuSeconds, usage.wallSeconds)
    }

    private func memory(_ usage: Usage) -> String {
        String(format: "%.0f MB at most", usage.peakMegabytes)
    }
}

/// The new files, which come into the folder of the sources and are taken out again.
private struct News {
    let folder: String

    private var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder + "/news") }
    }

    func arrive() throws {
        for name in try names {
            try FileManager.default.linkItem(
                atPath: "\(folder)/news/\(name)", toPath: "\(folder)/data/\(name)")
        }
    }

    func leave() {
        for name in (try? names) ?? [] {
            try? FileManager.default.removeItem(atPath: "\(folder)/data/\(name)")
        }
    }
}

/// What a cycle did.
private struct CycleCounts: Codable {
    var evaluated: Int
    var skipped: Int
    var rowsRead: Int
    var audience: Int
    var issued: Int
    var messages: Int
    var outcomes: [String: Int]

    init(_ report: RunReport) {
        evaluated = report.evaluated.count
        skipped = report.skipped.count
        rowsRead = report.rowsRead
        audience = report.audience
        issued = report.issued
        messages = report.messages
        outcomes = report.outcomes
    }

    /// - Parameter json: what `run --json` printed.
    init(json: String) throws {
        let answer = try JSONDecoder().decode(Answer.self, from: Data(json.utf8))
        evaluated = answer.evaluated.count
        skipped = answer.skipped.count
        rowsRead = answer.rows_read
        audience = answer.audience
        issued = answer.issued
        messages = answer.messages
        outcomes = answer.outcomes
    }

    private struct Answer: Decodable {
        let evaluated: [String]
        let skipped: [Skipped]
        let rows_read: Int
        let audience: Int
        let issued: Int
        let messages: Int
        let outcomes: [String: Int]

        struct Skipped: Decodable {}
    }

    var text: String {
        let reasons = outcomes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        return "\(evaluated) strategies judged, \(skipped) skipped, \(rowsRead) rows read, "
            + "\(audience) outcomes (\(reasons)), \(issued) coupons, \(messages) messages"
    }
}

private struct CycleTimes: Codable {
    let cpuSeconds: Double
    let wallSeconds: Double
    var peakMegabytes: Double
    let counts: CycleCounts
}

/// As `pitch watch`: a cycle in whose slot nothing is due, and the next one, which is measured.
struct WatchScenes: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch-scenes", abstract: "The second cycle of 'scenes' in one process.",
        shouldDisplay: false)

    @Argument var script: String
    @Argument var store: String

    func run() throws {
        _ = try cycle(at: SceneRows.pause)
        try News(folder: ".").arrive()
        let (cpu, wall) = (processSeconds(), DispatchTime.now().uptimeNanoseconds)
        let report = try cycle(at: SceneRows.next)
        let times = CycleTimes(
            cpuSeconds: processSeconds() - cpu,
            wallSeconds: Double(DispatchTime.now().uptimeNanoseconds - wall) / 1e9,
            peakMegabytes: 0, counts: CycleCounts(report))
        print(String(decoding: try JSONEncoder().encode(times), as: UTF8.self))
    }

    /// The script is read again for each cycle, as `pitch watch` does.
    private func cycle(at instant: String) throws -> RunReport {
        let clock = Int64(Date.now.timeIntervalSince1970 * 1000)
        return try Workspace(script: script, asOf: instant, store: store, clock: clock).run()
    }
}
