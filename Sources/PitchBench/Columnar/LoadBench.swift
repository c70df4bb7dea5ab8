import ArgumentParser
import Foundation
import PitchColumnar
import PitchProgram
import PitchSchema
import PitchStore

/// The population of `columnar` by way of a store: loaded from its files, then read as columns.
/// What the columns of the store answer is held against those in memory.
struct LoadBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Load members and actions, and read them as columns.")

    @Option(help: "Members; about 5 actions each.") var members = 1_000_000
    @Option(help: "How often the columns are read.") var rounds = 3
    @Option(help: "Where to work; a store that is there is read, and not loaded again.")
    var folder: String?

    func run() throws {
        let place = folder ?? NSTemporaryDirectory() + "pitch-bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: true)
        defer { if folder == nil { try? FileManager.default.removeItem(atPath: place) } }
        let subject = try ColumnarSubject(members: members)
        Figure.print(try LoadRounds(subject, folder: place).measure(rounds: rounds))
    }
}

private struct LoadRounds {
    private let subject: ColumnarSubject
    private let folder: String
    private var program: Program { subject.queries.program }
    private var path: String { folder + "/columnar.db" }

    init(_ subject: ColumnarSubject, folder: String) {
        self.subject = subject
        self.folder = folder
    }

    func measure(rounds: Int) throws -> [Figure] {
        let load = try FileManager.default.fileExists(atPath: path) ? [] : [loaded()]
        var read: [(members: Double, actions: Double)] = []
        for _ in 0..<rounds { read.append(try readSeconds()) }
        let (members, actions) = (subject.population.count, subject.population.days.count)
        return load + [
            figure("members from SQLite to columns", members, read.map(\.members)),
            figure("actions from SQLite to columns", actions, read.map(\.actions)),
        ]
    }

    private func figure(_ name: String, _ rows: Int, _ seconds: [Double]) -> Figure {
        let spread = Spread(seconds)
        return Figure(
            name: name, value: spread.description,
            note: "s cpu, \(Self.rate(rows, spread.median))")
    }

    private static func rate(_ rows: Int, _ seconds: Double) -> String {
        String(format: "%.2f million rows/s", Double(rows) / seconds / 1e6)
    }

    private func loaded() throws -> Figure {
        var csv = PopulationCsv(subject.population)
        try csv.write(to: folder)
        let store = try Store(path: path, access: .readWrite)
        defer { store.close() }
        let start = processSeconds()
        let found = try store.load(program, folder: folder).total(\.new)
        let seconds = processSeconds() - start
        let expected = subject.population.count + subject.population.days.count
        guard found == expected else {
            throw BenchError.wrong("\(found) of \(expected) rows are loaded")
        }
        return figure("load from CSV", expected, [seconds])
    }

    /// CPU seconds for all columns of members but the key, and of actions but the keys.
    private func readSeconds() throws -> (members: Double, actions: Double) {
        let store = try Store(path: path, access: .readOnly)
        defer { store.close() }
        let source = try store.snapshot(of: program)
        let seconds = try program.dataSets.indices.map { index in
            let dataSet = program.dataSets[index]
            let fields = dataSet.fields.indices.filter {
                !dataSet.key.contains($0) && $0 != dataSet.member
            }
            let start = processSeconds()
            try source.prefetch(fields.map { FieldID(DataSetID(index), $0) })
            return processSeconds() - start
        }
        try hold(source)
        return (seconds[0], seconds[1])
    }

    /// - Throws: when an answer differs from that of the columns in memory.
    private func hold(_ source: SnapshotSource) throws {
        let runtime = ColumnarRuntime(
            program: program, moment: ColumnarQueries.moment, source: source)
        for query in subject.queries.queries where query.predicates.count == 1 {
            let found = try runtime.select(query.predicates[0]).isTrue
            guard found == (try subject.select(query).selections[0].isTrue) else {
                throw BenchError.wrong("\(query.name) of the store differs")
            }
        }
    }
}
