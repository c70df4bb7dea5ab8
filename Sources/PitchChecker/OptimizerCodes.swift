import PitchSource

// Faults in goals, themes and the history of campaigns. Sorted by code.
extension DiagnosticCode {
    static let optimizerCodes: [DiagnosticCode] = [
        historyColumn, goalIncomplete, goalLimit, emptyTheme,
    ]

    static let historyColumn = DiagnosticCode(
        "P411", "a history lacks a column, or one of another type",
        explanation: """
            The columns of a history have fixed names: campaign, kind, issued and converted, \
            and if known theme, segment, face and cost. A column of another name is renamed: \
            'issued integer = sent'.
            """,
        example: """
            history from csv "campaigns.csv" {
                campaign text
                kind text
                issued integer = sent
            }
            """,
        repair: """
            history from csv "campaigns.csv" {
                campaign text
                kind text
                issued integer = sent
                converted integer = redeemed
            }
            """)

    static let goalIncomplete = DiagnosticCode(
        "P580", "a goal that cannot be reached or measured",
        explanation: """
            A goal makes one thing large or small. The least cost needs something to be \
            reached, a score needs a target above 0 and a weight for the cost and for the \
            conversion, and profit and return need what a converting member brings.
            """,
        example: """
            goal cheap {
                minimize cost
            }
            """,
        repair: """
            goal cheap {
                minimize cost
                keep conversion at least 5%
            }
            """)

    static let goalLimit = DiagnosticCode(
        "P581", "a limit that means nothing",
        explanation: """
            'cost', 'sends via' a channel and 'rate gap by' a field are kept at most at \
            something; 'conversion' and 'roi' at least; 'coverage' either way. 'cost', \
            'conversion', 'roi' and 'coverage' can be those of a segment.
            """,
        example: """
            goal within {
                maximize conversion
                keep conversion at most 5%
            }
            """,
        repair: """
            goal within {
                maximize conversion
                keep conversion at least 5%
            }
            """)

    static let emptyTheme = DiagnosticCode(
        "P582", "a theme about nothing, or without offers",
        explanation: """
            The words of a theme tell which past campaigns were like it, and 'from' lists what \
            its templates are made of.
            """,
        example: """
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
            }
            theme autumn {
                about ""
                audience tags has "vip"
                from off20
            }
            """,
        repair: """
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
            }
            theme autumn {
                about "autumn"
                audience tags has "vip"
                from off20
            }
            """)
}
