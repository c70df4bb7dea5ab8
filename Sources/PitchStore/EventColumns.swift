import PitchColumnar
import PitchProgram
import PitchSchema

/// Some fields of the events of all members, as they lie in the files of columns: what changed is
/// not put in its place, for few members are asked for.
package struct EventColumns: Sendable {
    /// What one file has.
    package struct Part: Sendable {
        /// The store's row id of every event.
        package let ids: PackedIntegers
        package let columns: [(field: Int, column: ColumnVector)]
    }

    private let index: EventIndex
    private let parts: [Part]
    /// How the rows of two parts lie among each other, and where each run begins; of one: none.
    private let runs: [SplicePlan.Run]
    private let starts: [Int]

    fileprivate init(_ index: EventIndex, _ parts: [Part], _ plan: SplicePlan?) {
        self.index = index
        self.parts = parts
        fields = Set(parts[0].columns.map(\.field))
        runs = plan?.runs ?? []
        var next = 0
        starts = runs.map { run in
            defer { next += run.rows.count }
            return next
        }
    }

    package let fields: Set<Int>

    /// Goes through the events of a member, by `at`, then key: their rows in a part.
    package func forEach(of member: Int, _ body: (Part, Int) -> Void) {
        let rows = Int(index.offsets[member])..<Int(index.offsets[member + 1])
        if rows.isEmpty { return }
        guard !runs.isEmpty else {
            for row in rows { body(parts[0], row) }
            return
        }
        var place = rows.lowerBound
        var number = run(at: place)
        while place < rows.upperBound {
            let (run, start) = (runs[number], starts[number])
            let end = min(rows.upperBound, start + run.rows.count)
            for row in place..<end {
                body(parts[run.isSecond ? 1 : 0], run.rows.lowerBound + row - start)
            }
            place = end
            number += 1
        }
    }

    /// The last run that begins at a row or before it.
    private func run(at row: Int) -> Int {
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= row { low = middle } else { high = middle }
        }
        return low
    }
}

extension SnapshotSource {
    /// Nil when the files are not there, not up to the store's rows, or lack one of the fields:
    /// keys of events, and texts that are different in most rows and that no script asks for.
    package func eventColumns(
        of dataSet: DataSetID, _ fields: Set<Int>
    ) throws -> EventColumns? {
        let places = try places(of: fields, in: dataSet)
        let found = try fromFiles(dataSet) { rows -> (parts: [EventColumns.Part], SplicePlan?)? in
            guard
                let all = try rows.columns.part(
                    rows.dataSet, places, count: try rows.baseCount())
            else { return nil }
            guard let changes = rows.changes else { return ([all], nil) }
            let count = try changes.integers(rows.dataSet, .ids).count
            let some = try changes.part(rows.dataSet, places, count: count)
            return try some.map { ([all, $0], try rows.plan(changes)) }
        }
        guard let (parts, plan) = found else { return nil }
        let index = try events(dataSet)
        let count = plan?.count ?? parts[0].ids.count
        guard index.offsets.last.map(Int.init) == count else { return nil }
        note(fields, of: dataSet, count)
        return EventColumns(index, parts, plan)
    }

    private func places(
        of fields: Set<Int>, in dataSet: DataSetID
    ) throws -> [(field: Int, place: Int64, type: ValueType)] {
        let declared = program.dataSets[dataSet.index]
        return try read(dataSet) { _, layout in
            fields.sorted().map { ($0, layout.places[$0].number, declared.fields[$0].type) }
        }
    }
}

extension SnapshotFile {
    /// Nil when a column is not there.
    fileprivate func part(
        _ dataSet: Int64, _ places: [(field: Int, place: Int64, type: ValueType)], count: Int
    ) throws -> EventColumns.Part? {
        var columns: [(field: Int, column: ColumnVector)] = []
        for (field, place, type) in places {
            guard let column = try column(dataSet, place: place, type, count: count) else {
                return nil
            }
            columns.append((field, column))
        }
        let ids = try integers(dataSet, .ids)
        guard ids.count == count else { throw Damage() }
        return EventColumns.Part(ids: ids, columns: columns)
    }
}
