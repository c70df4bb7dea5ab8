import GRDB
import PitchColumnar

/// Where changed rows stand among the rows that the file of all columns has.
struct ChangePlacement {
    let rows: ChangedRows
    /// See `SplicePlan`.
    let removed: PackedIntegers
    let inserts: PackedIntegers
    /// How many rows were read to order ones of the same member and time.
    private(set) var rowsCompared = 0

    /// Members lie by their ids.
    init(members rows: ChangedRows, baseCount: Int) {
        let order = rows.ids.indices.sorted { rows.ids[$0] < rows.ids[$1] }
        self.rows = rows.ordered(by: order)
        let known = self.rows.ids.filter { $0 <= Int64(baseCount) }
        removed = PackedIntegers(known.map { $0 - 1 })
        inserts = PackedIntegers(self.rows.ids.map { min($0 - 1, Int64(baseCount)) })
    }

    /// Events lie by member, `at` and key.
    init(
        events rows: ChangedRows, among base: SnapshotRows, _ layout: StoredLayout, _ db: Database
    ) throws {
        let at = rows.columns[StoredLayout.Place.at.number]
        guard case .integers(let instants)? = at?.payload else { throw SnapshotFile.Damage() }
        let times = Array(instants)
        let order = rows.ids.indices.sorted { left, right in
            if rows.members[left] != rows.members[right] {
                return rows.members[left] < rows.members[right]
            }
            return times[left] == times[right]
                ? rows.precedes(left, right) : times[left] < times[right]
        }
        self.rows = rows.ordered(by: order)
        let all = try BaseEvents(base)
        removed = all.positions(of: rows.ids)
        let keys = try KeyReader(layout, db)
        var inserts: [Int64] = []
        inserts.reserveCapacity(order.count)
        for row in order {
            let member = Int(rows.members[row])
            guard member + 1 < all.offsets.count else {
                inserts.append(Int64(all.ids.count))
                continue
            }
            var place = all.firstRow(of: member, atOrAfter: times[row])
            let end = Int(all.offsets[member + 1])
            while place < end, all.instants[place] == times[row],
                try keys.precedes(all.ids[place], rows.keys.utf8(row))
            {
                place += 1
            }
            inserts.append(Int64(place))
        }
        self.inserts = PackedIntegers(inserts)
        rowsCompared = keys.rowsRead
    }

    /// What the file of all columns says of the order of its events.
    private struct BaseEvents {
        let offsets: PackedIntegers
        let instants: PackedIntegers
        let ids: PackedIntegers

        init(_ base: SnapshotRows) throws {
            let file = base.columns
            offsets = try file.integers(base.dataSet, .memberOffsets)
            instants = try file.integers(
                base.dataSet, .integers, place: StoredLayout.Place.at.number)
            ids = try file.integers(base.dataSet, .ids)
        }

        /// Where rows that changed lie, ascending.
        func positions(of changed: [Int64]) -> PackedIntegers {
            let known = changed.filter { $0 <= Int64(ids.count) }
            if known.isEmpty { return PackedIntegers([]) }
            var wanted = Bitmap(count: ids.count + 1)
            for id in known { wanted[Int(id)] = true }
            return PackedIntegers(
                ids.indices.filter { wanted[Int(ids[$0])] }.map { Int64($0) })
        }

        func firstRow(of member: Int, atOrAfter instant: Int64) -> Int {
            var low = Int(offsets[member])
            var high = Int(offsets[member + 1])
            while low < high {
                let middle = (low + high) / 2
                if instants[middle] < instant { low = middle + 1 } else { high = middle }
            }
            return low
        }
    }

    /// Reads the keys of rows that have the time of a changed one.
    private final class KeyReader {
        private let statement: RawStatement
        private(set) var rowsRead = 0

        init(_ layout: StoredLayout, _ db: Database) throws {
            statement = try RawStatement(
                db, "SELECT key FROM \(layout.table) \(EventIndexes.byID) = ?")
        }

        func precedes(_ id: Int64, _ key: UnsafeRawBufferPointer) throws -> Bool {
            defer { statement.reset() }
            statement.bind(1, id)
            rowsRead += 1
            guard try statement.step() else { return false }
            return statement.bytes(0).lexicographicallyPrecedes(key)
        }
    }
}
