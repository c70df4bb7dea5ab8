import PitchChecker
import PitchProgram
import PitchSource
import Testing

/// `when` lines that wait for events: what they need, and what they give to `this`.
@Suite("Event lines")
struct EventLineTests {
    private func check(_ line: String, events: String, if condition: String = "") -> Checked {
        checkedAfterPreamble(
            """
            \(events)
            coupon off20 { kind cash, face 20 CNY, valid 14 days }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy hello {
                    when \(line)
                    give off20
                    no limit
                    \(condition)
                }
            }
            """)
    }

    private func visits(_ rows: String) -> String {
        """
        events visits from csv "visits.csv" {
            scene product
            member member_id
            at seen_at
            \(rows)
        }
        """
    }

    @Test(
        "the field 'action' says what was done with a product",
        arguments: [
            ("action one of [carted, viewed]", ""),
            ("action one of [viewed, \"price changed\"]", "P530"),
            ("action text", "P530"), ("product text", "P530"),
            ("action one of [carted, other] = carted if kind = \"add\" otherwise other", ""),
        ])
    func action(row: String, code: String) {
        let checked = check("product carted", events: visits(row))
        #expect(checked.described == (code.isEmpty ? [] : [code]), "\(checked.messages)")
    }

    @Test("an action of two words may be written as one")
    func twoWords() {
        for value in ["\"price changed\"", "price_changed"] {
            let checked = check(
                "product price changed", events: visits("action one of [viewed, \(value)]"))
            #expect(checked.described == [], "\(checked.messages)")
            #expect(checked.program?.plans[0].strategies[0].triggers.count == 1)
        }
    }

    @Test(
        "a scene without its data set",
        arguments: [
            "topup", "coupon bought", "coupon used", "coupon claimed", "product viewed",
        ])
    func noData(line: String) {
        #expect(check(line, events: "").described == ["P508"])
    }

    private let carts = """
        events visits from csv "visits.csv" {
            scene product
            member member_id
            at seen_at date
            amount integer
            store text
            action one of [carted]
        }
        """

    @Test(
        "a sequence goes from event to event",
        arguments: [
            ("product carted then purchase within 3 days", []),
            ("first purchase then no purchase within 3 days", []),
            ("every 2nd purchase then product carted within 1 week", []),
            ("birthday then purchase within 3 days", ["P531"]),
            ("product carted then every monday within 3 days", ["P531"]),
            ("product carted then first purchase within 3 days", ["P531"]),
            ("purchase per channel then product carted within 3 days", ["P531"]),
            ("purchase then purchase per channel within 3 days", ["P531"]),
            ("product carted then no topup within 3 days", ["P508"]),
            ("product carted then purchase within 3 hours", ["P309"]),
            ("purchase then purchase within 3 hours", []),
            ("product carted then purchase with same amount within 3 days", ["P532"]),
            ("product carted then purchase with same store within 3 days", ["P208"]),
            ("product carted then purchase with same shop within 3 days", ["P208", "P208"]),
            ("purchase then purchase with same channel and category within 3 days", []),
        ] as [(String, [String])])
    func sequences(line: String, codes: [String]) {
        let checked = check(line, events: carts)
        #expect(checked.described == codes, "\(checked.messages)")
    }

    @Test(
        "'member' is the column of that name, and with a dot the member",
        arguments: [
            ("balances.city != member.city", []), ("member = \"10001\"", []),
            ("member.level = gold or balances.member != \"10001\"", []),
            ("member.age > 3", ["P208"]), ("method.city = \"Rome\"", ["P207"]),
        ] as [(String, [String])])
    func memberColumn(filter: String, codes: [String]) {
        let balances = """
            events balances from csv "balances.csv" {
                scene topup
                member member
                at at
                amount money CNY
                balance money CNY
                city text
                method text
            }
            """
        let checked = check("topup where \(filter)", events: balances)
        #expect(checked.described == codes, "\(checked.messages)")
    }

    @Test(
        "positions and days have bounds",
        arguments: [
            ("purchase number 1", ""), ("purchase number 0", "P213"),
            ("every 1000000th purchase", ""), ("every 1000001st purchase", "P213"),
            ("coupon off20 expiring in 366 days", "P535"), ("coupon off20 expiring in 1 week", ""),
            ("coupon off20 expiring in 12 hours", "P315"),
            ("coupon off20 expiring in 367 days", "P315"),
            ("coupon off2 expiring in 3 days", "P201"),
        ])
    func bounds(line: String, code: String) {
        let checked = check(line, events: "")
        #expect(checked.described == (code.isEmpty ? [] : [code]), "\(checked.messages)")
    }

    @Test(
        "a position among rows that all begin to count at once",
        arguments: [
            ("first purchase where count(orders) >= 3", "write 'when purchase number 3'"),
            ("first purchase where count(orders) > 3", "write 'when purchase number 4'"),
            (
                "first purchase where amount > 10 CNY and count(orders) = 2",
                "write 'when purchase number 2'"
            ),
            ("first purchase where count(orders) < 3", "write it as 'if'"),
            ("first purchase where count(orders in last 7 days) >= 3", "write it as 'if'"),
            ("every 5th purchase where sum(orders.amount) > 9 CNY", "write it as 'if'"),
            ("first purchase where frequent then purchase within 3 days", "write it as 'if'"),
            ("first purchase where amount >= 3 CNY and city = \"A\"", nil),
            ("first purchase where amount >= max(orders.amount)", nil),
            ("purchase where count(orders) >= 3", nil),
        ] as [(String, String?)])
    func movingPositions(line: String, help: String?) {
        let checked = check(line, events: "segment frequent = count(orders) > 2")
        #expect(checked.described == (help == nil ? [] : ["P534"]), "\(checked.messages)")
        #expect(checked.diagnostics.first?.help == help)
    }

    @Test(
        "'this' is B of 'then B', A of 'then no B', and the coupon that runs out",
        arguments: [
            ("product carted then purchase within 3 days", "this.channel = web", true),
            ("product carted then purchase within 3 days", "this.store = \"x\"", false),
            ("product carted then no purchase within 3 days", "this.store = \"x\"", true),
            ("product carted then no purchase within 3 days", "this.channel = web", false),
            (
                "coupon off20 expiring in 3 days", "this.expires > today and this.coupon = \"x\"",
                true
            ),
            ("coupon off20 expiring in 3 days", "this.amount > 1 CNY", false),
            ("first purchase", "this.amount > 1 CNY and this.at < now", true),
            ("product carted\nwhen purchase", "this.amount > 1", false),
        ])
    func this(line: String, condition: String, isKnown: Bool) {
        let checked = check(line, events: carts, if: "if \(condition)")
        #expect(checked.described == (isKnown ? [] : ["P322"]), "\(checked.messages)")
    }
}
