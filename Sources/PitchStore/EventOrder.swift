import GRDB
import PitchColumnar
import PitchSchema

/// The rows of an event data set by member, then `at`, then key by code point.
final class EventOrder {
    let index: EventIndex
    /// The store's row id of every row, in this order.
    let ids: PackedIntegers
    /// The `at` of every row, in this order.
    let instants: PackedIntegers

    init(index: EventIndex, ids: PackedIntegers, instants: PackedIntegers) {
        self.index = index
        self.ids = ids
        self.instants = instants
    }

    /// As a snapshot has it.
    convenience init(_ rows: SnapshotRows, memberCount: Int) throws {
        let at = try rows.column(place: StoredLayout.Place.at.number, .instant)
        guard case .integers(let instants)? = at?.payload else { throw SnapshotFile.Damage() }
        let index = EventIndex(offsets: try rows.memberOffsets(memberCount: memberCount))
        let ids = try rows.ids()
        guard Int(index.offsets.last ?? 0) == ids.count, instants.count == ids.count else {
            throw SnapshotFile.Damage()
        }
        self.init(index: index, ids: ids, instants: instants)
    }

    /// Where row id r of the store lies: `positions[r - 1]`.
    private(set) lazy var positions: [Int32] = {
        var positions = [Int32](repeating: 0, count: ids.count)
        for (position, id) in ids.enumerated() { positions[Int(id) - 1] = Int32(position) }
        return positions
    }()

    convenience init(_ layout: StoredLayout, memberCount: Int, _ db: Database) throws {
        let statement = try RawStatement(
            db, "SELECT member, at, id FROM \(layout.table) ORDER BY id")
        var members: [Int32] = []
        var instants: [Int64] = []
        var offsets = [Int32](repeating: 0, count: memberCount + 1)
        let count = Int(try layout.lastRow(db))
        members.reserveCapacity(count)
        instants.reserveCapacity(count)
        while try statement.step() {
            let member = statement.integer(0)
            guard member >= 1, member <= memberCount, statement.integer(2) == members.count + 1,
                LedgerRow.instants.contains(statement.integer(1))
            else { throw layout.damage }
            members.append(Int32(member - 1))
            instants.append(statement.integer(1))
            offsets[Int(member)] += 1
        }
        for member in 0..<memberCount { offsets[member + 1] += offsets[member] }
        var sorted = Self.rowsByMember(members, offsets)
        try Self.sortWithinMembers(&sorted, offsets, instants, KeyOrder(layout, db))
        self.init(
            index: EventIndex(offsets: offsets),
            ids: PackedIntegers(sorted.map { Int64($0) + 1 }),
            instants: PackedIntegers(sorted.map { instants[Int($0)] }))
    }

    /// A counting sort, stable.
    private static func rowsByMember(_ members: [Int32], _ offsets: [Int32]) -> [Int32] {
        var next = offsets
        var sorted = [Int32](repeating: 0, count: members.count)
        for (row, member) in members.enumerated() {
            sorted[Int(next[Int(member)])] = Int32(row)
            next[Int(member)] += 1
        }
        return sorted
    }

    private static func sortWithinMembers(
        _ sorted: inout [Int32], _ offsets: [Int32], _ instants: [Int64], _ keys: KeyOrder
    ) throws {
        for member in 0..<(offsets.count - 1) {
            let range = Int(offsets[member])..<Int(offsets[member + 1])
            if range.count < 2 { continue }
            var isAscending = true
            for place in range.dropFirst()
            where instants[Int(sorted[place - 1])] >= instants[Int(sorted[place])] {
                isAscending = false
                break
            }
            if isAscending { continue }
            try sorted[range].sort { left, right in
                let (first, second) = (instants[Int(left)], instants[Int(right)])
                return first == second ? try keys.precedes(left, right) : first < second
            }
        }
    }

    /// Compares the keys of rows, which are read only where `at` ties.
    final class KeyOrder {
        private let key: RawStatement

        init(_ layout: StoredLayout, _ db: Database) throws {
            key = try RawStatement(
                db,
                """
                SELECT (SELECT key FROM \(layout.table) WHERE id = ?1)
                     < (SELECT key FROM \(layout.table) WHERE id = ?2)
                """)
        }

        func precedes(_ left: Int32, _ right: Int32) throws -> Bool {
            defer { key.reset() }
            key.bind(1, Int64(left) + 1)
            key.bind(2, Int64(right) + 1)
            return try key.step() && key.integer(0) != 0
        }
    }
}
