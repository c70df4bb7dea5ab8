import ArgumentParser
import Foundation
import PitchColumnar

/// Evaluates the queries batch after batch and says, on standard error, how many allocations the
/// last thousand batches of each made, as a preloaded library counts them.
struct SteadyMemory: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "steady", abstract: "Count the allocations of batches.", shouldDisplay: false)

    @Option(help: "Members.") var members = 200_000

    /// What the preloaded library counts.
    private typealias Counter = @convention(c) () -> Int

    func run() throws {
        guard let symbol = dlsym(nil, "pitch_allocations") else {
            throw ValidationError("no library that counts allocations is preloaded")
        }
        let allocations = unsafeBitCast(symbol, to: Counter.self)
        let subject = try ColumnarSubject(members: members)
        for query in subject.queries.queries where !query.isPoll {
            let runtime = subject.runtime(query)
            // Aggregates are kept when they are asked for again.
            _ = try runtime.prepare(query.predicates)
            let rules = try runtime.prepare(query.predicates)
            let batches = max(1, (members + 65_535) / 65_536)
            let rounds = 1000 / batches + 2
            var counts: [Int] = []
            counts.reserveCapacity(rounds)
            let selections = try rules.select(rounds: rounds) { _ in counts.append(allocations()) }
            let line = "\(query.name) \(counts[rounds - 1] - counts[1]) \(selections.count)\n"
            FileHandle.standardError.write(Data(line.utf8))
        }
    }
}
