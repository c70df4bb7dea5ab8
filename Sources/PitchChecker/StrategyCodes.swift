import PitchSource

// Faults in strategies. Sorted by code.
extension DiagnosticCode {
    static let strategyCodes: [DiagnosticCode] = [
        strategyIncomplete, noSceneData, noDateField, formerName,
    ]

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
}
