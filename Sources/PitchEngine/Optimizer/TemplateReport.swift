import PitchStore

/// A numbered template as people read it.
package struct TemplateRecord: Sendable, Equatable {
    package struct Item: Sendable, Equatable {
        package let offer: String
        package let quantity: Int
    }

    package let number: Int64
    package let theme: String
    package let words: [String]
    package let items: [Item]
    /// In the last search, from 1; 0: only on the frontier.
    package let place: Int
    package let isFrontier: Bool
    package let trial: TrialRecord
    package let triedAt: Int64
    /// What is known of its conversion, and how much, in members.
    package let conversion: Double
    package let weight: Double
    /// Strategies that it is picked for.
    package var pickedFor: [String] = []
    /// What its coupons came to so far; nil when none was issued.
    package var actual: TemplateSum?
}

/// What a trial came to. Money is in minor units, shares are of one.
package struct TrialRecord: Sendable, Equatable {
    /// What was tried: `off20`, `template 3`.
    package let name: String
    package let numbers: StoredTrial.Numbers
}

/// What a search came to.
package struct OptimizeReport: Sendable {
    package enum End: String, Sendable {
        /// No template reaches the goal, or none is better than the first.
        case proven = "no better template exists"
        case open = "the search ended before it could prove the best"
        case unreachable = "no template reaches the goal"
    }

    package let theme: String
    package let goal: String
    package let audience: Int
    /// How many templates there are, and how many were looked at.
    package let templates: Double
    package let evaluated: Int
    package let end: End
    /// What no template betters: a conversion, a cost in minor units, or a score.
    package let bound: Double?
    package let gap: Double?
    package let objective: String
    /// Those ranked, best first, then others of the frontier.
    package let found: [TemplateRecord]
    /// How many rows the history has, and how many results of own coupons it knows.
    package let imported: Int
    package let own: Int
    package let expectedOnly: [String]
    package let currency: String
    /// The cap, the floor or the targets of the goal, for a plot.
    package let costCapMinor: Int64?
    package let conversionFloor: Double?
    package let targets: (costMinor: Int64, conversion: Double)?
}

extension TemplateRecord {
    init(_ stored: StoredTemplate) {
        self.init(
            number: stored.number, theme: stored.theme, words: stored.words,
            items: stored.items.map { Item(offer: $0.offer, quantity: $0.quantity) },
            place: stored.trial.place, isFrontier: stored.trial.isFrontier,
            trial: TrialRecord(name: "template \(stored.number)", numbers: stored.trial.numbers),
            triedAt: stored.trial.at, conversion: stored.conversion, weight: stored.weight)
    }
}
