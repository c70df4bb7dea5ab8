import PitchSchema

/// Sorts the events of every block by time with counting passes, one for every 11 bits in which
/// times differ; events of one time stay as they are, those without one come last.
struct TimeSorter {
    private let offsets: [Int32]
    private let at: PackedColumn
    private let blockRows: Int

    private static let bits = 11
    private static let digits = 1 << bits

    struct Sorted {
        /// The event at every place, and the place of its member within the block.
        let rows: [Int32]
        let places: ColumnBytes
        /// Where the events of every block that have a time end.
        let ends: [Int]
    }

    init(_ offsets: [Int32], _ at: PackedColumn, blockRows: Int) {
        self.offsets = offsets
        self.at = at
        self.blockRows = blockRows
    }

    func sorted() -> Sorted {
        switch at.values.width {
        case .one: sorted(at.values.bytes.bound(to: UInt8.self))
        case .two: sorted(at.values.bytes.bound(to: UInt16.self))
        case .four: sorted(at.values.bytes.bound(to: UInt32.self))
        case .eight: sorted(at.values.bytes.bound(to: Int64.self))
        }
    }

    @inline(__always)
    private func sorted<Raw: FixedWidthInteger>(_ raw: UnsafeBufferPointer<Raw>) -> Sorted {
        var rows = [Int32](repeating: 0, count: raw.count)
        var ends: [Int] = []
        let (others, owners) = (Room(), Room())
        let places = ColumnBytes(count: raw.count * 2) { places in
            let places = places.assumingMemoryBound(to: UInt16.self)
            rows.withUnsafeMutableBufferPointer { rows in
                for first in stride(from: 0, to: offsets.count - 1, by: blockRows) {
                    let members = first..<min(offsets.count - 1, first + blockRows)
                    let events =
                        Int(offsets[members.lowerBound])..<Int(offsets[members.upperBound])
                    let block = UnsafeMutableBufferPointer(rebasing: rows[events])
                    let timed = sort(raw, from: events.lowerBound, into: block, others)
                    ends.append(events.lowerBound + timed)
                    mark(members, of: block, in: places + events.lowerBound, owners)
                }
            }
        }
        return Sorted(rows: rows, places: places, ends: ends)
    }

    // MARK: - One block

    /// - Parameter first: the block's first event.
    /// - Returns: how many events have a time.
    @inline(__always)
    private func sort<Raw: FixedWidthInteger>(
        _ raw: UnsafeBufferPointer<Raw>, from first: Int,
        into rows: UnsafeMutableBufferPointer<Int32>, _ room: Room
    ) -> Int {
        let timed = take(from: first, into: rows)
        var (least, greatest) = (Raw.max, Raw.min)
        for row in rows[..<timed] {
            least = min(least, raw[Int(row)])
            greatest = max(greatest, raw[Int(row)])
        }
        if timed == 0 { return 0 }
        let span = UInt64(truncatingIfNeeded: greatest &- least)
        let memory = room.memory(timed * 4).assumingMemoryBound(to: Int32.self)
        var from = UnsafeMutableBufferPointer(rebasing: rows[..<timed])
        var to = UnsafeMutableBufferPointer(start: memory, count: timed)
        var shift: UInt64 = 0
        while shift < 64, span >> shift != 0 {
            pass(raw, least, shift, UnsafeBufferPointer(from), into: to)
            swap(&from, &to)
            shift += UInt64(Self.bits)
        }
        if from.baseAddress != rows.baseAddress { _ = to.update(fromContentsOf: from) }
        return timed
    }

    /// Lists a block's events, those with a time first.
    /// - Returns: how many these are.
    private func take(from first: Int, into rows: UnsafeMutableBufferPointer<Int32>) -> Int {
        guard let known = at.known else {
            for place in rows.indices { rows[place] = Int32(truncatingIfNeeded: first &+ place) }
            return rows.count
        }
        let events = first..<first + rows.count
        let (timed, others) = (events.filter { known[$0] }, events.filter { !known[$0] })
        for (place, row) in (timed + others).enumerated() { rows[place] = Int32(row) }
        return timed.count
    }

    @inline(__always)
    private func pass<Raw: FixedWidthInteger>(
        _ raw: UnsafeBufferPointer<Raw>, _ least: Raw, _ shift: UInt64,
        _ from: UnsafeBufferPointer<Int32>, into to: UnsafeMutableBufferPointer<Int32>
    ) {
        func digit(_ row: Int32) -> Int {
            let distance = UInt64(truncatingIfNeeded: raw[Int(row)] &- least)
            return Int(truncatingIfNeeded: distance &>> shift) & (Self.digits - 1)
        }
        withUnsafeTemporaryAllocation(of: Int32.self, capacity: Self.digits) { starts in
            starts.initialize(repeating: 0)
            for row in from { starts[digit(row)] &+= 1 }
            var sum: Int32 = 0
            for digit in starts.indices {
                let count = starts[digit]
                starts[digit] = sum
                sum &+= count
            }
            for row in from {
                let digit = digit(row)
                to[Int(starts[digit])] = row
                starts[digit] &+= 1
            }
        }
    }

    /// Writes the place of every event's member among the block's.
    @inline(__always)
    private func mark(
        _ members: Range<Int>, of rows: UnsafeMutableBufferPointer<Int32>,
        in places: UnsafeMutablePointer<UInt16>, _ room: Room
    ) {
        let owners = room.memory(rows.count * 2).assumingMemoryBound(to: UInt16.self)
        let first = offsets[members.lowerBound]
        for member in members {
            let place = UInt16(truncatingIfNeeded: member &- members.lowerBound)
            for event in offsets[member]..<offsets[member &+ 1] {
                owners[Int(event &- first)] = place
            }
        }
        for place in rows.indices { places[place] = owners[Int(rows[place] &- first)] }
    }
}
