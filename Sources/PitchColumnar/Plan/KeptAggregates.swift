import PitchSchema

/// Counts and totals of events that were asked for more than once: a number for every member, so
/// that conditions on them become conditions on a column.
final class KeptAggregates {
    private var asked: Set<AggregateKey> = []
    private var columns: [AggregateKey: PackedColumn] = [:]
    private var bytes = 0

    /// At most so many bytes a member are kept.
    private static let bytesOfMember = 64

    func column(_ key: AggregateKey) -> PackedColumn? { columns[key] }

    /// Notes what a plan counts of all members, and keeps what an earlier one counted too.
    /// - Returns: whether there are new columns.
    func keep(_ plan: Plan, by run: PlanRun, members: Int) -> Bool {
        var isNew = false
        for group in plan.groups where keep(group, by: run, members) { isNew = true }
        return isNew
    }

    private func keep(_ group: EventGroup, by run: PlanRun, _ members: Int) -> Bool {
        var wanted: [Int: AggregateKey] = [:]
        for (place, window) in group.windows.enumerated() {
            guard let key = group.key(lower: window.lower) else { continue }
            if !asked.insert(key).inserted { wanted[place] = key }
        }
        let size = Int(group.width.rawValue) * members
        let room = Self.bytesOfMember * members - bytes
        guard !wanted.isEmpty, size * wanted.count <= room,
            group.table.isOrderWorth(windows: wanted.count),
            let found = count(group, Set(wanted.keys), by: run, members)
        else { return false }
        for (place, column) in found {
            guard let key = wanted[place] else { continue }
            columns[key] = column
            bytes += Int(column.values.width.rawValue) * members
        }
        return true
    }

    /// The tallies of some windows, by their place in the group; nil when chunks are no whole
    /// blocks.
    private func count(
        _ group: EventGroup, _ places: Set<Int>, by run: PlanRun, _ members: Int
    ) -> [Int: PackedColumn]? {
        let width = Int(group.width.rawValue)
        var memory: [Int: UnsafeMutableRawPointer] = [:]
        // Nobody reads the bytes before they are filled.
        let bytes = places.map { place in
            (place, ColumnBytes(count: width * members) { memory[place] = $0 })
        }
        let events = OrderedEvents(group)
        for start in stride(from: 0, to: members, by: run.scratch.rows) {
            let end = min(members, start + run.scratch.rows)
            let chunk = EventCount(run, group, ChunkRows([], start..<end), only: nil)
            guard let blocks = chunk.blocks else { return nil }
            chunk.tally(blocks, events) { place, tallies, members in
                memory[place]?.advanced(by: members.lowerBound * width)
                    .copyMemory(from: tallies, byteCount: members.count * width)
            }
        }
        return Dictionary(
            uniqueKeysWithValues: bytes.map { place, bytes in
                // What a total could be needs more bytes than what totals are.
                let values =
                    group.width == .eight
                    ? PackedIntegers(bytes.bound(to: Int64.self))
                    : PackedIntegers(bytes: bytes, width: group.width, base: 0, scale: 1)
                return (place, PackedColumn(values, known: nil))
            })
    }
}
