import PitchColumnar

/// How the rows of two columns become one: rows of the first that are left out, and rows of the
/// second that stand between those that stay.
struct SplicePlan {
    /// Consecutive rows of one of the two.
    struct Run {
        let isSecond: Bool
        let rows: Range<Int>
    }

    let runs: [Run]
    /// How many rows there are in the end.
    let count: Int

    /// - Parameters:
    ///   - count: of the first column.
    ///   - removed: rows of the first, ascending.
    ///   - inserts: for every row of the second the row of the first before which it stands,
    ///     ascending.
    init(count: Int, removed: PackedIntegers, inserts: PackedIntegers) {
        var runs: [Run] = []
        var (row, out, new) = (0, 0, 0)
        func keep(to stop: Int) {
            if stop > row { runs.append(Run(isSecond: false, rows: row..<stop)) }
            row = max(row, stop)
        }
        while new < inserts.count || out < removed.count {
            let insert = new < inserts.count ? Int(inserts[new]) : .max
            let remove = out < removed.count ? Int(removed[out]) : .max
            keep(to: min(insert, remove, count))
            if insert <= remove {
                let first = new
                while new < inserts.count, inserts[new] == insert { new += 1 }
                runs.append(Run(isSecond: true, rows: first..<new))
            } else {
                row = max(row, min(remove + 1, count))
                out += 1
            }
        }
        keep(to: count)
        self.runs = runs
        self.count = runs.reduce(0) { $0 + $1.rows.count }
    }

    /// Rows of two columns picked one by one.
    /// - Parameter picks: the first column's rows from 0, the second's from `first` on.
    init(picks: [Int], first: Int) {
        var runs: [Run] = []
        for pick in picks {
            let isSecond = pick >= first
            let row = isSecond ? pick - first : pick
            if let last = runs.last, last.isSecond == isSecond, last.rows.upperBound == row {
                runs[runs.count - 1] = Run(
                    isSecond: isSecond, rows: last.rows.lowerBound..<row + 1)
            } else {
                runs.append(Run(isSecond: isSecond, rows: row..<row + 1))
            }
        }
        self.runs = runs
        count = picks.count
    }
}

extension ColumnVector {
    /// The rows of two columns of one type as a plan says.
    func spliced(with other: ColumnVector, _ plan: SplicePlan) -> ColumnVector {
        let missing = spliceMissing(missing, other.missing, plan)
        switch (payload, other.payload) {
        case (.integers(let first), .integers(let second)):
            let values = splice(first, second, plan, missing: (other.missing, missing))
            return ColumnVector(type: type, payload: .integers(values), missing: missing)
        case (.codes(let first, let texts), .codes(let second, let more)):
            let (dictionary, map) = texts.extended(by: more)
            let mapped = PackedIntegers(indices: second.map { map.isEmpty ? 0 : map[Int($0)] })
            let codes = splice(
                first, mapped, plan, greatest: Int64(max(1, dictionary.count) - 1))
            return ColumnVector(type: type, payload: .codes(codes, dictionary), missing: missing)
        case (.tags, .tags):
            return spliceTags(self, other, plan, missing: missing)
        default: preconditionFailure("columns of one type have one form")
        }
    }
}

/// Counts; the packing of the first is kept when it holds the second's, too.
private func splice(
    _ first: PackedIntegers, _ second: PackedIntegers, _ plan: SplicePlan,
    missing: (second: Bitmap?, all: Bitmap?)
) -> PackedIntegers {
    let holdsAll = second.indices.allSatisfy { row in
        missing.second?[row] ?? false || first.packing.holds(second[row])
    }
    if first.count > 0, holdsAll { return first.packing.splice(first, second, plan) }
    var values: [Int64] = []
    values.reserveCapacity(plan.count)
    for run in plan.runs {
        let source = run.isSecond ? second : first
        for row in run.rows { values.append(source[row]) }
    }
    return PackedIntegers(values, missing: missing.all)
}

/// Codes up to a greatest one.
private func splice(
    _ first: PackedIntegers, _ second: PackedIntegers, _ plan: SplicePlan, greatest: Int64
) -> PackedIntegers {
    PackedIntegers.Packing(from: 0, to: greatest).splice(first, second, plan)
}

extension PackedIntegers.Packing {
    /// Whether a number can be held.
    fileprivate func holds(_ value: Int64) -> Bool {
        if width == .eight { return true }
        let (distance, overflow) = value.subtractingReportingOverflow(base)
        let greatest = (Int64(1) << (8 * Int64(width.rawValue))) - 1
        return !overflow && distance >= 0 && distance % scale == 0 && distance / scale <= greatest
    }

    /// Rows that already lie like this are copied as they are.
    fileprivate func splice(
        _ first: PackedIntegers, _ second: PackedIntegers, _ plan: SplicePlan
    ) -> PackedIntegers {
        let size = Int(width.rawValue)
        let bytes = ColumnBytes(count: plan.count * size) { start in
            var next = start
            for run in plan.runs {
                let source = run.isSecond ? second : first
                if source.packing == self {
                    next.copyMemory(
                        from: source.bytes.start + run.rows.lowerBound * size,
                        byteCount: run.rows.count * size)
                } else {
                    for (index, row) in run.rows.enumerated() {
                        store((source[row] &- base) / scale, at: next + index * size)
                    }
                }
                next += run.rows.count * size
            }
        }
        return PackedIntegers(bytes: bytes, width: width, base: base, scale: scale)
    }

