import ArgumentParser
import PitchEngine

struct PreviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Show who would get what. Nothing is written.")

    @Argument(help: "The script.") var file: String
    @Argument(help: "Plans or strategies (default: all).") var names: [String] = []

    @Option(help: ArgumentHelp("How many rows at most.", valueName: "count"))
    var limit = 20

    @OptionGroup var options: CommandOptions

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("the limit must not be negative") }
    }

    func run() throws {
        let session = try Session(file, options)
        try session.preview(names, limit: limit)
    }
}

extension Session {
    func preview(_ names: [String], limit: Int) throws {
        let result = try attempt { () throws(WorkspaceError) in try workspace.preview(names) }
        for source in result.changedSources where !console.isJSON {
            console.warn("'\(source)' changed since it was last loaded; 'pitch load' reads it")
        }
        if let refusal = result.refusal, !console.isJSON {
            console.warn("a run at this instant would refuse: \(refusal)")
        }
        for plan in result.waiting where !console.isJSON { console.warn(plan) }
        try console.answer([
            ("as_of", .string(values.isoInstant(result.asOf))),
            ("audience", .int(result.audience)),
            ("issued", .int(result.issuedCoupons)), ("messages", .int(result.messages)),
            ("outcomes", .counts(result.outcomes)),
            ("reserved", values.json(amount: result.reservedMinor, result.currency)),
            ("costs", .array(result.costs.map { $0.json(values, result.currency) })),
            ("sizes", .array(result.sizes.map { $0.json(values, result.currency) })),
            ("evaluated", .strings(result.evaluated)),
            ("skipped", .array(result.skipped.map(\.json))),
            ("changed_sources", .strings(result.changedSources)),
            ("run_refuses", .optional(result.refusal)),
            ("waiting", .strings(result.waiting)),
            ("looked_back", .int(result.lookedBack)),
            ("choices", .array(result.choices.map { $0.json(values) })),
            ("trials", .array(result.trials.map { $0.json(values, result.currency) })),
            ("decisions", .array(result.decisions.map { $0.json(values) })),
            ("crowds", .array(result.crowds.map { $0.json(values) })),
        ])
        try console.tell(
            decisionLines(result.decisions, limit: limit) + crowdLines(result.crowds, limit: limit)
                + summary(result))
    }

    private func decisionLines(_ decisions: [Decision], limit: Int) -> [String] {
        var table = TextTable([
            .init("strategy"), .init("member"), .init("occurrence"), .init("at"),
            .init("outcome"), .init("offer"), .init("channel"),
        ])
        for decision in decisions.prefix(limit) {
            table.add([
                decision.strategy, decision.member, decision.occurrence,
                values.instant(decision.at), decision.outcome, decision.offer ?? "–",
                decision.channel ?? "–",
            ])
        }
        guard !decisions.isEmpty, limit > 0 else { return [] }
        let rest = decisions.count - limit
        let more = rest > 0 ? [console.faint("… and \(plural(rest, "more decision"))")] : []
        return table.lines + more + [""]
    }

    /// What days come to for those who get nothing.
    private func crowdLines(_ crowds: [CrowdDecision], limit: Int) -> [String] {
        guard !crowds.isEmpty, limit > 0 else { return [] }
        var table = TextTable([
            .init("strategy"), .init("members", right: true), .init("day"), .init("outcome"),
        ])
        for crowd in crowds.prefix(limit) {
            table.add([
                crowd.strategy, grouped(crowd.members.count), crowd.occurrence, crowd.outcome,
            ])
        }
        return table.lines + [""]
    }

    private func summary(_ result: PreviewResult) -> [String] {
        var lines = [
            "as of \(values.instant(result.asOf)): \(plural(result.audience, "occurrence")) would be judged"
        ]
        lines += outcomeLines(result.outcomes)
        lines += result.choices.flatMap(choiceLines)
        lines += result.trials.map { trialLine($0, result.currency) }
        lines.append(
            "would issue \(plural(result.issuedCoupons, "coupon")) and \(plural(result.messages, "message"))"
                + ", reserving \(values.amount(result.reservedMinor, result.currency))")
        lines += result.sizes.map { sizeLine($0, result.currency) }
        lines += costLines(result.costs, result.currency)
        if result.lookedBack > 0 {
            lines.append(
                "'look back' adds \(plural(result.lookedBack, "occurrence")) from before the start")
        }
        return lines + skippedLines(result.skipped, isAll: result.evaluated.isEmpty)
            + ["nothing was written"]
    }

