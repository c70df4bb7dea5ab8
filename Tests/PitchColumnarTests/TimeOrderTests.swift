import PitchSchema
import PitchTestSupport
import Testing

@testable import PitchColumnar

@Suite struct TimeOrderTests {
    private static let blockRows = 64

    /// Events of some members, by time for each of them.
    private struct Events {
        var offsets: [Int32] = [0]
        var times: [Int64] = []

        init(members: Int, span: Int64, seed: UInt64) {
            var generator = SeededGenerator(seed: seed)
            for _ in 0..<members {
                let count = Int(generator.next() % 9)
                times += (0..<count).map { _ in Int64(generator.next() % UInt64(span)) - span / 2 }
                    .sorted()
                offsets.append(Int32(times.count))
            }
        }

        var index: EventIndex { EventIndex(offsets: offsets) }

        func order(missing: Bitmap? = nil) -> TimeOrder {
            TimeOrder(
                index,
                at: PackedColumn(
                    PackedIntegers(times, missing: missing), known: missing?.complement),
                blockRows: blockRows)
        }

        /// Event by event, stable, those without a time last.
        func expected(missing: Bitmap?) -> [Int32] {
            stride(from: 0, to: offsets.count - 1, by: blockRows).flatMap { first in
                let end = min(offsets.count - 1, first + blockRows)
                let events = offsets[first]..<offsets[end]
                let timed = events.filter { missing?[Int($0)] != true }
                return timed.sorted { (times[Int($0)], $0) < (times[Int($1)], $1) }
                    + events.filter { missing?[Int($0)] == true }
            }
        }
    }

    private static let spans: [Int64] = [1, 200, 2048, 50_000, 3_000_000_000, 1 << 60]

    @Test(arguments: spans, [true, false])
    func eventsLieByTimeInEveryBlock(span: Int64, isMissing: Bool) {
        let events = Events(members: 300, span: span, seed: UInt64(span))
        var missing: Bitmap?
        if isMissing {
            var bits = Bitmap(count: events.times.count)
            for row in stride(from: 3, to: bits.count, by: 7) { bits[row] = true }
            missing = bits
        }
        let order = events.order(missing: missing)
        let rows = events.expected(missing: missing)
        let numbers = PackedColumn(PackedIntegers(Array(0..<Int64(rows.count))), known: nil)
        #expect(order.ordered(numbers).values.map { Int32($0) } == rows)
        for (place, row) in rows.enumerated() {
            let owner = events.offsets.lastIndex { $0 <= row }.map { $0 % Self.blockRows }
            #expect(Int(order.members[place]) == owner)
        }
        let timed = rows.indices.filter { missing?[Int(rows[$0])] != true }
        for time in [events.times.min() ?? 0, 0, 77, events.times.max() ?? 0, .max] {
            let first = timed.first { events.times[Int(rows[$0])] >= time }
            let end = order.end(block: 0)
            #expect(order.place(of: time, block: 0) == min(end, first ?? end))
        }
    }

    @Test(arguments: spans) func aKeptOrderIsTheSame(span: Int64) throws {
        let events = Events(members: 300, span: span, seed: UInt64(span))
        let order = events.order()
        let kept = try #require(
            TimeOrder(
                events.index, at: PackedIntegers(events.times), places: order.places,
                blockRows: Self.blockRows))
        let numbers = PackedColumn(
            PackedIntegers(Array(0..<Int64(events.times.count))), known: nil)
        #expect(Array(kept.ordered(numbers).values) == Array(order.ordered(numbers).values))
        for block in 0..<4 {
            #expect(kept.end(block: block) == order.end(block: block))
            #expect(kept.place(of: 0, block: block) == order.place(of: 0, block: block))
        }
    }

    /// Bytes that are no order of these events are refused, or are one that orders them as well.
    @Test func noOtherBytesAreTaken() {
        let events = Events(members: 200, span: 40, seed: 3)
        let at = PackedIntegers(events.times)
        let kept = events.order()
        let places = withExtendedLifetime(kept) { Array(kept.places.bound(to: UInt16.self)) }
        func order(_ places: [UInt16], blockRows: Int = Self.blockRows) -> TimeOrder? {
            let bytes = places.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
            return TimeOrder(
                events.index, at: at, places: ColumnBytes(bytes), blockRows: blockRows)
        }
        #expect(order(places) != nil)
        #expect(order(places.dropLast()) == nil && order(places + [0]) == nil)
        #expect(order(places, blockRows: 128) == nil && order(places, blockRows: 0) == nil)
        var generator = SeededGenerator(seed: 4)
        var (refused, taken) = (0, 0)
        for _ in 0..<2000 {
            var changed = places
            let (one, other) = (
                Int(generator.next() % UInt64(places.count)),
                Int(generator.next() % UInt64(places.count))
            )
            if generator.next() % 2 == 0 {
                changed.swapAt(one, other)
            } else {
                changed[one] ^= 1 << UInt16(generator.next() % 16)
            }
            guard let found = order(changed) else {
                refused += 1
                continue
            }
            taken += 1
            let times = Array(found.ordered(PackedColumn(at, known: nil)).values)
            for block in 0..<4 {
                let end = found.end(block: block)
                let start = block == 0 ? 0 : found.end(block: block - 1)
                #expect(times[start..<end].elementsEqual(times[start..<end].sorted()))
            }
        }
        #expect(refused > 1500 && taken > 10)
    }
}
