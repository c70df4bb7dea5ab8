/// Raw numbers of a column brought together, of whatever width.
extension PackedIntegers {
    /// Copies the raw numbers of some rows.
    /// - Parameter room: room for so many numbers.
    func gatherRaw(
        at rows: UnsafePointer<Int32>, _ count: Int, into room: UnsafeMutableRawPointer
    ) {
        switch width {
        case .one: gather(UInt8.self, rows, count, room)
        case .two: gather(UInt16.self, rows, count, room)
        case .four: gather(UInt32.self, rows, count, room)
        case .eight: gather(UInt64.self, rows, count, room)
        }
    }

    @inline(__always)
    private func gather<Raw>(
        _ type: Raw.Type, _ rows: UnsafePointer<Int32>, _ count: Int,
        _ room: UnsafeMutableRawPointer
    ) {
        let raw = bytes.start.assumingMemoryBound(to: type)
        let room = room.assumingMemoryBound(to: type)
        for index in 0..<count { room[index] = raw[Int(rows[index])] }
    }

    /// The same numbers in another order: number i is this one's `rows[i]`.
    func reordered(_ rows: [Int32]) -> PackedIntegers {
        let bytes = ColumnBytes(count: rows.count * Int(width.rawValue)) { room in
            rows.withUnsafeBufferPointer { rows in
                guard let start = rows.baseAddress else { return }
                gatherRaw(at: start, rows.count, into: room)
            }
        }
        return PackedIntegers(bytes: bytes, width: width, base: base, scale: scale)
    }
}
