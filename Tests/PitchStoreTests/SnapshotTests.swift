import Foundation
import PitchColumnar
import PitchProgram
import PitchSchema
import PitchStore
import PitchTestSupport
import Testing

@Suite struct SnapshotTests {
    // MARK: - What columns say

    /// Everything that a source of columns can be asked, as text.
    static func contents(_ store: Store, _ program: Program, usesFiles: Bool) throws -> [String] {
        let source = try store.snapshot(of: program, usesFiles: usesFiles)
        var lines = ["\(source.memberCount) members: \(try source.memberKeyTexts().texts)"]
        for (index, dataSet) in program.dataSets.enumerated() {
            let id = DataSetID(index)
            if dataSet.kind == .events {
                lines.append("\(dataSet.name) begin at \(try source.events(id).offsets)")
                lines.append(try places(of: id, at: dataSet.at, source))
            }
            if dataSet.kind == .table { lines.append("keys \(try source.keys(id))") }
            for field in dataSet.fields.indices {
                let column = try source.column(FieldID(id, field))
                let values = (0..<column.count).map { value($0, of: column) }
                lines.append("\(dataSet.name).\(dataSet.fields[field].name): \(values)")
                if let zones = zones(of: column) { lines.append(zones) }
                lines += rowsOfTags(column)
            }
        }
        return lines
    }

    /// Of the order by time: the one that is kept, or else made.
    private static func places(
        of dataSet: DataSetID, at: Int?, _ source: SnapshotSource
    ) throws -> String {
        let at = try source.column(FieldID(dataSet, at ?? 0))
        guard case .integers(let instants) = at.payload else { return "no instants" }
        let index = try source.events(dataSet)
        let kept = source.timeOrder(dataSet).flatMap { kept in
            kept.places().flatMap {
                TimeOrder(index, at: instants, places: $0, blockRows: kept.blockRows)
            }
        }
        let order = kept ?? TimeOrder(index, at: instants)
        return withExtendedLifetime(order) {
            "by time: \(Array(order.places.bound(to: UInt16.self)))"
        }
    }

    /// Those that come with the column, or else are made of its values.
    private static func zones(of column: ColumnVector) -> String? {
        guard case .integers(let values) = column.payload else { return nil }
        let zones = column.zones ?? ZoneMap(values, missing: column.missing)
        return withExtendedLifetime(zones) {
            "zones of \(zones.rows): \(Array(zones.bytes.bound(to: Int64.self)))"
        }
    }

    /// Those that are kept for a tag, or else counted.
    private static func rowsOfTags(_ column: ColumnVector) -> [String] {
        guard case .tags(let offsets, let codes, let texts) = column.payload else { return [] }
        var rows = [[Int]](repeating: [], count: texts.count)
        for row in 0..<column.count {
            for element in Int(offsets[row])..<Int(offsets[row + 1]) {
                rows[Int(codes[element])].append(row)
            }
        }
        let lines = rows.enumerated().map { code, rows in
            guard let words = column.keptTags?.words(code)?.bound(to: UInt64.self) else {
                return "\(texts[code]): \(rows)"
            }
            let bits = Bitmap(words: Array(words), count: column.count)
            return "\(texts[code]): \(bits.rows.map { Int($0) })"
        }
        return lines.filter { !$0.hasSuffix("[]") }.sorted()
    }

    static func value(_ row: Int, of column: ColumnVector) -> String {
        if column.missing?[row] ?? false { return "?" }
        switch column.payload {
        case .integers(let values): return "\(values[row])"
        case .codes(let codes, let texts): return texts[Int(codes[row])]
        case .tags(let offsets, let codes, let texts):
            return (Int(offsets[row])..<Int(offsets[row + 1])).map { texts[Int(codes[$0])] }
                .sorted().joined(separator: "|")
        }
    }

