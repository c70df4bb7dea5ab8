import PitchSource

// Faults in plans. Sorted by code.
extension DiagnosticCode {
    static let planCodes: [DiagnosticCode] = [unboundedCost, emptyPlan, badApprover, notExecuted]

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
            test "a new member" {
                member lin { joined 2024-01-01 }
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
