import ArgumentParser
import Foundation
import PitchOptimizer

/// Allocates offers to the members of a file, or of an instance that is made in memory, so that
/// anybody can hold the result against another solver.
struct AllocateBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "allocate", abstract: "Give every member at most one offer, within limits.",
        discussion: """
            FILE has the columns member, offer, conversion and cost_minor, a row for each offer \
            that a member may get; a column segment, the same in all rows of a member, is for \
            limits. An offer without a row is not given.
            A file of limits is {"limits": [...]}, of objects with a kind and what it is of:
              {"kind": "budget", "segment": "vip", "at_most": 50000}     minor units
              {"kind": "stock", "offer": "off20", "at_most": 1000}       members
              {"kind": "capacity", "offers": ["a", "b"], "at_most": 500} members
              {"kind": "coverage", "segment": "vip", "at_least": 5000}   members
              {"kind": "return", "at_least": 1.5, "worth_minor": 9000}   per conversion
              {"kind": "rate_gap", "segment": "vip", "at_most": 0.02}
            Each may have a "name". The budget of the command counts too.
            """)

    @Argument(help: "A CSV file.") var file: String?
    @Option(help: "The most that all offers may cost, in minor units.") var budget: Int64
    @Option(help: "A file of further limits.") var limits: String?
    @Option(help: "Make an instance of so many members and ten offers instead.")
    var generate: Int?
    @Option(help: "Which instance is made.") var seed: UInt64 = 1
    @Option(help: "Threads.") var threads = 2
    @Option(help: "Where to write member and offer of those who get one, as CSV.")
    var out: String?
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        guard (file == nil) != (generate == nil) else {
            throw ValidationError("expected a file or '--generate', and not both")
        }
        guard generate ?? 1 > 0, threads > 0, budget >= 0 else {
            throw ValidationError("expected members and threads above 0, and a budget of 0 or more")
        }
    }

    func run() throws {
        let start = wallSeconds()
        let instance =
            try file.map(AllocationInstance.init(csv:))
            ?? AllocationInstance(generated: generate ?? 1, seed: seed)
        let rows = try limits.map { try AllocationLimits(path: $0).rows(of: instance) } ?? []
        let read = wallSeconds()
        let solution = try solve(instance, rows)
        let report = AllocationReport(
            instance, solution, seconds: wallSeconds() - read, readSeconds: read - start)
        if let out { try instance.write(solution.choices, to: out) }
        print(json ? try report.json() : report.text)
    }

    private func solve(
        _ instance: AllocationInstance, _ limits: [AllocationLimits.Row]
    ) throws -> AllocationSolution {
        let allocator = Allocator(instance.table, threads: threads)
        if limits.isEmpty {
            return AllocationSolution(try allocator.maximizeValue(budgetMinor: budget))
        }
        let all = [AllocationLimits.Row(name: "budget", row: .budget(budget))] + limits
        let segments = try Segments(
            count: max(1, instance.segments.count), ofMember: instance.segmentOfMember)
        switch try allocator.maximizeValue(within: all.map(\.row), of: segments) {
        case .found(let found): return AllocationSolution(found, names: all.map(\.name))
        case .conflict(let conflict):
            let names = conflict.rows.map { all[$0].name }
            let least = zip(all, conflict.relaxations).filter { $1 > 0 }
                .map { "\($0.name) by \($1)" }
            throw BenchError.wrong(
                "no allocation keeps all limits; in conflict are \(names.joined(separator: ", ")); "
                    + "the least relaxation found: \(least.joined(separator: ", "))")
        }
    }
}

/// Seconds of a clock that only goes forward.
func wallSeconds() -> Double { Double(DispatchTime.now().uptimeNanoseconds) / 1e9 }
