import PitchSchema

/// Event rows of one frame row after another: row i has `segments[i]..<segments[i + 1]`.
typealias Segments = [Int32]

/// How many bits are set in every segment.
func segmentCounts(_ mask: Bitmap, _ segments: Segments) -> [Int64] {
    let count = max(0, segments.count - 1)
    return [Int64](unsafeUninitializedCapacity: count) { buffer, initialized in
        mask.words.withUnsafeBufferPointer { words in
            guard let words = words.baseAddress else {
                buffer.initialize(repeating: 0)
                return
            }
            segments.withUnsafeBufferPointer { segments in
                for row in 0..<count {
                    buffer[row] = population(
                        words, from: Int(segments[row]), to: Int(segments[row + 1]))
                }
            }
        }
        initialized = count
    }
}

/// How many bits are set between two places.
@inline(__always)
func population(_ words: UnsafePointer<UInt64>, from: Int, to: Int) -> Int64 {
    guard from < to else { return 0 }
    let first = from >> 6
    let last = (to &- 1) >> 6
    let head = words[first] & (UInt64.max &<< UInt64(from & 63))
    let tail = UInt64.max &>> UInt64(63 &- ((to &- 1) & 63))
    if first == last { return Int64((head & tail).nonzeroBitCount) }
    var total = head.nonzeroBitCount
    var index = first &+ 1
    while index < last {
        total &+= words[index].nonzeroBitCount
        index &+= 1
    }
    return Int64(total &+ (words[last] & tail).nonzeroBitCount)
}

/// Segments with any bit set; nil when there are none.
func segmentsWithAny(_ mask: Bitmap?, _ segments: Segments) -> Bitmap? {
    guard let mask, !mask.isEmpty else { return nil }
    let counts = segmentCounts(mask, segments)
    return rangeMask(counts[...], RangeTest(.greater, 0))
}

/// The exact total of every segment's set rows, and those whose total leaves 64 bits. Sums run in
/// 64 bits and again in 128 where one overflowed on the way.
func segmentSums(
    _ values: ArraySlice<Int64>, _ mask: Bitmap, _ segments: Segments
) -> (totals: [Int64], spoiled: Bitmap?) {
    let count = max(0, segments.count - 1)
    var suspects: [Int] = []
    var totals = [Int64](repeating: 0, count: count)
    values.withUnsafeBufferPointer { values in
        mask.words.withUnsafeBufferPointer { words in
            for row in 0..<count {
                let (total, overflow) = narrowSum(
                    values, words, Int(segments[row]), Int(segments[row + 1]))
                totals[row] = total
                if overflow { suspects.append(row) }
            }
        }
    }
    if suspects.isEmpty { return (totals, nil) }
    var spoiled = Bitmap(count: count)
    for row in suspects {
        let exact = wideSum(values, mask, Int(segments[row])..<Int(segments[row + 1]))
        totals[row] = Int64(truncatingIfNeeded: exact)
        spoiled[row] = Int64(exactly: exact) == nil
    }
    return (totals, spoiled.isEmpty ? nil : spoiled)
}

@inline(__always)
private func narrowSum(
    _ values: UnsafeBufferPointer<Int64>, _ words: UnsafeBufferPointer<UInt64>, _ from: Int,
    _ to: Int
) -> (Int64, Bool) {
    var total: Int64 = 0
    var overflowed = false
    var event = from
    while event < to {
        let bit = words[event >> 6] &>> UInt64(event & 63) & 1
        let chosen = values[event] & (0 &- Int64(bitPattern: bit))
        let (sum, overflow) = total.addingReportingOverflow(chosen)
        total = sum
        overflowed = overflowed || overflow
        event &+= 1
    }
    return (total, overflowed)
}

/// The exact total of a segment's set rows.
func wideSum(_ values: ArraySlice<Int64>, _ mask: Bitmap, _ segment: Range<Int>) -> Int128 {
    var total: Int128 = 0
    for event in segment where mask[event] { total += Int128(values[values.startIndex + event]) }
    return total
}

