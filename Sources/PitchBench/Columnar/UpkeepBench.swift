import Foundation
import PitchColumnar
import PitchProgram
import PitchSchema
import PitchStore

/// One member in a hundred changes, and acts again, today or in the weeks before: what it costs to
/// write that beside the columns, and whether they then answer as if all were read anew.
struct UpkeepBench {
    let subject: ColumnarSubject
    /// A store with its files of columns; both are changed.
    let path: String
    let folder: String
    private var program: Program { subject.queries.program }

    func measure() throws -> [Figure] {
        let changed = try load()
        let (kept, seconds) = try keep()
        guard kept.step == .changes else { throw BenchError.wrong("the columns are written anew") }
        try compare()
        try FileManager.default.removeItem(atPath: path + "-columns")
        let (all, allSeconds) = try keep()
        return [
            Figure(
                name: "upkeep of 1 % of members", value: Spread([seconds]).description,
                note: String(
                    format: "s cpu, 1/%.0f of writing all anew", allSeconds / seconds)),
            Figure(
                name: "rows read for it", value: "\(kept.rowsRead)",
                note: String(
                    format: "%.2f of the %d rows that changed",
                    Double(kept.rowsRead) / Double(changed), changed)),
            Figure(
                name: "bytes written for it", value: "\(kept.bytesWritten)",
                note: String(
                    format: "%.2f %% of all columns",
                    100 * Double(kept.bytesWritten) / Double(all.bytesWritten))),
        ]
    }

    /// - Returns: how many rows are new or changed.
    private func load() throws -> Int {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try members().write(toFile: folder + "/members.csv", atomically: true, encoding: .utf8)
        try actions().write(toFile: folder + "/actions.csv", atomically: true, encoding: .utf8)
        let store = try Store(path: path, access: .readWrite)
        defer { store.close() }
        let report = try store.load(program, folder: folder, at: 0)
        return report.total(\.new) + report.total(\.changed)
    }

    private func members() -> String {
        var rows = [PopulationCsv.memberColumns]
        var csv = PopulationCsv(subject.population)
        for member in subject.poll.members {
            rows.append(csv.memberLine(Int(member), older: 1))
        }
        return rows.joined()
    }

    /// The actions of the poll, half of them late.
    private func actions() -> String {
        let poll = subject.poll
        var rows = [PopulationCsv.actionColumns]
        var csv = PopulationCsv(subject.population)
        for (action, owner) in poll.owners.enumerated() {
            let late = action % 2 == 0 ? 0 : Int64(action % 60)
            rows.append(
                csv.actionLine(
                    "n\(action)", of: Int(owner), day: Population.today - late,
                    kind: poll.kindCodes[action], amount: poll.amounts[action]))
        }
        return rows.joined()
    }

    private func keep() throws -> (ColumnsKept, Double) {
        let store = try Store(path: path, access: .readWrite)
        defer { store.close() }
        let start = processSeconds()
        let kept = try store.keepColumns(of: program)
        return (kept, processSeconds() - start)
    }

    /// - Throws: when an answer by the files differs from one by the rows.
    private func compare() throws {
        let store = try Store(path: path, access: .readOnly)
        defer { store.close() }
        let runtimes = try [true, false].map { usesFiles in
            ColumnarRuntime(
                program: program, moment: ColumnarQueries.moment,
                source: try store.snapshot(of: program, usesFiles: usesFiles))
        }
        for query in subject.queries.queries {
            for predicate in query.predicates {
                let answers = try runtimes.map { try $0.select(predicate) }
                guard answers[0] == answers[1] else {
                    throw BenchError.wrong("\(query.name) of the changed columns differs")
                }
            }
        }
    }
}
