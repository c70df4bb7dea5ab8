import ArgumentParser
import Foundation
import PitchColumnar

/// Predicates over columns in memory, beside the tree-walking evaluator on the first members.
struct ColumnarBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "columnar",
        abstract: "Evaluate predicates over columns in memory, beside the tree-walking evaluator.")

    @Option(help: "Members; about 5 actions each.") var members = 1_000_000
    @Option(help: "How often everything is measured.") var rounds = 4
    @Option(help: "Members that the evaluator looks at; of q4 and q6 10,000 at most.")
    var treeWalk = 200_000
    @Option(help: "Measure only this query; may be given several times.") var only: [String] = []
    @OptionGroup var ways: WaysToRun
    @Flag(help: "Print one JSON object.") var json = false
    @Option(help: "Fail if a ratio is below its limit in this file, a JSON object by query.")
    var check: String?
    @Option(help: "Write the data to this folder for other programs, and measure nothing.")
    var write: String?

    func run() throws {
        var subject = try ColumnarSubject(members: members)
        subject.ways = ways
        if let write { return try PopulationFiles(subject).write(to: write) }
        let queries = subject.queries.queries.filter { only.isEmpty || only.contains($0.name) }
        let times = try ColumnarRounds(subject, rounds: rounds, treeWalkMembers: treeWalk)
            .measure(queries)
        let report = ColumnarReport(subject, times)
        print(json ? try report.json() : report.table)
        if let check { try report.hold(to: RatioLimits(path: check)) }
    }
}

/// Which instructions the kernels use, and how many threads.
struct WaysToRun: ParsableArguments {
    @Option(help: "portable, avx2 or avx512; what this machine has, if not given.")
    var kernels: KernelFamily = .best
    @Option(help: "Threads that share the members.") var threads = 1

    func validate() throws {
        guard KernelFamily.available.contains(kernels) else {
            throw ValidationError("this machine has no \(kernels)")
        }
    }
}

extension KernelFamily: ExpressibleByArgument {
    public static var allValueStrings: [String] { allCases.map { "\($0)" } }
    public var defaultValueDescription: String { "\(self)" }

    public init?(argument: String) {
        guard let family = Self.allCases.first(where: { "\($0)" == argument }) else { return nil }
        self = family
    }
}

/// The least ratios to the tree walk, by query.
struct RatioLimits {
    let limits: [String: Double]

    init(path: String) throws {
        limits = try JSONDecoder().decode(
            [String: Double].self, from: Data(contentsOf: URL(filePath: path)))
    }
}
