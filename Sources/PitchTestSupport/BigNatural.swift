/// A natural number of any size, by the arithmetic of school, to hold sums of money against.
package struct BigNatural: Comparable, Sendable {
    /// Base 2^32, the least first, no leading zeros.
    private var limbs: [UInt32]

    package init(_ value: UInt64) {
        limbs = [UInt32(truncatingIfNeeded: value), UInt32(truncatingIfNeeded: value >> 32)]
        trim()
    }

    package static func product(_ factors: [Int64]) -> BigNatural {
        factors.reduce(BigNatural(1)) { $0 * BigNatural($1.magnitude) }
    }

    /// Whether a result is numerator ÷ denominator rounded to the nearest whole, and to the even
    /// one where two are as near.
    package static func isHalfEven(
        _ result: Int64, _ numerator: BigNatural, over denominator: BigNatural
    ) -> Bool {
        let scaled = BigNatural(result.magnitude) * denominator
        let distance = scaled < numerator ? numerator - scaled : scaled - numerator
        let twice = distance * BigNatural(2)
        return twice < denominator || (twice == denominator && result.isMultiple(of: 2))
    }

    package static func * (left: BigNatural, right: BigNatural) -> BigNatural {
        var result = BigNatural(0)
        result.limbs = [UInt32](repeating: 0, count: left.limbs.count + right.limbs.count)
        for (place, limb) in left.limbs.enumerated() {
            var carry: UInt64 = 0
            for (offset, other) in right.limbs.enumerated() {
                let sum =
                    UInt64(limb) * UInt64(other) + UInt64(result.limbs[place + offset]) + carry
                result.limbs[place + offset] = UInt32(truncatingIfNeeded: sum)
                carry = sum >> 32
            }
            result.limbs[place + right.limbs.count] = UInt32(carry)
        }
        result.trim()
        return result
    }

    /// - Precondition: `right` is at most `left`.
    package static func - (left: BigNatural, right: BigNatural) -> BigNatural {
        var result = left
        var borrow: Int64 = 0
        for place in left.limbs.indices {
            let other = place < right.limbs.count ? Int64(right.limbs[place]) : 0
            let difference = Int64(left.limbs[place]) - other - borrow
            borrow = difference < 0 ? 1 : 0
            result.limbs[place] = UInt32(truncatingIfNeeded: difference)
        }
        precondition(borrow == 0, "no natural number is below zero")
        result.trim()
        return result
    }

    package static func < (left: BigNatural, right: BigNatural) -> Bool {
        if left.limbs.count != right.limbs.count { return left.limbs.count < right.limbs.count }
        for (mine, other) in zip(left.limbs, right.limbs).reversed() where mine != other {
            return mine < other
        }
        return false
    }

    private mutating func trim() {
        while limbs.last == 0 { limbs.removeLast() }
    }
}
