import PitchProgram

/// The tag sets of a pool that have any, or all, of some tags. Of no tags all is true, any is not.
func tagMask(_ pool: CodePool, _ quantifier: Quantifier, _ tags: [String]) -> Bitmap {
    guard case .tagSets(let offsets, let elements, let names) = pool.content else {
        return Bitmap(count: pool.count)
    }
    let asked = Set(tags.map { Array($0.utf8) })
    let needed = quantifier == .any ? 1 : asked.count
    if needed == 0 { return Bitmap(count: pool.count, filledWith: true) }
    let isAsked = names.map { asked.contains(Array($0.utf8)) }
    if let kept = pool.keptTags, quantifier == .any || isAsked.count(where: { $0 }) == needed {
        let codes = isAsked.indices.filter { isAsked[$0] }
        if let rows = kept.rows(codes, all: quantifier == .all, count: pool.count) { return rows }
    }
    let codes = CodeSet(isAsked.map { $0 ? 1 : 0 })
    let found = elements.mask(.range(0..<elements.count), in: codes)
    var result = Bitmap(count: pool.count)
    result.withWords { words in
        let bytes = offsets.bytes
        switch offsets.width {
        case .one: markSets(found, bytes.bound(to: UInt8.self), needed, &words)
        case .two: markSets(found, bytes.bound(to: UInt16.self), needed, &words)
        case .four: markSets(found, bytes.bound(to: UInt32.self), needed, &words)
        case .eight: preconditionFailure("offsets have 32 bits")
        }
    }
    return result
}

/// Sets the bit of every set that has at least so many of the elements found. The elements of a set
/// are neighbours, and different.
/// - Precondition: offsets are indices, whose base is 0 and whose scale is 1.
@inline(__always)
private func markSets<Raw: FixedWidthInteger>(
    _ found: Bitmap, _ offsets: UnsafeBufferPointer<Raw>, _ needed: Int, _ words: inout [UInt64]
) {
    var (row, count) = (0, 0)
    for (index, word) in found.words.enumerated() {
        var rest = word
        while rest != 0 {
            let element = index &<< 6 &+ rest.trailingZeroBitCount
            rest &= rest &- 1
            while Int(truncatingIfNeeded: offsets[row &+ 1]) <= element {
                row &+= 1
                count = 0
            }
            count &+= 1
            if count >= needed { words[row &>> 6] |= 1 &<< UInt64(row & 63) }
        }
    }
}
