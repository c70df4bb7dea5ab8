/// The result of an operator for the rows of one frame.
protocol Batch {
    associatedtype Scalar
    /// What rows without a value hold.
    static var filler: Scalar { get }
    var count: Int { get }
    /// Rows with a value; nil: all.
    var known: Bitmap? { get set }
    /// Rows whose value could not be computed, none of them known; nil: none.
    var failed: Bitmap? { get set }
    init(repeating scalar: Scalar, count: Int)
    func scalar(_ row: Int) -> Scalar
    func sliced(from start: Int, length: Int) -> Self
    func gathered(at rows: ArraySlice<Int32>) -> Self
    /// Takes values only; `known` and `failed` are the caller's.
    mutating func replaceValues(where mask: Bitmap, with other: Self)
    /// The rows of the mask fail.
    mutating func fail(where mask: Bitmap?)
    /// The rows of the mask are missing.
    mutating func forget(where mask: Bitmap?)
    static func joined(_ parts: [Self]) -> Self
}

extension Batch {
    init(unknown count: Int) {
        self.init(repeating: Self.filler, count: count)
        known = Bitmap(count: count)
    }

    init(failing count: Int) {
        self.init(unknown: count)
        failed = Bitmap(count: count, filledWith: true)
    }

    var knownMask: Bitmap { known ?? Bitmap(count: count, filledWith: true) }

    /// Rows that are neither known nor failed.
    var missing: Bitmap? {
        guard let known else { return nil }
        let rest = known.complement
        return failed.map { rest - $0 } ?? rest
    }

    mutating func fail(where mask: Bitmap?) {
        guard let mask else { return }
        known = knownMask - mask
        failed = union(failed, mask)
    }

    mutating func forget(where mask: Bitmap?) {
        guard let mask else { return }
        known = knownMask - mask
        failed = failed.map { $0 - mask }
    }

    /// Takes the other's rows, with their being missing or failed, where the mask is set.
    mutating func replace(where mask: Bitmap, with other: Self) {
        replaceValues(where: mask, with: other)
        if known != nil || other.known != nil {
            known = (knownMask - mask) | (other.knownMask & mask)
        }
        if failed != nil || other.failed != nil {
            let none = Bitmap(count: count)
            failed = ((failed ?? none) - mask) | ((other.failed ?? none) & mask)
        }
    }

    static func joinedMasks(_ parts: [Self]) -> (known: Bitmap?, failed: Bitmap?) {
        let hasUnknown = parts.contains { $0.known != nil }
        let hasFailed = parts.contains { $0.failed != nil }
        return (
            hasUnknown ? Bitmap.joined(parts.map(\.knownMask)) : nil,
            hasFailed ? Bitmap.joined(parts.map { $0.failed ?? Bitmap(count: $0.count) }) : nil
        )
    }
}

extension Bitmap {
    /// One after another; every part but the last fills its words.
    static func joined(_ parts: [Bitmap]) -> Bitmap {
        var words: [UInt64] = []
        words.reserveCapacity(parts.reduce(0) { $0 + $1.words.count })
        for part in parts { words += part.words }
        return Bitmap(words: words, count: parts.reduce(0) { $0 + $1.count })
    }
}

/// Truth values. `isTrue` has no bit where the row is not known.
struct TruthBatch: Batch {
    static let filler = false
    var isTrue: Bitmap
    var known: Bitmap?
    var failed: Bitmap?

    init(isTrue: Bitmap, known: Bitmap?, failed: Bitmap?) {
        self.isTrue = known.map { isTrue & $0 } ?? isTrue
        self.known = known
        self.failed = failed
    }

    init(repeating scalar: Bool, count: Int) {
        isTrue = Bitmap(count: count, filledWith: scalar)
    }

    var count: Int { isTrue.count }

    func scalar(_ row: Int) -> Bool { isTrue[row] }

    var isFalse: Bitmap { known.map { $0 - isTrue } ?? isTrue.complement }

    func sliced(from start: Int, length: Int) -> TruthBatch {
        TruthBatch(
            isTrue: isTrue.slice(from: start, length: length),
            known: known?.slice(from: start, length: length),
            failed: failed?.slice(from: start, length: length))
    }

