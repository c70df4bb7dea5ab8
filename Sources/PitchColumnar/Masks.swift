/// Bitmaps as masks. The bits beyond `count` stay 0 in every result.
extension Bitmap {
    /// - Precondition: bits beyond `count` are 0.
    package init(words: [UInt64], count: Int) {
        self.init(count: count)
        precondition(words.count == self.words.count, "a bitmap has a word for every 64 rows")
        self.words = words
    }

    var isEmpty: Bool { !words.contains { $0 != 0 } }

    static func & (left: Bitmap, right: Bitmap) -> Bitmap { combine(left, right) { $0 & $1 } }

    static func | (left: Bitmap, right: Bitmap) -> Bitmap { combine(left, right) { $0 | $1 } }

    /// The bits of the left that are not in the right.
    static func - (left: Bitmap, right: Bitmap) -> Bitmap { combine(left, right) { $0 & ~$1 } }

    static func ^ (left: Bitmap, right: Bitmap) -> Bitmap { combine(left, right) { $0 ^ $1 } }

    var complement: Bitmap {
        var words = [UInt64](repeating: 0, count: self.words.count)
        for index in words.indices { words[index] = ~self.words[index] }
        if count & 63 != 0 { words[words.count - 1] &= (1 << UInt64(count & 63)) - 1 }
        return Bitmap(words: words, count: count)
    }

    @inline(__always)
    private static func combine(
        _ left: Bitmap, _ right: Bitmap, _ operation: (UInt64, UInt64) -> UInt64
    ) -> Bitmap {
        precondition(left.count == right.count, "masks of one frame have one length")
        let count = left.words.count
        let words = [UInt64](unsafeUninitializedCapacity: count) { buffer, initialized in
            left.words.withUnsafeBufferPointer { left in
                right.words.withUnsafeBufferPointer { right in
                    for index in 0..<count { buffer[index] = operation(left[index], right[index]) }
                }
            }
            initialized = count
        }
        return Bitmap(words: words, count: left.count)
    }

    /// `length` bits from `start`, which need not be at a word.
    func slice(from start: Int, length: Int) -> Bitmap {
        var result = Bitmap(count: length)
        let first = start >> 6
        let shift = UInt64(start & 63)
        for index in result.words.indices {
            var word = words[first + index] >> shift
            if shift != 0, first + index + 1 < words.count {
                word |= words[first + index + 1] << (64 - shift)
            }
            result.words[index] = word
        }
        result.clearTail()
        return result
    }

    /// Bit i is this mask's bit `rows[i]`.
    func gathered(at rows: ArraySlice<Int32>) -> Bitmap {
        var result = Bitmap(count: rows.count)
        words.withUnsafeBufferPointer { source in
            rows.withUnsafeBufferPointer { rows in
                gatherBits(source, at: rows, into: &result.words)
            }
        }
        return result
    }

    /// A mask of `count` bits in which bit `rows[i]` is this mask's bit i; the others are 0.
    func scattered(to rows: [Int32], count: Int) -> Bitmap {
        var result = Bitmap(count: count)
        for (index, row) in rows.enumerated() where self[index] { result[Int(row)] = true }
        return result
    }

    mutating func clearTail() {
        if count & 63 != 0 { words[words.count - 1] &= (1 << UInt64(count & 63)) - 1 }
    }
}

private func gatherBits(
    _ source: UnsafeBufferPointer<UInt64>, at rows: UnsafeBufferPointer<Int32>,
    into words: inout [UInt64]
) {
    for index in words.indices {
        let base = index << 6
        var word: UInt64 = 0
        for lane in 0..<min(64, rows.count - base) {
            let row = Int(rows[base + lane])
            word |= (source[row >> 6] >> UInt64(row & 63) & 1) << UInt64(lane)
        }
        words[index] = word
    }
}

/// Joins optional masks where nil means that no bit is set.
func union(_ left: Bitmap?, _ right: Bitmap?) -> Bitmap? {
    guard let left else { return right }
    guard let right else { return left }
    return left | right
}

/// Meets optional masks where nil means that every bit is set.
func intersection(_ left: Bitmap?, _ right: Bitmap?) -> Bitmap? {
    guard let left else { return right }
    guard let right else { return left }
    return left & right
}
