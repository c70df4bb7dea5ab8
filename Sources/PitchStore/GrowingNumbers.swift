import Glibc

/// Numbers that are appended by the million, in large pages where the system has them: touching
/// small ones for the first time costs more than filling them.
///
/// Copies share their memory; only one of them may be appended to.
struct GrowingNumbers<Number: FixedWidthInteger> {
    private var memory: Memory
    private var start: UnsafeMutablePointer<Number>
    private var capacity: Int
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

    /// Runs with all numbers, which stay where they are as long as it runs.
    func withNumbers<Result>(
        _ body: (UnsafeBufferPointer<Number>) throws -> Result
    ) rethrows -> Result {
        try withExtendedLifetime(memory) {
            try body(UnsafeBufferPointer(start: start, count: count))
        }
    }
}
