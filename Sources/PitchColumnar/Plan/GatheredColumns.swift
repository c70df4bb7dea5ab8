/// Columns of some rows, brought together so that kernels find neighbours. The memory is used
/// again.
final class GatheredColumns {
    private(set) var columns: [PackedColumn] = []
    private var rooms: [Room] = []

    /// Copies the rows of every column.
    /// - Parameter rows: so many row numbers.
    func gather(_ all: [PackedColumn], at rows: UnsafeBufferPointer<Int32>) {
        columns.removeAll(keepingCapacity: true)
        guard let start = rows.baseAddress else { return }
        for (slot, column) in all.enumerated() {
            if slot == rooms.count { rooms.append(Room()) }
            let values = column.values
            let room = rooms[slot]
            let size = rows.count * Int(values.width.rawValue)
            values.gatherRaw(at: start, rows.count, into: room.memory(size))
            let bytes = ColumnBytes(start: room.memory(size), count: size, owner: room)
            columns.append(
                PackedColumn(
                    PackedIntegers(
                        bytes: bytes, width: values.width, base: values.base, scale: values.scale),
                    known: column.known?.gathered(at: rows)))
        }
    }
}

/// Memory that grows when more is needed.
final class Room {
    private var memory = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 64)
    private var capacity = 64

    deinit { memory.deallocate() }

    /// So many bytes, with what was in them if they fitted before.
    func memory(_ count: Int) -> UnsafeMutableRawPointer {
        if count > capacity {
            memory.deallocate()
            capacity = count * 3 / 2
            memory = .allocate(byteCount: capacity, alignment: 64)
        }
        return memory
    }
}
