import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// What a coupon is: the clauses that its kind needs and may have, and their values.
extension Checker {
    /// Nil when something is wrong, which is reported.
    func couponKind(_ clauses: Clauses) -> Coupon.Kind? {
        guard let clause = clauses["kind"],
            let row = CouponKinds.row(words(clause).dropFirst().joined(separator: " "))
        else { return nil }
        let isWhole = fits(clauses, row)
        let face = row.takes("face") ? clauses["face"]?.node("face") : nil
        let value = face.map { node in whole { expression(node, Context()) } }
        let values = CouponValues(clauses: clauses, row: row, face: value)
        let kind = kind(values)
        return isWhole ? kind : nil
    }

    /// A coupon's clauses with the row that says what they mean.
    private struct CouponValues {
        let clauses: Clauses
        let row: CouponKindRow
        let face: Expression?
    }

    /// Reports clauses that the kind lacks, and those that mean nothing to it.
    private func fits(_ clauses: Clauses, _ row: CouponKindRow) -> Bool {
        let article = "aeiou".contains(row.words.prefix(1)) ? "an" : "a"
        let before = faults
        for name in CouponKinds.clauses {
            if let clause = clauses[name], !row.takes(name) {
                report(
                    .couponClause, "\(article) \(row.words) coupon has no '\(name)'",
                    at: clause.range, help: help(for: row))
            } else if clauses[name] == nil, row.needs.contains(name), !isGarbled(name, clauses) {
                let example = (row.examples[name] ?? name)
                    .replacing("CNY", with: scope.project.currency.code)
                report(
                    .couponClause, "\(article) \(row.words) coupon lacks its '\(name)'",
                    at: clauses.keyword, help: "add '\(example)'")
            }
        }
        return before == faults && row.needs.allSatisfy { clauses[$0] != nil }
    }

    private func help(for row: CouponKindRow) -> String {
        let names = (row.needs + row.mayHave).map { "'\($0)'" }
        return "beside what every coupon has, it has "
            + (names.isEmpty ? "nothing" : names.joined(separator: ", "))
    }

    /// Whether a clause of this name stands there and could not be read.
    private func isGarbled(_ name: String, _ clauses: Clauses) -> Bool {
        guard let block = clauses.block,
            let row = ClauseTables.declaration("coupon")?.clauses.first(where: { $0.name == name })
        else { return true }
        return isGarbled(row, block)
    }

    private func kind(_ values: CouponValues) -> Coupon.Kind? {
        let clauses = values.clauses
        let cap = money(clauses["cap"], "cap")
        switch values.row.words {
        case "cash": return amount(values).map { .cash(minor: $0) }
        case "percent": return share(values).map { .percent(share: $0, capMinor: cap) }
        case "threshold": return amount(values).map { .threshold(minor: $0) }
        case "shipping": return .shipping(capMinor: cap)
        case "fee waiver": return amount(values).map { .feeWaiver(minor: $0) }
        case "interest free": return loan(clauses).map { .interestFree($0) }
        case "gift":
            guard let item = string(clauses["item"], "item"), let minor = amount(values) else {
                return nil
            }
            return .gift(item: item, minor: minor)
        case "points":
            let worth = share(clauses["worth"], "worth", "the worth")
            guard let factor = factor(values), let worth else { return nil }
            return .points(factor: factor, worth: worth, capMinor: cap)
        case "rate cut":
            guard let cut = share(values), let loan = loan(clauses) else { return nil }
            return rateCut(loan, by: cut, values)
        case "limit raise":
            guard let minor = amount(values), let term = term(clauses["period"]) else { return nil }
            return limitRaise(minor, term, clauses)
        default: return nil
        }
    }

    // MARK: - The face

    private func amount(_ values: CouponValues) -> Int64? {
        guard let face = values.face, let minor = projectMoney(face) else { return nil }
        guard minor > 0 else {
            report(.outOfBounds, "expected a face above 0", at: face.range)
            return nil
        }
        return minor
    }

    private func share(_ values: CouponValues) -> Int64? {
        guard let face = values.face, !face.isFaulty else { return nil }
        guard case .percent(let share)? = face.constantValue else {
            report(
                .typesDiffer, "expected a percentage as face, found \(face.type.words)",
                at: face.range,
                help: "the face of a \(values.row.words) coupon is a share: "
                    + "'\(values.row.examples["face"] ?? "face 10%")'")
            return nil
        }
        guard (1...1_000_000).contains(share) else {
            report(.outOfBounds, "expected a face above 0% and at most 100%", at: face.range)
            return nil
        }
        return share
    }

    private func factor(_ values: CouponValues) -> Int64? {
        guard let face = values.face, !face.isFaulty else { return nil }
        guard case .number(let factor)? = convert(face, to: .number)?.constantValue,
            face.type != .percent
        else {
            report(
                .typesDiffer, "expected a number as face, found \(face.type.words)",
                at: face.range, help: "so many times the points: 'face 3'")
            return nil
        }
        guard factor > 1_000_000, factor <= 1_000 * 1_000_000 else {
            report(.outOfBounds, "expected a face above 1 and at most 1000", at: face.range)
            return nil
        }
        return factor
    }

    // MARK: - Loans

    private func loan(_ clauses: Clauses) -> Coupon.Loan? {
        let term = term(clauses["period"])
        let clause = clauses["on principal up to"]
        let principal = money(clause, "principal")
        let rate = share(clause, "rate", "the yearly rate")
        guard let term, let principal, let rate else { return nil }
        guard principal > 0, rate > 0 else {
            report(
                .outOfBounds, "expected a principal and a rate above 0",
                at: clause?.range ?? clauses.keyword)
            return nil
        }
        return Coupon.Loan(principalMinor: principal, rate: rate, term: term)
    }

    private func rateCut(
        _ loan: Coupon.Loan, by cut: Int64, _ values: CouponValues
    ) -> Coupon.Kind? {
        guard cut <= loan.rate else {
            let text = { (share: Int64) in FixedPoint.text(share, digits: 4) + "%" }
            report(
                .outOfBounds,
                "a cut of \(text(cut)) is more than the rate of \(text(loan.rate))",
                at: values.face?.range ?? values.clauses.keyword,
                help: "the face is how many points go off the yearly rate")
            return nil
        }
        return .rateCut(loan, by: cut)
    }

    private func limitRaise(_ minor: Int64, _ term: LoanTerm, _ clauses: Clauses) -> Coupon.Kind? {
        if case .instalments = term {
            report(
                .periodExpected, "a limit is not paid back in instalments",
                at: clauses["period"]?.range ?? clauses.keyword,
                help: "say how long it is raised: 'period 30 days'")
            return nil
        }
        let funding = share(clauses["funding at"], "funding", "the funding")
        return .limitRaise(minor: minor, term, funding: funding)
    }

    private func term(_ clause: SyntaxNode?) -> LoanTerm? {
        guard let clause else { return nil }
        if clause.node("instalments") != nil {
            let most = Int64(LoanTerm.mostMonths)
            return integer(clause, "instalments", 1...most, "the instalments").map {
                .instalments(Int($0))
            }
        }
        guard let period = period(clause.node("period")) else { return nil }
        if let days = period.wholeDays, days <= LoanTerm.mostDays { return .days(days) }
        if let months = period.wholeMonths, months <= LoanTerm.mostMonths { return .months(months) }
        report(
            .periodExpected,
            "expected days, weeks or months, 10 years at most, found '\(period.text)'",
            at: clause.range, help: "'period 7 days' or 'period 3 instalments'")
        return nil
    }
}
