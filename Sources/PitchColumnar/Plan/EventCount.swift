import PitchSchema

/// The events of a group by time, with the columns of its slots in that order.
struct OrderedEvents {
    let order: TimeOrder
    let columns: [PackedColumn]

    init(_ group: EventGroup) {
        let order = group.table.timeOrder
        self.order = order
        columns = group.atoms.columns.map { order.ordered($0) }
    }
}

/// Counts or totals of one group's events for the members of a chunk, held against its tests.
struct EventCount {
    let run: PlanRun
    let group: EventGroup
    let rows: ChunkRows
    private let only: EventTest?
    let windows: ArraySlice<EventWindow>
    var scratch: Scratch { run.scratch }

    /// - Parameter only: the one test that is wanted; nil: all of them.
    init(_ run: PlanRun, _ group: EventGroup, _ rows: ChunkRows, only: EventTest?) {
        self.run = run
        self.group = group
        self.rows = rows
        self.only = only
        windows = only.map { group.windows[$0.place...$0.place] } ?? group.windows[...]
    }

    /// The blocks that make up the chunk; nil when it does not begin and end with some.
    var blocks: Range<Int>? {
        let size = group.table.blockRows
        let end = rows.start + rows.count
        let isWhole = end % size == 0 || end == group.table.index.offsets.count - 1
        guard rows.picks == nil, rows.start % size == 0, isWhole else { return nil }
        return rows.start / size..<(end + size - 1) / size
    }

    // MARK: - Block by block

    /// Answers the tests with one pass over the events of every block.
    func run(_ blocks: Range<Int>, _ events: OrderedEvents, _ target: (EventTest) -> MaskWords?) {
        tally(blocks, events) { place, tallies, members in
            answer(
                group.windows[place], tallies, group.width, members.count,
                at: (members.lowerBound - rows.start) / 64, target)
        }
    }

    /// Counts or adds up the events of every block, from the newest on.
    /// - Parameter body: called for each window of a block, by its place in the group, with a
    ///   number for each of the block's members.
    @inline(__always)
    func tally(
        _ blocks: Range<Int>, _ events: OrderedEvents,
        _ body: (_ place: Int, _ tallies: UnsafeRawPointer, _ members: Range<Int>) -> Void
    ) {
        let size = group.table.blockRows
        for block in blocks {
            let first = block * size
            let members = min(size, rows.start + rows.count - first)
            let mark = scratch.mark
            let tallies = scratch.column()
            tallies.initializeMemory(
                as: UInt8.self, repeating: 0, count: members * Int(group.width.rawValue))
            var high =
                group.upper == .max
                ? events.order.end(block: block)
                : events.order.place(of: group.upper + 1, block: block)
            for place in windows.indices {
                let low = min(high, events.order.place(of: windows[place].lower, block: block))
                add(low..<high, of: events, to: tallies)
                high = low
                body(place, tallies, first..<first + members)
            }
            scratch.release(to: mark)
        }
    }

    private func add(
        _ places: Range<Int>, of events: OrderedEvents, to tallies: UnsafeMutableRawPointer
    ) {
        for first in stride(from: places.lowerBound, to: places.upperBound, by: scratch.rows) {
            let piece = first..<min(places.upperBound, first + scratch.rows)
            let mark = scratch.mark
            let mask = mask(ChunkRows(events.columns, piece))
            let members = UnsafeBufferPointer(rebasing: events.order.members[piece])
            if let argument = group.argument {
                let values = events.columns[argument].values
                addTotals(members, mask, values, from: first, to: tallies)
            } else {
                addCounts(members, mask, to: tallies)
            }
            scratch.release(to: mark)
        }
    }

