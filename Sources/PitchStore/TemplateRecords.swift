/// A numbered template, as it was last tried.
package struct StoredTemplate: Sendable, Equatable {
    /// From 1; never given to another.
    package let number: Int64
    package let theme: String
    package let words: [String]
    package let items: [StoredItem]
    package let madeAt: Int64
    /// What is known of its conversion, a share of one, and how much, in members.
    package let conversion: Double
    package let weight: Double
    package let trial: StoredTrial

    package init(
        number: Int64, theme: String, words: [String], items: [StoredItem], madeAt: Int64,
        conversion: Double, weight: Double, trial: StoredTrial
    ) {
        self.number = number
        self.theme = theme
        self.words = words
        self.items = items
        self.madeAt = madeAt
        self.conversion = conversion
        self.weight = weight
        self.trial = trial
    }
}

/// A coupon or a bundle of a template, with what it was when it was tried.
package struct StoredItem: Sendable, Hashable, Codable {
    package struct Coupon: Sendable, Hashable, Codable {
        package let name: String
        package let kind: String
        package let faceMinor: Int64?
        package let thresholdMinor: Int64?
        package let worstMinor: Int64
        package let copies: Int

        package init(
            name: String, kind: String, faceMinor: Int64?, thresholdMinor: Int64?,
            worstMinor: Int64, copies: Int
        ) {
            self.name = name
            self.kind = kind
            self.faceMinor = faceMinor
            self.thresholdMinor = thresholdMinor
            self.worstMinor = worstMinor
            self.copies = copies
        }
    }

    /// The name of the coupon or the bundle.
    package let offer: String
    package let quantity: Int
    package let coupons: [Coupon]

    package init(offer: String, quantity: Int, coupons: [Coupon]) {
        self.offer = offer
        self.quantity = quantity
        self.coupons = coupons
    }
}

/// What a trial of a template came to. Money is in minor units, shares are of one.
package struct StoredTrial: Sendable, Equatable {
    package struct Numbers: Sendable, Equatable, Codable {
        package var goal: String
        package var audience: Int
        package var costMinor: Int64
        package var costLowMinor: Int64
        package var costHighMinor: Int64
        package var conversion: Double
        package var conversionLow: Double
        package var conversionHigh: Double
        package var reservedMinor: Int64
        package var worstCaseMinor: Int64
        package var issued: Int
        package var priorShare: Double
        package var costPriorShare: Double
        package var score: Double?

        package init(
            goal: String, audience: Int, costMinor: Int64, costLowMinor: Int64,
            costHighMinor: Int64, conversion: Double, conversionLow: Double,
            conversionHigh: Double, reservedMinor: Int64, worstCaseMinor: Int64, issued: Int,
            priorShare: Double, costPriorShare: Double, score: Double? = nil
        ) {
            self.goal = goal
            self.audience = audience
            self.costMinor = costMinor
            self.costLowMinor = costLowMinor
            self.costHighMinor = costHighMinor
            self.conversion = conversion
            self.conversionLow = conversionLow
            self.conversionHigh = conversionHigh
            self.reservedMinor = reservedMinor
            self.worstCaseMinor = worstCaseMinor
            self.issued = issued
            self.priorShare = priorShare
            self.costPriorShare = costPriorShare
            self.score = score
        }
    }

    package let at: Int64
    /// Its place in the ranking, from 1; 0: only on the frontier.
    package let place: Int
    package let isFrontier: Bool
    /// A fingerprint of what it was computed from: theme, coupons, audience, history.
    package let basis: String
    package let numbers: Numbers

    package init(
        at: Int64, place: Int, isFrontier: Bool, basis: String, numbers: Numbers
    ) {
        self.at = at
        self.place = place
        self.isFrontier = isFrontier
        self.basis = basis
        self.numbers = numbers
    }
}

/// Which template a strategy gives, or that all were declined.
package struct TemplatePick: Sendable, Equatable {
    /// `plan.strategy`
    package let strategy: String
    package let theme: String
    /// Nil: all were declined.
    package let template: Int64?
    /// The template's items when it was picked: later trials do not change them.
    package let items: [StoredItem]
    package let at: Int64

    package init(
        strategy: String, theme: String, template: Int64?, items: [StoredItem], at: Int64
    ) {
        self.strategy = strategy
        self.theme = theme
        self.template = template
        self.items = items
        self.at = at
    }
}
