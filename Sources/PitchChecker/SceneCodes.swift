import PitchSource

// Faults in what the scenes of places, holidays and members are made of. Sorted by code.
extension DiagnosticCode {
    static let sceneCodes: [DiagnosticCode] = [
        placeMisplaced, placeExpected, noMembersRows, weatherOfMember, holidayTable,
    ]

    static let placeMisplaced = DiagnosticCode(
        "P540", "a place or a member in the wrong events",
        explanation: """
            The observations of the weather belong to places: their data set has 'place' instead of \
            'member'. All other events belong to members. 'place' names a column of the file.
            """,
        example: """
            events weather from csv "weather.csv" {
                scene weather
                member city
                at observed_at
                temperature C?
            }
            """,
        repair: """
            events weather from csv "weather.csv" {
                scene weather
                place city
                at observed_at
                temperature C?
            }
            """)

    static let placeExpected = DiagnosticCode(
        "P541", "what names a place is a text",
        explanation: """
            A member lives where a text field of the members' file says, and an observation is of \
            the place that a text of its row says, which is never missing. The two are compared \
            letter by letter.
            """,
        example: """
            events weather from csv "weather.csv" {
                scene weather
                place city
                at observed_at
            }
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
            }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy rain {
                    when weather in born
                    give off20
                    at most once
                }
            }
            """,
        repair: """
            events weather from csv "weather.csv" {
                scene weather
                place city
                at observed_at
            }
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
            }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy rain {
                    when weather in city
                    give off20
                    at most once
                }
            }
            """)

    static let noMembersRows = DiagnosticCode(
        "P542", "events that belong to no member",
        explanation: """
            An aggregate and 'success' are about the events of one member; the weather is that of \
            a place. A 'when' line watches it, and 'if' reads the observation through 'this'.
            """,
        example: """
            events weather from csv "weather.csv" {
                scene weather
                place city
                at observed_at
                rain mm?
            }
            segment wet = count(weather in last 7 days) > 0
            """,
        repair: """
            events weather from csv "weather.csv" {
                scene weather
                place city
                at observed_at
                rain mm?
            }
            segment wet = city = "Shanghai"
            """)

    static let weatherOfMember = DiagnosticCode(
        "P543", "the weather depends on no member",
        explanation: """
            One observation sets a strategy off for a place and a day, the same for all who live \
            there: its 'where' reads the observation only. What is to hold for the member stands \
            in 'for' or in 'if'.
            """,
        example: """
            events weather from csv "weather.csv" {
                scene weather
                place town
                at observed_at
                rain mm?
            }
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
            }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy rain {
                    when weather in city where rain > 1 mm and sms_ok
                    give off20
                    at most once
                }
            }
            """,
        repair: """
            events weather from csv "weather.csv" {
                scene weather
                place town
                at observed_at
                rain mm?
            }
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
            }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy rain {
                    for sms_ok
                    when weather in city where rain > 1 mm
                    give off20
                    at most once
                }
            }
            """)

    static let holidayTable = DiagnosticCode(
        "P544", "a table whose days are not known",
        explanation: """
            A table of days has a date as its key, or one date among its fields. Its text \
            'holiday', 'name' or 'title', or its only text, is what 'this.holiday' reads.
            """,
        example: """
            table holidays from csv "holidays.csv" {
                key name
            }
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
            }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy feast {
                    when every day in holidays
                    give off20
                    at most once
                }
            }
            """,
        repair: """
            table holidays from csv "holidays.csv" {
                key day date
                name text
            }
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
            }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy feast {
                    when every day in holidays
                    give off20
                    at most once
                }
            }
            """)
}
