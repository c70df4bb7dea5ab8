import PitchSchema

/// Counts and totals from the events of every member as they lie.
extension EventCount {
    // MARK: - Of neighbours

    /// Answers the tests of neighbouring members without putting their events in order by time.
    func runInPlace(_ target: (EventTest) -> MaskWords?) {
        answerWindows(target) { oldest, newest, tallies in
            addNeighbours(oldest, newest, into: tallies)
        }
    }

    /// Calls for the events that each window has beyond the one before, and answers its tests.
    private func answerWindows(
        _ target: (EventTest) -> MaskWords?,
        add: (_ oldest: Int64, _ newest: Int64, UnsafeMutablePointer<Int64>) -> Void
    ) {
        let mark = scratch.mark
        let tallies = scratch.column().assumingMemoryBound(to: Int64.self)
        tallies.update(repeating: 0, count: rows.count)
        var newest = group.upper
        for window in windows {
            if window.lower <= newest { add(window.lower, newest, tallies) }
            if window.lower > .min { newest = min(newest, window.lower - 1) }
            answer(window, tallies, .eight, rows.count, at: 0, target)
        }
        scratch.release(to: mark)
    }

    private func addNeighbours(
        _ oldest: Int64, _ newest: Int64, into tallies: UnsafeMutablePointer<Int64>
    ) {
        let at = group.table.at
        let test = RangeTest(lower: oldest, upper: newest)
        guard let range = at.values.raw(test) else { return }
        let numbers = at.values.numbers(range)
        group.table.index.offsets.withUnsafeBufferPointer { offsets in
            let first = Int(offsets[rows.start])
            let end = Int(offsets[rows.start + rows.count])
            for start in stride(from: first, to: end, by: scratch.rows) {
                let events = start..<min(end, start + scratch.rows)
                if at.zones?.areWithin(numbers, events) == false {
                    run.rowsSkipped += events.count
                    continue
                }
                let piece = ChunkRows(group.atoms.columns, events)
                let mark = scratch.mark
                let bits = scratch.mask()
                let raw = at.values.bytes.start + start * Int(at.values.width.rawValue)
                run.family.range(raw, at.values.width, rows: piece.count, range, into: bits)
                if let known = at.known {
                    let mask = scratch.mask()
                    run.copy(known, piece, into: mask)
                    bits.and(mask, piece.words)
                }
                if let mask = mask(piece) { bits.and(mask, piece.words) }
                add(piece, bits, offsets, into: tallies)
                scratch.release(to: mark)
            }
        }
    }

    /// Adds the set events of a piece to their members.
    private func add(
        _ piece: ChunkRows, _ bits: MaskWords, _ offsets: UnsafeBufferPointer<Int32>,
        into tallies: UnsafeMutablePointer<Int64>
    ) {
        let values = group.argument.map { piece.columns[$0].values }
        let end = piece.start + piece.count
        var member = member(owning: piece.start, offsets)
        while member < rows.start + rows.count, Int(offsets[member]) < end {
            let from = max(Int(offsets[member]), piece.start) - piece.start
            let to = min(Int(offsets[member + 1]), end) - piece.start
            let row = member - rows.start
            if let values {
                for event in from..<to where bits[event >> 6] &>> UInt64(event & 63) & 1 != 0 {
                    tallies[row] &+= values[piece.start + event]
                }
            } else {
                tallies[row] &+= population(UnsafePointer(bits), from: from, to: to)
            }
            member += 1
        }
    }

    /// The first of the members whose events end behind an event.
    private func member(owning event: Int, _ offsets: UnsafeBufferPointer<Int32>) -> Int {
        var low = rows.start
        var high = rows.start + rows.count
        while low < high {
            let middle = low + (high - low) / 2
            if Int(offsets[middle + 1]) <= event { low = middle + 1 } else { high = middle }
        }
        return low
    }

    // MARK: - Of picked members

    /// Answers the tests from the events of picked members.
    func run(_ events: PickedEvents, _ target: (EventTest) -> MaskWords?) {
        answerWindows(target) { oldest, newest, tallies in
            addPicked(events, oldest, newest, into: tallies)
        }
    }

    private func addPicked(
        _ events: PickedEvents, _ oldest: Int64, _ newest: Int64,
        into tallies: UnsafeMutablePointer<Int64>
    ) {
        let list = events.list
        for first in stride(from: 0, to: list.count, by: scratch.rows) {
            let piece = first..<min(list.count, first + scratch.rows)
            let mark = scratch.mark
            let mask = mask(ChunkRows(events.columns, piece))
            if let values = group.argument.map({ events.columns[$0].values }) {
                list.each(piece, mask, from: oldest, to: newest) { event, member in
                    tallies[member] &+= values[event]
                }
            } else {
                list.each(piece, mask, from: oldest, to: newest) { _, member in
                    tallies[member] &+= 1
                }
            }
            scratch.release(to: mark)
        }
    }
}
