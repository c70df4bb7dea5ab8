import PitchSchema

/// Whole numbers in as few bytes as lose nothing: number i is `base + scale · raw i`, where the raw
/// numbers are unsigned and of one width.
package struct PackedIntegers: Sendable {
    package enum Width: UInt8, Sendable {
        case one = 1
        case two = 2
        case four = 4
        case eight = 8
    }

    package let bytes: ColumnBytes
    package let width: Width
    package let base: Int64
    package let scale: Int64
    package let count: Int

    /// - Precondition: there are bytes for so many numbers.
    package init(bytes: ColumnBytes, width: Width, base: Int64, scale: Int64) {
        self.bytes = bytes
        self.width = width
        self.base = base
        self.scale = scale
        count = bytes.count / Int(width.rawValue)
    }

    /// Days, minutes and seconds in milliseconds: instants are often whole ones.
    private static let scales: [Int64] = [86_400_000, 60_000, 1000]

    /// Packs numbers.
    /// - Parameter missing: rows whose number means nothing; they hold the least of the others.
    package init(_ values: [Int64], missing: Bitmap? = nil) {
        self = values.withUnsafeBufferPointer { PackedIntegers($0, missing: missing) }
    }

    /// - Parameter order: which of the values each number is, and of the rows each is missing; nil:
    ///   all as they are.
    @_specialize(where Element == Int64)
    @_specialize(where Element == Int32)
    package init<Element: FixedWidthInteger>(
        _ values: UnsafeBufferPointer<Element>, order: [Int32]? = nil, missing: Bitmap? = nil
    ) {
        self = Packing(values, missing: missing).pack(values, order: order, missing: missing)
    }

    /// Packs codes or offsets: raw numbers are the numbers themselves.
    /// - Precondition: none is negative.
    package init(indices: [Int32]) {
        self = indices.withUnsafeBufferPointer { PackedIntegers(indices: $0) }
    }

    package init(indices: UnsafeBufferPointer<Int32>, order: [Int32]? = nil) {
        let packing = Packing(from: 0, to: Int64(indices.max() ?? 0))
        self = packing.pack(indices, order: order, missing: nil)
    }

    /// These numbers, all greater by the same.
    package func raised(by distance: Int64) -> PackedIntegers {
        PackedIntegers(bytes: bytes, width: width, base: base + distance, scale: scale)
    }

    /// The same raw numbers, which mean others.
    func rebased(_ base: Int64, scale: Int64) -> PackedIntegers {
        PackedIntegers(bytes: bytes, width: width, base: base, scale: scale)
    }

    /// The width, base and scale that numbers need.
    package struct Packing: Hashable, Sendable {
        package let width: Width
        package let base: Int64
        package let scale: Int64

        /// Numbers between two bounds, that are `scale` apart or a multiple of it.
        package init(from least: Int64, to greatest: Int64, scale: Int64 = 1) {
            let span = UInt64(bitPattern: greatest &- least) / UInt64(scale)
            let width = Self.width(for: span)
            self.width = width
            self.base = width == .eight ? 0 : least
            self.scale = width == .eight ? 1 : scale
        }

        init<Element: FixedWidthInteger>(
            _ values: UnsafeBufferPointer<Element>, missing: Bitmap?
        ) {
            let (least, greatest) = Self.bounds(values, missing)
            guard least <= greatest else {
                self.init(from: 0, to: 0)
                return
            }
            self.init(from: least, to: greatest)
            guard width == .eight else { return }
            for scale in PackedIntegers.scales {
                let coarse = Packing(from: least, to: greatest, scale: scale)
                guard coarse.width != .eight else { continue }
                let isExact = values.indices.allSatisfy { row in
                    missing?[row] ?? false || (Int64(values[row]) - least) % scale == 0
                }
                if isExact {
                    self = coarse
                    return
                }
            }
        }

        /// The least and the greatest number that means something.
        private static func bounds<Element: FixedWidthInteger>(
            _ values: UnsafeBufferPointer<Element>, _ missing: Bitmap?
        ) -> (Int64, Int64) {
            var (least, greatest) = (Element.max, Element.min)
            var isNone = values.isEmpty
            if let missing {
                isNone = missing.population == values.count
                for (row, value) in values.enumerated() {
                    let isMissing = missing[row]
                    least = Swift.min(least, isMissing ? .max : value)
                    greatest = Swift.max(greatest, isMissing ? .min : value)
                }
            } else {
                for value in values {
                    least = Swift.min(least, value)
                    greatest = Swift.max(greatest, value)
                }
            }
            return isNone ? (.max, .min) : (Int64(least), Int64(greatest))
        }

        private static func width(for span: UInt64) -> Width {
            switch span {
            case ...0xFF: .one
            case ...0xFFFF: .two
            case ...0xFFFF_FFFF: .four
            default: .eight
            }
        }

        func pack<Element: FixedWidthInteger>(
            _ values: UnsafeBufferPointer<Element>, order: [Int32]?, missing: Bitmap?
        ) -> PackedIntegers {
            let count = order?.count ?? values.count
            let bytes = ColumnBytes(count: count * Int(width.rawValue)) { start in
                switch width {
                case .one: fill(start, as: UInt8.self, values, order, missing)
                case .two: fill(start, as: UInt16.self, values, order, missing)
                case .four: fill(start, as: UInt32.self, values, order, missing)
                case .eight: fill(start, as: Int64.self, values, order, missing)
                }
            }
            return PackedIntegers(bytes: bytes, width: width, base: base, scale: scale)
        }

        private func fill<Raw: FixedWidthInteger, Element: FixedWidthInteger>(
            _ start: UnsafeMutableRawPointer, as type: Raw.Type,
            _ values: UnsafeBufferPointer<Element>, _ order: [Int32]?, _ missing: Bitmap?
        ) {
            let raw = start.assumingMemoryBound(to: Raw.self)
            let (base, scale) = (base, scale)
            func distance(_ row: Int) -> Int64 { Int64(truncatingIfNeeded: values[row]) &- base }
            if let order {
                for (place, row) in order.enumerated() {
                    raw[place] = Raw(truncatingIfNeeded: distance(Int(row)))
                }
            } else {
                for row in 0..<values.count { raw[row] = Raw(truncatingIfNeeded: distance(row)) }
            }
            if scale != 1 {
                for place in 0..<(order?.count ?? values.count) {
                    let row = order.map { Int($0[place]) } ?? place
                    raw[place] = Raw(truncatingIfNeeded: distance(row) / scale)
                }
            }
            guard let missing else { return }
            for place in 0..<(order?.count ?? values.count)
            where missing[order.map { Int($0[place]) } ?? place] {
                raw[place] = 0
            }
        }
    }

    package var packing: Packing { Packing(width: width, base: base, scale: scale) }
}