    static func expectTruth(_ shop: Shop, _ program: Program, _ note: Comment = "") throws {
        let store = try shop.open(.readOnly)
        defer { store.close() }
        #expect(
            try contents(store, program, usesFiles: true)
                == contents(store, program, usesFiles: false), note)
    }

    static func program() -> Program {
        var orders = Shop.orders()
        orders.onChange = .replace
        orders.newMembers = .add
        var stores = DataSet(
            kind: .table, name: "stores", source: .csv(glob: "stores.csv"),
            fields: [Field("store", .text), Field("city", .text, isOptional: true)], key: [0])
        stores.absentGone = true
        return Shop.program([Shop.members(), orders, stores])
    }

    @discardableResult
    static func loadAndKeep(_ shop: Shop, _ program: Program) throws -> ColumnsKept {
        try shop.load(program)
        let store = try shop.open()
        defer { store.close() }
        return try store.keepColumns(of: program)
    }

    // MARK: - A small world that changes

    /// Files of members, orders and stores, drawn from a seed.
    struct Files {
        var generator: SeededGenerator
        var members: [String: String] = [:]
        var orderCount = 0
        var fileCount = 0

        mutating func below(_ bound: Int) -> Int { Int(generator.next() % UInt64(bound)) }

        mutating func member() -> String {
            let city = ["上海", "Köln", "", "X, Y", "new\(below(50))"][below(5)]
            let born = below(3) == 0 ? "" : "19\(10 + below(90))-0\(1 + below(9))-1\(below(10))"
            let tags = (0..<below(4)).map { _ in "t\(below(below(2) == 0 ? 300 : 3))" }
                .joined(separator: "|")
            return "\"\(city.isEmpty ? "none" : city)\",\(born),\(tags)"
        }

        mutating func change(_ shop: Shop, members count: Int, orders: Int) throws {
            for _ in 0..<count { members["m\(below(4 * (members.count + count)))"] = member() }
            let rows = members.keys.sorted().map { "\($0),\(members[$0] ?? "")\n" }
            try shop.write("members.csv", "member_id,city,born,tags\n" + rows.joined())
            var text = "order_id,total,member_id,at,channel\n"
            for _ in 0..<orders {
                // Some ids come again with other values, and many orders share an instant.
                let isOld = orderCount > 0 && below(6) == 0
                let number = isOld ? below(orderCount) : orderCount
                if !isOld { orderCount += 1 }
                let amount = below(40) == 0 ? 4_000_000_000 : below(90_000)
                let hour = ["00", "09", "23"][below(3)]
                text += "o\(number),\(amount),m\(below(members.count * 2 + 2)),"
                text += "2026-0\(1 + below(9))-1\(below(3)) \(hour):00:00,"
                text += ["web", "app", ""][below(3)] + "\n"
            }
            fileCount += 1
            try shop.write("orders\(fileCount).csv", text)
            let stores = (0..<3 + below(3)).map { "s\($0),c\(below(9))\n" }
            try shop.write("stores.csv", "store,city\n" + stores.joined())
        }
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func filesFollowTheRows(seed: UInt64) throws {
        let shop = try Shop()
        let program = Self.program()
        var files = Files(generator: SeededGenerator(seed: seed))
        try files.change(shop, members: 200, orders: 900)
        #expect(try Self.loadAndKeep(shop, program).step == .all)
        try Self.expectTruth(shop, program, "the first load")
        var steps: [ColumnsKept.Step: Int] = [:]
        for round in 0..<12 {
            let isLarge = round == 7
            try files.change(shop, members: isLarge ? 300 : 3, orders: isLarge ? 2000 : 12)
            steps[try Self.loadAndKeep(shop, program).step, default: 0] += 1
            try Self.expectTruth(shop, program, "round \(round)")
        }
        #expect(steps[.changes, default: 0] > 3 && steps[.all, default: 0] > 0)
        #expect(try Self.loadAndKeep(shop, program).step == .none)
    }

    @Test func changesReadOnlyWhatChanged() throws {
        let shop = try Shop()
        let program = Self.program()
        var files = Files(generator: SeededGenerator(seed: 9))
        try files.change(shop, members: 2000, orders: 20_000)
        let all = try Self.loadAndKeep(shop, program)
        try files.change(shop, members: 0, orders: 200)
        let report = try shop.load(program)
        let store = try shop.open()
        let kept = try store.keepColumns(of: program)
        let changed = report.total(\.new) + report.total(\.changed)
        #expect(kept.step == .changes)
        #expect(kept.bytesWritten * 20 <= all.bytesWritten)
        // Rows of the same member and instant are read to be put in order.
        #expect(kept.rowsRead < changed * 3)
        let source = try store.snapshot(of: program)
        _ = try source.column(FieldID(DataSetID(1), 3))
        #expect(source.rowsRead == 0)
    }

    @Test func theOrderByTimeIsKeptUntilEventsChange() throws {
        let shop = try Shop()
        let program = Self.program()
        var files = Files(generator: SeededGenerator(seed: 8))
        func order() throws -> KeptTimeOrder? {
            let store = try shop.open(.readOnly)
            defer { store.close() }
            let source = try store.snapshot(of: program)
            _ = try source.events(DataSetID(1))
            return source.timeOrder(DataSetID(1))
        }
        try files.change(shop, members: 100, orders: 900)
        #expect(try Self.loadAndKeep(shop, program).step == .all)
        #expect(try order()?.places() != nil)
        try files.change(shop, members: 3, orders: 0)
        #expect(try Self.loadAndKeep(shop, program).step == .changes)
        #expect(try order()?.places() != nil)
        try files.change(shop, members: 0, orders: 9)
        #expect(try Self.loadAndKeep(shop, program).step == .changes)
        #expect(try order() == nil)
    }

    // MARK: - Damage

    /// The store's files of columns with a change, and a load after it.
    private static func expectFound(
        _ shop: Shop, _ program: Program, _ name: String, _ bytes: [UInt8], _ note: Comment
    ) throws {
        try shop.write(name, bytes)
        try expectTruth(shop, program, note)
        try loadAndKeep(shop, program)
        try expectTruth(shop, program, note)
    }

    @Test(arguments: ["shop.db-columns", "shop.db-changes"])
    func noAnswerComesFromAFlippedByte(name: String) throws {
        let shop = try Shop()
        let program = Self.program()
        var files = Files(generator: SeededGenerator(seed: 4))
        try files.change(shop, members: 40, orders: 300)
        try Self.loadAndKeep(shop, program)
        try files.change(shop, members: 2, orders: 5)
        try Self.loadAndKeep(shop, program)
        let intact = ["shop.db-columns", "shop.db-changes"].map { ($0, try? shop.bytes($0)) }
        let bytes = try shop.bytes(name)
        var flipped = 0
        for place in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 300)) {
            var broken = bytes
            broken[place] ^= 0x10
            for (name, bytes) in intact { if let bytes { try shop.write(name, bytes) } }
            try shop.write(name, broken)
            try Self.expectTruth(shop, program, "byte \(place) of \(name)")
            flipped += 1
        }
        #expect(flipped > 200)
        for length in [0, 1, 63, 64, bytes.count / 2, bytes.count - 1] {
            for (name, bytes) in intact { if let bytes { try shop.write(name, bytes) } }
            try Self.expectFound(
                shop, program, name, Array(bytes.prefix(length)), "the first \(length) bytes")
        }
    }

    /// Bytes changed, blocks cleared or exchanged, and the end cut off.
    @Test(arguments: ["shop.db-columns", "shop.db-changes"])
    func noAnswerComesFromADamagedFile(name: String) throws {
        let shop = try Shop()
        let program = Self.program()
        var files = Files(generator: SeededGenerator(seed: 12))
        try files.change(shop, members: 30, orders: 100)
        try Self.loadAndKeep(shop, program)
        try files.change(shop, members: 2, orders: 8)
        try Self.loadAndKeep(shop, program)
        let other = name == "shop.db-columns" ? "shop.db-changes" : "shop.db-columns"
        let (intact, kept) = (try shop.bytes(name), try shop.bytes(other))
        let store = try shop.open(.readOnly)
        defer { store.close() }
        let truth = try Self.contents(store, program, usesFiles: false)
        var generator = SeededGenerator(seed: 13)
        try Fuzz.inputs(
            of: name, within: 20, { damagedPages(intact, pageSize: 512, &generator) }
        ) { bytes in
            try shop.write(name, bytes)
            try shop.write(other, kept)
            let answer = try Self.contents(store, program, usesFiles: true)
            return answer == truth ? nil : "columns differ from the rows"
        }
    }

    @Test func anotherStoresFileIsNotTaken() throws {
        let program = Self.program()
        let shops = try (0..<2).map { seed in
            let shop = try Shop()
            var files = Files(generator: SeededGenerator(seed: UInt64(seed)))
            try files.change(shop, members: 60, orders: 300)
            try Self.loadAndKeep(shop, program)
            try files.change(shop, members: 1, orders: 3)
            try Self.loadAndKeep(shop, program)
            return shop
        }
        for name in ["shop.db-columns", "shop.db-changes"] {
            try Self.expectFound(shops[0], program, name, try shops[1].bytes(name), "\(name)")
        }
    }

    @Test func verifyingFindsAndRemovesADamagedFile() throws {
        let shop = try Shop()
        let program = Self.program()
        var files = Files(generator: SeededGenerator(seed: 6))
        try files.change(shop, members: 40, orders: 300)
        try Self.loadAndKeep(shop, program)
        let store = try shop.open()
        #expect(store.verifyColumns())
        var bytes = try shop.bytes("shop.db-columns")
        for place in bytes.count / 2..<bytes.count / 2 + 64 { bytes[place] ^= 1 }
        try shop.write("shop.db-columns", bytes)
        #expect(!store.verifyColumns())
        #expect(throws: (any Error).self) { try shop.bytes("shop.db-columns") }
        #expect(try store.keepColumns(of: program).step == .all)
    }
}
