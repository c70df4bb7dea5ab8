import PitchEngine

extension Session {
    /// `cost of spring: 20.00 CNY reserved, 2.40 CNY expected, …`
    func costLines(_ costs: [PlanCost], _ currency: String) -> [String] {
        costs.map { "cost of \($0.plan): " + costText($0, currency) }
    }

    /// `20.00 CNY reserved, 0.00 CNY committed, 0.05 CNY realised; 2.40 CNY expected`
    func costText(_ cost: PlanCost, _ currency: String) -> String {
        let amount = { (minor: Int64) in self.values.amount(minor, currency) }
        var text = amount(cost.reservedMinor) + " reserved"
        if cost.reservesExpected { text += " at the expected use, each rounded up" }
        text += ", \(amount(cost.committedMinor)) committed, \(amount(cost.realisedMinor)) realised"
        text += "; " + (cost.expectedMinor.map(amount) ?? "unknown") + " expected"
        if cost.unbounded > 0 { text += "; \(plural(cost.unbounded, "coupon")) without a bound" }
        if cost.unknown > 0 { text += "; \(plural(cost.unknown, "use")) of unknown cost" }
        return text
    }
}

extension PlanCost {
    func json(_ values: AnswerText, _ currency: String) -> JSONValue {
        let amount = { (minor: Int64?) -> JSONValue in
            minor.map { values.json(amount: $0, currency) } ?? .null
        }
        return .object([
            ("plan", .string(plan)), ("budget", amount(budgetMinor)),
            ("reserves_expected", .bool(reservesExpected)), ("left", amount(leftMinor)),
            ("reserved", amount(reservedMinor)), ("committed", amount(committedMinor)),
            ("realised", amount(realisedMinor)), ("expected", amount(expectedMinor)),
            ("unbounded", .int(unbounded)), ("unknown", .int(unknown)),
        ])
    }
}

extension CouponReport {
    /// `coupons: 3 claimed, 2 used, 1 returned, 5 not ours`; nil when nothing was said of any.
    var line: String? {
        let counts = [
            (claimed, "claimed"), (used, "used"), (returned, "returned"), (notOurs, "not ours"),
        ].filter { $0.0 > 0 }.map { "\(grouped($0.0)) \($0.1)" }
        return counts.isEmpty ? nil : "coupons: " + counts.joined(separator: ", ")
    }

    var json: JSONValue {
        .object([
            ("claimed", .int(claimed)), ("used", .int(used)), ("returned", .int(returned)),
            ("not_ours", .int(notOurs)), ("conflicts", .counts(conflicts)),
            ("examples", .array(examples.map { example in
                .object([
                    ("data_set", .string(example.dataSet)), ("row", .string(example.key)),
                    ("code", .string(example.code)), ("step", .string(example.step)),
                    ("reason", .string(example.reason)),
                ])
            })),
        ])
    }
}

extension Session {
    /// Rows of redemption data that changed nothing.
    func warnOfConflicts(_ coupons: CouponReport) {
        let count = coupons.conflicts.values.reduce(0, +)
        guard count > 0, !console.isJSON else { return }
        console.warn("\(plural(count, "row")) of redemption data changed nothing")
        for example in coupons.examples.prefix(10) {
            console.complain(
                "  "
                    + printable(
                        "\(example.dataSet) \(example.key): \(example.step) '\(example.code)': \(example.reason)"
                    ))
        }
        if count > min(10, coupons.examples.count) { console.complain("  …") }
    }
}
