/// Bits of the rows of a chunk; those beyond the last row are 0.
typealias MaskWords = UnsafeMutablePointer<UInt64>

/// What is known of the truth of the rows of a chunk: those where it surely holds, and those where
/// it does not surely not hold. Where the two differ it is unknown, or failed. `and` and `or` do to
/// both what they do to one, and `not` exchanges them, so three-valued logic costs nothing where
/// nothing is unknown: there both are the same memory.
struct TruthMasks {
    var isTrue: MaskWords
    var isPossible: MaskWords
    /// Rows that could not be computed, among the possible ones; nil: none.
    var failed: MaskWords?

    var isNullable: Bool { isTrue != isPossible }
}

/// An answer, or its negation.
struct MaskView {
    let masks: TruthMasks
    var isNegated = false

    /// The rows for which it surely holds: the words, and what to exchange their bits by.
    var surely: (words: MaskWords, turn: UInt64) {
        isNegated ? (masks.isPossible, .max) : (masks.isTrue, 0)
    }

    /// The rows for which it may hold.
    var possible: (words: MaskWords, turn: UInt64) {
        isNegated ? (masks.isTrue, .max) : (masks.isPossible, 0)
    }
}

/// Logic of masks. A complement sets bits beyond the last row, which `clearTail` clears.
extension MaskWords {
    func fill(_ word: UInt64, _ count: Int) { update(repeating: word, count: count) }

    /// All bits of so many rows.
    func fill(_ bit: Bool, rows: Int) {
        fill(bit ? .max : 0, (rows &+ 63) &>> 6)
        if bit { clearTail(rows) }
    }

    func copy(_ other: MaskWords, _ count: Int) {
        if self != other { update(from: other, count: count) }
    }

    func and(_ other: MaskWords, _ count: Int) { each(other, count) { $0 & $1 } }
    func andNot(_ other: MaskWords, _ count: Int) { each(other, count) { $0 & ~$1 } }
    func or(_ other: MaskWords, _ count: Int) { each(other, count) { $0 | $1 } }
    func orNot(_ other: MaskWords, _ count: Int) { each(other, count) { $0 | ~$1 } }

    @inline(__always)
    private func each(_ other: MaskWords, _ count: Int, _ operation: (UInt64, UInt64) -> UInt64) {
        for index in 0..<count { self[index] = operation(self[index], other[index]) }
    }

    /// Becomes the complement of a mask of so many rows; it may be the same.
    func complement(_ other: MaskWords, rows: Int) {
        each(other, (rows &+ 63) &>> 6) { ~$1 }
        clearTail(rows)
    }

    func clearTail(_ rows: Int) {
        if rows & 63 != 0 { self[rows >> 6] &= (1 &<< UInt64(rows & 63)) &- 1 }
    }

    /// The rows whose bit is set, each plus `base`.
    /// - Returns: how many.
    func rows(_ count: Int, from base: Int, into rows: UnsafeMutablePointer<Int32>) -> Int {
        var next = 0
        for index in 0..<count {
            var rest = self[index]
            while rest != 0 {
                let row = index &<< 6 &+ rest.trailingZeroBitCount
                rows[next] = Int32(truncatingIfNeeded: base &+ row)
                next &+= 1
                rest &= rest &- 1
            }
        }
        return next
    }

    /// Bit i becomes bit `rows[i]` of other words.
    func gather(
        _ words: UnsafePointer<UInt64>, at rows: UnsafePointer<Int32>, _ count: Int
    ) {
        var base = 0
        while base < count {
            var word: UInt64 = 0
            for lane in 0..<Swift.min(64, count &- base) {
                let row = Int(rows[base &+ lane])
                word |= (words[row &>> 6] &>> UInt64(row & 63) & 1) &<< UInt64(lane)
            }
            self[base &>> 6] = word
            base &+= 64
        }
    }

    /// So many bits from a place that need not be at a word.
    func copyBits(of words: UnsafePointer<UInt64>, from start: Int, _ count: Int) {
        let (first, shift) = (start &>> 6, UInt64(start & 63))
        let needed = (count &+ 63) &>> 6
        if shift == 0 {
            for index in 0..<needed { self[index] = words[first &+ index] }
        } else {
            let last = (start &+ count &- 1) &>> 6
            for index in 0..<needed {
                let next = first &+ index &+ 1
                let upper = next <= last ? words[next] &<< (64 &- shift) : 0
                self[index] = words[first &+ index] &>> shift | upper
            }
        }
        clearTail(count)
    }
}
