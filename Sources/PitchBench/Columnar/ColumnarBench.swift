import ArgumentParser
import Foundation

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
    @Flag(help: "Print one JSON object.") var json = false
    @Option(help: "Fail if a ratio is below its limit in this file, a JSON object by query.")
    var check: String?
    @Option(help: "Write the data to this folder for other programs, and measure nothing.")
    var write: String?

    func run() throws {
        let subject = try ColumnarSubject(members: members)
        if let write { return try PopulationFiles(subject).write(to: write) }
        let queries = subject.queries.queries.filter { only.isEmpty || only.contains($0.name) }
        let times = try ColumnarRounds(subject, rounds: rounds, treeWalkMembers: treeWalk)
            .measure(queries)
        let report = ColumnarReport(subject, times)
        print(json ? try report.json() : report.table)
        if let check { try report.hold(to: RatioLimits(path: check)) }
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
