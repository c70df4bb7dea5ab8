/// The least and the greatest number of every stretch of a column: a test that all of a stretch's
/// numbers pass, or none, need not look at them.
package final class ZoneMap: Sendable {
    /// Of the rows of a stretch that have a value; the least is above the greatest where none has.
    struct Zone: Equatable {
        let least: Int64
        let greatest: Int64
        /// How many rows have no value.
        let missing: Int64
    }

    /// Rows a zone. Days on which members joined differ between such stretches, and looking at a
    /// zone costs a hundredth of looking at its numbers.
    package static let usualRows = 4096

    /// Rows a zone, a multiple of 64; the last has what is left.
    package let rows: Int
    /// The zones one after another.
    package let bytes: ColumnBytes
    private var zones: UnsafeBufferPointer<Zone> { bytes.bound(to: Zone.self) }

    /// Zones as they were kept; nil where they are not those of so many rows.
    package init?(bytes: ColumnBytes, rows: Int, count: Int) {
        guard (64...65_536).contains(rows), rows % 64 == 0,
            bytes.count == (count + rows - 1) / rows * MemoryLayout<Zone>.stride
        else { return nil }
        self.rows = rows
        self.bytes = bytes
    }

    /// - Parameters:
    ///   - missing: rows whose number means nothing.
    ///   - rows: a multiple of 64.
    package init(_ values: PackedIntegers, missing: Bitmap?, rows: Int = usualRows) {
        self.rows = rows
        let count = (values.count + rows - 1) / rows
        bytes = ColumnBytes(count: count * MemoryLayout<Zone>.stride) { start in
            let zones = start.assumingMemoryBound(to: Zone.self)
            for index in 0..<count {
                let stretch = index * rows..<min(values.count, (index + 1) * rows)
                (zones + index).initialize(to: values.zone(of: stretch, missing: missing))
            }
        }
    }

    /// What a range says of a row's number and of its neighbours'.
    /// - Returns: whether all that have one are within it; nil: some are, or some may be. And the
    ///   first row of which that does not hold, at most `end`.
    func stretch(
        from row: Int, to end: Int, within range: ClosedRange<Int64>
    ) -> (end: Int, isWithin: Bool?) {
        let zones = zones
        var zone = row / rows
        let isWithin = zones[zone].isWithin(range)
        repeat { zone += 1 } while zone * rows < end && zones[zone].isWithin(range) == isWithin
        return (min(end, zone * rows), isWithin)
    }

    /// Whether the numbers of all rows are within a range, or those of none are, and none is
    /// missing; nil: neither.
    func areWithin(_ range: ClosedRange<Int64>, _ rows: Range<Int>) -> Bool? {
        let zones = zones
        let first = rows.lowerBound / self.rows
        guard !rows.isEmpty, let isWithin = zones[first].isWithin(range) else { return nil }
        for zone in first...(rows.upperBound - 1) / self.rows
        where zones[zone].missing > 0 || zones[zone].isWithin(range) != isWithin { return nil }
        return isWithin
    }
}

extension ZoneMap.Zone {
    /// Whether all numbers are within a range; nil: some are, or some may be.
    fileprivate func isWithin(_ range: ClosedRange<Int64>) -> Bool? {
        if greatest < range.lowerBound || least > range.upperBound { return false }
        return least >= range.lowerBound && greatest <= range.upperBound ? true : nil
    }
}

extension PackedIntegers {
    /// The numbers that a range of raw ones stands for.
    func numbers(_ range: RawRange) -> ClosedRange<Int64> {
        let lower = base &+ scale &* Int64(bitPattern: range.low)
        return lower...base &+ scale &* Int64(bitPattern: range.low &+ range.span)
    }

    fileprivate func zone(of rows: Range<Int>, missing: Bitmap?) -> ZoneMap.Zone {
        switch width {
        case .one: zone(bytes.bound(to: UInt8.self), rows, missing)
        case .two: zone(bytes.bound(to: UInt16.self), rows, missing)
        case .four: zone(bytes.bound(to: UInt32.self), rows, missing)
        case .eight: zone(bytes.bound(to: Int64.self), rows, missing)
        }
    }

    private func zone<Raw: FixedWidthInteger>(
        _ raw: UnsafeBufferPointer<Raw>, _ rows: Range<Int>, _ missing: Bitmap?
    ) -> ZoneMap.Zone {
        var (least, greatest, count) = (Raw.max, Raw.min, 0)
        if let missing {
            for first in stride(from: rows.lowerBound, to: rows.upperBound, by: 64) {
                var absent = missing.words[first >> 6]
                count += absent.nonzeroBitCount
                for row in first..<Swift.min(first + 64, rows.upperBound) {
                    let isAbsent = absent & 1 != 0
                    least = Swift.min(least, isAbsent ? .max : raw[row])
                    greatest = Swift.max(greatest, isAbsent ? .min : raw[row])
                    absent >>= 1
                }
            }
        } else {
            for row in rows {
                least = Swift.min(least, raw[row])
                greatest = Swift.max(greatest, raw[row])
            }
        }
        if count == rows.count {
            return ZoneMap.Zone(least: .max, greatest: .min, missing: Int64(count))
        }
        return ZoneMap.Zone(
            least: base &+ scale &* Int64(least), greatest: base &+ scale &* Int64(greatest),
            missing: Int64(count))
    }
}
