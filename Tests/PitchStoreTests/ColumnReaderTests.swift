import PitchColumnar
import PitchProgram
import PitchSchema
import PitchStore
import PitchTestSupport
import Testing

/// Columns beside the rows that they were read from, which are read one at a time elsewhere.
@Suite struct ColumnReaderTests {
    private static func program() -> Program {
        var orders = Shop.orders()
        orders.newMembers = .add
        return Shop.program([Shop.members(), orders])
    }

    private static func value(_ row: Int, of column: ColumnVector) -> Value {
        if column.missing?[row] ?? false { return .missing }
        switch column.payload {
        case .integers(let values): return Value(raw: values[row], as: column.type)
        case .codes(let codes, let texts): return .text(texts[Int(codes[row])])
        case .tags(let offsets, let codes, let texts):
            return .tags(
                (Int(offsets[row])..<Int(offsets[row + 1])).map { texts[Int(codes[$0])] })
        }
    }

    /// A text of up to so many characters, of which some have several bytes.
    private static func text(_ most: Int, _ generator: inout SeededGenerator) -> String {
        let letters = ["a", "b", "z", "é", "上", "😀"]
        return (0..<1 + Int(generator.next() % UInt64(most))).map { _ in
            letters[Int(generator.next() % UInt64(letters.count))]
        }.joined()
    }

    @Test(arguments: [7, 8, 16, 40])
    func columnsAreWhatTheRowsSay(longest: Int) throws {
        let shop = try Shop()
        let program = Self.program()
        var generator = SeededGenerator(seed: UInt64(longest))
        var members = "member_id,city,born,tags\n"
        for member in 0..<500 {
            let tags = (0..<generator.next() % 6).map { _ in
                Self.text(longest, &generator)
            }
            let born = generator.next() % 3 == 0 ? "" : "19\(10 + generator.next() % 90)-01-02"
            members += "m\(member),\(Self.text(longest, &generator)),\(born),"
            members += tags.joined(separator: "|") + "\n"
        }
        try shop.write("members.csv", members)
        // Out of order, by members and by time, and many at the same time.
        var orders = "order_id,total,member_id,at,channel\n"
        for order in 0..<3000 {
            let day = 1 + generator.next() % 3
            orders += "\(Self.text(3, &generator))\(order),\(generator.next() % 9999),"
            orders += "m\(generator.next() % 500),2026-01-0\(day) 09:00:00,"
            orders += ["web", "app", ""][Int(generator.next() % 3)] + "\n"
        }
        try shop.write("orders1.csv", orders)
        try shop.load(program)
        try Self.expectRows(shop, program)
    }

    /// More fields than SQLite gives a function arguments.
    @Test func manyFieldsAreRead() throws {
        let shop = try Shop()
        let fields = (0..<300).map { Field("f\($0)", .integer, isOptional: true) }
        let members = DataSet(
            kind: .members, name: "members", source: .csv(glob: "members.csv"),
            fields: [Field("member_id", .text)] + fields, key: [0])
        let program = Shop.program([members])
        let names = ["member_id"] + fields.map(\.name)
        let rows = (0..<50).map { row in
            (["m\(row)"] + fields.indices.map { ($0 + row) % 7 == 0 ? "" : "\($0 * row)" })
                .joined(separator: ",")
        }
        try shop.write(
            "members.csv", ([names.joined(separator: ",")] + rows).joined(separator: "\n") + "\n")
        try shop.load(program)
        let store = try shop.open(.readOnly)
        defer { store.close() }
        let source = try store.snapshot(of: program, usesFiles: false)
        try source.prefetch(fields.indices.map { FieldID(DataSetID(0), $0 + 1) })
        for field in fields.indices {
            let column = try source.column(FieldID(DataSetID(0), field + 1))
            for row in 0..<50 {
                let expected: Value =
                    (field + row) % 7 == 0 ? .missing : .integer(Int64(field * row))
                #expect(Self.value(row, of: column) == expected)
            }
        }
    }

    private static func expectRows(_ shop: Shop, _ program: Program) throws {
        let store = try shop.open(.readOnly)
        defer { store.close() }
        let source = try store.snapshot(of: program, usesFiles: false)
        let (members, orders) = (program.dataSets[0], program.dataSets[1])
        let columns = try members.fields.indices.filter { $0 != 0 }.map {
            ($0, try source.column(FieldID(DataSetID(0), $0)))
        }
        let keys = try source.memberKeyTexts().texts
        for member in try store.members(numbered: Array(0..<source.memberCount), program) {
            #expect(keys[member.number] == member.key)
            for (field, column) in columns {
                #expect(value(member.number, of: column) == member.values[field])
            }
        }
        let ordered = try orders.fields.indices.map {
            try source.column(FieldID(DataSetID(1), $0))
        }
        let index = try source.events(DataSetID(1))
        let events = try store.events(
            of: Array(0..<source.memberCount), in: DataSetID(1), program)
        for (member, events) in events.enumerated() {
            let rows = Int(index.offsets[member])..<Int(index.offsets[member + 1])
            #expect(rows.count == events.count)
            for (row, event) in zip(rows, events) {
                #expect(ordered.map { value(row, of: $0) } == event.values)
            }
        }
    }
}
