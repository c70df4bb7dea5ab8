import PitchSource

extension DiagnosticCode {
    /// Reported by `run` and `preview`, never by `check`.
    package static let engineCodes = [notExecuted, unboundedCoupon, unreadableImport]

    static let notExecuted = DiagnosticCode(
        "P691", "not executed yet",
        explanation: """
            The clause or declaration is understood, but this version of Pitch does not carry it \
            out. A strategy is never run with a part of it left out, so 'run' and 'preview' refuse.
            """,
        example: """
            plan spring { valid 2026-03-01 to 2026-05-31, approved by "head.crm" }
            """,
        repair: """
            plan spring { valid 2026-03-01 to 2026-05-31 }
            """)

    static let unboundedCoupon = DiagnosticCode(
        "P692", "a budget needs an upper bound",
        explanation: """
            A plan with a budget reserves the most that each coupon can cost. A percent coupon \
            without a 'cap' can cost any amount, so nothing can be reserved for it.
            """,
        example: """
            coupon tenth { kind percent, face 10%, valid 7 days }
            """,
        repair: """
            coupon tenth { kind percent, face 10%, cap 20 CNY, valid 7 days }
            """)

    static let unreadableImport = DiagnosticCode(
        "P693", "an imported file cannot be read",
        explanation: """
            The path of an import is relative to the folder of the file that imports it. There is \
            no file there, or it may not be read.
            """,
        example: """
            import "missing.pitch"
            """,
        repair: """
            import "coupons.pitch"
            """)
}
