import PitchSource

// Faults in types and units. Sorted by code.
extension DiagnosticCode {
    static let typeCodes: [DiagnosticCode] = [
        typesDiffer, moneyAndNumber, currenciesDiffer, noArithmetic, conditionExpected,
        noSuchChoice, noOrder, unitsDiffer, hoursOnDates, monthsAsLength, aggregateArgument,
        eventFieldAlone, nestedAggregate, numberOutOfRange, periodExpected, noSuchDate,
        listExpected, constantExpected, emptyRange, branchesDiffer, deadCase, noOccurrence,
        valueExpected, unguarded, absenceTest, nothingLeftOut, birthdayWindow,
    ]

    static let typesDiffer = DiagnosticCode(
        "P301", "two types that do not go together",
        explanation: """
            Pitch compares like with like and never turns text into numbers or dates in \
            silence.
            """,
        example: "segment known = city = 5",
        repair: "segment known = city = \"5\"")

    static let moneyAndNumber = DiagnosticCode(
        "P302", "money beside a bare number",
        explanation: """
            An amount has a currency, and a bare number has none: write the currency.
            """,
        example: "segment big = sum(orders.amount) > 500",
        repair: "segment big = sum(orders.amount) > 500 CNY")

    static let currenciesDiffer = DiagnosticCode(
        "P303", "two currencies",
        explanation: """
            Amounts of different currencies cannot be compared or added: a script has no \
            exchange rate.
            """,
        example: "segment big = sum(orders.amount) > 500 USD",
        repair: "segment big = sum(orders.amount) > 500 CNY")

    static let noArithmetic = DiagnosticCode(
        "P304", "arithmetic that means nothing",
        explanation: """
            Amounts add to amounts of the same currency and can be scaled by numbers and \
            percentages; dates move by lengths of time. A percentage is added to nothing: \
            take the share first.
            """,
        example: "field bonus = sum(orders.amount) + 10%",
        repair: "field bonus = sum(orders.amount) * 110%")

    static let conditionExpected = DiagnosticCode(
        "P305", "a condition is expected",
        explanation: """
            A segment, an if, a where, and the sides of and, or and not are conditions: \
            something that is true or false. Compare the value with another.
            """,
        example: "segment near = city",
        repair: "segment near = city = \"Shanghai\"")

    static let noSuchChoice = DiagnosticCode(
        "P306", "not one of the values",
        explanation: "A field `one of [...]` has exactly the values in its list.",
        example: "segment online = count(orders where channel = webb) > 0",
        repair: "segment online = count(orders where channel = web) > 0")

    static let noOrder = DiagnosticCode(
        "P307", "a comparison that means nothing",
        explanation: """
            Only numbers, amounts, dates, times, lengths, measures and text have an order; a \
            set of tags is tested with has.
            """,
        example: "segment best = level > silver",
        repair: "segment best = level = gold")

    static let unitsDiffer = DiagnosticCode(
        "P308", "two units that do not compare",
        explanation: """
            A literal is converted to the unit of the field beside it when both measure the \
            same thing. Two fields in different units are not, and a length is no weight.
            """,
        example: """
            events walks from csv "walks.csv" {
                member member_id
                at walked_at
                distance km
            }
            segment walkers = sum(walks.distance) > 5 kg
            """,
        repair: """
            events walks from csv "walks.csv" {
                member member_id
                at walked_at
                distance km
            }
            segment walkers = sum(walks.distance) > 5000 m
            """)

    static let hoursOnDates = DiagnosticCode(
        "P309", "hours beside days",
        explanation: """
            A date is a whole day: it has no hours to count or to add. Count days, or \
            declare the field as an instant.
            """,
        example: "segment fresh = joined in last 12 hours",
        repair: "segment fresh = joined in last 2 days")

    static let monthsAsLength = DiagnosticCode(
        "P310", "months have no fixed length",
        explanation: """
            A month has 28 to 31 days, so a length of time is not measured in months, \
            quarters or years. Compare with a day instead.
            """,
        example: "segment old = today - joined > 3 months",
        repair: "segment old = joined before 3 months ago")

    static let aggregateArgument = DiagnosticCode(
        "P311", "the wrong thing in an aggregate",
        explanation: """
            count and streak take events; the other aggregates take a field of events, and \
            sum and avg one that can be added.
            """,
        example: "field spent = sum(orders)",
        repair: "field spent = sum(orders.amount)")

    static let eventFieldAlone = DiagnosticCode(
        "P312", "which event is meant",
        explanation: """
            A member has many events, so a field of them needs an aggregate that says which \
            or how many.
            """,
        example: "segment big = orders.amount > 500 CNY",
        repair: "segment big = max(orders.amount) > 500 CNY")

    static let nestedAggregate = DiagnosticCode(
        "P313", "an aggregate inside an aggregate",
        explanation: """
            The inner aggregate is a value of the member: name it as a field, and use that \
            name.
            """,
        example: "segment odd = count(orders where amount > avg(orders.amount)) > 3",
        repair: """
            field usual = avg(orders.amount)
            segment odd = count(orders where amount > usual) > 3
            """)

