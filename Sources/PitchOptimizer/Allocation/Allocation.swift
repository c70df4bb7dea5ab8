/// Which offer every member gets, and how good that is.
package struct Allocation: Sendable, Equatable {
    /// The offer of every member, or −1 for none.
    package internal(set) var choices: [Int16]
    /// The sum of the chosen values, added in order of members within chunks of a fixed size.
    package internal(set) var value: Double
    /// The exact sum of the chosen costs, in minor units.
    package internal(set) var costMinor: Int64
    /// What no feasible choice can pass, from the linear relaxation: an upper bound of the value
    /// for a budget, a lower bound of the cost in minor units for a floor.
    package internal(set) var bound: Double
    /// Whether the search proved that no choice is better by more than 1e-11 of the bound, or for
    /// a floor that none costs a minor unit less.
    package internal(set) var isOptimal: Bool
    /// The value one more minor unit would bring at the margin; 0 when the limit does not bind, or
    /// infinite when a floor does not.
    package internal(set) var multiplier: Double
    private let isFloor: Bool

    init(
        choices: [Int16], totals: Totals, bound: Double, isOptimal: Bool, multiplier: Double,
        isFloor: Bool
    ) {
        (self.choices, value, costMinor) = (choices, totals.value, totals.cost)
        (self.bound, self.isOptimal, self.multiplier) = (bound, isOptimal, multiplier)
        self.isFloor = isFloor
    }

    /// How far the best choice may be from this one, relative to the bound: 0 when proven optimal.
    package var gap: Double { isOptimal ? 0 : boundGap }

    /// How far the linear relaxation is from this choice, relative to the bound.
    package var boundGap: Double {
        let distance = isFloor ? Double(costMinor) - bound : bound - value
        return distance <= 0 ? 0 : distance / max(abs(bound), .leastNormalMagnitude)
    }
}

/// The sums of a choice of offers.
struct Totals: Sendable, Equatable {
    var value = 0.0
    var cost: Int64 = 0

    static func + (left: Totals, right: Totals) -> Totals {
        Totals(value: left.value + right.value, cost: left.cost + right.cost)
    }

    /// Sums choices from scratch, chunk by chunk.
    static func of(_ choices: [Int16], _ columns: OfferColumns, threads: Int) -> Totals {
        Chunks(members: columns.members, threads: threads).map { chunk in
            var totals = Totals()
            for member in chunk {
                let offer = Int(choices[member])
                totals.value += columns.value(member, offer)
                totals.cost &+= columns.cost(member, offer)
            }
            return totals
        }.reduce(Totals(), +)
    }
}
