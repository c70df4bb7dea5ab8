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
        rows.withUnsafeBufferPointer { gathered(at: $0) }
    }

    func gathered(at rows: UnsafeBufferPointer<Int32>) -> Bitmap {
        var result = Bitmap(count: rows.count)
        guard let start = rows.baseAddress, count > 0 else { return result }
        words.withUnsafeBufferPointer { source in
            result.words.withUnsafeMutableBufferPointer { words in
                guard let source = source.baseAddress, let words = words.baseAddress else { return }
                words.gather(source, at: start, rows.count)
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
