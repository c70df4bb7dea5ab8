import PitchSource

// Faults in data declarations. Sorted by code.
extension DiagnosticCode {
    static let dataCodes: [DiagnosticCode] = [
        dataClauseMissing, badKey, badTime, unknownTable, unknownZone, badFormat, markMisplaced,
        badChoice, columnsOnly, membersMissing,
    ]

    static let dataClauseMissing = DiagnosticCode(
        "P401", "a data set lacks what identifies its rows",
        explanation: """
            Members and tables need a key; events need the member and the time of each row.
            """,
        example: """
            events visits from csv "visits.csv" {
                at seen_at
            }
            """,
        repair: """
            events visits from csv "visits.csv" {
                member member_id
                at seen_at
            }
            """)

    static let badKey = DiagnosticCode(
        "P402", "a key that cannot be one",
        explanation: """
            A key is text, never missing, and a column of the file: 00123 is not 123.
            """,
        example: """
            table products from csv "products.csv" {
                key id
                id integer
            }
            """,
        repair: """
            table products from csv "products.csv" {
                key id
                id text
            }
            """)

    static let badTime = DiagnosticCode(
        "P403", "a time that cannot be one",
        explanation: "The time of an event is a date or an instant, and never missing.",
        example: """
            events visits from csv "visits.csv" {
                member member_id
                at seen_at
                seen_at text
            }
            """,
        repair: """
            events visits from csv "visits.csv" {
                member member_id
                at seen_at
                seen_at instant
            }
            """)

    static let unknownTable = DiagnosticCode(
        "P404", "there is no such table",
        explanation: "A reference names a declared table, whose rows it finds by their key.",
        example: """
            events views from csv "views.csv" {
                member member_id
                at seen_at
                item -> products
            }
            """,
        repair: """
            table products from csv "products.csv" {
                key id
            }
            events views from csv "views.csv" {
                member member_id
                at seen_at
                item -> products
            }
            """)

    static let unknownZone = DiagnosticCode(
        "P405", "there is no such time zone",
        explanation: """
            Zones are named as the IANA does, by continent and city, since these know about \
            summer time.
            """,
        example: """
            events visits from csv "visits.csv" {
                member member_id
                at seen_at
                zone "Shanghai"
            }
            """,
        repair: """
            events visits from csv "visits.csv" {
                member member_id
                at seen_at
                zone "Asia/Shanghai"
            }
            """)

    static let badFormat = DiagnosticCode(
        "P406", "a format that cannot be read",
        explanation: """
            A pattern consists of the letters y M d H h m s S a and of other characters as \
            they are; a delimiter is one character.
            """,
        example: """
            events visits from csv "visits.csv" {
                member member_id
                at seen_at
                day date "dd.QQ.yyyy"
            }
            """,
        repair: """
            events visits from csv "visits.csv" {
                member member_id
                at seen_at
                day date "dd.MM.yyyy"
            }
            """)

    static let markMisplaced = DiagnosticCode(
        "P407", "a mark that does not go with the type",
        explanation: """
            Patterns go with dates and times, zones with instants, separators with tags, \
            rounded and decimal comma with decimals.
            """,
        example: """
            events visits from csv "visits.csv" {
                member member_id
                at seen_at
                page text rounded
            }
            """,
        repair: """
            events visits from csv "visits.csv" {
                member member_id
                at seen_at
                page text
            }
            """)

    static let badChoice = DiagnosticCode(
        "P408", "a list of values that cannot be",
        explanation: "One of [...] lists at least one value, and each once.",
        example: """
            events visits from csv "visits.csv" {
                member member_id
                at seen_at
                page one of [home, cart, home]
            }
            """,
        repair: """
            events visits from csv "visits.csv" {
                member member_id
                at seen_at
                page one of [home, cart]
            }
            """)

    static let columnsOnly = DiagnosticCode(
        "P409", "a computed field sees its own row only",
        explanation: """
            The expression after = in a data set is worked out from the columns of one row. \
            Aggregates belong into a field declaration.
            """,
        example: """
            events visits from csv "visits.csv" {
                member member_id
                at seen_at
                often yesno = count(orders) > 3
            }
            """,
        repair: "field often = count(orders) > 3")

    static let membersMissing = DiagnosticCode(
        "P410", "there are no members",
        explanation: """
            Segments, fields, channels and plans are about the people that the members' \
            declaration loads.
            """,
        example: """
            pitch 1
            project "Shop" {
                timezone "Asia/Shanghai"
                currency CNY
                store "shop.db"
            }
            segment nobody = no
            """,
        repair: """
            pitch 1
            project "Shop" {
                timezone "Asia/Shanghai"
                currency CNY
                store "shop.db"
            }
            members from csv "members.csv" {
                key member_id
            }
            segment nobody = no
            """)
}
