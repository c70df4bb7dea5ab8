import ArgumentParser
import Foundation
import PitchTestSupport

/// The queries of `columnar` beside DuckDB, Polars and SQLite. `peers.py` runs the engines in turn
/// and asks this program for Pitch's part.
struct PeersBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peers",
        abstract: "Evaluate the queries of 'columnar' beside DuckDB, Polars and SQLite.",
        discussion: """
            Needs python3 with venv, and PyPI at the first use. SQLite takes part up to a million \
            members.
            """)

    @Option(help: "Members; about 5 actions each.") var members = 1_000_000
    @Option(help: "How often everything is measured.") var rounds = 4
    @OptionGroup var ways: WaysToRun
    @Flag(help: "Print one JSON object.") var json = false

    func run() throws {
        let bench = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let script = Golden.root.appending(path: "Sources/PitchBench/Peers/peers.py")
        let environment = bench.deletingLastPathComponent().appending(path: "peers-venv")
        let python = Process()
        python.executableURL = URL(filePath: "/usr/bin/env")
        python.arguments =
            [
                "python3", "-B", script.path, "--bench", bench.path, "--venv", environment.path,
                "--members", String(members), "--rounds", String(rounds), "--kernels",
                "\(ways.kernels)", "--threads", String(ways.threads),
            ] + (json ? ["--json"] : [])
        try python.run()
        python.waitUntilExit()
        throw ExitCode(python.terminationStatus)
    }
}

/// Writes the data to a folder, then answers a query for each line that it reads: the counts, and
/// the CPU time that they took.
struct AnswerQueries: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer", abstract: "Answer queries for 'peers'.", shouldDisplay: false)

    @Argument var folder: String
    @Option var members = 1_000_000
    @OptionGroup var ways: WaysToRun

    private struct Ready: Encodable { let queries: [String] }

    private struct Answer: Encodable {
        let matches: [Int]
        let cpuSeconds: Double
    }

    func run() throws {
        var subject = try ColumnarSubject(members: members)
        subject.ways = ways
        try PopulationFiles(subject).write(to: folder)
        try say(Ready(queries: subject.queries.queries.map(\.name)))
        while let name = readLine() {
            guard let query = subject.queries.queries.first(where: { $0.name == name }) else {
                throw ValidationError("there is no query '\(name)'")
            }
            let (selections, seconds) = try subject.select(query)
            try say(Answer(matches: selections.map(\.isTrue.population), cpuSeconds: seconds))
        }
    }

    private func say(_ line: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        print(String(decoding: try encoder.encode(line), as: UTF8.self))
        fflush(nil)
    }
}
