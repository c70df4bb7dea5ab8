import PitchProgram

/// The tag sets of a pool that have any, or all, of some tags. Of no tags all is true, any is not.
func tagMask(_ pool: CodePool, _ quantifier: Quantifier, _ tags: [String]) -> Bitmap {
    var result = Bitmap(count: pool.count)
    guard case .tagSets(let offsets, let elements, let names) = pool.content else { return result }
    let asked = Set(tags.map { Array($0.utf8) })
    let needed = quantifier == .any ? 1 : asked.count
    let weights = names.map { asked.contains(Array($0.utf8)) ? UInt8(1) : 0 }
    let offsetArray: [Int32] = offsets.widened(0..<offsets.count)
    result.withWords { words in
        weights.withUnsafeBufferPointer { weights in
            offsetArray.withUnsafeBufferPointer { offsets in
                let bytes = elements.bytes
                switch elements.width {
                case .one: fillTags(weights, bytes.bound(to: UInt8.self), offsets, needed, &words)
                case .two: fillTags(weights, bytes.bound(to: UInt16.self), offsets, needed, &words)
                case .four: fillTags(weights, bytes.bound(to: UInt32.self), offsets, needed, &words)
                case .eight: preconditionFailure("codes have 32 bits")
                }
            }
        }
    }
    return result
}

/// - Precondition: elements are codes, whose base is 0 and whose scale is 1.
@inline(__always)
private func fillTags<Raw: FixedWidthInteger>(
    _ weights: UnsafeBufferPointer<UInt8>, _ elements: UnsafeBufferPointer<Raw>,
    _ offsets: UnsafeBufferPointer<Int32>, _ needed: Int, _ words: inout [UInt64]
) {
    for row in 0..<max(0, offsets.count - 1) {
        var found = 0
        for element in Int(offsets[row])..<Int(offsets[row + 1]) {
            found &+= Int(weights[Int(truncatingIfNeeded: elements[element])])
        }
        let bit: UInt64 = found >= needed ? 1 : 0
        words[row >> 6] |= bit << UInt64(row & 63)
    }
}