    /// Which of some events count; nil: all.
    func mask(_ events: ChunkRows) -> MaskWords? {
        var events = events
        events.isWhole = false
        var mask: MaskWords?
        if let filter = group.filter {
            let masks = scratch.masks(isNullable: filter.isNullable, canFail: false)
            run.evaluate(filter, events, into: masks)
            mask = masks.isTrue
        }
        if let argument = group.argument, let known = events.columns[argument].known {
            let bits = scratch.mask()
            run.copy(known, events, into: bits)
            mask?.and(bits, events.words)
            return mask ?? bits
        }
        return mask
    }

    private func addCounts(
        _ members: UnsafeBufferPointer<UInt16>, _ mask: MaskWords?,
        to tallies: UnsafeMutableRawPointer
    ) {
        switch group.width {
        case .one: addOnes(members, mask, to: tallies.assumingMemoryBound(to: UInt8.self))
        case .two: addOnes(members, mask, to: tallies.assumingMemoryBound(to: UInt16.self))
        default: addOnes(members, mask, to: tallies.assumingMemoryBound(to: UInt32.self))
        }
    }

    @inline(__always)
    private func addOnes<Count: FixedWidthInteger>(
        _ members: UnsafeBufferPointer<UInt16>, _ mask: MaskWords?,
        to counts: UnsafeMutablePointer<Count>
    ) {
        eachSet(mask, members.count) { counts[Int(members[$0])] &+= 1 }
    }

    private func addTotals(
        _ members: UnsafeBufferPointer<UInt16>, _ mask: MaskWords?, _ values: PackedIntegers,
        from first: Int, to tallies: UnsafeMutableRawPointer
    ) {
        if group.width == .four {
            let totals = tallies.assumingMemoryBound(to: UInt32.self)
            addTotals(members, mask, values, from: first, to: totals)
        } else {
            let totals = tallies.assumingMemoryBound(to: Int64.self)
            addTotals(members, mask, values, from: first, to: totals)
        }
    }

    @inline(__always)
    private func addTotals<Total: FixedWidthInteger>(
        _ members: UnsafeBufferPointer<UInt16>, _ mask: MaskWords?, _ values: PackedIntegers,
        from first: Int, to totals: UnsafeMutablePointer<Total>
    ) {
        let raw = values.bytes.start + first * Int(values.width.rawValue)
        switch values.width {
        case .one: addValues(raw, as: UInt8.self, values, members, mask, to: totals)
        case .two: addValues(raw, as: UInt16.self, values, members, mask, to: totals)
        case .four: addValues(raw, as: UInt32.self, values, members, mask, to: totals)
        case .eight: addValues(raw, as: Int64.self, values, members, mask, to: totals)
        }
    }

    @inline(__always)
    private func addValues<Raw: FixedWidthInteger, Total: FixedWidthInteger>(
        _ raw: UnsafeRawPointer, as type: Raw.Type, _ values: PackedIntegers,
        _ members: UnsafeBufferPointer<UInt16>, _ mask: MaskWords?,
        to totals: UnsafeMutablePointer<Total>
    ) {
        let raw = raw.assumingMemoryBound(to: type)
        let base = Total(truncatingIfNeeded: values.base)
        let scale = Total(truncatingIfNeeded: values.scale)
        eachSet(mask, members.count) {
            totals[Int(members[$0])] &+= base &+ scale &* Total(truncatingIfNeeded: raw[$0])
        }
    }

    func answer(
        _ window: EventWindow, _ tallies: UnsafeRawPointer, _ width: PackedIntegers.Width,
        _ members: Int, at word: Int, _ target: (EventTest) -> MaskWords?
    ) {
        for test in window.tests where only == nil || only === test {
            guard let words = target(test).map({ $0 + word }) else { continue }
            let count = (members + 63) / 64
            if let range = PackedIntegers.RawRange(test.test, width: width, base: 0, scale: 1) {
                run.family.range(tallies, width, rows: members, range, into: words)
            } else {
                words.fill(0, count)
            }
            if test.test.isComplement { words.complement(words, rows: members) }
        }
    }
}
