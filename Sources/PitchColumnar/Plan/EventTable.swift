import PitchSchema
import Synchronization

/// The events of one data set: by member, and by time within blocks of members. The latter is made
/// when it is first needed.
final class EventTable: Sendable {
    let index: EventIndex
    /// Days or instants of all events.
    let at: PackedColumn
    /// Members a block, a multiple of 64 and at most 65,536.
    let blockRows: Int
    /// The most events of a member.
    let greatestCount: Int
    private let order = Mutex<TimeOrder?>(nil)
    /// How many windows all members' events were counted in.
    private let windows = Mutex<Int>(0)

    /// Counting in so many windows without the order costs about as much as making it.
    private static let windowsWorthOrder = 16

    init(_ index: EventIndex, at: PackedColumn, blockRows: Int) {
        self.index = index
        self.at = at
        self.blockRows = blockRows
        greatestCount = zip(index.offsets, index.offsets.dropFirst()).reduce(0) {
            max($0, Int($1.1 - $1.0))
        }
    }

    /// Whether to put the events in order by time before counting in so many windows.
    func isOrderWorth(windows more: Int) -> Bool {
        windows.withLock { windows in
            windows += more
            return windows > Self.windowsWorthOrder
        }
    }

    var timeOrder: TimeOrder {
        order.withLock { order in
            if let order { return order }
            let made = TimeOrder(index, at: at, blockRows: blockRows)
            order = made
            return made
        }
    }
}

/// Events by time within blocks of members: those of a window are neighbours in every block, and a
/// block's counts fit the caches.
final class TimeOrder: Sendable {
    private let blockRows: Int
    private let offsets: [Int32]
    /// Where the events of every block without a time begin; they come last.
    private let ends: [Int]
    /// The event at every place.
    private let rows: [Int32]
    /// Its member's place within the block.
    let members: [UInt16]
    private let at: PackedIntegers
    private let columns = Mutex<[ColumnKey: PackedColumn]>([:])

    init(_ index: EventIndex, at: PackedColumn, blockRows: Int) {
        self.blockRows = blockRows
        let offsets = index.offsets
        self.offsets = offsets
        let memberCount = max(0, offsets.count - 1)
        var rows: [Int32] = []
        var members: [UInt16] = []
        var ends: [Int] = []
        rows.reserveCapacity(at.values.count)
        members.reserveCapacity(at.values.count)
        var sorter = TimeSorter(at)
        for first in stride(from: 0, to: memberCount, by: blockRows) {
            let last = min(memberCount, first + blockRows)
            let events = Int(offsets[first])..<Int(offsets[last])
            ends.append(events.lowerBound + sorter.sort(events))
            let owners = (first..<last).flatMap { member in
                repeatElement(
                    UInt16(member - first), count: Int(offsets[member + 1] - offsets[member]))
            }
            for row in sorter.rows {
                rows.append(row)
                members.append(owners[Int(row) - events.lowerBound])
            }
        }
        self.rows = rows
        self.members = members
        self.ends = ends
        self.at = at.values.reordered(rows)
    }

    /// The first event of a block at or after a time; the block's end when there is none.
    func place(of time: Int64, block: Int) -> Int {
        var low = Int(offsets[block * blockRows])
        var high = ends[block]
        while low < high {
            let middle = low + (high - low) / 2
            if at[middle] < time { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Where the events of a block that have a time end.
    func end(block: Int) -> Int { ends[block] }

    /// A column of events in this order.
    func ordered(_ column: PackedColumn) -> PackedColumn {
        columns.withLock { columns in
            let key = ColumnKey(column)
            if let made = columns[key] { return made }
            let made = PackedColumn(
                column.values.reordered(rows), known: column.known?.gathered(at: rows[...]))
            columns[key] = made
            return made
        }
    }
}

/// Sorts stretches of events by time with counting passes, one for every 11 bits in which times
/// differ; events of one time stay as they are.
private struct TimeSorter {
    private let at: PackedColumn
    private(set) var rows: [Int32] = []
    private var others: [Int32] = []
    private var keys: [UInt64] = []

    private static let bits = 11

    init(_ at: PackedColumn) { self.at = at }

    /// Puts the events in order; those without a time come last.
    /// - Returns: how many have a time.
    mutating func sort(_ events: Range<Int>) -> Int {
        let start = events.lowerBound
        rows = events.filter { at.known?[$0] ?? true }.map { Int32($0) }
        let timed = rows.count
        keys = events.map { UInt64(bitPattern: at.values[$0]) ^ 1 << 63 }
        let least = rows.reduce(UInt64.max) { min($0, keys[Int($1) - start]) }
        let greatest = rows.reduce(0) { max($0, keys[Int($1) - start]) }
        var shift: UInt64 = 0
        while timed > 0, shift < 64, (greatest - least) >> shift != 0 {
            pass(start, least, shift)
            shift += UInt64(Self.bits)
        }
        if timed < events.count {
            rows += events.filter { at.known?[$0] == false }.map { Int32($0) }
        }
        return timed
    }

    private mutating func pass(_ start: Int, _ least: UInt64, _ shift: UInt64) {
        let mask: UInt64 = 1 << UInt64(Self.bits) - 1
        var places = [Int](repeating: 0, count: Int(mask) + 2)
        for row in rows { places[Int((keys[Int(row) - start] - least) >> shift & mask) + 1] += 1 }
        for index in places.indices.dropFirst() { places[index] += places[index - 1] }
        if others.count != rows.count { others = rows }
        for row in rows {
            let digit = Int((keys[Int(row) - start] - least) >> shift & mask)
            others[places[digit]] = row
            places[digit] += 1
        }
        swap(&rows, &others)
    }
}
