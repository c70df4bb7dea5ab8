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
        let packing = Packing(values, missing: missing)
        self = packing.pack(values, missing: missing)
    }

    /// Packs codes or offsets: raw numbers are the numbers themselves.
    /// - Precondition: none is negative.
    package init(indices: [Int32]) {
        let packing = Packing(from: 0, to: Int64(indices.max() ?? 0))
        self = packing.pack(indices.map { Int64($0) }, missing: nil)
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

        init(_ values: [Int64], missing: Bitmap?) {
            var least = Int64.max
            var greatest = Int64.min
            let known = missing?.complement
            for (row, value) in values.enumerated() where known?[row] ?? true {
                least = Swift.min(least, value)
                greatest = Swift.max(greatest, value)
            }
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
                    !(known?[row] ?? true) || (values[row] - least) % scale == 0
                }
                if isExact {
                    self = coarse
                    return
                }
            }
        }

        private static func width(for span: UInt64) -> Width {
            switch span {
            case ...0xFF: .one
            case ...0xFFFF: .two
            case ...0xFFFF_FFFF: .four
            default: .eight
            }
        }

        func pack(_ values: [Int64], missing: Bitmap?) -> PackedIntegers {
            let size = Int(width.rawValue)
            let bytes = ColumnBytes(count: values.count * size) { start in
                let known = missing?.complement
                func fill<Raw: FixedWidthInteger>(_ raw: UnsafeMutablePointer<Raw>) {
                    for (row, value) in values.enumerated() {
                        raw[row] =
                            known?[row] ?? true
                            ? Raw(truncatingIfNeeded: (value &- base) / scale) : 0
                    }
                }
                switch width {
                case .one: fill(start.assumingMemoryBound(to: UInt8.self))
                case .two: fill(start.assumingMemoryBound(to: UInt16.self))
                case .four: fill(start.assumingMemoryBound(to: UInt32.self))
                case .eight: fill(start.assumingMemoryBound(to: Int64.self))
                }
            }
            return PackedIntegers(bytes: bytes, width: width, base: base, scale: scale)
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
    @_specialize(where Element == Int64)
    @_specialize(where Element == Int32)
    func gathered<Element: FixedWidthInteger>(at rows: ArraySlice<Int32>) -> [Element] {
        [Element](unsafeUninitializedCapacity: rows.count) { buffer, initialized in
            rows.withUnsafeBufferPointer { rows in
                switch width {
                case .one: gather(bytes.bound(to: UInt8.self), rows, into: buffer)
                case .two: gather(bytes.bound(to: UInt16.self), rows, into: buffer)
                case .four: gather(bytes.bound(to: UInt32.self), rows, into: buffer)
                case .eight: gather(bytes.bound(to: Int64.self), rows, into: buffer)
                }
            }
            initialized = rows.count
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
