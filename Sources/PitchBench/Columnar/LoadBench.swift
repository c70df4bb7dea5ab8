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
        let read = try (0..<rounds).map { _ in try readSeconds() }
        let kept = try keptSeconds()
        let reopened = try (0..<rounds).map { _ in try self.reopened() }
        let (members, actions) = (subject.population.count, subject.population.days.count)
        let fresh = Spread(read.map { $0.members + $0.actions }).median
        let again = Spread(reopened.map(\.seconds))
        let first = try firstAnswers(rounds: rounds)
        let upkeep = try copied()
        return load + [
            figure("members from SQLite to columns", members, read.map(\.members)),
            figure("actions from SQLite to columns", actions, read.map(\.actions)),
            kept,
            Figure(
                name: "reopen, verify these columns",
                value: String(
                    format: "%.4f (%.4f…%.4f)", again.median, again.least, again.greatest),
                note: String(
                    format: "s cpu, 1/%.0f of reading the store; %d rows read from it",
                    fresh / again.median, reopened[0].rowsRead)),
        ] + first + (try upkeep.measure())
    }

    /// A copy of the store, which the upkeep changes.
    private func copied() throws -> UpkeepBench {
        let copy = folder + "/changed"
        try? FileManager.default.removeItem(atPath: copy)
        try FileManager.default.createDirectory(
            atPath: copy, withIntermediateDirectories: true)
        for file in ["columnar.db", "columnar.db-columns"] {
            try FileManager.default.copyItem(
                atPath: folder + "/" + file, toPath: copy + "/" + file)
        }
        return UpkeepBench(subject: subject, path: copy + "/columnar.db", folder: copy)
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
        let found = try store.load(program, folder: folder, at: 0).total(\.new)
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
        let source = try store.snapshot(of: program, usesFiles: false)
        let seconds = try program.dataSets.indices.map { index in
            let start = processSeconds()
            try source.prefetch(fields(of: index))
            return processSeconds() - start
        }
        try hold(source)
        return (seconds[0], seconds[1])
    }

    private func fields(of dataSet: Int) -> [FieldID] {
        let declared = program.dataSets[dataSet]
        return declared.fields.indices
            .filter { !declared.key.contains($0) && $0 != declared.member }
            .map { FieldID(DataSetID(dataSet), $0) }
    }

    /// Writes the files of columns, unless they are there.
    private func keptSeconds() throws -> Figure {
        let store = try Store(path: path, access: .readWrite)
        defer { store.close() }
        let start = processSeconds()
        let kept = try store.keepColumns(of: program)
        return Figure(
            name: "columns to files", value: Spread([processSeconds() - start]).description,
            note: "s cpu, \(kept.rowsRead) rows read, \(kept.bytesWritten) bytes written")
    }

    /// CPU seconds from opening the store until every byte of the columns is read and checked.
    private func reopened() throws -> (seconds: Double, rowsRead: Int) {
        let start = processSeconds()
        let store = try Store(path: path, access: .readOnly)
        defer { store.close() }
        let source = try store.snapshot(of: program)
        try source.prefetch(program.dataSets.indices.flatMap(fields))
        for dataSet in program.dataSets.indices where program.dataSets[dataSet].kind == .events {
            _ = try source.events(DataSetID(dataSet))
        }
        let seconds = processSeconds() - start
        try hold(source)
        return (seconds, source.rowsRead)
    }

    /// CPU seconds of every query by the files, from opening the store on: what a process that
    /// asks once pays.
    private func firstAnswers(rounds: Int) throws -> [Figure] {
        try subject.queries.queries.filter { !$0.isPoll }.map { query in
            let seconds = try (0..<rounds).map { _ in
                let start = processSeconds()
                let store = try Store(path: path, access: .readOnly)
                defer { store.close() }
                let runtime = ColumnarRuntime(
                    program: program, moment: ColumnarQueries.moment,
                    source: try store.snapshot(of: program))
                _ = try runtime.select(query.predicates)
                return processSeconds() - start
            }
            let spread = Spread(seconds)
            return Figure(
                name: "\(query.name) by the files, asked once",
                value: String(
                    format: "%.4f (%.4f…%.4f)", spread.median, spread.least, spread.greatest),
                note: "s cpu")
        }
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
