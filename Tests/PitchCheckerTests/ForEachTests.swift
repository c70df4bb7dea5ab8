import PitchChecker
import PitchProgram
import PitchSource
import PitchSyntax
import Testing

/// `for each`: the body once for each element.
@Suite("For each")
struct ForEachTests {
    private func program(_ text: String) throws -> Program {
        let checked = checkedAfterPreamble(text)
        let program = checked.program
        return try #require(program, "\(checked.messages)")
    }

    private func names(_ text: String) throws -> [String] {
        try program(text).definitions.map(\.name)
    }

    @Test("names end with the element, titles have it in brackets")
    func names() throws {
        let program = try program(
            """
            for each town in ["New York", "上海"] {
                segment fans "Fans" = city = town
            }
            """)
        #expect(program.definitions.map(\.name) == ["fans_New_York", "fans_上海"])
        #expect(program.definitions.map(\.title) == ["Fans (New York)", "Fans (上海)"])
        let texts = program.definitions.map { ExpressionPrinter(program).text(of: $0.expression) }
        #expect(texts == ["city = \"New York\"", "city = \"上海\""])
    }

    @Test("a name of the body is that of the same round")
    func sameRound() throws {
        let program = try program(
            """
            for each town in ["Rome", "Bern"] {
                segment loyal = fans and joined before 1 year ago
                define near(x) = city = x
                segment fans = near(town)
            }
            segment both = fans_Rome or loyal_Bern
            """)
        let texts = Dictionary(
            uniqueKeysWithValues: program.definitions.map {
                ($0.name, ExpressionPrinter(program).text(of: $0.expression))
            })
        #expect(texts["loyal_Rome"] == "fans_Rome and joined < 1 year ago")
        #expect(texts["loyal_Bern"] == "fans_Bern and joined < 1 year ago")
        #expect(texts["fans_Bern"] == "city = \"Bern\"")
        #expect(texts["both"] == "fans_Rome or loyal_Bern")
    }

