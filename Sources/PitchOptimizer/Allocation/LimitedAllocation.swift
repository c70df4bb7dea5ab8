/// Which offer every member gets within many limits, how good that is, and which limits bind.
package struct LimitedAllocation: Sendable, Equatable {
    /// The offer of every member, or −1 for none.
    package let choices: [Int16]
    /// The sums of the chosen values, and of the chosen costs in minor units.
    package let value: Double
    package let costMinor: Int64
    /// What the value of no choice within the limits can pass.
    package let bound: Double
    /// Whether the search proved that no choice within the limits is better.
    package let isOptimal: Bool
    /// What every row came to, in order of the rows.
    package let rows: [RowReading]

    /// How far the best choice may be from this one, relative to the bound: 0 when proven optimal.
    package var gap: Double {
        isOptimal ? 0 : max(0, bound - value) / max(abs(bound), .leastNormalMagnitude)
    }
}

/// What one row came to, summed from scratch over the choices: exactly for integer rows.
package struct RowReading: Sendable, Equatable {
    /// What the choices use of the limit.
    package let activity: Double
    /// What is left of the limit; below zero by rounding only, and never for integer rows.
    package let slack: Double
    /// The value one more unit of the limit would bring at the margin.
    package let multiplier: Double

    /// Whether a wider limit would bring value.
    package var binds: Bool { multiplier > 0 }
}

/// Why no choice was found within the limits, and what would have to give.
package struct Conflict<Choices: Sendable & Equatable>: Sendable, Equatable {
    /// The rows that conflict, by index. When the instance is small enough to search, no one of
    /// them can be left out of the conflict; else they are those the certificate charges.
    package let rows: [Int]
    /// How much to add to every limit, 0 for most: the least sum, each measured by the size of its
    /// limit (1 for a limit of 0), that was found.
    package let relaxations: [Double]
    /// Choices within the limits so relaxed.
    package let choices: Choices
    /// No relaxation of a smaller measured sum than this can do; positive: the limits are proven
    /// to conflict.
    package let bound: Double
    /// Whether nothing less than `relaxations` can do, by search or within 1 % by the bound.
    package let isLeast: Bool
}

/// What a search within limits ends with.
package enum LimitedOutcome: Sendable, Equatable {
    /// Choices within all limits.
    case found(LimitedAllocation)
    /// No choices were found; `Conflict.bound` above 0 proves that there are none.
    case conflict(Conflict<[Int16]>)
}
