/// The events of some members, with the columns that conditions of events read.
final class PickedEvents {
    let list = EventList()
    private let gathered = GatheredColumns()
    /// The chunk of a run whose members' events these are.
    var chunk = -1

    var columns: [PackedColumn] { gathered.columns }

    /// Takes the events of the members between two times, both included.
    func take(
        _ table: EventTable, of members: ChunkRows, from oldest: Int64, to newest: Int64,
        _ all: [PackedColumn]
    ) {
        list.collect(table, of: members, from: oldest, to: newest)
        gathered.gather(
            all, at: UnsafeBufferPointer(start: list.events, count: list.count))
    }
}

/// Events of some members: each with its row, the place of its member among the members, and its
/// day or instant.
final class EventList {
    private(set) var count = 0
    private let rows = Room()
    private let places = Room()
    private let instants = Room()

    var events: UnsafeMutablePointer<Int32> { rows.memory(0).assumingMemoryBound(to: Int32.self) }
    var owners: UnsafeMutablePointer<Int32> { places.memory(0).assumingMemoryBound(to: Int32.self) }
    var times: UnsafeMutablePointer<Int64> {
        instants.memory(0).assumingMemoryBound(to: Int64.self)
    }

    fileprivate func collect(
        _ table: EventTable, of members: ChunkRows, from oldest: Int64, to newest: Int64
    ) {
        table.index.offsets.withUnsafeBufferPointer { offsets in
            var total = 0
            for index in 0..<members.count {
                let member = members.row(index)
                total &+= Int(offsets[member &+ 1] &- offsets[member])
            }
            let events = rows.memory(total * 4).assumingMemoryBound(to: Int32.self)
            let owners = places.memory(total * 4).assumingMemoryBound(to: Int32.self)
            var next = 0
            for index in 0..<members.count {
                let member = members.row(index)
                for event in offsets[member]..<offsets[member &+ 1] {
                    events[next] = event
                    owners[next] = Int32(truncatingIfNeeded: index)
                    next &+= 1
                }
            }
            count = total
        }
        let times = instants.memory(count * 8).assumingMemoryBound(to: Int64.self)
        table.at.values.gather(
            at: UnsafeBufferPointer(start: events, count: count),
            into: UnsafeMutableBufferPointer(start: times, count: count))
        keep(from: oldest, to: newest, known: table.at.known)
    }

    /// Leaves out events without a time, and those at other times.
    private func keep(from oldest: Int64, to newest: Int64, known: Bitmap?) {
        if known == nil, oldest == .min, newest == .max { return }
        let (events, owners, times) = (events, owners, times)
        var next = 0
        for index in 0..<count {
            let (event, time) = (events[index], times[index])
            events[next] = event
            owners[next] = owners[index]
            times[next] = time
            let isKept = time >= oldest && time <= newest && known?[Int(event)] != false
            next &+= Int(unsafeBitCast(isKept, to: UInt8.self))
        }
        count = next
    }

    /// Calls for events between two times, with the place of each and of its member.
    /// - Parameters:
    ///   - mask: which of the piece's events count; nil: all.
    @inline(__always)
    func each(
        _ piece: Range<Int>, _ mask: MaskWords?, from oldest: Int64, to newest: Int64,
        _ body: (_ event: Int, _ member: Int) -> Void
    ) {
        let (times, owners) = (times, owners)
        eachSet(mask, piece.count) { place in
            let event = piece.lowerBound &+ place
            let time = times[event]
            if time < oldest || time > newest { return }
            body(event, Int(owners[event]))
        }
    }
}

/// Calls for every row whose bit is set, or for all.
@inline(__always)
func eachSet(_ mask: MaskWords?, _ count: Int, _ body: (Int) -> Void) {
    guard let mask else {
        for row in 0..<count { body(row) }
        return
    }
    for index in 0..<((count &+ 63) &>> 6) {
        var rest = mask[index]
        while rest != 0 {
            body(index &<< 6 &+ rest.trailingZeroBitCount)
            rest &= rest &- 1
        }
    }
}
