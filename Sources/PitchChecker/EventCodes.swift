import PitchSource

// Faults in `when` lines that wait for events. Sorted by code.
extension DiagnosticCode {
    static let eventCodes: [DiagnosticCode] = [
        productAction, sequenceOfEvents, sameField, productOfNobody, movingPositions,
        expiryTooEarly,
    ]

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

    static let sequenceOfEvents = DiagnosticCode(
        "P531", "a sequence of something that is no event",
        explanation: """
            A sequence goes from one event of a member to another: rows of purchases, top-ups, \
            coupons or products. What comes first may be counted (first purchase), what follows \
            may not.
            """,
        example: """
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
                    when product carted then birthday within 3 days
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
                    when product carted then purchase within 3 days
                    give off20
                    at most once
                }
            }
            """)

    static let sameField = DiagnosticCode(
        "P532", "fields of different types cannot be the same",
        explanation: """
            'with same' compares a field of one event with the field of the same name of the \
            event that follows: both are texts, or both of one type.
            """,
        example: """
            events visits from csv "visits.csv" {
                scene product
                key visit_id
                member member_id
                at seen_at
                amount integer
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
                    when product carted then purchase with same amount within 3 days
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
                amount money CNY
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
                    when product carted then purchase with same amount within 3 days
                    give off20
                    at most once
                }
            }
            """)

    static let productOfNobody = DiagnosticCode(
        "P533", "product events that happen to no member",
        explanation: """
            Everything that a strategy waits for happens to a member. A price that changed, or a \
            product that is back, concerns some members and not others: those who favourited it, \
            those who put it into a cart. Which ones, the data says: a row for each of them, with \
            the member's key.
            """,
        example: """
            events price_changes from csv "price_changes.csv" {
                scene product
                at changed_at
                product text
                old_price money CNY
                price money CNY
                action one of [price_changed, restocked]
            }
            """,
        repair: """
            events price_changes from csv "price_changes.csv" {
                scene product
                member member_id
                at changed_at
                product text
                old_price money CNY
                price money CNY
                action one of [price_changed, restocked]
            }
            """)

    static let movingPositions = DiagnosticCode(
        "P534", "a position among rows that are counted anew",
        explanation: """
            A position such as first counts the rows for which where is true. A count of the \
            member's events is that of now, the same for each of the rows: when it passes a bound, \
            all rows begin to count at once, and the first of them came long ago. The third \
            purchase is purchase number 3; what the member must be like stands in if.
            """,
        example: """
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
            }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy hello {
                    when first purchase where count(orders) >= 3
                    give off20
                    at most once
                }
            }
            """,
        repair: """
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
            }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy hello {
                    when purchase number 3
                    give off20
                    at most once
                }
            }
            """)

    static let expiryTooEarly = DiagnosticCode(
        "P535", "a coupon that never has so many days left",
        explanation: """
            A coupon that is valid 7 days ends with the 7th day after its issue. It never expires \
            in 10 days, and a strategy that waits for that waits for ever.
            """,
        example: """
            coupon off20 {
                kind cash
                face 20 CNY
                valid 7 days
            }
            channel sms { to city, file "outbox" }
            message ends { class service, sms "Until {this.expires}" }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy last_call {
                    when coupon off20 expiring in 10 days
                    say ends via sms
                    no limit
                }
            }
            """,
        repair: """
            coupon off20 {
                kind cash
                face 20 CNY
                valid 7 days
            }
            channel sms { to city, file "outbox" }
            message ends { class service, sms "Until {this.expires}" }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy last_call {
                    when coupon off20 expiring in 2 days
                    say ends via sms
                    no limit
                }
            }
            """)
}