    private func store(_ raw: Int64, at place: UnsafeMutableRawPointer) {
        switch width {
        case .one: place.storeBytes(of: UInt8(truncatingIfNeeded: raw), as: UInt8.self)
        case .two: place.storeBytes(of: UInt16(truncatingIfNeeded: raw), as: UInt16.self)
        case .four: place.storeBytes(of: UInt32(truncatingIfNeeded: raw), as: UInt32.self)
        case .eight: place.storeBytes(of: raw, as: Int64.self)
        }
    }
}

extension TextDictionary {
    /// This dictionary with another's texts behind its own; and where the other's have gone.
    fileprivate func extended(by other: TextDictionary) -> (TextDictionary, [Int32]) {
        var map = codes(of: other)
        let new = map.indices.filter { map[$0] < 0 }
        if new.isEmpty { return (self, map) }
        var end = bytes.count
        let ends = new.map { code in
            end += other.utf8(code).count
            return Int64(end)
        }
        for (place, code) in new.enumerated() { map[code] = Int32(count + place) }
        let all = ColumnBytes(count: end) { start in
            var next = start
            for text in [bytes.raw] + new.map(other.utf8) {
                if let first = text.baseAddress {
                    next.copyMemory(from: first, byteCount: text.count)
                }
                next += text.count
            }
        }
        let known = count == 0 ? PackedIntegers([0]) : offsets
        let plan = SplicePlan(
            count: known.count, removed: PackedIntegers([]),
            inserts: PackedIntegers(new.map { _ in Int64(known.count) }))
        let offsets = splice(known, PackedIntegers(ends), plan, greatest: Int64(end))
        return (TextDictionary(bytes: all, offsets: offsets), map)
    }

    /// Where another's texts are in this one; −1 for those that it lacks.
    private func codes(of other: TextDictionary) -> [Int32] {
        var wanted = TextInterner(capacity: other.count)
        var ends = TextEnds(count: other.count)
        for code in 0..<other.count {
            let text = other.utf8(code)
            _ = wanted.intern(text.bindMemory(to: UInt8.self))
            ends.insert(text)
        }
        var codes = [Int32](repeating: -1, count: other.count)
        for code in 0..<count {
            let text = utf8(code)
            guard ends.mayContain(text) else { continue }
            let found = wanted.number(of: text.bindMemory(to: UInt8.self))
            if let found { codes[Int(found)] = Int32(code) }
        }
        return codes
    }
}

/// Lengths and last bytes of some texts, one bit for each: most other texts have none of them.
private struct TextEnds {
    private var bits: [UInt64]
    private let shift: UInt64

    init(count: Int) {
        let width = max(10, UInt64(Int.bitWidth - (16 * max(1, count)).leadingZeroBitCount))
        bits = [UInt64](repeating: 0, count: 1 << Int(width - 6))
        shift = 64 - width
    }

    private func place(of text: UnsafeRawBufferPointer) -> Int {
        var last: UInt64 = 0
        if text.count >= 8 {
            last = text.loadUnaligned(fromByteOffset: text.count - 8, as: UInt64.self)
        } else {
            for byte in text { last = last << 8 | UInt64(byte) }
        }
        let mixed = (last ^ UInt64(text.count)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed >> shift)
    }

    mutating func insert(_ text: UnsafeRawBufferPointer) {
        let place = place(of: text)
        bits[place >> 6] |= 1 << UInt64(place & 63)
    }

    func mayContain(_ text: UnsafeRawBufferPointer) -> Bool {
        let place = place(of: text)
        return bits[place >> 6] >> UInt64(place & 63) & 1 != 0
    }
}

private func spliceTags(
    _ first: ColumnVector, _ second: ColumnVector, _ plan: SplicePlan, missing: Bitmap?
) -> ColumnVector {
    guard case .tags(let offsets, let codes, let texts) = first.payload,
        case .tags(let moreOffsets, let moreCodes, let moreTexts) = second.payload
    else { preconditionFailure("both columns hold tags") }
    let (dictionary, map) = texts.extended(by: moreTexts)
    var all: [Int32] = []
    all.reserveCapacity(codes.count + moreCodes.count)
    var ends: [Int32] = [0]
    ends.reserveCapacity(plan.count + 1)
    for run in plan.runs {
        for row in run.rows {
            if run.isSecond {
                let set = Int(moreOffsets[row])..<Int(moreOffsets[row + 1])
                all += set.map { map[Int(moreCodes[$0])] }.sorted()
            } else {
                for element in Int(offsets[row])..<Int(offsets[row + 1]) {
                    all.append(Int32(truncatingIfNeeded: codes[element]))
                }
            }
            ends.append(Int32(all.count))
        }
    }
    return ColumnVector(
        type: first.type, tagOffsets: ends, codes: all, dictionary, missing: missing)
}

private func spliceMissing(
    _ first: Bitmap?, _ second: Bitmap?, _ plan: SplicePlan
) -> Bitmap? {
    if first == nil, second == nil { return nil }
    var result = Bitmap(count: plan.count)
    var next = 0
    for run in plan.runs {
        if let source = run.isSecond ? second : first {
            result.copy(run.rows, of: source, to: next)
        }
        next += run.rows.count
    }
    return result
}
