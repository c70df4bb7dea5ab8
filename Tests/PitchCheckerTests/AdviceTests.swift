import Foundation
import PitchChecker
import PitchSource
import PitchTestSupport
import Testing

/// Slips of people who are new to the language: one message, and how to write what was meant.
@Suite("Advice")
struct AdviceTests {
    @Test(
        "one message with the repair",
        arguments: [
            ("city = Shanghai", "P201", "write '\"Shanghai\"'", "\"Shanghai\""),
            ("tags has coffee", "P201", "write '\"coffee\"'", "\"coffee\""),
            ("tags has any of coffee", "P317", "write '[coffee]'", "[coffee]"),
            ("sms_ok AND city = \"A\"", "P119", "write 'and'", "and"),
            ("city is \"Shanghai\"", "P125", "write '='", "="),
            ("level is gold", "P125", "write '='", "="),
            ("joined in the last 30 days", "P125", "leave out 'the'", ""),
            ("count(orders in the last 30 days) > 2", "P125", "leave out 'the'", ""),
            ("joined last 30 days", "P125", "write 'in'", "in "),
            ("max(orders.amount) > 500 RMB", "P123", "write 'CNY'", "CNY"),
            ("joined in last 30 d", "P123", "write 'days'", "days"),
            ("level in (gold, silver)", "P110", "write '[gold, silver]'", "[gold, silver]"),
        ])
    func repaired(text: String, code: String, fixIt: String, with: String) throws {
        let checked = checkedAfterPreamble("segment s = \(text)")
        #expect(checked.described == [code], "\(checked.messages)")
        let found = try #require(checked.diagnostics.first?.fixIts.first)
        #expect(found.message == fixIt)
        #expect(found.replacement == with)
    }

    @Test(
        "one message with the rule",
        arguments: [
            ("count(orders) >= 2 in last 30 days", "P126", "the window of an aggregate stands"),
            ("max(orders.amount) > $500", "P102", "a currency stands behind its amount"),
            ("max(orders.amount) > 500 florins", "P123", "a unit is a currency such as CNY"),
            ("max(orders.amount) > 200.000 CNY", "P314", "where the point parts thousands"),
            ("joined > \"2026-01-01\"", "P301", "a day is written without quotes"),
            ("joined > 2026", "P301", "a day is written without quotes"),
        ])
    func explained(text: String, code: String, help: String) throws {
        let checked = checkedAfterPreamble("segment s = \(text)")
        #expect(checked.described == [code], "\(checked.messages)")
        let found = try #require(checked.diagnostics.first?.help)
        #expect(found.hasPrefix(help), "\(found)")
    }

    @Test(
        "the messages of whole scripts with slips, one a slip",
        arguments: Golden.inputs("checker", extension: "pitch")
            .map { $0.deletingPathExtension().lastPathComponent }.filter { !$0.hasPrefix("P") })
    func scripts(name: String) throws {
        let file = Golden.folder.appending(path: "checker/\(name).pitch")
        let script = try String(contentsOf: file, encoding: .utf8)
        let checked = checked(DiagnosticCode.script(script))
        try Golden.check(checked.messages, against: "checker/\(name).txt")
    }

    @Test(
        "a day of birth that can hardly be meant",
        arguments: [
            ("born = today", true), ("today = born", true), ("born = 3 days from now", true),
            ("born in [today, tomorrow]", true), ("born between today and 7 days from now", true),
            ("born today", true), ("born this month", true), ("born in last 7 days", true),
            ("born = 18 years ago", false), ("born before 18 years ago", false),
            ("born between 25 years ago and 18 years ago", false), ("joined = today", false),
        ])
    func birthdays(text: String, isHinted: Bool) {
        let checked = checkedAfterPreamble("segment s = born is known and \(text)")
        #expect(checked.described == (isHinted ? ["P327"] : []), "\(checked.messages)")
    }

    @Test(
        "a coupon is declared, and given by its name",
        arguments: [
            ("20 CNY off", "20 CNY", "kind cash, face 20 CNY"),
            ("20 CNY", "20 CNY", "kind cash, face 20 CNY"),
            ("10% off", "10%", "kind percent, face 10%"),
        ])
    func couponInPlace(offer: String, found: String, clauses: String) throws {
        let checked = checkedAfterPreamble(strategy("give \(offer)"))
        #expect(checked.described == ["P118"], "\(checked.messages)")
        let diagnostic = try #require(checked.diagnostics.first)
        #expect(diagnostic.message == "expected the name of a coupon, found '\(found)'")
        #expect(diagnostic.help?.contains(clauses) == true)
        let coupon = "coupon my_coupon { \(clauses), valid 14 days }\n"
        let repaired = checkedAfterPreamble(coupon + strategy("give my_coupon"))
        #expect(repaired.described == [], "\(repaired.messages)")
    }

    @Test("a message that lacks a text lacks it once, however many strategies say it")
    func textOfSeveral() {
        let checked = checkedAfterPreamble(
            """
            channel sms { to phone, file "out" }
            channel mail { to city, file "mail" }
            message hello { class service, sms "Hi" }
            message bye { class service, sms "Bye" }
            """ + strategy("say hello via mail", "a") + strategy("say hello via mail", "b")
                + strategy("say bye via mail", "c"))
        #expect(checked.described == ["P504", "P504"], "\(checked.messages)")
    }

    private func strategy(_ clause: String, _ name: String = "p") -> String {
        """

        plan \(name) {
            valid 2026-03-01 to 2026-05-31
            strategy s {
                when purchase
                \(clause)
                no limit
            }
        }
        """
    }

    @Test("channels with a comma between them are joined")
    func route() throws {
        let checked = checkedAfterPreamble(
            """
            channel sms { to phone, file "out" }
            channel mail { to city, file "out" }
            message hello { class service, sms "Hi", mail "Hi" }
            plan p {
                valid 2026-03-01 to 2026-05-31
                strategy s {
                    when purchase
                    say hello via sms, mail
                    no limit
                }
            }
            """)
        #expect(checked.described == ["P118"], "\(checked.messages)")
        #expect(checked.diagnostics.first?.fixIts.first?.replacement == " or else")
    }

    @Test("a line that cannot be read gets no second message, the next line does")
    func followUps() {
        let checked = checkedAfterPreamble(
            "segment a = cty = and nme = 5\nsegment b = nme = \"x\"")
        #expect(checked.described == ["P124", "P201"], "\(checked.messages)")
    }
}
