/// One kind of coupon: which clauses of the coupon table it needs and may have. Clauses that say
/// how any coupon is given (`valid`, `stock`, `applies to`, …) are no part of it.
package struct CouponKindRow: Sendable {
    /// What `face` is.
    package enum Face: Sendable {
        /// An amount above 0.
        case amount
        /// A share above 0 and at most 100%.
        case share
        /// A factor above 1.
        case factor
    }

    /// As written after `kind`.
    package let words: String
    /// Nil: the kind has no `face`.
    package let face: Face?
    /// Names of clauses without which the kind means nothing.
    package let needs: [String]
    package let mayHave: [String]
    /// A clause as it could be written for this kind, by its name.
    package let examples: [String: String]
    /// What one costs, for help.
    package let doc: String

    package func takes(_ clause: String) -> Bool {
        needs.contains(clause) || mayHave.contains(clause)
    }
}

package enum CouponKinds {
    /// In the order of the clause `kind`.
    package static let rows: [CouponKindRow] = [
        CouponKindRow(
            words: "cash", face: .amount, needs: ["face"], mayHave: ["threshold"],
            examples: ["face": "face 20 CNY"],
            doc: "an amount off; costs its face"),
        CouponKindRow(
            words: "percent", face: .share, needs: ["face"], mayHave: ["threshold", "cap"],
            examples: ["face": "face 10%"],
            doc: "a share off; costs that share of the order, at most the cap"),
        CouponKindRow(
            words: "threshold", face: .amount, needs: ["face", "threshold"], mayHave: [],
            examples: ["face": "face 20 CNY", "threshold": "threshold 100 CNY"],
            doc: "an amount off an order that reaches the threshold; costs its face"),
        CouponKindRow(
            words: "shipping", face: nil, needs: [], mayHave: ["threshold", "cap"],
            examples: [:],
            doc: "free delivery; costs the postage, at most the cap"),
        CouponKindRow(
            words: "gift", face: .amount, needs: ["face", "item"], mayHave: ["threshold"],
            examples: ["face": "face 12 CNY", "item": "item \"canvas bag\""],
            doc: "a thing for nothing; costs its face, which is what the shop pays for it"),
        CouponKindRow(
            words: "points", face: .factor, needs: ["face", "worth"],
            mayHave: ["threshold", "cap"],
            examples: ["face": "face 3", "worth": "worth 1%"],
            doc: """
                so many times the points; costs what the additional points are worth, at most \
                the cap
                """),
        CouponKindRow(
            words: "interest free", face: nil, needs: ["period", loan], mayHave: [],
            examples: loanExamples,
            doc: "a loan without interest; costs the interest of its period"),
        CouponKindRow(
            words: "rate cut", face: .share, needs: ["face", "period", loan], mayHave: [],
            examples: loanExamples.merging(["face": "face 6%"]) { $1 },
            doc: "points off the yearly rate of a loan; costs the interest that they make"),
        CouponKindRow(
            words: "fee waiver", face: .amount, needs: ["face"], mayHave: ["threshold"],
            examples: ["face": "face 15 CNY"],
            doc: "a fee that is not charged; costs its face, the most that is waived"),
        CouponKindRow(
            words: "limit raise", face: .amount, needs: ["face", "period"],
            mayHave: ["funding at"],
            examples: ["face": "face 10000 CNY", "period": "period 30 days"],
            doc: """
                a credit limit that is higher by the face for a period; costs the funding of \
                that amount
                """),
    ]

    private static let loan = "on principal up to"
    private static let loanExamples = [
        "period": "period 7 days", loan: "on principal up to 5000 CNY at 18% a year",
    ]

    /// The clauses that only some kinds have, in the order of the rows.
    package static let clauses: [String] = {
        var names: [String] = []
        for row in rows {
            for name in row.needs + row.mayHave where !names.contains(name) { names.append(name) }
        }
        return names
    }()

    package static func row(_ words: String) -> CouponKindRow? { rows.first { $0.words == words } }
}