    /// `sms: 2 messages, 1 part each, longest 63 characters, 0.09 CNY`,
    /// `sms: 3 messages, up to 2 parts each and 4 in all, longest 172 characters, 0.18 CNY`
    private func sizeLine(_ sizes: MessageSizes, _ currency: String) -> String {
        var text = "\(sizes.channel): \(plural(sizes.messages, "message"))"
        if let parts = sizes.parts, let most = sizes.mostParts {
            text +=
                parts == most * sizes.messages
                ? ", \(plural(most, "part")) each"
                : ", up to \(plural(most, "part")) each and \(grouped(parts)) in all"
        }
        text += ", longest \(plural(sizes.longest, "character"))"
        if let bound = sizes.bound { text += " of \(grouped(bound)) possible" }
        return text + ", " + values.amount(sizes.costMinor, currency)
    }
}

extension Session {
    /// Which strategies are not judged this time, a line for each reason.
    func skippedLines(_ skipped: [SkippedStrategy], isAll: Bool) -> [String] {
        var reasons: [String] = []
        for strategy in skipped where !reasons.contains(strategy.reason) {
            reasons.append(strategy.reason)
        }
        return reasons.map { reason in
            let names = skipped.filter { $0.reason == reason }.map(\.name)
            return (isAll ? "nothing to do: " : "") + "\(reason): " + names.joined(separator: ", ")
        }
    }

    /// A line for each outcome, `issued` first, then the most frequent.
    func outcomeLines(_ outcomes: [String: Int]) -> [String] {
        var table = TextTable([.init("", right: true), .init("")])
        let sorted = outcomes.sorted {
            ($0.key == "issued" ? 0 : 1, -$0.value, $0.key)
                < ($1.key == "issued" ? 0 : 1, -$1.value, $1.key)
        }
        for outcome in sorted { table.add([grouped(outcome.value), outcome.key]) }
        return table.lines.dropFirst().map { "  " + $0 }
    }
}

extension SkippedStrategy {
    var json: JSONValue { .object([("strategy", .string(name)), ("reason", .string(reason))]) }
}

extension MessageSizes {
    /// Rounded up.
    fileprivate var costMinor: Int64 { costMicro / 1_000_000 + (costMicro % 1_000_000 > 0 ? 1 : 0) }

    fileprivate func json(_ values: AnswerText, _ currency: String) -> JSONValue {
        .object([
            ("channel", .string(channel)), ("messages", .int(messages)),
            ("longest", .int(longest)), ("bound", bound.map(JSONValue.int) ?? .null),
            ("parts", parts.map(JSONValue.int) ?? .null),
            ("most_parts", mostParts.map(JSONValue.int) ?? .null),
            ("cost", values.json(amount: costMinor, currency)),
        ])
    }
}

extension Decision {
    func json(_ values: AnswerText) -> JSONValue {
        .object([
            ("plan", .string(plan)), ("strategy", .string(strategy)), ("member", .string(member)),
            ("occurrence", .string(occurrence)), ("at", .string(values.isoInstant(at))),
            ("outcome", .string(outcome)), ("offer", .optional(offer)),
            ("channel", .optional(channel)), ("coupon_minor", .integer(couponMinor)),
            ("message_micro", .integer(messageMicro)),
            ("length", length.map(JSONValue.int) ?? .null),
            ("parts", parts.map(JSONValue.int) ?? .null),
            ("trigger", .int(trigger)), ("also_matched", .array(alsoMatched.map(JSONValue.int))),
        ])
    }
}

extension CrowdDecision {
    fileprivate func json(_ values: AnswerText) -> JSONValue {
        .object([
            ("plan", .string(plan)), ("strategy", .string(strategy)),
            ("occurrence", .string(occurrence)), ("at", .string(values.isoInstant(at))),
            ("outcome", .string(outcome)), ("trigger", .int(trigger)),
            ("also_matched", .array(alsoMatched.map(JSONValue.int))),
            ("members", .int(members.count)),
        ])
    }
}
