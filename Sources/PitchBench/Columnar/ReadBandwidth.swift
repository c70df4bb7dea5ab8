/// How fast one thread reads memory, beside what the widest filter reads.
enum ReadBandwidth {
    /// Far more than the caches hold.
    private static let words = 32 << 20

    /// Bytes that `q1w` needs of a member: age 1, city 2, value 4, two days of 2, a bit of a tag.
    static let bytesOfWideFilter = 11.125

    /// Bytes a CPU second of summing a large array.
    static func measure(rounds: Int) -> Double {
        let numbers = (0..<UInt64(words)).map { $0 &* 0x9E37_79B9_7F4A_7C15 }
        var sum: UInt64 = 0
        let seconds = (0..<rounds).map { _ in
            let start = processSeconds()
            sum &+= numbers.withUnsafeBufferPointer { $0.reduce(0, &+) }
            return processSeconds() - start
        }
        precondition(sum != 1, "the sum is used")
        return Double(words * 8) / Spread(seconds).median
    }
}
