import PitchProgram
import PitchSchema

/// Which events of every row of an outer frame an aggregate is over.
struct EventSelection {
    let dataSet: DataSetID
    let index: EventIndex
    /// Days or instants of all event rows.
    let at: PackedColumn
    /// The last day or instant that is visible.
    let horizon: Int64
    /// Bounds of the window over the outer frame, both included.
    let lower: (any Operator<NumberBatch>)?
    let upper: (any Operator<NumberBatch>)?
    let filter: (any Operator<TruthBatch>)?

    /// Nanoseconds a row beyond which a filter is not run over events that do not count.
    private static let gatheringCost = 1.0

    var cost: Double {
        let bounds = (lower?.cost ?? 0) + (upper?.cost ?? 0)
        return bounds + 5 * (1 + (filter?.cost ?? 0))
    }

    func select(from outer: Frame) -> SelectedEvents {
        let (rows, segments) = eventRows(of: outer.members)
        let scope = EventScope(dataSet: dataSet, rows: rows, outer: outer, segments: segments)
        let frame = Frame(scope: scope)
        var events = SelectedEvents(
            frame: frame, segments: segments, selected: Bitmap(count: frame.count))
        events.selected = inWindow(rows, outer: outer, events: &events)
        if let known = at.known(rows) { events.selected = events.selected & known }
        guard let filter else { return events }
        if filter.cost > Self.gatheringCost { events.compact() }
        let test = filter.run(events.frame)
        events.fail(where: test.failed)
        events.selected = events.selected & test.isTrue
        return events
    }

    private func inWindow(
        _ rows: Rows, outer: Frame, events: inout SelectedEvents
    ) -> Bitmap {
        let (low, high) = (constant(lower, or: .min), constant(upper, or: .max))
        if let low, let high {
            return at.values.mask(rows, RangeTest(lower: low, upper: min(high, horizon)))
        }
        let times: NumberBatch = at.read(rows)
        var mask = rangeMask(times.values, RangeTest(lower: .min, upper: horizon))
        for (bound, isLower) in [(lower, true), (upper, false)] {
            guard let bound = bound?.run(outer) else { continue }
            events.unknown = union(events.unknown, bound.missing)
            events.failed = union(events.failed, bound.failed)
            mask =
                mask & boundMask(times.values, bound.values, events.segments, isLower: isLower)
        }
        // Where the window is unknown no event is looked at.
        if let without = union(events.unknown, events.failed) {
            mask = mask & without.complement.gathered(at: events.frame.owner)
        }
        return mask
    }

    /// The value of a bound; nil when it differs from member to member.
    func constant(_ bound: (any Operator<NumberBatch>)?, or open: Int64) -> Int64? {
        guard let bound else { return open }
        return constantValue(bound)
    }

    /// The event rows of some members, and where each one's begin in the frame.
    private func eventRows(of members: Rows) -> (Rows, Segments) {
        let offsets = index.offsets
        switch members {
        case .range(let range):
            let base = offsets[range.lowerBound]
            let segments = offsets[range.lowerBound...range.upperBound].map { $0 - base }
            return (.range(Int(base)..<Int(offsets[range.upperBound])), segments)
        case .list(let list):
            var segments: Segments = [0]
            segments.reserveCapacity(list.count + 1)
            var rows: [Int32] = []
            for member in list {
                rows += offsets[Int(member)]..<offsets[Int(member) + 1]
                segments.append(Int32(rows.count))
            }
            return (.list(rows), segments)
        }
    }
}

/// Events of the rows of an outer frame, those that count, and the rows that have no answer.
struct SelectedEvents {
    var frame: Frame
    var segments: Segments
    var selected: Bitmap
    /// Rows whose window is unknown.
    var unknown: Bitmap?
    var failed: Bitmap?

    /// Fails the rows of which a selected event failed.
    mutating func fail(where mask: Bitmap?) {
        guard let mask else { return }
        failed = union(failed, segmentsWithAny(mask & selected, segments))
    }

    /// Leaves out the events that do not count when they are many: what is computed of the others
    /// costs more than gathering them.
    mutating func compact() {
        let population = selected.population
        guard population * 4 < frame.count else { return }
        let counts = segmentCounts(selected, segments)
        var sum: Int32 = 0
        segments =
            [0]
            + counts.map { count in
                sum += Int32(truncatingIfNeeded: count)
                return sum
            }
        frame = frame.picked(selected.rows)
        selected = Bitmap(count: population, filledWith: true)
    }

    /// Gives the answer its missing and failed rows.
    func finish<B: Batch>(_ batch: B) -> B {
        var batch = batch
        batch.forget(where: unknown)
        batch.fail(where: failed)
        return batch
    }
}

extension Frame {
    /// The outer row of every event; none in a frame of members.
    var owner: ArraySlice<Int32> { scope?.owner[...] ?? [] }
}

/// Events at or after, or at or before, their row's own bound.
private func boundMask(
    _ times: ArraySlice<Int64>, _ bounds: ArraySlice<Int64>, _ segments: Segments, isLower: Bool
) -> Bitmap {
    var result = Bitmap(count: times.count)
    times.withUnsafeBufferPointer { times in
        bounds.withUnsafeBufferPointer { bounds in
            for row in 0..<bounds.count {
                for event in Int(segments[row])..<Int(segments[row + 1]) {
                    let isIn = isLower ? times[event] >= bounds[row] : times[event] <= bounds[row]
                    result.words[event >> 6] |= (isIn ? 1 : 0) << UInt64(event & 63)
                }
            }
        }
    }
    return result
}
