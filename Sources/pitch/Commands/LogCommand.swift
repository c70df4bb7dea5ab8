import ArgumentParser
import PitchEngine

struct LogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Show past runs and their outcomes, newest first.")

    @Argument(help: "The script.") var file: String

    @Option(help: ArgumentHelp("How many runs at most.", valueName: "count"))
    var limit = 20

    @OptionGroup var options: CommandOptions

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("the limit must not be negative") }
    }

    func run() throws {
        try Session(file, options).log(limit: limit)
    }
}

extension Session {
    func log(limit: Int) throws {
        let runs = try attempt { () throws(WorkspaceError) in try workspace.log(limit: limit) }
        let deliveries = try attempt { () throws(WorkspaceError) in
            try workspace.deliveries(limit: limit)
        }
        try console.answer([
            ("runs", .array(runs.map { $0.json(values) })),
            ("deliveries", .array(deliveries.map { $0.json(values) })),
        ])
        try console.tell(lines(runs, limit) + lines(deliveries))
    }

    private func lines(_ runs: [RunRecord], _ limit: Int) -> [String] {
        if runs.isEmpty { return limit == 0 ? [] : ["no run yet"] }
        var table = TextTable([
            .init("run", right: true), .init("as of"), .init("rules", right: true),
            .init("rows read", right: true), .init("judged", right: true),
            .init("issued", right: true), .init("messages", right: true), .init("outcomes"),
        ])
        for run in runs {
            let outcomes = run.outcomes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
                .map { "\($0.key) \(grouped($0.value))" }.joined(separator: ", ")
            table.add([
                String(run.run), values.instant(run.asOf),
                run.work.map { "\(grouped($0.rulesEvaluated)) of \(grouped($0.rules))" } ?? "–",
                run.work.map { grouped($0.reading.rows) } ?? "–", grouped(run.audience),
                grouped(run.issued), grouped(run.messages),
                run.isFinished ? outcomes : "cut short",
            ])
        }
        return table.lines
    }
}

extension Session {
    private func lines(_ deliveries: [DeliveryEntry]) -> [String] {
        if deliveries.isEmpty { return [] }
        var table = TextTable([
            .init("handed over"), .init("channel"), .init("action"),
            .init("delivered", right: true), .init("a second", right: true),
            .init("retried", right: true), .init("failed", right: true),
            .init("unknown", right: true), .init("note"),
        ])
        for entry in deliveries {
            let counts = entry.counts
            table.add([
                values.instant(entry.at), entry.channel, entry.action, grouped(counts.delivered),
                counts.delivered == 0 ? "–" : grouped(Int(counts.rate.rounded())),
                grouped(counts.retried), grouped(counts.failed), grouped(counts.unknown),
                counts.note ?? "",
            ])
        }
        return [""] + table.lines
    }
}

extension DeliveryEntry {
    func json(_ values: AnswerText) -> JSONValue {
        .object([
            ("at", .string(values.isoInstant(at))), ("action", .string(action)),
        ] + counts.members)
    }
}

extension RunRecord {
    func json(_ values: AnswerText) -> JSONValue {
        .object([
            ("run", .integer(run)), ("as_of", .string(values.isoInstant(asOf))),
            ("audience", .int(audience)), ("issued", .int(issued)), ("messages", .int(messages)),
            ("outcomes", .counts(outcomes)), ("finished", .bool(isFinished)),
            ("rules_evaluated", work.map { .int($0.rulesEvaluated) } ?? .null),
            ("rules_skipped", work.map { .int($0.rulesSkipped) } ?? .null),
        ] + (work?.reading).json)
    }
}

extension RunRecord.Work {
    var rules: Int { rulesEvaluated + rulesSkipped }

    /// `evaluated 2 of 3 rules, read 8 rows`
    var text: String {
        "evaluated \(grouped(rulesEvaluated)) of \(plural(rules, "rule")), \(reading.text)"
    }
}
