/// What an optimizer chose for one strategy in one cycle, and how good that is.
package struct ChoiceReport: Sendable, Equatable {
    package struct Limit: Sendable, Equatable {
        /// As in the script, without `keep`; or `the plan's budget`, `the stock of off20`.
        package let name: String
        /// `money` in minor units, `members`, `pieces`, `share` of one, `ratio` of worth to cost.
        package let unit: String
        /// What is used of it, what was used before included; a floor is reached by this much.
        package let used: Double
        package let limit: Double
        package let binds: Bool
        /// What one more unit would bring, in units of the objective (profit and cost in minor
        /// units); of money 100 major units.
        package let perExtra: Double
    }

    package struct Conflict: Sendable, Equatable {
        /// The limits that conflict, by name.
        package let limits: [String]
        /// By how much which limits would have to be relaxed, in their units.
        package let relaxations: [Relaxation]
        /// Whether no smaller relaxation can do.
        package let isLeast: Bool

        package struct Relaxation: Sendable, Equatable {
            package let name: String
            package let unit: String
            package let by: Double
        }
    }

    /// `plan.strategy`
    package let strategy: String
    /// The goal, or the number of the template.
    package let by: String
    /// What was made large or small: `conversion`.
    package let objective: String
    /// How many members could get an offer, and the whole audience.
    package let considered: Int
    package let audience: Int
    /// How many get which offer, in the order of the list.
    package var chosen: [(offer: String, members: Int)] = []
    /// T, expected, in minor units, with messages.
    package var costMinor: Double = 0
    /// P × audience: the expected converting members.
    package var conversions: Double = 0
    /// The objective's value, what no choice can pass, and how far apart these may be.
    package var value: Double = 0
    package var bound: Double = 0
    package var gap: Double = 0
    package var limits: [Limit] = []
    /// Nil when the limits can be kept.
    package var conflict: Conflict?
    /// The best score there is, when it is below the one that is accepted.
    package var scoreTooLow: Double?
    /// Coupons of which nothing is known but what the script expects.
    package var expectedOnly: [String] = []
    package let currency: String

    package var isReached: Bool { conflict == nil && scoreTooLow == nil }

    package static func == (left: ChoiceReport, right: ChoiceReport) -> Bool {
        left.strategy == right.strategy && left.by == right.by && left.value == right.value
            && left.bound == right.bound && left.costMinor == right.costMinor
            && left.limits == right.limits && left.conflict == right.conflict
            && left.chosen.elementsEqual(right.chosen) { $0 == $1 }
    }
}
