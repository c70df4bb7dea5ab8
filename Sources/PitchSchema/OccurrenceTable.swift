/// One thing that a `when` line can wait for.
package struct OccurrenceRow: Sendable {
    package let form: ClausePattern
    package let doc: String

    init(_ form: String, doc: String) {
        self.form = ClausePattern(form)
        self.doc = doc
    }
}

extension ClauseTables {
    /// What a `when` line can wait for, before its `where` and `then`. Where several match, the
    /// longest does.
    package static let occurrences: [OccurrenceRow] = [
        OccurrenceRow(
            "( purchase | topup ) [per <per:name>]",
            doc: "a row of the scene; `per basket_id`: rows of one basket are one occurrence, and "
                + "`this` has their sums; what any of them may have stands in `where`"),
        OccurrenceRow(
            "( purchase | topup ) number <number:integer>",
            doc:
                "a member's n-th, in the order of their times; with `where` only those that match count"
        ),
        OccurrenceRow(
            "first ( purchase | topup )", doc: "a member's first, or the first that matches"),
        OccurrenceRow(
            "every <number:ordinal> ( purchase | topup )",
            doc: "a member's every n-th, or every n-th that matches"),
        OccurrenceRow(
            "balance idle for <idle:period>",
            doc: "a balance whose last change is so old, once for each stretch"),
        OccurrenceRow(
            "coupon ( bought | used | claimed )", doc: "a coupon was bought, redeemed or claimed"),
        OccurrenceRow(
            "coupon <coupon:name> expiring in <offset:period>",
            doc: "a coupon of ours that is not used, at 09:00 some days before its last"),
        OccurrenceRow(
            """
            product ( searched | viewed | compared | carted | favourited | bought | shared \
            | refunded | price changed | restocked )
            """, doc: "what was done with a product, as the field `action` of its events says"),
        OccurrenceRow("birthday [at <time:time>]", doc: "the member's birthday"),
        OccurrenceRow(
            "<offset:period> before birthday [at <time:time>]", doc: "days before the birthday"),
        OccurrenceRow(
            "anniversary of <field:name> [at <time:time>]", doc: "the day of a date, every year"),
        OccurrenceRow(
            "<offset:period> before anniversary of <field:name> [at <time:time>]",
            doc: "days before an anniversary"),
        OccurrenceRow("every month on <days:integers> [at <time:time>]", doc: "days of the month"),
        OccurrenceRow("every week on <weekdays:names> [at <time:time>]", doc: "days of the week"),
        OccurrenceRow(
            """
            every ( day | weekday | monday | tuesday | wednesday | thursday | friday | saturday \
            | sunday ) [at <time:time>]
            """, doc: "a day of the week, or all"),
        OccurrenceRow(
            "every day in <table:name> [at <time:time>]", doc: "the days of a table of holidays"),
        OccurrenceRow("once at <moment:moment>", doc: "one day, or one instant"),
        OccurrenceRow("weather in <place:name>", doc: "an observation at the member's place"),
        OccurrenceRow("member joined", doc: "a new row in the members"),
        OccurrenceRow("member enters <segment:name>", doc: "a member comes into a segment"),
    ]

    /// What a strategy can give.
    package static let offers: [ClausePattern] = [
        ClausePattern("[<count:integer> x] <name:name>"),
        ClausePattern("best of <choices:names> by <goal:name>"),
        ClausePattern("picked from <theme:name>"),
    ]
}
