import PitchChecker
import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax
import Testing

/// The preamble with references, units, computed fields and days.
private let declarations = """
    table products from csv "products.csv" {
        key product_id
        department text
        weight kg
        heavy yesno = weight > 10 kg
    }
    events lines from csv "lines.csv" {
        key line_id
        member member_id
        at sold_on date
        product -> products
        quantity integer
        price money CNY
        total money CNY = price * quantity
        level one of [low, high] = low if quantity < 3 otherwise high
        heat F
        share percent
    }
    let big = 500 CNY
    let near = ["Shanghai", "Suzhou"]
    let week = 7 days
    define above(value, bound) = value >= bound and value is known
    segment locals = city in near
    field spent = sum(orders.amount in last 365 days)
    """

private let base = checkedAfterPreamble(declarations)

private func typed(_ text: String) throws -> (text: String, type: ValueType) {
    let file = SourceFile(name: "<prompt>", text: text)
    let entry = checkExpression(
        parseExpression(file, index: base.sources.files.count), in: base)
    let program = try #require(base.program, "\(base.messages)")
    let (expression, messages) = (entry.expression, entry.diagnostics.map(\.message))
    guard let expression else {
        Issue.record("'\(text)': \(messages)")
        return ("", .error)
    }
    return (ProgramPrinter(program).text(expression), expression.type)
}

@Suite("Typed expressions")
struct ExpressionTests {
    @Test(
        "names, units and types are written out",
        arguments: [
            ("locals and spent > big", "(and locals (> spent 500.00 CNY))"),
            ("age(born) + 1 > 2.5", "(> (convert (+ (age born) 1)) 2.5)"),
            ("joined before 60 days ago", "(< joined (convert (shift now -60 days)))"),
            (
                "last(orders.at) before 2 hours ago",
                "(< (last orders orders.at) (shift now -2 hours))"
            ),
            ("last(orders.at) > 2026-03-01", "(> (convert (last orders orders.at)) 2026-03-01)"),
            ("joined + week < today", "(< (shift joined +7 days) today)"),
            ("today - joined > 30 days", "(> (- today joined) 2592000000 ms)"),
            ("level = gold", "(= level 'gold')"),
            ("gold != level", "(!= 'gold' level)"),
            ("level in [gold, \"silver\"]", "(in level (list 'gold' 'silver'))"),
            ("city not in near", "(not (in city (list 'Shanghai' 'Suzhou')))"),
            ("age(joined) in 18 to 25", "(and (>= (age joined) 18) (<= (age joined) 25))"),
            (
                "spent not between 1 CNY and big",
                "(not (and (>= spent 1.00 CNY) (<= spent 500.00 CNY)))"
            ),
            ("tags has any of [\"a\", \"b\"]", "(has-any tags 'a' 'b')"),
            ("phone is known", "(not (missing phone))"),
            ("phone or else city", "(or-else phone city)"),
            ("spent / 2", "(/ spent 2)"),
            ("spent * 10%", "(* spent 10%)"),
            ("spent / 1 CNY", "(/ spent 1.00 CNY)"),
            ("count(orders) / count(lines) > 10%", "(> (/ (count orders) (count lines)) 0.1)"),
            ("above(spent, big)", "(and (>= spent 500.00 CNY) (not (missing spent)))"),
            ("1 if sms_ok otherwise 2.5", "(choose (if sms_ok 1.0) 2.5)"),
            ("-5 < 3", "(< -5 3)"),
            ("time of now > 08:30", "(> (time-of now) 30600000 ms)"),
            ("joined in this month", "(within joined (month 0))"),
            ("yesterday = joined", "(= (shift today -1 day) joined)"),
        ])
    func plain(text: String, expected: String) throws {
        #expect(try typed(text).text == expected)
    }

    @Test(
        "aggregates read the fields of their events",
        arguments: [
            (
                "count(lines where product.department = \"MEAT\")",
                "(count lines (where (= (lookup products.department lines.product) 'MEAT')))"
            ),
            (
                "count(lines where product.heavy)",
                "(count lines (where (> (lookup products.weight lines.product) 10 kg)))"
            ),
            ("sum(lines.total)", "(sum lines (* lines.price lines.quantity))"),
            (
                "count(lines in last 3 days where lines.level = high)",
                """
                (count lines (last 3 days) (where \
                (= (choose (if (< lines.quantity 3) 'low') 'high') 'high')))
                """
            ),
            ("max(lines.heat) > 30 C", "(> (max lines lines.heat) 86 F)"),
            ("nth(orders.at, 2)", "(nth orders orders.at 2)"),
            ("streak(lines by week)", "(streak lines by-week)"),
            ("count(orders this year)", "(count orders (year 0))"),
            ("count(lines since 2026-01-01)", "(count lines (since 2026-01-01))"),
            (
                "count(orders where member.city = \"x\" and orders.channel = web)",
                "(count orders (where (and (= city 'x') (= orders.channel 'web'))))"
            ),
            ("avg(lines.quantity)", "(avg lines lines.quantity)"),
        ])
    func aggregates(text: String, expected: String) throws {
        #expect(try typed(text).text == expected)
    }

    @Test("results have the documented types")
    func types() throws {
        #expect(try typed("avg(lines.quantity)").type == .number)
        #expect(try typed("count(lines) * 2").type == .integer)
        #expect(try typed("10% * 10%").type == .number)
        #expect(try typed("today - joined").type == .duration)
        #expect(try typed("distinct(lines.product)").type == .integer)
        #expect(try typed("last(lines.at)").type == .date)
        #expect(try typed("count(lines) / 2").type == .number)
    }

    @Test("an expression with a fault has no value, and names the prompt's own place")
    func faulty() throws {
        let file = SourceFile(name: "<prompt>", text: "spnt > 5 CNY")
        let entry = checkExpression(
            parseExpression(file, index: base.sources.files.count), in: base)
        #expect(entry.expression == nil)
        #expect(entry.diagnostics.map(\.code.id) == ["P201"])
        #expect(entry.diagnostics.first.map { entry.sources.text(of: $0.range) } == "spnt")
        #expect(entry.diagnostics.first?.fixIts.first?.replacement == "spent")
    }
}
