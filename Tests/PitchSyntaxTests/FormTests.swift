import PitchSource
import PitchSyntax
import Testing

/// Spellings that must be accepted, one construct a line.
@Suite struct FormTests {
    @Test(arguments: [
        "purchase", "purchase per basket_id where amount > 5 CNY", "purchase number 3",
        "first purchase where amount > 5 CNY", "every 5th purchase where category = \"tea\"",
        "topup where amount >= 100 CNY", "balance idle for 90 days", "coupon bought",
        "coupon used where discount > 5 CNY", "coupon claimed",
        "coupon off20 expiring in 3 days", "product searched", "product carted",
        "product price changed where price < old_price", "birthday", "birthday at 10:00",
        "3 days before birthday", "anniversary of joined", "2 weeks before anniversary of joined",
        "every month on [1, 15] at 10:00", "every month on 1", "every week on [monday, friday]",
        "every day", "every weekday at 08:00", "every monday", "every day in holidays",
        "once at 2026-11-11 10:00", "once at 2026-11-11",
        "weather in city where condition in [rain, storm] and temperature < 10 C",
        "member joined", "member enters lapsed_vips",
        "product carted then no purchase with same cart_id within 2 hours",
        "coupon claimed then purchase where amount >= 100 CNY within 3 days",
        "purchase where x = 1 then no product refunded with same a and b within 1 day",
        "purchase\n    where amount > 5 CNY",
    ])
    func occurrences(text: String) {
        #expect(codes("plan p { strategy s {\n    when \(text)\n    no limit\n} }") == [])
    }

    @Test(arguments: [
        "a = 1", "a != 1", "a <= 1 and b >= 2 or not c", "a in [1, 2]", "a not in [1, 2]",
        "a between 1 and 2", "a not between 1 and 2 and b", "tags has \"x\"",
        "tags has any of [\"x\"]", "tags has all of [\"x\", \"y\"]", "a is missing", "a is known",
        "a starts with \"x\"", "a contains \"x\"", "a before 2026-01-01", "a after 60 days ago",
        "a in last 30 days", "a in next 2 weeks", "a in last month", "age in 18 to 25",
        "(a = 1) or else false", "a + 2 * -b / 3 - 4", "a or else b or else 0 CNY",
        "a ago < b from now", "1 if a otherwise 2 if b otherwise 3",
        "count(orders in last 30 days where amount > 100 CNY) >= 2",
        "sum(orders.amount since 2026-01-01)", "last(orders.at)",
        "distinct(orders.category this year)", "nth(orders.at, 2)", "streak(visits by day) >= 7",
        "count(other orders in last 7 days) = 0", "count(orders last month)",
        "count(orders today)", "count(orders yesterday)", "first(orders.at)",
        "count(orders from 2026-01-01 to 2026-02-01 where product.department = \"PASTRY\")",
        "max(orders.amount until 2026-01-01)", "time of last(orders.at) > 22:00",
        "f(1, [2, 3], \"x\")", "`a b`.c", "this.amount > 5 CNY", "order = 1 and time = 2",
        "plan = 1 and in = 2", "last = 3", "café = \"中\"", "城市 = \"上海\"",
        "a\n    and b\n    or c", "a = (\n    b\n    + c\n)", "a\n    or else b = 1",
        "x = 18 °C", "x < 2026-03-01T09:30:00+08:00", "min(orders.amount this quarter)",
        "joined in last d", "joined this year", "joined today or b", "not joined yesterday",
        "joined since 2026-01-01 and b", "joined until now", "joined last month",
        "joined from 2026-01-01 to 2026-02-01 and b", "joined next week", "joined next day",
        "joined from (now) to 3 days from now", "count(orders where shipped this month) > 1", "sum(orders.amount * 2 in last 3 days)", "a and\n    b", "not\n    b",
    ])
    func expressions(text: String) {
        #expect(codes("segment s = \(text)") == [])
        let tree = parseExpression(SourceFile(name: "<prompt>", text: text))
        #expect(tree.diagnostics.map(\.message) == [])
        #expect(tree.root.node("value") != nil)
    }

    @Test(arguments: [
        "import \"other.pitch\"", "let big = 500 CNY", "define f(x, y) = x + y",
        "for each c in [\"a\", \"b\"] {\n    segment s = city = c\n}",
        "members from ndjson \"m/*.json\" { key [a, b], c date? \"dd/MM/yyyy\" zone \"UTC\" }",
        "table t from sqlite \"x.db\" table \"t\" { key id, p number decimal comma, absent gone }",
        "events e from csv \"e\" { member m, at t date, a money USD = v rounded, p -> products }",
        "events e from csv \"e\" { new members add, on change replace, w kg, `key` text }",
        "events e from csv \"e\" { key id integer, quarantine at most 1%, delimiter \";\" }",
        "coupon c { kind interest free, valid 2026-01-01 to 2026-02-01, applies to a = 1 }",
        "coupon c { kind percent, face 10%, cap 5 CNY, exclusive, stacks with [a, b] }",
        "bundle b { 2x a, 2 × b, c }", "channel f { to phone, file \"out\" }",
        "message m { class service, mail \"\"\"\n    Dear {name or else 'you'},\n    {{x}}\n    \"\"\" }",
        "goal g { keep conversion of vips via sms by city at least 5% }",
        "goal g { cost near 200_000 CNY weight 0.4, score at least 0 }",
        "theme t { about [\"x\"], from a, tries 5, similarity 80% }",
        "test \"t\" { expect a not in b, expect s gives a nothing, expect s gives a b via c }",
        "plan p\n{\n    budget 5 CNY expected\n    approved by \"a\" and \"b\" and \"c\"\n}",
        "plan p { strategy s { say m via a or else b or else c, at most once, priority -1 } }",
        "plan p { strategy s { success is purchase where a = 1 within 7 days } }",
        "plan p { strategy s { give best of [a, b] by g } }",
        "plan p { strategy s { give picked from t, quiet 22:00 to 08:00 } }",
        "field f one of [a, \"b c\"] {\n    a if x = 1\n    b otherwise\n}",
    ])
    func declarations(text: String) {
        #expect(tree(text).diagnostics.map(\.message) == [])
    }
}
