import PitchSchema
import Synchronization

/// Events by time within blocks of members: those of a window are neighbours in every block, and a
/// block's counts fit the caches.
package final class TimeOrder: Sendable {
    /// Members a block: the counts of as many fit the nearest cache, and their places 16 bits.
    package static let usualBlock = 16_384

    private let blockRows: Int
    private let offsets: [Int32]
    /// Where the events of every block without a time begin; they come last.
    private let ends: [Int]
    /// The event at every place.
    private let rows: [Int32]
    /// The place within its block of every event's member, in 16 bits. As events of one member lie
    /// by time, too, this is all that there is to keep.
    package let places: ColumnBytes
    private let at: PackedIntegers
    private let columns = Mutex<[ColumnKey: PackedColumn]>([:])

    /// Puts events in order; those of one time stay as they are.
    init(_ index: EventIndex, at: PackedColumn, blockRows: Int) {
        let sorted = TimeSorter(index.offsets, at, blockRows: blockRows).sorted()
        self.blockRows = blockRows
        offsets = index.offsets
        (rows, places, ends) = (sorted.rows, sorted.places, sorted.ends)
        self.at = at.values.reordered(rows)
    }

    /// - Parameter at: a day or an instant of every event.
    package convenience init(_ index: EventIndex, at: PackedIntegers) {
        self.init(index, at: PackedColumn(at, known: nil), blockRows: Self.usualBlock)
    }

    /// An order that was kept; nil where it is not one of these events.
    package init?(_ index: EventIndex, at: PackedIntegers, places: ColumnBytes, blockRows: Int) {
        let offsets = index.offsets
        guard let rows = rowsInOrder(places, offsets, blockRows: blockRows),
            rows.count == at.count
        else { return nil }
        self.blockRows = blockRows
        self.offsets = offsets
        self.places = places
        self.rows = rows
        self.at = at.reordered(rows)
        ends = stride(from: 0, to: offsets.count - 1, by: blockRows).map {
            Int(offsets[min(offsets.count - 1, $0 + blockRows)])
        }
        var start = 0
        for end in ends {
            guard self.at.isAscending(start..<end) else { return nil }
            start = end
        }
    }

    /// The place within its block of every event's member.
    var members: UnsafeBufferPointer<UInt16> { places.bound(to: UInt16.self) }

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
        let values = column.values
        // One order serves all columns of the same raw numbers.
        let raw = PackedColumn(values.rebased(0, scale: 1), known: column.known)
        let ordered = columns.withLock { columns in
            let key = ColumnKey(raw)
            if let made = columns[key] { return made }
            let made = PackedColumn(
                raw.values.reordered(rows), known: raw.known?.gathered(at: rows[...]))
            columns[key] = made
            return made
        }
        return PackedColumn(
            ordered.values.rebased(values.base, scale: values.scale), known: ordered.known)
    }
}

/// An order by time that is kept with the events.
package struct KeptTimeOrder: Sendable {
    /// Members a block.
    package let blockRows: Int
    /// See `TimeOrder`; nil where it is damaged.
    package let places: @Sendable () -> ColumnBytes?

    package init(blockRows: Int, places: @escaping @Sendable () -> ColumnBytes?) {
        self.blockRows = blockRows
        self.places = places
    }
}

/// The event at every place: of a member's events the first that is left.
/// - Returns: nil where a member has more or fewer events than places.
private func rowsInOrder(
    _ places: ColumnBytes, _ offsets: [Int32], blockRows: Int
) -> [Int32]? {
    let members = places.bound(to: UInt16.self)
    let count = Int(offsets.last ?? 0)
    guard places.count == count * 2, (64...65_536).contains(blockRows) else { return nil }
    var next = offsets
    var isWhole = true
    let rows = [Int32](unsafeUninitializedCapacity: count) { rows, initialized in
        next.withUnsafeMutableBufferPointer { next in
            for first in stride(from: 0, to: offsets.count - 1, by: blockRows) {
                let inBlock = min(blockRows, offsets.count - 1 - first)
                for place in Int(offsets[first])..<Int(offsets[first + inBlock]) {
                    let member = Int(members[place])
                    guard member < inBlock else {
                        isWhole = false
                        break
                    }
                    rows[place] = next[first &+ member]
                    next[first &+ member] &+= 1
                }
            }
        }
        initialized = isWhole ? count : 0
    }
    for member in offsets.indices.dropLast() where next[member] != offsets[member + 1] {
        return nil
    }
    return isWhole ? rows : nil
}

extension PackedIntegers {
    /// Whether no number of some rows is less than the one before.
    fileprivate func isAscending(_ rows: Range<Int>) -> Bool {
        switch width {
        case .one: isAscending(bytes.bound(to: UInt8.self), rows)
        case .two: isAscending(bytes.bound(to: UInt16.self), rows)
        case .four: isAscending(bytes.bound(to: UInt32.self), rows)
        case .eight: isAscending(bytes.bound(to: Int64.self), rows)
        }
    }

    private func isAscending<Raw: FixedWidthInteger>(
        _ raw: UnsafeBufferPointer<Raw>, _ rows: Range<Int>
    ) -> Bool {
        var falls = 0
        for row in rows.dropFirst() { falls &+= raw[row] < raw[row &- 1] ? 1 : 0 }
        return falls == 0
    }
}
