import PitchSchema
import PitchSource

// Faults in coupons and bundles. Sorted by code.
extension DiagnosticCode {
    static let couponCodes: [DiagnosticCode] = [
        couponClause, emptyBundle, productCondition, impossibleOffer, stacking, expectedUseMissing,
        redemptionFields,
    ]

    static let couponClause = DiagnosticCode(
        "P501", "a coupon's clauses do not fit its kind",
        explanation: """
            Each kind of coupon needs clauses of its own and may have others:
            \(CouponKinds.list)
            """,
        example: """
            coupon off20 {
                kind cash
                valid 14 days
            }
            """,
        repair: """
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
            }
            """)

    static let emptyBundle = DiagnosticCode(
        "P502", "a bundle is empty",
        explanation: "A bundle holds coupons, each with a quantity.",
        example: """
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
            }
            bundle pack { }
            """,
        repair: """
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
            }
            bundle pack { 2 x off20 }
            """)

    static let productCondition = DiagnosticCode(
        "P550", "a condition that is not about products",
        explanation: """
            What a coupon applies to is a condition over the fields of the table 'products', or of \
            the only table. The till looks at the product, not at the member: who gets the coupon \
            is said by the strategy.
            """,
        example: """
            table products from csv "products.csv" {
                key product_id
                department text
            }
            coupon bakery {
                kind cash
                face 5 CNY
                valid 14 days
                applies to level = gold
            }
            """,
        repair: """
            table products from csv "products.csv" {
                key product_id
                department text
            }
            coupon bakery {
                kind cash
                face 5 CNY
                valid 14 days
                applies to department = "bakery"
            }
            """)

    static let impossibleOffer = DiagnosticCode(
        "P551", "an offer that nobody can get",
        explanation: """
            A member holds an exclusive coupon alone, and others beside those only that they stack \
            with; of a coupon with 'per member at most' nobody ever gets more. An offer that holds \
            what one member may not hold would never be given.
            """,
        example: """
            coupon off20 { kind cash, face 20 CNY, valid 14 days, exclusive }
            coupon off5 { kind cash, face 5 CNY, valid 14 days }
            bundle pack { off20, off5 }
            """,
        repair: """
            coupon off20 { kind cash, face 20 CNY, valid 14 days }
            coupon off5 { kind cash, face 5 CNY, valid 14 days }
            bundle pack { off20, off5 }
            """)

    static let stacking = DiagnosticCode(
        "P552", "coupons that contradict each other",
        explanation: """
            Two coupons go together when each allows the other. An exclusive coupon allows none, one \
            with 'stacks with' those that it names and others of itself, any other coupon allows all.
            """,
        example: """
            coupon off20 { kind cash, face 20 CNY, valid 14 days, exclusive }
            coupon off5 { kind cash, face 5 CNY, valid 14 days, stacks with off20 }
            """,
        repair: """
            coupon off20 { kind cash, face 20 CNY, valid 14 days, stacks with off5 }
            coupon off5 { kind cash, face 5 CNY, valid 14 days, stacks with off20 }
            """)

    static let expectedUseMissing = DiagnosticCode(
        "P553", "an expected cost that is not known",
        explanation: """
            'budget … expected' reserves what a coupon is expected to cost: its worst case times the \
            share that will be used. Without that share the expectation is unknown, which is not 0.
            """,
        example: """
            coupon off20 { kind cash, face 20 CNY, valid 14 days }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                budget 1000 CNY expected
                strategy hello {
                    when purchase
                    give off20
                    at most once
                }
            }
            """,
        repair: """
            coupon off20 { kind cash, face 20 CNY, valid 14 days, expect use 12% }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                budget 1000 CNY expected
                strategy hello {
                    when purchase
                    give off20
                    at most once
                }
            }
            """)

    static let redemptionFields = DiagnosticCode(
        "P555", "redemption data by which no coupon is recognised",
        explanation: """
            Coupons are claimed, used and returned by events of the scenes 'coupon claimed', 'coupon \
            used' and 'coupon returned'. Their field 'code' holds the unique code of the coupon; where \
            it may be missing ('code text?'), a row without one is about a coupon that another \
            issued, and is counted as not ours. 'discount' and 'order_amount' say what a use cost, 'product' for what it was.
            """,
        example: """
            coupon off20 { kind cash, face 20 CNY, valid 14 days }
            events redemptions from csv "redemptions.csv" {
                scene coupon used
                member member_id
                at used_at
                number text
            }
            """,
        repair: """
            coupon off20 { kind cash, face 20 CNY, valid 14 days }
            events redemptions from csv "redemptions.csv" {
                scene coupon used
                member member_id
                at used_at
                code text = number
            }
            """)
}

extension CouponKinds {
    /// A line for each kind: `cash: face; may have threshold`.
    static let list: String = rows.map { row in
        let needs = row.needs.isEmpty ? "needs nothing" : row.needs.joined(separator: ", ")
        let more = row.mayHave.isEmpty ? "" : "; may have " + row.mayHave.joined(separator: ", ")
        return "\(row.words): \(needs)\(more)"
    }.joined(separator: "\n")
}
