import PitchColumnar
import PitchProgram
import PitchSchema
import PitchStore
import PitchTestSupport
import Testing

/// The events of one member after another, from the files of columns and by row.
@Suite struct EventColumnsTests {
    /// Rows that came or changed since lie in a file of their own, and among the others.
    @Test(arguments: [UInt64(4), 5, 6])
    func eventsAreThoseOfTheRows(seed: UInt64) throws {
        let shop = try Shop()
        let program = SnapshotTests.program()
        var files = SnapshotTests.Files(generator: SeededGenerator(seed: seed))
        try files.change(shop, members: 200, orders: 900)
        try SnapshotTests.loadAndKeep(shop, program)
        var withChanges = 0
        for _ in 0..<6 {
            let kept = try SnapshotTests.loadAndKeep(shop, program)
            #expect(kept.step == .none)
            try expectTruth(shop, program)
            try files.change(shop, members: 3, orders: 12)
            if try SnapshotTests.loadAndKeep(shop, program).step == .changes { withChanges += 1 }
            try expectTruth(shop, program)
        }
        #expect(withChanges > 2)
    }

    private func expectTruth(_ shop: Shop, _ program: Program) throws {
        let store = try shop.open(.readOnly)
        defer { store.close() }
        let source = try store.snapshot(of: program)
        let orders = DataSetID(1)
        let dataSet = program.dataSets[1]
        let fields = Set(
            dataSet.fields.indices.filter { $0 != dataSet.member && !dataSet.key.contains($0) })
        let columns = try #require(try source.eventColumns(of: orders, fields))
        for member in 0..<source.memberCount {
            var found: [String] = []
            columns.forEach(of: member) { part, row in
                let values = part.columns.map { SnapshotTests.value(row, of: $0.column) }
                found.append("\(part.ids[row]) \(values)")
            }
            let rows = try store.events(of: member, in: orders, program).map { event in
                "\(event.row) \(fields.sorted().map { text(event.values[$0]) })"
            }
            #expect(found == rows, "member \(member)")
        }
        #expect(source.rowsRead == 0)
        #expect(source.valuesRead > 0)
    }

    private func text(_ value: Value) -> String {
        if case .text(let text) = value { return text }
        return value.raw.map { "\($0)" } ?? "?"
    }

    /// Keys are not among the columns, and without files there are none.
    @Test func whatFilesLackIsReadByRow() throws {
        let shop = try Shop()
        let program = SnapshotTests.program()
        var files = SnapshotTests.Files(generator: SeededGenerator(seed: 7))
        try files.change(shop, members: 20, orders: 90)
        try shop.load(program)
        let store = try shop.open()
        defer { store.close() }
        let at = Set([program.dataSets[1].at].compactMap { $0 })
        #expect(try store.snapshot(of: program).eventColumns(of: DataSetID(1), at) == nil)
        try store.keepColumns(of: program)
        let source = try store.snapshot(of: program)
        #expect(try source.eventColumns(of: DataSetID(1), at)?.fields == at)
        let key = Set(program.dataSets[1].key)
        #expect(try source.eventColumns(of: DataSetID(1), at.union(key)) == nil)
        // A row that came after the files were written.
        try files.change(shop, members: 1, orders: 2)
        try shop.load(program)
        #expect(try store.snapshot(of: program).eventColumns(of: DataSetID(1), at) == nil)
    }
}