    func gathered(at rows: ArraySlice<Int32>) -> TruthBatch {
        TruthBatch(
            isTrue: isTrue.gathered(at: rows), known: known?.gathered(at: rows),
            failed: failed?.gathered(at: rows))
    }

    func scattered(to rows: [Int32], count: Int) -> TruthBatch {
        TruthBatch(
            isTrue: isTrue.scattered(to: rows, count: count),
            known: knownMask.scattered(to: rows, count: count),
            failed: failed?.scattered(to: rows, count: count))
    }

    mutating func replaceValues(where mask: Bitmap, with other: TruthBatch) {
        isTrue = (isTrue - mask) | (other.isTrue & mask)
    }

    mutating func fail(where mask: Bitmap?) {
        guard let mask else { return }
        isTrue = isTrue - mask
        known = knownMask - mask
        failed = union(failed, mask)
    }

    mutating func forget(where mask: Bitmap?) {
        guard let mask else { return }
        isTrue = isTrue - mask
        known = knownMask - mask
        failed = failed.map { $0 - mask }
    }

    static func joined(_ parts: [TruthBatch]) -> TruthBatch {
        let masks = joinedMasks(parts)
        return TruthBatch(
            isTrue: Bitmap.joined(parts.map(\.isTrue)), known: masks.known, failed: masks.failed)
    }
}

/// Raw counts, or codes of a pool. A slice of a column is not copied.
struct ValueBatch<Element: FixedWidthInteger & Sendable>: Batch {
    static var filler: Element { 0 }
    var values: ArraySlice<Element>
    var known: Bitmap?
    var failed: Bitmap?

    init(_ values: ArraySlice<Element>, known: Bitmap?, failed: Bitmap? = nil) {
        self.values = values
        self.known = known
        self.failed = failed
    }

    init(_ values: [Element], known: Bitmap?, failed: Bitmap? = nil) {
        self.init(values[...], known: known, failed: failed)
    }

    init(repeating scalar: Element, count: Int) {
        self.init([Element](repeating: scalar, count: count), known: nil)
    }

    var count: Int { values.count }

    func scalar(_ row: Int) -> Element { values[values.startIndex + row] }

    func sliced(from start: Int, length: Int) -> ValueBatch {
        let first = values.startIndex + start
        return ValueBatch(
            values[first..<first + length], known: known?.slice(from: start, length: length),
            failed: failed?.slice(from: start, length: length))
    }

    func gathered(at rows: ArraySlice<Int32>) -> ValueBatch {
        ValueBatch(
            gather(values, at: rows), known: known?.gathered(at: rows),
            failed: failed?.gathered(at: rows))
    }

    @_specialize(where Element == Int64)
    @_specialize(where Element == Int32)
    mutating func replaceValues(where mask: Bitmap, with other: ValueBatch) {
        var copy = Array(values)
        other.values.withUnsafeBufferPointer { source in
            for (index, word) in mask.words.enumerated() {
                var rest = word
                while rest != 0 {
                    let row = index << 6 + rest.trailingZeroBitCount
                    copy[row] = source[row]
                    rest &= rest - 1
                }
            }
        }
        values = copy[...]
    }

    static func joined(_ parts: [ValueBatch]) -> ValueBatch {
        let masks = joinedMasks(parts)
        var values: [Element] = []
        values.reserveCapacity(parts.reduce(0) { $0 + $1.count })
        for part in parts { values += part.values }
        return ValueBatch(values, known: masks.known, failed: masks.failed)
    }
}

typealias NumberBatch = ValueBatch<Int64>
/// Codes of a `CodePool`.
typealias CodeBatch = ValueBatch<Int32>

/// Element i is `values[rows[i]]`, counted from the slice's first. Reached through witnesses of a
/// generic type, which are not specialised by themselves.
@_specialize(where Element == Int64)
@_specialize(where Element == Int32)
func gather<Element: FixedWidthInteger>(
    _ values: ArraySlice<Element>, at rows: ArraySlice<Int32>
) -> [Element] {
    [Element](unsafeUninitializedCapacity: rows.count) { buffer, initialized in
        values.withUnsafeBufferPointer { values in
            rows.withUnsafeBufferPointer { rows in
                for index in 0..<rows.count { buffer[index] = values[Int(rows[index])] }
            }
        }
        initialized = rows.count
    }
}
