import CKernels

/// Which instructions the kernels use. All give the same bits.
package enum KernelFamily: Int32, CaseIterable, Sendable {
    /// Swift, on any machine.
    case portable = 0
    case avx2 = 1
    case avx512 = 2

    /// The widest that this machine has.
    package static let best = KernelFamily(rawValue: kernels_level()) ?? .portable

    /// What this machine has.
    package static var available: [KernelFamily] {
        allCases.filter { $0.rawValue <= best.rawValue }
    }
}

extension KernelFamily {
    /// Rows whose raw number is in a range.
    /// - Parameters:
    ///   - raw: unsigned numbers of `width` bytes.
    ///   - words: room for the rows' bits; bits beyond the last row become 0.
    func range(
        _ raw: UnsafeRawPointer, _ width: PackedIntegers.Width, rows: Int,
        _ range: PackedIntegers.RawRange, into words: MaskWords
    ) {
        guard self != .portable else {
            return portableRange(raw, width, rows: rows, range, into: words)
        }
        kernels_range(
            rawValue, raw, UInt32(width.rawValue), rows, range.low, range.span, words)
    }

    /// Rows whose code is in a set.
    func set(
        _ raw: UnsafeRawPointer, _ width: PackedIntegers.Width, rows: Int, _ set: CodeSet,
        into words: MaskWords
    ) {
        guard self != .portable, let bits = set.bits, width == .one || width == .two else {
            return portableSet(raw, width, rows: rows, set.bytes, into: words)
        }
        kernels_set(rawValue, raw, UInt32(width.rawValue), rows, bits, words)
    }

    /// `and` or `or` of two masks, each with its bits exchanged or not.
    /// - Parameter words: room for the answer; it may be one of the masks.
    /// - Returns: how many rows' bits are set.
    func join(
        _ left: (words: MaskWords, turn: UInt64), _ right: (words: MaskWords, turn: UInt64),
        isAnd: Bool, rows: Int, into words: MaskWords
    ) -> Int {
        let count = (rows &+ 63) &>> 6
        // Turned bits beyond the last row are counted, and cleared below.
        var population: Int
        if self == .portable {
            population = portableJoin(left, right, isAnd: isAnd, count, into: words)
        } else {
            population = kernels_join(
                rawValue, left.words, left.turn, right.words, right.turn, isAnd ? 1 : 0, count,
                words)
        }
        if left.turn | right.turn != 0, rows & 63 != 0 {
            let last = words[count &- 1]
            words.clearTail(rows)
            population -= (last ^ words[count &- 1]).nonzeroBitCount
        }
        return population
    }

    /// A whole rule over masks of so many rows. Bits beyond the last row may be set.
    func rule(
        _ steps: [kernels_step], _ masks: [UnsafePointer<UInt64>?], rows: Int, _ scratch: Scratch,
        into answer: MaskWords
    ) {
        let count = (rows &+ 63) &>> 6
        guard self != .portable else {
            return portableRule(steps, masks, count, scratch, into: answer)
        }
        kernels_rule(rawValue, steps, steps.count, masks, count, answer)
    }

    /// How many bits are set in so many words.
    func population(_ words: UnsafePointer<UInt64>, _ count: Int) -> Int {
        guard self == .portable else { return kernels_population(rawValue, words, count) }
        var total = 0
        for index in 0..<count { total &+= words[index].nonzeroBitCount }
        return total
    }
}

/// A set of codes: a byte each, 0 or 1, and a bit each where they are few.
struct CodeSet: Hashable {
    let bytes: [UInt8]
    /// 1024 bits; nil when there are more codes.
    let bits: [UInt64]?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        guard bytes.count <= 1024 else {
            bits = nil
            return
        }
        var bits = [UInt64](repeating: 0, count: 16)
        for (code, byte) in bytes.enumerated() {
            bits[code >> 6] |= UInt64(byte) << UInt64(code & 63)
        }
        self.bits = bits
    }

    static func == (left: CodeSet, right: CodeSet) -> Bool { left.bytes == right.bytes }

    func hash(into hasher: inout Hasher) {
        if let bits { hasher.combine(bits) } else { hasher.combine(bytes) }
    }
}
