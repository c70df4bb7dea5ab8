import Glibc
import PitchColumnar

/// Numbers that are appended by the million, in large pages where the system has them: touching
/// small ones for the first time costs more than filling them.
///
/// Copies share their memory; only one of them may be appended to.
struct GrowingNumbers<Number: FixedWidthInteger> {
    private var memory: Memory
    private var start: UnsafeMutablePointer<Number>
    private(set) var capacity: Int
    private(set) var count = 0

    private final class Memory {
        let start: UnsafeMutableRawPointer
        private static var largePage: Int { 1 << 21 }

        init(byteCount: Int) {
            let isLarge = byteCount >= Self.largePage
            let alignment = isLarge ? Self.largePage : 64
            let pages = (byteCount + alignment - 1) / alignment
            start = .allocate(byteCount: max(1, pages) * alignment, alignment: alignment)
            if isLarge { madvise(start, pages * alignment, MADV_HUGEPAGE) }
        }

        deinit { start.deallocate() }
    }

    init(capacity: Int = 0) {
        self.capacity = max(64, capacity)
        memory = Memory(byteCount: self.capacity * MemoryLayout<Number>.stride)
        start = memory.start.assumingMemoryBound(to: Number.self)
    }

    @inline(__always)
    mutating func append(_ number: Number) {
        if count == capacity { grow() }
        start[count] = number
        count &+= 1
    }

    @inline(never)
    private mutating func grow() {
        var larger = GrowingNumbers(capacity: capacity * 2)
        withNumbers { numbers in
            if let first = numbers.baseAddress { larger.start.update(from: first, count: count) }
        }
        larger.count = count
        self = larger
    }

    /// Puts the last numbers in order.
    mutating func sort(from first: Int) {
        var numbers = UnsafeMutableBufferPointer(start: start + first, count: count - first)
        withExtendedLifetime(memory) { numbers.sort() }
    }

    /// Runs with all numbers, which stay where they are as long as it runs.
    func withNumbers<Result>(
        _ body: (UnsafeBufferPointer<Number>) throws -> Result
    ) rethrows -> Result {
        try withExtendedLifetime(memory) {
            try body(UnsafeBufferPointer(start: start, count: count))
        }
    }
}

/// Numbers that are appended by the million: in four bytes each until one needs eight.
struct GrowingColumn {
    private var small: GrowingNumbers<Int32>
    private var large = GrowingNumbers<Int64>()
    private var isSmall = true

    init(capacity: Int) { small = GrowingNumbers(capacity: capacity) }

    var count: Int { isSmall ? small.count : large.count }

    @inline(__always)
    mutating func append(_ number: Int64) {
        let short = Int32(truncatingIfNeeded: number)
        if isSmall, Int64(short) == number {
            small.append(short)
        } else {
            if isSmall { widen() }
            large.append(number)
        }
    }

    @inline(never)
    private mutating func widen() {
        var wide = GrowingNumbers<Int64>(capacity: small.capacity)
        small.withNumbers { for number in $0 { wide.append(Int64(number)) } }
        large = wide
        small = GrowingNumbers()
        isSmall = false
    }

    /// Runs with all numbers as they are held.
    func withNumbers<Result>(
        short: (UnsafeBufferPointer<Int32>) throws -> Result,
        long: (UnsafeBufferPointer<Int64>) throws -> Result
    ) rethrows -> Result {
        isSmall ? try small.withNumbers(short) : try large.withNumbers(long)
    }

    /// See `PackedIntegers`.
    func packed(order: [Int32]? = nil, missing: Bitmap? = nil) -> PackedIntegers {
        withNumbers(
            short: { PackedIntegers($0, order: order, missing: missing) },
            long: { PackedIntegers($0, order: order, missing: missing) })
    }
}
