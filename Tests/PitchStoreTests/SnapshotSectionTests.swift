import PitchColumnar
import PitchProgram
import PitchSchema
import PitchTestSupport
import Testing

@testable import PitchStore

/// What every section says is held against its hash, and what a hash cannot tell against its rows.
@Suite struct SnapshotSectionTests {
    private static let names = ["shop.db-columns", "shop.db-changes"]

    /// A file of columns taken apart.
    private struct Parts {
        var header: SnapshotHeader
        var sections: [SnapshotSection]
        var bytes: [UInt8]

        init(_ bytes: [UInt8]) throws {
            let words = bytes.withUnsafeBytes { raw in
                (0..<raw.count / 8).map { raw.load(fromByteOffset: $0 * 8, as: UInt64.self) }
            }
            header = try #require(SnapshotHeader(Array(words[..<8])))
            sections = try (0..<header.sections).map { index in
                let first = 8 + index * SnapshotSection.wordCount
                return try #require(
                    SnapshotSection(words[first..<first + SnapshotSection.wordCount]))
            }
            self.bytes = bytes
        }

        /// The file with hashes that fit what it has.
        mutating func rehashed() -> [UInt8] {
            for index in sections.indices {
                let start = Int(sections[index].offset)
                let end = start + Int(sections[index].length)
                sections[index].hash = bytes[start..<end].withUnsafeBytes(SectionHash.hash)
            }
            let table = sections.flatMap(\.words)
            header.tableHash = table.withUnsafeBytes(SectionHash.hash)
            let start = (header.words + table).withUnsafeBytes { Array($0) }
            bytes.replaceSubrange(..<start.count, with: start)
            return bytes
        }
    }

    /// A shop whose files have changes, and what they are.
    private static func shop(events: Int) throws -> (Shop, [(name: String, bytes: [UInt8])]) {
        let shop = try Shop()
        let program = SnapshotTests.program()
        var files = SnapshotTests.Files(generator: SeededGenerator(seed: 14))
        try files.change(shop, members: 60, orders: 400)
        try SnapshotTests.loadAndKeep(shop, program)
        try files.change(shop, members: 2, orders: events)
        try SnapshotTests.loadAndKeep(shop, program)
        return (shop, try names.map { ($0, try shop.bytes($0)) })
    }

    @Test(arguments: [0, 5])
    func oneByteOfEverySectionIsMissed(events: Int) throws {
        let (shop, intact) = try Self.shop(events: events)
        var roles: Set<SnapshotSection.Role> = []
        for (name, bytes) in intact {
            for section in try Parts(bytes).sections where section.length > 0 {
                roles.insert(section.role)
                for place in [section.offset, section.offset + section.length - 1] {
                    for (name, bytes) in intact { try shop.write(name, bytes) }
                    var broken = bytes
                    broken[Int(place)] ^= 0x04
                    try shop.write(name, broken)
                    try SnapshotTests.expectTruth(
                        shop, SnapshotTests.program(), "\(section.role) of \(name)")
                }
            }
        }
        #expect(roles.isSuperset(of: [.zones, .timeOrder, .tagBits, .missing]))
    }

    /// Hashes fit, but the order by time is none, or is not of so many members.
    @Test func anOrderThatIsNoneIsNotTaken() throws {
        let (shop, intact) = try Self.shop(events: 0)
        let columns = intact[0]
        var parts = try Parts(columns.bytes)
        let index = try #require(parts.sections.firstIndex { $0.role == .timeOrder })
        let (start, length) = (
            Int(parts.sections[index].offset), Int(parts.sections[index].length)
        )
        var generator = SeededGenerator(seed: 2)
        for round in 0..<40 {
            parts.bytes = columns.bytes
            let changed = round == 0 ? length : 1
            for _ in 0..<changed {
                let place = start + Int(generator.next() % UInt64(length))
                parts.bytes[place] ^= UInt8(1 + generator.next() % 255)
            }
            try shop.write(columns.name, parts.rehashed())
            try SnapshotTests.expectTruth(shop, SnapshotTests.program(), "round \(round)")
        }
    }

    /// Hashes fit, but zones or blocks would have another size.
    @Test(arguments: [.min, -1, 0, 1, 63, 64, 8192, 1 << 40, .max] as [Int64])
    func sizesThatDoNotFitAreNotTaken(size: Int64) throws {
        let (shop, intact) = try Self.shop(events: 0)
        let columns = intact[0]
        for role in [SnapshotSection.Role.zones, .timeOrder] {
            var parts = try Parts(columns.bytes)
            for index in parts.sections.indices where parts.sections[index].role == role {
                parts.sections[index].parameters[0] = size
            }
            try shop.write(columns.name, parts.rehashed())
            let store = try shop.open(.readOnly)
            defer { store.close() }
            let source = try store.snapshot(of: SnapshotTests.program())
            for (index, dataSet) in SnapshotTests.program().dataSets.enumerated() {
                for field in dataSet.fields.indices {
                    let column = try source.column(FieldID(DataSetID(index), field))
                    guard let zones = column.zones else { continue }
                    #expect((64...65_536).contains(zones.rows))
                }
            }
            let kept = source.timeOrder(DataSetID(1))
            let at = try source.column(FieldID(DataSetID(1), 2))
            guard role == .timeOrder, let kept, case .integers(let instants) = at.payload,
                let places = kept.places()
            else { continue }
            #expect(kept.blockRows == Int(size))
            let order = TimeOrder(
                try source.events(DataSetID(1)), at: instants, places: places,
                blockRows: kept.blockRows)
            // Of so few members one large block is as good as another.
            if size != 64 { #expect((order != nil) == (size == 8192)) }
        }
    }
}