extension PackedIntegers.Packing {
    fileprivate init(width: PackedIntegers.Width, base: Int64, scale: Int64) {
        self.width = width
        self.base = base
        self.scale = scale
    }
}

// MARK: - Reading

extension PackedIntegers: RandomAccessCollection {
    package var startIndex: Int { 0 }
    package var endIndex: Int { count }

    package subscript(row: Int) -> Int64 {
        precondition(row >= 0 && row < count, "a row of the column")
        let raw: Int64 =
            switch width {
            case .one: Int64(bytes.start.assumingMemoryBound(to: UInt8.self)[row])
            case .two: Int64(bytes.start.assumingMemoryBound(to: UInt16.self)[row])
            case .four: Int64(bytes.start.assumingMemoryBound(to: UInt32.self)[row])
            case .eight: bytes.start.assumingMemoryBound(to: Int64.self)[row]
            }
        return base &+ scale &* raw
    }
}

extension PackedIntegers {
    /// All numbers, of which none needs more than 32 bits.
    package var shortened: [Int32] { widened(0..<count) }

    /// Some rows, widened.
    @_specialize(where Element == Int64)
    @_specialize(where Element == Int32)
    func widened<Element: FixedWidthInteger>(_ rows: Range<Int>) -> [Element] {
        precondition(rows.lowerBound >= 0 && rows.upperBound <= count, "rows of the column")
        return [Element](unsafeUninitializedCapacity: rows.count) { buffer, initialized in
            switch width {
            case .one: widen(bytes.bound(to: UInt8.self), rows, into: buffer)
            case .two: widen(bytes.bound(to: UInt16.self), rows, into: buffer)
            case .four: widen(bytes.bound(to: UInt32.self), rows, into: buffer)
            case .eight: widen(bytes.bound(to: Int64.self), rows, into: buffer)
            }
            initialized = rows.count
        }
    }

    @inline(__always)
    private func widen<Raw: FixedWidthInteger, Element: FixedWidthInteger>(
        _ raw: UnsafeBufferPointer<Raw>, _ rows: Range<Int>,
        into buffer: UnsafeMutableBufferPointer<Element>
    ) {
        let (base, scale) = (Element(truncatingIfNeeded: base), Element(truncatingIfNeeded: scale))
        for index in 0..<rows.count {
            let value = Element(truncatingIfNeeded: raw[rows.lowerBound &+ index])
            buffer[index] = base &+ scale &* value
        }
    }

    /// Element i is number `rows[i]`.
    func gathered<Element: FixedWidthInteger>(at rows: ArraySlice<Int32>) -> [Element] {
        [Element](unsafeUninitializedCapacity: rows.count) { buffer, initialized in
            rows.withUnsafeBufferPointer { gather(at: $0, into: buffer) }
            initialized = rows.count
        }
    }

    /// Element i becomes number `rows[i]`.
    /// - Parameter buffer: room for so many.
    @_specialize(where Element == Int64)
    @_specialize(where Element == Int32)
    func gather<Element: FixedWidthInteger>(
        at rows: UnsafeBufferPointer<Int32>, into buffer: UnsafeMutableBufferPointer<Element>
    ) {
        switch width {
        case .one: gather(bytes.bound(to: UInt8.self), rows, into: buffer)
        case .two: gather(bytes.bound(to: UInt16.self), rows, into: buffer)
        case .four: gather(bytes.bound(to: UInt32.self), rows, into: buffer)
        case .eight: gather(bytes.bound(to: Int64.self), rows, into: buffer)
        }
    }

    @inline(__always)
    private func gather<Raw: FixedWidthInteger, Element: FixedWidthInteger>(
        _ raw: UnsafeBufferPointer<Raw>, _ rows: UnsafeBufferPointer<Int32>,
        into buffer: UnsafeMutableBufferPointer<Element>
    ) {
        let (base, scale) = (Element(truncatingIfNeeded: base), Element(truncatingIfNeeded: scale))
        for index in 0..<rows.count {
            let value = Element(truncatingIfNeeded: raw[Int(rows[index])])
            buffer[index] = base &+ scale &* value
        }
    }
}