    static let numberOutOfRange = DiagnosticCode(
        "P314", "a number that does not fit",
        explanation: """
            Numbers carry six decimals, amounts those of their currency, and all are 64-bit.
            """,
        example: "segment big = sum(orders.amount) > 20.005 CNY",
        repair: "segment big = sum(orders.amount) > 20.01 CNY")

    static let periodExpected = DiagnosticCode(
        "P315", "a length of time is expected",
        explanation: """
            A window, a validity and a frequency are lengths of time such as `30 days`; some \
            take days or weeks only.
            """,
        example: """
            coupon off20 {
                kind cash
                face 20 CNY
                valid 3 months
            }
            """,
        repair: """
            coupon off20 {
                kind cash
                face 20 CNY
                valid 90 days
            }
            """)

    static let noSuchDate = DiagnosticCode(
        "P316", "there is no such day or time",
        explanation: "The calendar has no such day, or the day no such time.",
        example: "segment fresh = joined > 2026-02-30",
        repair: "segment fresh = joined > 2026-02-28")

    static let listExpected = DiagnosticCode(
        "P317", "a list, a range or a time is expected",
        explanation: """
            After in stands a list in brackets, a range such as 18 to 25, or a stretch of \
            time; a segment is a condition by itself.
            """,
        example: "segment near = city in \"Shanghai\"",
        repair: "segment near = city in [\"Shanghai\"]")

    static let constantExpected = DiagnosticCode(
        "P318", "a fixed text is expected",
        explanation: """
            A tag is written out in quotes, so that its members can be found at once.
            """,
        example: "segment odd = tags has city",
        repair: "segment odd = tags has \"beauty\"")

    static let emptyRange = DiagnosticCode(
        "P319", "a range that is empty",
        explanation: "The end lies before the beginning, so nothing can be inside.",
        example: "segment adults = age(joined) between 9 and 5",
        repair: "segment adults = age(joined) between 5 and 9")

    static let branchesDiffer = DiagnosticCode(
        "P320", "branches of different types",
        explanation: """
            Both sides of or else, and all branches of a value with if, have one type.
            """,
        example: "field place = phone or else 5",
        repair: "field place = phone or else \"5\"")

    static let deadCase = DiagnosticCode(
        "P321", "a case that is never reached",
        explanation: """
            Cases are tried in order and otherwise takes all that are left, so it stands \
            last.
            """,
        example: """
            field size one of [small, big] {
                small otherwise
                big if count(orders) > 5
            }
            """,
        repair: """
            field size one of [small, big] {
                big if count(orders) > 5
                small otherwise
            }
            """)

    static let noOccurrence = DiagnosticCode(
        "P322", "there is no such this",
        explanation: """
            `this` is the occurrence that set a strategy off. It stands in if, and in the texts \
            of messages that strategies say; it has the fields that all their when lines share. A \
            basket, of rows that are one occurrence, has its sums of amount and quantity, its last \
            instant and what makes it one; each of its rows has its own value of the others.
            """,
        example: "segment big = this.amount > 5 CNY",
        repair: "segment big = max(orders.amount) > 5 CNY")

    static let valueExpected = DiagnosticCode(
        "P323", "a value is expected",
        explanation: """
            A list or a stretch of time is not a value; it stands after in or has, or inside \
            an aggregate.
            """,
        example: "segment near = city = [\"Shanghai\"]",
        repair: "segment near = city in [\"Shanghai\"]")

    static let unguarded = DiagnosticCode(
        "P324", "an optional field without a guard",
        explanation: """
            A field with ? may be missing. A comparison with a missing value is unknown and \
            selects nobody; say what you mean with is known or or else.
            """,
        example: "segment young = age(born) < 30",
        repair: "segment young = born is known and age(born) < 30")

    static let absenceTest = DiagnosticCode(
        "P325", "a test for absence",
        explanation: """
            Nobody can tell a member without events from a member whose events were never \
            loaded: this selects both.
            """,
        example: "segment idle = count(orders in last 30 days) = 0",
        repair: "segment idle = last(orders.at) before 30 days ago")

    static let nothingLeftOut = DiagnosticCode(
        "P326", "'other' without anything to leave out",
        explanation: """
            `other` leaves the occurrence itself out of an aggregate. An occurrence is never one \
            of these events, because no when line waits for them, so all of them count.
            """,
        example: """
            events visits from csv "visits.csv" {
                member member_id
                at seen_at
            }
            coupon off20 { kind cash, face 20 CNY, valid 14 days }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy hello {
                    when purchase
                    if count(other visits in last 7 days) > 3
                    give off20
                    at most once
                }
            }
            """,
        repair: """
            coupon off20 { kind cash, face 20 CNY, valid 14 days }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy hello {
                    when purchase
                    if count(other orders in last 7 days) > 3
                    give off20
                    at most once
                }
            }
            """)

    static let birthdayWindow = DiagnosticCode(
        "P327", "a birthday in a window",
        explanation: """
            A window such as this month holds a year as well: born this month is true for those \
            who were born weeks ago, and born = today for those born today. The month of the \
            birthday is month(born), its day day(born); a strategy waits for the day with when \
            birthday, or 3 days before birthday.
            """,
        example: "segment celebrating = born is known and born this month",
        repair: "segment celebrating = born is known and month(born) = month(today)")
}