    @Test("an element is a value of a list of words, a name, a number, an amount or a time")
    func kinds() throws {
        #expect(
            try names("for each l in [gold, silver] { segment at = level = l }")
                == ["at_gold", "at_silver"])
        #expect(try names("for each l in [\"gold\"] { segment at = l = level }") == ["at_gold"])
        #expect(
            try names("for each n in [1, 2.5] { segment big = count(orders) > n }")
                == ["big_1", "big_2_5"])
        #expect(
            try names("for each s in [5 CNY] { segment big = max(orders.amount) > s }")
                == ["big_5_CNY"])
        #expect(
            try names("for each d in [7 days] { segment new = joined in last d }")
                == ["new_7_days"])
        #expect(
            try names("let towns = [\"A\", \"B\"]\nfor each t in towns { segment s = city = t }")
                == ["s_A", "s_B"])
        #expect(
            try names(
                """
                for each c in [web, app] {
                    for each l in [gold, silver] {
                        segment s = level = l and count(orders where channel = c) > 0
                    }
                }
                """) == ["s_web_gold", "s_web_silver", "s_app_gold", "s_app_silver"])
    }

    @Test("plans, coupons, channels and messages are repeated, with the names in them")
    func plans() throws {
        let program = try program(
            """
            coupon off5 { kind cash, face 5 CNY, valid 5 days }
            coupon off9 { kind cash, face 9 CNY, valid 5 days }
            for each offer in [off5, off9] {
                channel sms { to phone, file "out" }
                message hello "Hello" { class service, sms "Take {offer.title} in {city}" }
                plan spring "Spring" {
                    valid 2026-03-01 to 2026-05-31
                    strategy hi { when purchase, give offer, say hello via sms, at most once }
                }
            }
            for each share in [5%, 10%] {
                coupon less { kind percent, face share, cap 9 CNY, valid 5 days }
            }
            """)
        #expect(program.plans.map(\.name) == ["spring_off5", "spring_off9"])
        #expect(program.plans.map { $0.strategies.map(\.name) } == [["hi"], ["hi"]])
        let names = program.plans.compactMap { plan -> [String]? in
            guard case .offer(.coupon(let coupon))? = plan.strategies[0].gift,
                let say = plan.strategies[0].say
            else { return nil }
            return [program.coupons[coupon.coupon].name, program.messages[say.message].name]
                + say.channels.map { program.channels[$0].name }
        }
        #expect(
            names == [["off5", "hello_off5", "sms_off5"], ["off9", "hello_off9", "sms_off9"]])
        #expect(program.messages.map { $0.texts.count } == [1, 1])
        #expect(program.coupons.suffix(2).map(\.name) == ["less_5percent", "less_10percent"])
    }

    @Test("what is wrong whatever the element is said once; what depends on it, with the element")
    func saidOnce() {
        let general = checkedAfterPreamble(
            "for each t in [\"A\", \"B\", \"C\"] {\n    segment s = cty = t\n    field f = f + 1\n}")
        #expect(general.described == ["P201", "P204"], "\(general.messages)")
        #expect(general.diagnostics.allSatisfy { $0.notes.isEmpty })
        let special = checkedAfterPreamble(
            "for each l in [gold, gld, silver] { segment s = level = l }")
        #expect(special.described == ["P306"], "\(special.messages)")
        let some = checkedAfterPreamble(
            "for each x in [5 CNY, 5, 6] { segment s = max(orders.amount) > x }")
        #expect(some.described == ["P302", "P302"], "\(some.messages)")
        #expect(
            some.diagnostics.map { $0.notes.last?.message }
                == ["when 'x' is '5'", "when 'x' is '6'"])
        let clash = checkedAfterPreamble(
            "segment s_A = sms_ok\nfor each t in [\"A\", \"B\"] { segment s = city = t }")
        #expect(clash.described == ["P202"], "\(clash.messages)")
    }

    @Test("goals and themes are repeated, too")
    func goals() throws {
        let program = try program(
            """
            coupon off { kind cash, face 5 CNY, valid 5 days }
            for each n in [1, 2] {
                goal cheap { maximize conversion, keep cost at most 5 CNY }
                theme autumn { about "autumn", audience sms_ok, from off }
            }
            """)
        #expect(program.goals.map(\.name) == ["cheap_1", "cheap_2"])
        #expect(program.themes.map(\.name) == ["autumn_1", "autumn_2"])
    }

    @Test(
        "faulty loops",
        arguments: [
            ("for each t in [] { segment s = city = t }", ["P317"]),
            ("for each t in \"A\" { segment s = city = t }", ["P317"]),
            ("for each t in towns { segment s = city = t }", ["P317"]),
            ("for each t in [\"A\", \"A\"] { segment s = city = t }", ["P219"]),
            ("for each t in [\"A b\", \"A-b\"] { segment s = city = t }", ["P219"]),
            ("for each t in [\"&\", \"…\"] { segment s = city = t }", ["P218", "P218"]),
            ("for each t in [\" \"] { segment s = city = t }", ["P218"]),
            ("for each t in [1 + 2] { segment s = sms_ok }", ["P218"]),
            ("for each city in [\"A\"] { segment s = sms_ok }", ["P202"]),
            ("for each category in [\"A\"] { segment s = sms_ok }", ["P202"]),
            ("for each today in [\"A\"] { segment s = sms_ok }", ["P202"]),
            ("for each s in [\"A\"] { segment s = sms_ok }", ["P202"]),
            ("segment s = sms_ok\nfor each t in [\"A\"] { segment s = city = t }", ["P202"]),
            ("for each t in [\"A\"] { segment s = city = t, segment s = sms_ok }", ["P202"]),
            ("for each t in [\"A\"] { for each t in [1] { segment s = sms_ok } }", ["P202"]),
            ("for each t in [\"A\"] { segment s = city = t }\nsegment u = s", ["P201"]),
            ("for each t in [\"A\"] { import \"x.pitch\" }", ["P114"]),
            ("for each t in [\"A\"] { members from csv \"m\" { key id } }", ["P114"]),
            ("for each t in [\"A\"] { test \"x\" { at 2026-01-01 } }", ["P114"]),
            (
                """
                plan p {
                    valid 2026-03-01 to 2026-05-31
                    strategy s { when purchase, give t, at most once }
                }
                for each t in ["A"] { segment s = sms_ok }
                """, ["P201"]
            ),
            (
                """
                for each t in ["off5"] {
                    plan p {
                        valid 2026-03-01 to 2026-05-31
                        strategy s { when purchase, give t, at most once }
                    }
                }
                """, ["P207"]
            ),
        ] as [(String, [String])])
    func faults(text: String, codes: [String]) {
        let checked = checkedAfterPreamble(text)
        #expect(checked.described == codes, "\(checked.messages)")
    }

    @Test("outside the loop the message tells the names that there are")
    func outside() throws {
        let checked = checkedAfterPreamble(
            "for each t in [\"A\", \"B\"] { segment s = city = t }\nsegment u = s")
        let help = try #require(checked.diagnostics.first?.help)
        #expect(help == "outside its 'for each' it is 's_A', 's_B'")
    }

    @Test("long lists, and bodies that are long written out, are refused")
    func limits() {
        let list = (0...1000).map { "\($0)" }.joined(separator: ", ")
        let long = checkedAfterPreamble("for each n in [\(list)] { segment s = sms_ok }")
        #expect(long.described == ["P211"], "\(long.messages)")
        let body = (0..<60).map { "segment s\($0) = count(orders in last 30 days) > n" }
        let few = (1...500).map { "\($0)" }.joined(separator: ", ")
        let large = checkedAfterPreamble(
            "for each n in [\(few)] {\n\(body.joined(separator: "\n"))\n}")
        #expect(large.described == ["P211"], "\(large.messages)")
        let nested = String(repeating: "for each a in [1, 2] {\n", count: 60)
            + String(repeating: "}\n", count: 60)
        #expect(checkedAfterPreamble(nested).described.contains("P211"))
    }

    @Test("a computed field means the same inside a loop")
    func computedField() throws {
        let text = """
            events visits from csv "v.csv" {
                member member_id
                at seen_at
                length number
                long yesno = length > 5
            }
            for each n in [1, 2] {
                let limit = 5
                segment s = count(visits where long) > n
            }
            """
        #expect(try names(text) == ["s_1", "s_2"])
    }
}

@Suite("Definitions that need themselves")
struct RecursionTests {
    @Test(
        "are reported where they are declared, once, used or not",
        arguments: [
            "define f(x) = f(x)", "define f(x) = f(x)\nsegment s = f(1) = 2 or f(2) = 1",
            "define f(x) = g(x) + 1\ndefine g(x) = h(x)\ndefine h(x) = f(x)",
            "define f(x) = 1 + f(x) * 2\ndefine g(x) = f(x)\nsegment s = g(1) > 2",
            "for each t in [\"A\", \"B\"] { define f(x) = f(x) }",
        ])
    func recursion(text: String) throws {
        let checked = checkedAfterPreamble(text)
        #expect(checked.described == ["P204"], "\(checked.messages)")
        let fault = try #require(checked.diagnostics.first)
        #expect(checked.sources.text(of: fault.range) == "f")
    }

    @Test("what only reads alike is none")
    func noRecursion() {
        let text = "define f(g) = g + 1\ndefine g(x) = f(x)\nsegment s = g(1) > 2"
        #expect(checkedAfterPreamble(text).described == [])
    }
}
