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
}
