import PitchSource

// Faults in `when` lines that wait for events. Sorted by code.
extension DiagnosticCode {
    static let eventCodes: [DiagnosticCode] = [productAction]

    static let productAction = DiagnosticCode(
        "P530", "product events do not say what was done",
        explanation: """
            The events of the scene product say in a field 'action', one of a list, what was done \
            with the product: searched, viewed, compared, carted, favourited, bought, shared, \
            refunded, price_changed or restocked. Where the file says it otherwise, compute the \
            field: action one of [carted, other] = carted if kind = "add" otherwise other.
            """,
        example: """
            events visits from csv "visits.csv" {
                scene product
                key visit_id
                member member_id
                at seen_at
                product text
            }
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
            }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy hello {
                    when product carted
                    give off20
                    at most once
                }
            }
            """,
        repair: """
            events visits from csv "visits.csv" {
                scene product
                key visit_id
                member member_id
                at seen_at
                product text
                action one of [viewed, carted]
            }
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
            }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy hello {
                    when product carted
                    give off20
                    at most once
                }
            }
            """)
}
