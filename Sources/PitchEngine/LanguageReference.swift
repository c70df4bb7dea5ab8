import PitchSchema
import PitchSource
import PitchSyntax

/// A function or aggregate, for help.
package struct FunctionRow: Sendable {
    package let name: String
    /// How it is written: `sum(orders.amount in last 30 days where …)`.
    package let form: String
    package let doc: String

    init(_ name: String, _ form: String, _ doc: String) {
        self.name = name
        self.form = form
        self.doc = doc
    }
}

/// The words of the language for help and completion, gathered from the tables that drive it.
package enum LanguageReference {
    /// Every code of every target, in order.
    package static let codes: [DiagnosticCode] =
        (DiagnosticCode.syntaxCodes + DiagnosticCode.checkerCodes + DiagnosticCode.engineCodes)
        .sorted { $0.id < $1.id }

    /// What a file may hold beside declarations.
    package static let items: [FunctionRow] = [
        FunctionRow("pitch", "pitch 1", "the edition of the language, on the first line"),
        FunctionRow("import", "import \"coupons.pitch\"", "another file's declarations"),
        FunctionRow(
            "for each", "for each town in [\"Rome\", \"Bern\"] { segment fans = city = town }",
            """
            the same declarations for each element of a list; the names that they declare end with \
            the element: fans_Rome, fans_Bern
            """),
    ]

    /// Aggregates, then functions of one member's values.
    package static let functions: [FunctionRow] = [
        FunctionRow(
            "count", "count(orders in last 30 days where amount > 100 CNY)", "how many events"),
        FunctionRow("sum", "sum(orders.amount this month)", "the total; of none 0"),
        FunctionRow("avg", "avg(orders.amount)", "the mean; of none missing"),
        FunctionRow("min", "min(orders.amount)", "the least; of none missing"),
        FunctionRow("max", "max(orders.amount)", "the greatest; of none missing"),
        FunctionRow("first", "first(orders.at)", "of the oldest event"),
        FunctionRow("last", "last(orders.category)", "of the newest event"),
        FunctionRow("nth", "nth(orders.at, 2)", "of the n-th event, counted from the oldest"),
        FunctionRow("distinct", "distinct(orders.category this year)", "how many different values"),
        FunctionRow(
            "streak", "streak(orders by week)", "units in a row with an event, back from the current one"),
        FunctionRow("age", "age(born)", "completed years from a date to today"),
        FunctionRow("year", "year(joined)", "the year of a date"),
        FunctionRow("month", "month(joined)", "the month of a date, 1 to 12"),
        FunctionRow("day", "day(joined)", "the day of the month of a date"),
        FunctionRow("weekday", "weekday(today)", "1 for Monday to 7 for Sunday"),
        FunctionRow("hour", "hour(last(orders.at))", "the local hour of an instant, 0 to 23"),
        FunctionRow("time of", "time of last(orders.at)", "the local time of day of an instant"),
        FunctionRow("length", "length(name)", "how many characters a text has"),
        FunctionRow("abs", "abs(balance)", "without the sign"),
    ]

    /// What joins two events in a `when` line.
    package static let sequences: [FunctionRow] = [
        FunctionRow(
            "then", "when coupon claimed then purchase where amount >= 100 CNY within 3 days",
            "at the first event that follows, once for each event before it"),
        FunctionRow(
            "then no", "when product carted then no purchase with same cart_id within 2 hours",
            """
            at the end of that time if nothing followed, once for each event before it; only when \
            newer data is loaded, for late data is no absence
            """),
    ]

    /// What stands in the holes of a text beside the member's own values.
    package static let holes: [FunctionRow] = [
        FunctionRow(
            "this", "{this.amount}",
            "a field of the occurrence that every 'when' line has; in 'if' without the braces"),
        FunctionRow("offer.title", "{offer.title}", "what is given, by its title"),
        FunctionRow("code", "{code}", "the codes of the coupons that are given"),
        FunctionRow(
            "expires", "{expires as 'd MMMM'}",
            "the last day of what is given; with 'as': y year, M month, d day, E weekday"),
        FunctionRow(
            "or else", "{name or else 'you'}",
            "what stands there for whom the value is missing; where it may be, this is needed"),
    ]

    /// Words that say what a `when` line waits for.
    package static let sceneWords: Set<String> = Set(Keyword.words(of: .scene).map(\.english))
        .intersection(
            ClauseTables.occurrences.flatMap { $0.form.text.split(separator: " ").map(String.init) }
        )

    /// Words that may stand in an expression, beside names.
    package static let expressionWords: [String] =
        Keyword.allCases.filter { expressionCategories.contains($0.category) }.map(\.english)

    private static let expressionCategories: Set<Keyword.Category> = [
        .operator, .window, .aggregate, .function, .unit,
    ]

    /// Words after which an expression goes on: at the end of a line, more is to come.
    package static let openingWords: Set<String> = Set(
        [Keyword.and, .or, .not, .where, .in, .between, .if, .otherwise, .has, .since, .until]
            .map(\.english))
}
