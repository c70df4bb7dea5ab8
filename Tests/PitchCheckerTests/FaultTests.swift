import PitchChecker
import PitchSource
import PitchSyntax
import Testing

/// Twenty lines of one script, each with a fault of its own code and the line that repairs it.
private let faults: [(code: String, faulty: String, repaired: String)] = [
    ("P201", "segment a1 = cty = \"x\"", "segment a1 = city = \"x\""),
    ("P202", "segment city = sms_ok", "segment a2 = sms_ok"),
    ("P204", "segment a3 = not a3", "segment a3 = not a1"),
    (
        "P206", "coupon c1 { kind cash, face 5 CNY }",
        "coupon c1 { kind cash, face 5 CNY, valid 5 days }"
    ),
    ("P207", "segment a4 = orders", "segment a4 = count(orders) > 1"),
    ("P208", "field f1 = sum(orders.amout)", "field f1 = sum(orders.amount)"),
    ("P209", "field f2 = agee(joined)", "field f2 = age(joined)"),
    ("P210", "field f3 = age(joined, 1)", "field f3 = age(joined)"),
    ("P301", "segment a5 = city = 5", "segment a5 = city = \"5\""),
    ("P302", "segment a6 = max(orders.amount) > 5", "segment a6 = max(orders.amount) > 5 CNY"),
    ("P303", "segment a7 = max(orders.amount) > 5 USD", "segment a7 = max(orders.amount) > 5 CNY"),
    ("P304", "field f4 = sum(orders.amount) + 10%", "field f4 = sum(orders.amount) * 110%"),
    ("P305", "segment a8 = city", "segment a8 = city = \"y\""),
    ("P306", "segment a9 = level = gld", "segment a9 = level = gold"),
    ("P309", "segment b1 = joined in last 2 hours", "segment b1 = joined in last 2 days"),
    ("P310", "segment b2 = today - joined > 3 months", "segment b2 = today - joined > 90 days"),
    ("P312", "segment b3 = orders.amount > 5 CNY", "segment b3 = last(orders.amount) > 5 CNY"),
    ("P316", "segment b4 = joined > 2026-02-30", "segment b4 = joined > 2026-02-28"),
    (
        "P501", "coupon c2 { kind cash, valid 5 days }",
        "coupon c2 { kind cash, face 1 CNY, valid 5 days }"
    ),
    ("P502", "bundle e1 { }", "bundle e1 { 2 x cash }"),
]

private let cash = "coupon cash { kind cash, face 5 CNY, valid 5 days }\n"

private func script(repairing repaired: Set<Int>) -> String {
    let lines = faults.indices.map {
        repaired.contains($0) ? faults[$0].repaired : faults[$0].faulty
    }
    return cash + lines.joined(separator: "\n")
}

@Suite("Many faults at once")
struct FaultTests {
    @Test("twenty faults of twenty codes give twenty diagnostics, each on its own line")
    func twenty() {
        let checked = checkedAfterPreamble(script(repairing: []))
        #expect(Set(faults.map(\.code)).count == 20)
        #expect(checked.described == faults.map(\.code), "\(checked.messages)")
        let lines = checked.diagnostics.compactMap { diagnostic in
            checked.sources.file(of: diagnostic.range)?.line(of: Int(diagnostic.range.start))
        }
        #expect(Set(lines).count == 20)
    }

    @Test("removing one fault removes exactly its message", arguments: faults.indices)
    func removingOne(index: Int) {
        let checked = checkedAfterPreamble(script(repairing: [index]))
        var expected = faults.map(\.code)
        expected.remove(at: index)
        #expect(checked.described == expected, "\(checked.messages)")
    }

    @Test("with all faults repaired there is a program")
    func repaired() {
        let checked = checkedAfterPreamble(script(repairing: Set(faults.indices)))
        #expect(checked.described == [], "\(checked.messages)")
        #expect(checked.program != nil)
    }

    @Test(
        "what the parser reported is not reported again",
        arguments: [
            ("count(orders in last 30 dyas) > 1", "P123"), ("1 < count(orders) < 5", "P126"),
            ("(sms_ok or else false) = true", ""), ("spent > 3 dyas", "P123"),
        ])
    func cascade(predicate: String, code: String) {
        let checked = checkedAfterPreamble(
            "field spent = sum(orders.amount)\nsegment a = \(predicate)")
        #expect(
            checked.described == (code.isEmpty ? [] : [code]),
            "\(checked.messages)")
    }

    @Test(
        "a streak is counted in a unit that is known, and nothing else has one",
        arguments: [
            ("streak(orders by day) > 1", ""), ("streak(orders by quarter) > 1", ""),
            ("streak(orders by hour) > 1", "P311"), ("streak(orders by weeks) > 1", "P311"),
            ("count(orders by week) > 1", "P311"),
        ])
    func unitOfStreak(predicate: String, code: String) {
        let checked = checkedAfterPreamble("segment a = \(predicate)")
        #expect(checked.described == (code.isEmpty ? [] : [code]), "\(checked.messages)")
    }

    @Test("the fallback of a hole is asked for in the type of what may be missing")
    func fallbackOfHole() {
        let checked = checkedAfterPreamble(
            """
            channel post { to member_id, file "out" }
            message hi { class service, post "{max(orders.amount)}" }
            """)
        #expect(checked.described == ["P506"], "\(checked.messages)")
        #expect(checked.diagnostics.first?.help?.contains("with an amount in") == true)
    }
}
