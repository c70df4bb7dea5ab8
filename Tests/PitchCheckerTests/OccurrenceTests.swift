import PitchChecker
import PitchSource
import Testing

/// `this` and `other`: what the `when` lines of a strategy share.
@Suite("The occurrence")
struct OccurrenceTests {
    private func described(_ when: String, _ clauses: String, _ text: String) -> Checked {
        checkedAfterPreamble(
            """
            events visits from csv "v.csv" {
                scene purchase
                member member_id
                at seen_at
                page text?
                amount money CNY
            }
            channel sms { to phone, file "out" }
            message hello { class service, sms "\(text)" }
            plan spring {
                valid 2026-03-01 to 2026-05-31
                strategy s {
                    \(when)
                    \(clauses)
                    say hello via sms
                    no limit
                }
            }
            """)
    }

    @Test(
        "a text has the fields that every line of every strategy has",
        arguments: [
            ("when purchase", "You paid {this.amount}.", []),
            ("when purchase", "You read {this.page}.", ["P322"]),
            ("when purchase", "You read {this.amout}.", ["P322"]),
            ("when birthday", "Is it {this.day}?", []),
            ("when birthday", "You paid {this.amount}.", ["P322"]),
            ("when birthday\nwhen purchase", "You paid {this.amount}.", ["P322"]),
            ("when purchse", "You paid {this.amount}.", ["P122"]),
        ] as [(String, String, [String])])
    func holes(when: String, text: String, codes: [String]) {
        let checked = described(when, "", text)
        #expect(checked.described == codes, "\(checked.messages)")
    }

    @Test("a field that may be missing needs 'or else'; one that may not needs none")
    func optional() {
        let text = { (hole: String) in
            """
            events visits from csv "v.csv" {
                scene topup
                member member_id
                at seen_at
                page text?
            }
            channel sms { to phone, file "out" }
            message hello { class service, sms "{\(hole)}" }
            """
        }
        for (hole, codes) in [("this.page", ["P506"]), ("this.page or else 'it'", [])] {
            let checked = checkedAfterPreamble(
                text(hole).replacing("scene topup", with: "scene purchase")
                    + """

                    plan spring {
                        valid 2026-03-01 to 2026-05-31
                        strategy s {
                            when purchase
                            say hello via sms
                            no limit
                        }
                    }
                    """)
            // The orders have no page, so not every purchase has one.
            #expect(checked.described == ["P322"], "\(codes) \(checked.messages)")
        }
        for (hole, codes) in [("this.page", ["P506"]), ("this.page or else 'it'", [])] {
            let preamble = DiagnosticCode.preamble.replacing("scene purchase\n", with: "")
            let script = preamble + text(hole).replacing("scene topup", with: "scene purchase")
                + """

                plan spring {
                    valid 2026-03-01 to 2026-05-31
                    strategy s { when purchase, say hello via sms, no limit }
                }
                """
            let checked = checked(script)
            #expect(checked.described == codes, "\(checked.messages)")
        }
    }

    @Test("the strategies that say a text are named")
    func notes() throws {
        let checked = described("when birthday", "", "You paid {this.amount}.")
        let note = try #require(checked.diagnostics.first?.notes.first)
        #expect(note.message == "said by this strategy")
        #expect(checked.sources.text(of: note.range) == "s")
    }

    @Test("a text that no strategy says has no occurrence")
    func unsaid() {
        let checked = checkedAfterPreamble(
            "channel sms { to phone, file \"out\" }\nmessage m { class service, sms \"{this.amount}\" }")
        #expect(checked.described == ["P322"], "\(checked.messages)")
    }

    @Test(
        "'other' needs a line that waits for those events",
        arguments: [
            ("when purchase", "if count(other orders in last 2 days) > 3", []),
            ("when purchase", "if count(other visits in last 2 days) > 3", []),
            ("when birthday", "if count(other orders in last 2 days) > 3", ["P326"]),
            ("when birthday\nwhen purchase", "if count(other orders in last 2 days) > 3", []),
            ("when purchse", "if count(other orders in last 2 days) > 3", ["P122"]),
        ] as [(String, String, [String])])
    func other(when: String, condition: String, codes: [String]) throws {
        let checked = described(when, condition, "Hello.")
        #expect(checked.described == codes, "\(checked.messages)")
        guard codes == ["P326"] else { return }
        let fixIt = try #require(checked.diagnostics.first?.fixIts.first)
        #expect(checked.sources.text(of: fixIt.range) == "other ")
    }
}
