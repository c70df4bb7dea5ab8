import PitchProgram

/// The tag sets of a pool that have any, or all, of some tags. Of no tags all is true, any is not.
func tagMask(_ pool: CodePool, _ quantifier: Quantifier, _ tags: [String]) -> Bitmap {
    var result = Bitmap(count: pool.count)
    guard case .tagSets(let offsets, let elements, let names) = pool.content else { return result }
    let asked = Set(tags.map { Array($0.utf8) })
    let needed = quantifier == .any ? 1 : asked.count
    let weights = names.map { asked.contains(Array($0.utf8)) ? UInt8(1) : 0 }
    weights.withUnsafeBufferPointer { weights in
        elements.withUnsafeBufferPointer { elements in
            offsets.withUnsafeBufferPointer { offsets in
                fillTags(weights, elements, offsets, needed: needed, into: &result.words)
            }
        }
    }
    return result
}

private func fillTags(
    _ weights: UnsafeBufferPointer<UInt8>, _ elements: UnsafeBufferPointer<Int32>,
    _ offsets: UnsafeBufferPointer<Int32>, needed: Int, into words: inout [UInt64]
) {
    for row in 0..<max(0, offsets.count - 1) {
        var found = 0
        for element in Int(offsets[row])..<Int(offsets[row + 1]) {
            found &+= Int(weights[Int(elements[element])])
        }
        let bit: UInt64 = found >= needed ? 1 : 0
        words[row >> 6] |= bit << UInt64(row & 63)
    }
}
