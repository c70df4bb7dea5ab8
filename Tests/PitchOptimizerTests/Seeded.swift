import Glibc

/// SplitMix64 (Steele, Lea & Flood, 2014) and the distributions the tests draw from.
struct Seeded: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }

    mutating func int(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.count))
    }

    mutating func normal() -> Double {
        (-2 * log(1 - unit())).squareRoot() * cos(2 * Double.pi * unit())
    }

    /// Jumps from success to success by geometric gaps (Devroye, 1986, section X.4.3).
    mutating func binomial(_ trials: Int, _ share: Double) -> Int {
        if share > 0.5 { return trials - binomial(trials, 1 - share) }
        if share <= 0 { return 0 }
        var (count, place) = (0, 0.0)
        while true {
            place += (log(1 - unit()) / log1p(-share)).rounded(.down) + 1
            if place > Double(trials) { return count }
            count += 1
        }
    }

    mutating func pick<T>(_ values: [T]) -> T { values[int(0...values.count - 1)] }
}
