import PitchProgram

/// A test of one number against constants: `lower...upper`, or its complement.
struct RangeTest: Hashable {
    var lower: Int64
    var upper: Int64
    var isComplement = false

    static let nothing = RangeTest(lower: 0, upper: -1)

    init(lower: Int64, upper: Int64, isComplement: Bool = false) {
        self.lower = lower
        self.upper = upper
        self.isComplement = isComplement
    }

    /// `x comparison constant`.
    init(_ comparison: Comparison, _ constant: Int64) {
        switch comparison {
        case .equal: self.init(lower: constant, upper: constant)
        case .notEqual: self.init(lower: constant, upper: constant, isComplement: true)
        case .less:
            self = constant == .min ? .nothing : .init(lower: .min, upper: constant - 1)
        case .lessOrEqual: self.init(lower: .min, upper: constant)
        case .greater:
            self = constant == .max ? .nothing : .init(lower: constant + 1, upper: .max)
        case .greaterOrEqual: self.init(lower: constant, upper: .max)
        }
    }
}

extension Comparison {
    /// The comparison with its sides exchanged.
    var mirrored: Comparison {
        switch self {
        case .equal, .notEqual: self
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        }
    }
}

/// Rows within a range, as bit words.
func rangeMask(_ values: ArraySlice<Int64>, _ test: RangeTest) -> Bitmap {
    if test.lower > test.upper {
        return Bitmap(count: values.count, filledWith: test.isComplement)
    }
    var result = Bitmap(count: values.count)
    values.withUnsafeBufferPointer { values in
        result.words.withUnsafeMutableBufferPointer { words in
            fillRange(values, lower: test.lower, upper: test.upper, into: words)
        }
    }
    return test.isComplement ? result.complement : result
}

/// One unsigned subtract-and-compare a row.
private func fillRange(
    _ values: UnsafeBufferPointer<Int64>, lower: Int64, upper: Int64,
    into words: UnsafeMutableBufferPointer<UInt64>
) {
    let span = UInt64(bitPattern: upper &- lower)
    let count = values.count
    for index in 0..<words.count {
        let base = index &* 64
        let lanes = min(64, count &- base)
        var word: UInt64 = 0
        for lane in 0..<lanes {
            let distance = UInt64(bitPattern: values[base &+ lane] &- lower)
            let bit = UInt64(unsafeBitCast(distance <= span, to: UInt8.self))
            word |= bit &<< UInt64(truncatingIfNeeded: lane)
        }
        words[index] = word
    }
}

/// Row by row comparison of two columns, or of a column with bounds.
func comparisonMask(
    _ left: ArraySlice<Int64>, _ comparison: Comparison, _ right: ArraySlice<Int64>
) -> Bitmap {
    switch comparison {
    case .equal: pairMask(left, right) { $0 == $1 }
    case .notEqual: pairMask(left, right) { $0 != $1 }
    case .less: pairMask(left, right) { $0 < $1 }
    case .lessOrEqual: pairMask(left, right) { $0 <= $1 }
    case .greater: pairMask(left, right) { $0 > $1 }
    case .greaterOrEqual: pairMask(left, right) { $0 >= $1 }
    }
}

/// The test is inlined: there is one loop a comparison, without a call a row.
@inline(__always)
private func pairMask(
    _ left: ArraySlice<Int64>, _ right: ArraySlice<Int64>, _ test: (Int64, Int64) -> Bool
) -> Bitmap {
    var result = Bitmap(count: left.count)
    left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
            for index in result.words.indices {
                let base = index &* 64
                var word: UInt64 = 0
                for lane in 0..<min(64, left.count &- base) {
                    let bit: UInt64 = test(left[base &+ lane], right[base &+ lane]) ? 1 : 0
                    word |= bit &<< UInt64(truncatingIfNeeded: lane)
                }
                result.words[index] = word
            }
        }
    }
    return result
}

/// Rows whose value is among the sorted members of a set.
func membershipMask(_ values: ArraySlice<Int64>, in sorted: [Int64]) -> Bitmap {
    var result = Bitmap(count: values.count)
    values.withUnsafeBufferPointer { values in
        sorted.withUnsafeBufferPointer { sorted in
            for row in 0..<values.count where contains(sorted, values[row]) {
                result.words[row >> 6] |= 1 << UInt64(row & 63)
            }
        }
    }
    return result
}

private func contains(_ sorted: UnsafeBufferPointer<Int64>, _ value: Int64) -> Bool {
    var low = 0
    var high = sorted.count
    while low < high {
        let middle = (low + high) / 2
        if sorted[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low < sorted.count && sorted[low] == value
}
