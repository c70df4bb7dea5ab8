import CKernels

/// The kernels in Swift: a byte a row that is 0 or 1, which compilers make vectors of, and a
/// product that brings the bits of eight bytes together.
func portableRange(
    _ raw: UnsafeRawPointer, _ width: PackedIntegers.Width, rows: Int,
    _ range: PackedIntegers.RawRange, into words: MaskWords
) {
    switch width {
    case .one: fillRange(raw, as: UInt8.self, rows, range, into: words)
    case .two: fillRange(raw, as: UInt16.self, rows, range, into: words)
    case .four: fillRange(raw, as: UInt32.self, rows, range, into: words)
    case .eight: fillRange(raw, as: UInt64.self, rows, range, into: words)
    }
}

func portableSet(
    _ raw: UnsafeRawPointer, _ width: PackedIntegers.Width, rows: Int, _ bytes: [UInt8],
    into words: MaskWords
) {
    bytes.withUnsafeBufferPointer { bytes in
        switch width {
        case .one: fillSet(raw, as: UInt8.self, rows, bytes, into: words)
        case .two: fillSet(raw, as: UInt16.self, rows, bytes, into: words)
        case .four: fillSet(raw, as: UInt32.self, rows, bytes, into: words)
        case .eight: fillSet(raw, as: UInt64.self, rows, bytes, into: words)
        }
    }
}

/// - Returns: how many bits are set.
func portableJoin(
    _ left: (words: MaskWords, turn: UInt64), _ right: (words: MaskWords, turn: UInt64),
    isAnd: Bool, _ count: Int, into words: MaskWords
) -> Int {
    var population = 0
    for index in 0..<count {
        let one = left.words[index] ^ left.turn
        let two = right.words[index] ^ right.turn
        words[index] = isAnd ? one & two : one | two
        population &+= words[index].nonzeroBitCount
    }
    return population
}

/// - Parameter masks: at least one.
func portableRule(
    _ steps: [kernels_step], _ masks: [UnsafePointer<UInt64>?], _ count: Int, _ scratch: Scratch,
    into answer: MaskWords
) {
    let mark = scratch.mark
    defer { scratch.release(to: mark) }
    var kept: [MaskWords] = []
    for step in steps {
        guard let source = masks[Int(step.mask)] else { continue }
        let mask = MaskWords(mutating: source)
        switch Int(step.action) {
        case KERNELS_TAKE: answer.copy(mask, count)
        case KERNELS_AND: answer.and(mask, count)
        case KERNELS_OR: answer.or(mask, count)
        case KERNELS_TAKE_NOT: answer.complement(mask, rows: count * 64)
        case KERNELS_AND_NOT: answer.andNot(mask, count)
        case KERNELS_OR_NOT: answer.orNot(mask, count)
        case KERNELS_KEEP:
            kept.append(scratch.mask())
            kept[kept.count - 1].copy(answer, count)
        case KERNELS_AND_KEPT: answer.and(kept.removeLast(), count)
        default: answer.or(kept.removeLast(), count)
        }
    }
}

/// One unsigned subtract-and-compare a row.
@inline(__always)
private func fillRange<Raw: FixedWidthInteger & UnsignedInteger>(
    _ raw: UnsafeRawPointer, as type: Raw.Type, _ rows: Int, _ range: PackedIntegers.RawRange,
    into words: MaskWords
) {
    let raw = raw.assumingMemoryBound(to: Raw.self)
    let (low, span) = (Raw(truncatingIfNeeded: range.low), Raw(truncatingIfNeeded: range.span))
    eachWord(rows, into: words) { unsafeBitCast(raw[$0] &- low <= span, to: UInt8.self) }
}

@inline(__always)
private func fillSet<Raw: FixedWidthInteger & UnsignedInteger>(
    _ raw: UnsafeRawPointer, as type: Raw.Type, _ rows: Int, _ bytes: UnsafeBufferPointer<UInt8>,
    into words: MaskWords
) {
    let raw = raw.assumingMemoryBound(to: Raw.self)
    eachWord(rows, into: words) { bytes[Int(truncatingIfNeeded: raw[$0])] }
}

/// Makes bit words of a byte a row that is 0 or 1. The test is inlined: one loop a kernel.
@inline(__always)
private func eachWord(_ count: Int, into words: MaskWords, _ test: (Int) -> UInt8) {
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