/// The mean of every segment's set rows times a factor, half to even; undefined for none.
func segmentMeans(
    _ values: ArraySlice<Int64>, _ mask: Bitmap, _ segments: Segments, scaledBy factor: Int64
) -> ArithmeticResult {
    let counts = segmentCounts(mask, segments)
    var result = ArithmeticResult(values: [Int64](repeating: 0, count: counts.count))
    var spoiled = Bitmap(count: counts.count)
    var undefined = Bitmap(count: counts.count)
    for row in counts.indices {
        if counts[row] == 0 {
            undefined[row] = true
            continue
        }
        let total = wideSum(values, mask, Int(segments[row])..<Int(segments[row + 1]))
        if let mean = FixedPoint.quotient(total * Int128(factor), Int128(counts[row])) {
            result.values[row] = mean
        } else {
            spoiled[row] = true
        }
    }
    result.spoiled = spoiled.isEmpty ? nil : spoiled
    result.undefined = undefined
    return result
}

/// Which set row of a segment an aggregate takes.
enum SegmentPick {
    case first, last
    /// From 1.
    case nth(Int)
}

/// The row that is taken from every segment; −1 where it has none.
func segmentPicks(_ mask: Bitmap, _ segments: Segments, _ pick: SegmentPick) -> [Int32] {
    (0..<max(0, segments.count - 1)).map { row in
        let segment = Int(segments[row])..<Int(segments[row + 1])
        switch pick {
        case .first: return Int32(segment.first { mask[$0] } ?? -1)
        case .last: return Int32(segment.last { mask[$0] } ?? -1)
        case .nth(let position):
            var left = position
            for event in segment where mask[event] {
                left -= 1
                if left == 0 { return Int32(event) }
            }
            return -1
        }
    }
}

/// The row with the least, or greatest, value among every segment's set rows; −1 where it has
/// none.
func segmentExtremes(
    _ values: ArraySlice<Int64>, _ mask: Bitmap, _ segments: Segments, isMax: Bool
) -> [Int32] {
    values.withUnsafeBufferPointer { values in
        (0..<max(0, segments.count - 1)).map { row in
            var best = -1
            for event in Int(segments[row])..<Int(segments[row + 1]) where mask[event] {
                if best < 0 || (isMax ? values[event] > values[best] : values[event] < values[best])
                {
                    best = event
                }
            }
            return Int32(best)
        }
    }
}

/// How many different values every segment's set rows have.
func segmentDistinct(
    _ values: ArraySlice<Int64>, _ mask: Bitmap, _ segments: Segments
) -> [Int64] {
    var seen: [Int64] = []
    return values.withUnsafeBufferPointer { values in
        (0..<max(0, segments.count - 1)).map { row in
            seen.removeAll(keepingCapacity: true)
            for event in Int(segments[row])..<Int(segments[row + 1]) where mask[event] {
                // Few are compared with each other; sorting pays for many.
                if seen.count > 32 || !seen.contains(values[event]) { seen.append(values[event]) }
            }
            return seen.count > 32 ? countDifferent(&seen) : Int64(seen.count)
        }
    }
}

private func countDifferent(_ values: inout [Int64]) -> Int64 {
    values.sort()
    return zip(values, values.dropFirst()).reduce(1) { $0 + ($1.0 == $1.1 ? 0 : 1) }
}

/// Consecutive units with an event, back from `current`, or from the one before it.
/// - Parameter units: the number of every event's calendar unit, ascending in a segment.
func segmentStreaks(
    _ units: [Int64], _ mask: Bitmap, _ segments: Segments, current: Int64
) -> [Int64] {
    (0..<max(0, segments.count - 1)).map { row in
        var length: Int64 = 0
        var expected = current
        for event in (Int(segments[row])..<Int(segments[row + 1])).reversed() where mask[event] {
            let unit = units[event]
            if length == 0, unit == current - 1 { expected = unit }
            if length > 0, unit == expected + 1 { continue }
            guard unit == expected else { break }
            length += 1
            expected -= 1
        }
        return length
    }
}
