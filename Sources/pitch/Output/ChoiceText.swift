import PitchEngine

/// What the optimizer chose, as people and programs read it.
extension Session {
    func choiceLines(_ choice: ChoiceReport) -> [String] {
        var lines = [
            "\(choice.strategy) by \(choice.by): \(plural(choice.considered, "member")) considered"
        ]
        if let conflict = choice.conflict {
            let names = conflict.limits.joined(separator: "; ")
            lines.append("  the limits cannot all be kept: " + names)
            lines += relaxationLines(conflict, choice.currency)
            return lines
        }
        if let score = choice.scoreTooLow {
            lines.append("  no choice is good enough: the best score is \(decimal(score, 4))")
            return lines
        }
        let chosen = choice.chosen.filter { $0.members > 0 }
            .map { "\($0.offer) \(grouped($0.members))" }.joined(separator: ", ")
        lines.append("  gives " + (chosen.isEmpty ? "nothing to anybody" : chosen))
        lines.append("  cost " + amount(choice.costMinor, choice.currency) + " expected")
        lines.append(
            "  conversion \(decimal(choice.conversions, 2)) of \(plural(choice.audience, "member"))"
                + " (\(percent(choice.conversions / Double(max(1, choice.audience)))))")
        lines.append(boundLine(choice))
        lines += choice.limits.map { limitLine($0, choice) }
        if !choice.expectedOnly.isEmpty {
            lines.append(
                "  guessed, without history: " + choice.expectedOnly.joined(separator: ", ")
                    + " by 'expect use'")
        }
        return lines
    }

    /// `bound 12.3456, gap 0.01 %`; `proven best`
    private func boundLine(_ choice: ChoiceReport) -> String {
        let isCost = choice.objective == "cost"
        let isMoney = isCost || choice.objective == "profit"
        let bound = isMoney
            ? amount(choice.bound, choice.currency)
            : decimal(choice.bound, choice.objective == "score" ? 6 : 4)
        let best = choice.gap == 0 ? ", proven best" : ", gap \(scientific(choice.gap))"
        let better = isCost ? "a lower cost" : "more \(choice.objective)"
        return "  no choice has \(better) than \(bound)" + best
    }

    private func limitLine(_ limit: ChoiceReport.Limit, _ choice: ChoiceReport) -> String {
        func text(_ value: Double) -> String {
            switch limit.unit {
            case "money": amount(value, choice.currency)
            case "share": percent(value)
            default: decimal(value, 2)
            }
        }
        if limit.unit == "ratio", limit.used == 0 {
            return "  \(limit.name): nothing is given there"
        }
        var line = "  \(limit.name): \(text(limit.used)) of \(text(limit.limit))"
        if limit.binds {
            let isMoney = ["money", "ratio"].contains(limit.unit)
            let extra = isMoney ? "100 \(choice.currency)" : "one"
            let isAmount = ["cost", "profit"].contains(choice.objective)
            let gain = isAmount
                ? amount(limit.perExtra, choice.currency) : decimal(limit.perExtra, 4)
            line += ", binds; \(extra) more: \(gain) \(choice.objective)"
        }
        return line
    }

    private func relaxationLines(
        _ conflict: ChoiceReport.Conflict, _ currency: String
    ) -> [String] {
        conflict.relaxations.map { relaxation in
            let by = switch relaxation.unit {
            case "money", "ratio": amount(relaxation.by.rounded(.up), currency)
            case "share": percent(relaxation.by)
            default: decimal(relaxation.by, 2)
            }
            return "  would do: '\(relaxation.name)' relaxed by \(by)"
                + (conflict.isLeast ? "" : " (perhaps less)")
        }
    }

    func warn(of choice: ChoiceReport) {
        if choice.isReached { return }
        console.warn("\(choice.strategy) gave nothing: its goal '\(choice.by)' is out of reach")
    }

    /// An amount in minor units that need not be whole.
    func amount(_ minor: Double, _ currency: String) -> String {
        values.amount(Int64(exactly: minor.rounded(.toNearestOrEven)) ?? .max, currency)
    }
}

/// With so many decimals at most, rounded half to even.
/// - Parameter minimum: at least so many decimals.
func decimal(_ value: Double, _ digits: Int, minimum: Int = 0) -> String {
    let power = (0..<digits).reduce(1.0) { power, _ in power * 10 }
    guard let count = Int64(exactly: (value * power).rounded(.toNearestOrEven)) else {
        return "\(value)"
    }
    return groupedDecimal(count, digits: digits, minimum: minimum)
}

/// `4.25 %` of a share of one.
func percent(_ share: Double) -> String { decimal(share * 100, 2, minimum: 2) + " %" }

/// `1.2e-06`
func scientific(_ value: Double) -> String {
    var (exponent, rest) = (0, value)
    while rest > 0, rest < 1 { (exponent, rest) = (exponent - 1, rest * 10) }
    return "\(decimal(rest, 1))e\(exponent)"
}

extension ChoiceReport {
    func json(_ values: AnswerText) -> JSONValue {
        .object([
            ("strategy", .string(strategy)), ("by", .string(by)),
            ("objective", .string(objective)), ("considered", .int(considered)),
            ("audience", .int(audience)), ("reached", .bool(isReached)),
            ("chosen", .object(chosen.map { ($0.offer, .int($0.members)) })),
            ("cost_minor", .decimal("\(costMinor)")),
            ("conversions", .decimal("\(conversions)")),
            ("value", .decimal("\(value)")), ("bound", .decimal("\(bound)")),
            ("gap", .decimal("\(gap)")),
            ("limits", .array(limits.map { limit in
                .object([
                    ("name", .string(limit.name)), ("unit", .string(limit.unit)),
                    ("used", .decimal("\(limit.used)")), ("limit", .decimal("\(limit.limit)")),
                    ("binds", .bool(limit.binds)), ("per_extra", .decimal("\(limit.perExtra)")),
                ])
            })),
            ("conflict", conflict?.json ?? .null),
            ("best_score", scoreTooLow.map { .decimal("\($0)") } ?? .null),
            ("expected_only", .strings(expectedOnly)),
        ])
    }
}

extension ChoiceReport.Conflict {
    fileprivate var json: JSONValue {
        .object([
            ("limits", .strings(limits)), ("is_least", .bool(isLeast)),
            ("relaxations", .array(relaxations.map { relaxation in
                .object([
                    ("name", .string(relaxation.name)), ("unit", .string(relaxation.unit)),
                    ("by", .decimal("\(relaxation.by)")),
                ])
            })),
        ])
    }
}
