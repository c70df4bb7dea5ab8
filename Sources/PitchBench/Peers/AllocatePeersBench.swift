import ArgumentParser
import Foundation
import PitchOptimizer
import PitchTestSupport

/// Allocations beside NumPy, HiGHS and OR-Tools. `allocate_peers.py` runs the solvers in turn and
/// asks this program for Pitch's part.
struct AllocatePeersBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "allocate-peers",
        abstract: "Allocate offers beside NumPy, HiGHS and OR-Tools.",
        discussion: """
            All solve the same arrays in memory; reading and building a model are not timed. Needs \
            python3 with venv, and PyPI at the first use. HiGHS takes minutes a round at full size.
            """)

    @Option(help: "How often everything is measured.") var rounds = 3
    @Option(help: "Threads that Pitch and HiGHS may use.") var threads = 2
    @Option(help: "A share of the full sizes, such as 0.1.") var scale = 1.0
    @Flag(help: "Print one JSON object.") var json = false

    func validate() throws {
        guard rounds > 0, threads > 0, scale > 0, scale <= 1 else {
            throw ValidationError("expected rounds and threads above 0, and a scale of 0 to 1")
        }
    }

    func run() throws {
        let bench = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        let script = Golden.root.appending(path: "Sources/PitchBench/Peers/allocate_peers.py")
        let environment = bench.deletingLastPathComponent().appending(path: "allocate-peers-venv")
        let python = Process()
        python.executableURL = URL(filePath: "/usr/bin/env")
        python.arguments =
            [
                "python3", "-B", script.path, "--bench", bench.path, "--venv", environment.path,
                "--rounds", String(rounds), "--threads", String(threads), "--scale",
                String(scale),
            ] + (json ? ["--json"] : [])
        try python.run()
        python.waitUntilExit()
        throw ExitCode(python.terminationStatus)
    }
}

/// Writes a campaign to a folder, then solves it for each line that it reads, up to that work
/// limit, and writes who gets what.
struct AnswerAllocations: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer-allocations", abstract: "Allocate offers for 'allocate-peers'.",
        shouldDisplay: false)

    @Argument var folder: String
    @Option var members: Int
    @Option var seed: UInt64 = 1
    @Option var threads = 2
    @Flag var manyLimits = false

    func run() throws {
        let campaign = try AllocationCampaign(
            members: members, seed: seed, hasManyLimits: manyLimits)
        let files = CampaignFiles(folder: URL(filePath: folder))
        try files.write(campaign)
        try say(["limits": campaign.rows.count])
        while let line = readLine() {
            guard let workLimit = Int(line) else {
                throw ValidationError("expected a work limit, found '\(line)'")
            }
            let (answer, choices) = try campaign.solve(threads: threads, workLimit: workLimit)
            try files.write(choices: choices)
            try say(answer)
        }
    }

    private func say(_ line: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        print(String(decoding: try encoder.encode(line), as: UTF8.self))
        fflush(nil)
    }
}
