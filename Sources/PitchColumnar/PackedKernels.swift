/// Tests of packed numbers, without widening them.
extension PackedIntegers {
    /// Rows within a range, as bit words.
    func mask(_ rows: Rows, _ test: RangeTest) -> Bitmap {
        guard let raw = raw(test) else {
            return Bitmap(count: rows.count, filledWith: test.isComplement)
        }
        var result = Bitmap(count: rows.count)
        result.withWords { words in
            words.withUnsafeMutableBufferPointer { words in
                switch width {
                case .one: fillRange(bytes.bound(to: UInt8.self), rows, raw, into: words)
                case .two: fillRange(bytes.bound(to: UInt16.self), rows, raw, into: words)
                case .four: fillRange(bytes.bound(to: UInt32.self), rows, raw, into: words)
                case .eight: fillRange(bytes.bound(to: UInt64.self), rows, raw, into: words)
                }
            }
        }
        return test.isComplement ? result.complement : result
    }

    /// A range of raw numbers: `low` and how many follow it.
    struct RawRange {
        let low: UInt64
        let span: UInt64
    }

    /// The raw numbers within a range; nil when none can be.
    func raw(_ test: RangeTest) -> RawRange? {
        guard test.lower <= test.upper else { return nil }
        guard width != .eight else {
            return RawRange(
                low: UInt64(bitPattern: test.lower),
                span: UInt64(bitPattern: test.upper &- test.lower))
        }
        let greatest = Int128(1) << (8 * Int128(width.rawValue)) - 1
        let scale = Int128(scale)
        let lower = Int128(test.lower) - Int128(base) + scale - 1
        let upper = Int128(test.upper) - Int128(base)
        guard upper >= 0 else { return nil }
        let low = lower <= 0 ? 0 : lower / scale
        let high = Swift.min(upper / scale, greatest)
        guard low <= high else { return nil }
        return RawRange(low: UInt64(low), span: UInt64(high - low))
    }

    /// Rows whose number's byte is 1.
    /// - Precondition: numbers are codes, and there is a byte for each.
    func mask(_ rows: Rows, in bits: [UInt8]) -> Bitmap {
        var result = Bitmap(count: rows.count)
        result.withWords { words in
            words.withUnsafeMutableBufferPointer { words in
                bits.withUnsafeBufferPointer { bits in
                    switch width {
                    case .one: fillSet(bytes.bound(to: UInt8.self), rows, bits, into: words)
                    case .two: fillSet(bytes.bound(to: UInt16.self), rows, bits, into: words)
                    case .four: fillSet(bytes.bound(to: UInt32.self), rows, bits, into: words)
                    case .eight: fillSet(bytes.bound(to: UInt64.self), rows, bits, into: words)
                    }
                }
            }
        }
        return result
    }
}

/// One unsigned subtract-and-compare a row.
@inline(__always)
private func fillRange<Raw: FixedWidthInteger & UnsignedInteger>(
    _ raw: UnsafeBufferPointer<Raw>, _ rows: Rows, _ range: PackedIntegers.RawRange,
    into words: UnsafeMutableBufferPointer<UInt64>
) {
    let (low, span) = (Raw(truncatingIfNeeded: range.low), Raw(truncatingIfNeeded: range.span))
    eachWord(raw, rows, into: words) { unsafeBitCast($0 &- low <= span, to: UInt8.self) }
}

@inline(__always)
private func fillSet<Raw: FixedWidthInteger & UnsignedInteger>(
    _ raw: UnsafeBufferPointer<Raw>, _ rows: Rows, _ bits: UnsafeBufferPointer<UInt8>,
    into words: UnsafeMutableBufferPointer<UInt64>
) {
    eachWord(raw, rows, into: words) { bits[Int(truncatingIfNeeded: $0)] }
}

@inline(__always)
private func eachWord<Raw>(
    _ raw: UnsafeBufferPointer<Raw>, _ rows: Rows, into words: UnsafeMutableBufferPointer<UInt64>,
    _ test: (Raw) -> UInt8
) {
    switch rows {
    case .range(let range):
        precondition(range.lowerBound >= 0 && range.upperBound <= raw.count, "rows of the column")
        let raw = UnsafeBufferPointer(rebasing: raw[range])
        eachWord(range.count, into: words) { test(raw[$0]) }
    case .list(let list):
        list.withUnsafeBufferPointer { list in
            eachWord(list.count, into: words) { test(raw[Int(list[$0])]) }
        }
    }
}

/// Makes bit words of a byte a row that is 0 or 1. The test is inlined: one loop a kernel, over
/// bytes, which compilers make vectors of.
@inline(__always)
private func eachWord(
    _ count: Int, into words: UnsafeMutableBufferPointer<UInt64>, _ test: (Int) -> UInt8
) {
    withUnsafeTemporaryAllocation(byteCount: 64, alignment: 64) { memory in
        guard let lanes = memory.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return }
        for word in 0..<(count >> 6) {
            let base = word &<< 6
            for lane in 0..<64 { lanes[lane] = test(base &+ lane) }
            words[word] = packed(lanes)
        }
        guard count & 63 != 0 else { return }
        let base = count & ~63
        for lane in 0..<64 { lanes[lane] = lane < count & 63 ? test(base &+ lane) : 0 }
        words[count >> 6] = packed(lanes)
    }
}

/// A bit for each of 64 bytes that are 0 or 1: a product brings the bits of eight together.
@inline(__always)
private func packed(_ lanes: UnsafePointer<UInt8>) -> UInt64 {
    var word: UInt64 = 0
    let groups = UnsafeRawPointer(lanes)
    for group in 0..<8 {
        let bytes = groups.load(fromByteOffset: group &* 8, as: UInt64.self)
        let bits = (bytes &* 0x0102_0408_1020_4080) &>> 56
        word |= bits &<< UInt64(truncatingIfNeeded: group &* 8)
    }
    return word
}
