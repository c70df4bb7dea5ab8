import PitchSource

// Faults in names and clauses. Sorted by code.
extension DiagnosticCode {
    static let nameCodes: [DiagnosticCode] = [
        unknownName, nameTaken, ambiguousName, cycle, clauseTwice, clauseMissing, wrongKind,
        unknownField, unknownFunction, wrongArguments, tooMany, expressionTooLarge, outOfBounds,
        projectMissing, declaredTwice, importCycle, tooManyImports, badElement,
        elementTwice,
    ]

    static let unknownName = DiagnosticCode(
        "P201", "there is no such name",
        explanation: """
            Every name must be declared in this script or in a file it imports: as a member \
            field, a segment, a field, a let, a coupon and so on. Look for a typing error; \
            the order of declarations does not matter.
            """,
        example: "segment shanghai = cty = \"Shanghai\"",
        repair: "segment shanghai = city = \"Shanghai\"")

    static let nameTaken = DiagnosticCode(
        "P202", "a name is declared twice",
        explanation: """
            Member fields and all declarations share one list of names, so that a name \
            always means one thing. Choose another name for one of the two.
            """,
        example: "segment city = sms_ok",
        repair: "segment reachable = sms_ok")

    static let ambiguousName = DiagnosticCode(
        "P203", "a name could be the event's or the member's",
        explanation: """
            Inside an aggregate and in a when line both the fields of the event and those of \
            the member can be named. A name that both have needs its owner before it.
            """,
        example: """
            events visits from csv "visits.csv" {
                member member_id
                at seen_at
                city text
            }
            segment away = count(visits where city = "Paris") > 0
            """,
        repair: """
            events visits from csv "visits.csv" {
                member member_id
                at seen_at
                city text
            }
            segment away = count(visits where visits.city = "Paris") > 0
            """)

    static let cycle = DiagnosticCode(
        "P204", "names that need each other",
        explanation: """
            A segment, field, let or define is worked out from other names. These end where \
            they began, so none of them can be worked out. Take one out of the circle.
            """,
        example: """
            segment regulars = not strangers
            segment strangers = not regulars
            """,
        repair: """
            segment regulars = joined before 1 year ago
            segment strangers = not regulars
            """)

    static let clauseTwice = DiagnosticCode(
        "P205", "a clause stands twice",
        explanation: """
            This clause holds for the whole declaration, so it can stand only once. Keep the \
            one that you mean.
            """,
        example: """
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
                stock 100
                stock 200
            }
            """,
        repair: """
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
                stock 200
            }
            """)

    static let clauseMissing = DiagnosticCode(
        "P206", "a required clause is missing",
        explanation: """
            Some clauses have no sensible default, so they must be written. `pitch help` of \
            the declaration's kind lists them.
            """,
        example: """
            coupon off20 {
                kind cash
                face 20 CNY
            }
            """,
        repair: """
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
            }
            """)

    static let wrongKind = DiagnosticCode(
        "P207", "a name of another kind",
        explanation: """
            The name is declared, but as something that cannot stand here: a coupon is not a \
            value, a segment is not a channel.
            """,
        example: """
            segment reached = phone is known
            segment lucky = reached and orders
            """,
        repair: """
            segment reached = phone is known
            segment lucky = reached and count(orders) > 0
            """)

    static let unknownField = DiagnosticCode(
        "P208", "there is no such field",
        explanation: """
            A data set has the fields that its declaration lists, and the columns that its \
            key, member and at name.
            """,
        example: "field spent = sum(orders.amout)",
        repair: "field spent = sum(orders.amount)")

    static let unknownFunction = DiagnosticCode(
        "P209", "there is no such function",
        explanation: """
            Aggregates are count, sum, avg, min, max, first, last, nth, distinct and streak; \
            functions are age, year, month, day, weekday, hour, time of, length and abs; \
            others are declared with define.
            """,
        example: "segment old_friends = agee(joined) > 5",
        repair: "segment old_friends = age(joined) > 5")

