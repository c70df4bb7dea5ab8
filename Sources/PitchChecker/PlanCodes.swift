import PitchSchema
import PitchSource

// Faults in plans and strategies. Sorted by code.
extension DiagnosticCode {
    static let planCodes: [DiagnosticCode] = [
        couponClause, emptyBundle, channelTransport, messageText, badHole, optionalHole,
        strategyIncomplete, noSceneData, noDateField, unboundedCost, emptyPlan, webhookAddress,
        webhookClause, variableName,
    ] + couponCodes + [badApprover, formerName, notExecuted]

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

    static let channelTransport = DiagnosticCode(
        "P503", "a channel that leads nowhere",
        explanation: """
            A channel writes to a file in a folder or posts to a webhook: one of the two.
            """,
        example: """
            channel sms {
                to city
            }
            """,
        repair: """
            channel sms {
                to city
                file "outbox"
            }
            """)

    static let messageText = DiagnosticCode(
        "P504", "a message lacks a text",
        explanation: """
            A message has a text for each channel through which a strategy says it.
            """,
        example: """
            channel sms { to city, file "outbox" }
            channel mail { to city, file "mail" }
            message hi {
                class marketing
                sms "Hello"
            }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy hello {
                    when purchase
                    say hi via mail
                    no limit
                }
            }
            """,
        repair: """
            channel sms { to city, file "outbox" }
            channel mail { to city, file "mail" }
            message hi {
                class marketing
                sms "Hello"
                mail "Hello"
            }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy hello {
                    when purchase
                    say hi via mail
                    no limit
                }
            }
            """)

    static let badHole = DiagnosticCode(
        "P505", "a hole that cannot be filled",
        explanation: """
            A hole in a text holds a value of the member, bundle.title, offer.title, code or \
            expires; a pattern after as goes with expires.
            """,
        example: """
            channel sms { to city, file "outbox" }
            message hi {
                class marketing
                sms "Since {joined as 'd MMMM'}"
            }
            """,
        repair: """
            channel sms { to city, file "outbox" }
            message hi {
                class marketing
                sms "Until {expires as 'd MMMM'}"
            }
            """)

    static let optionalHole = DiagnosticCode(
        "P506", "a hole that may stay blank",
        explanation: """
            A text is never sent with a blank in it. Say what stands there for members whose \
            value is missing.
            """,
        example: """
            channel sms { to city, file "outbox" }
            message hi {
                class marketing
                sms "Hello {phone}"
            }
            """,
        repair: """
            channel sms { to city, file "outbox" }
            message hi {
                class marketing
                sms "Hello {phone or else 'you'}"
            }
            """)

    static let strategyIncomplete = DiagnosticCode(
        "P507", "a strategy lacks a part",
        explanation: """
            A strategy waits for something (when), does something (give or say), and says \
            how often a member may get it (at most or no limit).
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
                    when purchase
                    give off20
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
                    when purchase
                    give off20
                    at most once
                }
            }
            """)

    static let noSceneData = DiagnosticCode(
        "P508", "no data feeds a scene",
        explanation: "A when line reads the events that declare its scene.",
        example: """
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
            }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy hello {
                    when topup
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
                    when purchase
                    give off20
                    at most once
                }
            }
            """)

    static let noDateField = DiagnosticCode(
        "P509", "a date of the members is expected",
        explanation: """
            A birthday and an anniversary are dates among the members' own fields.
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
                    when anniversary of city
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
                    when anniversary of joined
                    give off20
                    at most once
                }
            }
            """)

    static let unboundedCost = DiagnosticCode(
        "P510", "a cost without a bound",
        explanation: """
            A budget reserves the most that a coupon can cost. A share of an order of any \
            size has no most: give the coupon a cap.
            """,
        example: """
            coupon tenth {
                kind percent
                face 10%
                valid 14 days
            }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                budget 1000 CNY
                strategy hello {
                    when purchase
                    give tenth
                    at most once
                }
            }
            """,
        repair: """
            coupon tenth {
                kind percent
                face 10%
                cap 50 CNY
                valid 14 days
            }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                budget 1000 CNY
                strategy hello {
                    when purchase
                    give tenth
                    at most once
                }
            }
            """)

    static let emptyPlan = DiagnosticCode(
        "P511", "a plan without strategies",
        explanation: "Nothing can happen in a plan that has no strategy.",
        example: """
            plan spring {
                valid 2026-03-01 to 2026-05-31
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
                    when purchase
                    give off20
                    at most once
                }
            }
            """)

    static let badApprover = DiagnosticCode(
        "P571", "an approver without a name, or named twice",
        explanation: """
            A plan with 'approved by' runs only after each of those named approved it with \
            'pitch approve'.
            """,
        example: """
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
            }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                approved by "head.crm" and "head.crm"
                strategy hello {
                    when purchase
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
                approved by "head.crm" and "finance"
                strategy hello {
                    when purchase
                    give off20
                    at most once
                }
            }
            """)

    static let formerName = DiagnosticCode(
        "P572", "a former name that is still taken",
        explanation: """
            'was' tells under which name the ledger knows a strategy that was renamed, so that \
            nobody gets it again. A name that another strategy of the plan has now, or had, \
            cannot be it.
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
                    was welcome
                    when purchase
                    give off20
                    at most once
                }
                strategy welcome {
                    when purchase
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
                    was greeting
                    when purchase
                    give off20
                    at most once
                }
                strategy welcome {
                    when purchase
                    give off20
                    at most once
                }
            }
            """)

    static let notExecuted = DiagnosticCode(
        "P601", "checked, but not executed yet",
        explanation: """
            The engine does not execute this yet. It is checked like everything else, and \
            run and preview refuse to start while it is there: nothing is ever skipped in \
            silence. All other commands work.
            """,
        example: """
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
            }
            goal cheap {
                minimize cost
            }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy hello {
                    when purchase
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
                    when purchase
                    give off20
                    at most once
                }
            }
            """)
}
