import ArgumentParser
import PitchColumnar
import PitchProgram

/// A question about members who lie next to each other, by columns with zones and by columns whose
/// only zone holds everybody.
struct ZoneBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "zones",
        abstract: "Ask for members who joined of late, with and without zones.")

    @Option(help: "Members; about 5 actions each.") var members = 1_000_000
    @Option(help: "How often each is measured.") var rounds = 20

    func run() throws {
        let queries = try ColumnarQueries()
        let population = Population(members: members)
        let runtimes = [ZoneMap.usualRows, (members + 63) / 64 * 64].map { rows in
            ColumnarRuntime(
                program: queries.program, moment: ColumnarQueries.moment,
                columns: ColumnCache(
                    PopulationColumns(population, queries.program), zoneRows: rows))
        }
        let prepared = try runtimes.map { try $0.prepare([queries.recent]) }
        let answers = try prepared.map { try $0.select() }
        guard answers[0] == answers[1] else { throw BenchError.wrong("zones change the answer") }
        let skipped = prepared.map(\.rowsSkipped)
        var seconds: [[Double]] = [[], []]
        for _ in 0..<rounds {
            for (index, rules) in prepared.enumerated() {
                let start = processSeconds()
                _ = try rules.select()
                seconds[index].append((processSeconds() - start) * 1e3)
            }
        }
        Figure.print(
            ["with zones", "without"].enumerated().map { index, name in
                let spread = Spread(seconds[index])
                return Figure(
                    name: name,
                    value: String(
                        format: "%.4f (%.4f…%.4f)", spread.median, spread.least, spread.greatest),
                    note: "ms cpu, \(answers[index][0].isTrue.population) of \(members) members, "
                        + "\(skipped[index]) numbers skipped")
            })
    }
}