    static let wrongArguments = DiagnosticCode(
        "P210", "the wrong number of arguments",
        explanation: """
            A function and a define take exactly the arguments that they declare; nth takes \
            a field and a position.
            """,
        example: "segment old_friends = age(joined, 5) > 5",
        repair: "segment old_friends = age(joined) > 5")

    static let tooMany = DiagnosticCode(
        "P211", "a list or a program is too long",
        explanation: """
            Lists, declarations, fields and items are bounded, so that every script is \
            checked and run in bounded time. Put long lists into a table of data instead.
            """,
        example: "segment some = city in [\"a\", \"b\", … 10,001 cities]",
        repair: "table cities from csv \"cities.csv\" { key city }")

    static let expressionTooLarge = DiagnosticCode(
        "P212", "an expression is too large",
        explanation: """
            An expression, with the lets, defines and computed fields in it written out, has \
            a bounded size and depth. Name a part of it as a segment or a field: those are \
            worked out once and shared.
            """,
        example: """
            let x1 = count(orders) + 1
            let x2 = x1 + x1
            …
            let x60 = x59 + x59
            """,
        repair: """
            field x1 = count(orders) + 1
            field x2 = x1 + x1
            """)

    static let outOfBounds = DiagnosticCode(
        "P213", "a number is out of its bounds",
        explanation: """
            Quantities, stocks, periods, shares and days of the month have bounds that make \
            sense for them. The message states them.
            """,
        example: """
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
                stock 0
            }
            """,
        repair: """
            coupon off20 {
                kind cash
                face 20 CNY
                valid 14 days
                stock 100
            }
            """)

    static let projectMissing = DiagnosticCode(
        "P214", "there is no project",
        explanation: """
            A script needs one project, which states its time zone, its currency and its \
            store: Pitch assumes none of them.
            """,
        example: """
            pitch 1
            let big = 500 CNY
            """,
        repair: """
            pitch 1
            project "Shop" {
                timezone "Asia/Shanghai"
                currency CNY
                store "shop.db"
            }
            let big = 500 CNY
            """)

    static let declaredTwice = DiagnosticCode(
        "P215", "there can be only one",
        explanation: "A program has one project and one declaration of members.",
        example: """
            project "Other" {
                timezone "UTC"
                currency CNY
                store "shop.db"
            }
            """,
        repair: "# one project for all files: this one is taken out")

    static let importCycle = DiagnosticCode(
        "P216", "files import each other",
        explanation: """
            A file is imported once and may not import, through others, the file that \
            imports it. Move what both need into a third file.
            """,
        example: """
            # a.pitch
            import "b.pitch"

            # b.pitch
            import "a.pitch"
            """,
        repair: """
            # a.pitch
            import "common.pitch"

            # b.pitch
            import "common.pitch"
            """)

    static let tooManyImports = DiagnosticCode(
        "P217", "too many imports",
        explanation: """
            A program consists of a bounded number of files, and imports nest to a bounded \
            depth.
            """,
        example: """
            import "part1.pitch"
            …
            import "part400.pitch"
            """,
        repair: "import \"parts.pitch\"")

    static let badElement = DiagnosticCode(
        "P218", "an element that gives no name",
        explanation: """
            A for each writes its body out once for each element, and the names that the body \
            declares end with it: letters and digits, blanks and hyphens become '_'. An element \
            is a text, a number, a date, an amount or a name.
            """,
        example: """
            for each firm in ["Li & Sons"] {
                segment near = city = firm
            }
            """,
        repair: """
            for each firm in ["Li and Sons"] {
                segment near = city = firm
            }
            """)

    static let elementTwice = DiagnosticCode(
        "P219", "an element stands in the list twice",
        explanation: """
            Each element of a for each gives names of its own. Two elements that differ only in \
            blanks and hyphens give the same names.
            """,
        example: """
            for each town in ["New York", "New-York"] {
                segment near = city = town
            }
            """,
        repair: """
            for each town in ["New York", "Boston"] {
                segment near = city = town
            }
            """)
}
