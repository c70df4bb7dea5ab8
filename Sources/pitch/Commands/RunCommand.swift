import ArgumentParser
import PitchEngine

struct RunCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run one cycle: load, judge, issue coupons, deliver messages.")

    @Argument(help: "The script.") var file: String
    @Argument(help: "Plans (default: all that are valid).") var plans: [String] = []
    @OptionGroup var options: CommandOptions

    func run() throws {
        try Session(file, options).run(plans)
    }
}

extension Session {
    func run(_ plans: [String]) throws {
        let report: RunReport
        do {
            report = try cycle(plans)
        } catch let error as CommandFailure {
            // No plan is valid today: that is no trouble, and cron would send mail about it. That
            // one waits for an approval is for somebody to mend.
            guard error.status == .nothingToRun, console.isQuiet, !workspace.isAnyPlanValid(plans)
            else { throw error }
            throw ExitCode(error.status.rawValue)
        }
        if report.exitCode != 0 { throw ExitCode(report.exitCode) }
    }

    /// One cycle, told as it ends.
    func cycle(_ plans: [String] = []) throws -> RunReport {
        let progress = ProgressLine(console)
        defer { progress.end() }
        do throws(CommandFailure) {
            let report = try stoppingGently { () throws(CommandFailure) in
                try attempt { () throws(WorkspaceError) in
                    try workspace.run(plans) { progress.show($0.text) }
                }
            }
            progress.end()
            try show(report)
            return report
        } catch {
            guard error.status == .nothingToRun else { throw error }
            throw try deliverBeside(error)
        }
    }

    /// Nothing is to run: what earlier runs queued is handed over all the same.
    private func deliverBeside(
        _ refusal: CommandFailure
    ) throws(CommandFailure) -> CommandFailure {
        let delivery = try stoppingGently { () throws(CommandFailure) in
            try attempt { () throws(WorkspaceError) in try workspace.deliverWithoutRun() }
        }
        for line in delivery.lines { try console.say(line) }
        warn(of: delivery)
        if delivery.exitCode == 0 { return refusal }
        return CommandFailure(
            .partly, refusal.message + ", and not all that waited was handed over")
    }

    private func show(_ report: RunReport) throws(CommandFailure) {
        try console.answer(report.json(values))
        for line in lines(report) { try console.say(line) }
        warnOfQuarantine(report.load)
        warnOfConflicts(report.load.coupons)
        warn(of: report.delivery)
        guard !console.isJSON else { return }
        for refusal in report.waiting { console.warn(refusal) }
        for choice in report.choices { warn(of: choice) }
        if let places = emptyPlaces(report) { console.warn(places) }
        if let failed = report.outcomes["failed"] {
            console.warn("\(plural(failed, "occurrence")) could not be judged")
        }
    }

    private func lines(_ report: RunReport) -> [String] {
        var lines = ["run \(report.run) as of \(values.instant(report.asOf))"]
        lines += report.load.lines
        if report.expired > 0 { lines.append("\(plural(report.expired, "coupon")) expired") }
        if !report.evaluated.isEmpty {
            let due = report.evaluated.count
            lines.append(
                "judged \(plural(report.audience, "occurrence")) of "
                    + "\(grouped(due)) strateg\(due == 1 ? "y" : "ies"), "
                    + report.reading.text)
            lines += outcomeLines(report.outcomes)
            lines += report.choices.flatMap(choiceLines)
            lines.append(
                "issued \(plural(report.issued, "coupon")), wrote \(plural(report.messages, "message"))")
        }
        lines += costLines(report.costs, report.currency)
        lines += report.delivery.lines
        lines += report.missed.map { "missed \($0)" }
        return lines + skippedLines(report.skipped, isAll: report.evaluated.isEmpty)
    }

    /// `no member lives at 2 places with new weather: Atlantis, Shang hai`
    private func emptyPlaces(_ report: RunReport) -> String? {
        let places = report.emptyPlaces.sorted()
        if places.isEmpty { return nil }
        let shown = places.prefix(5).map(printable).joined(separator: ", ")
        let more = places.count > 5 ? " and others" : ""
        let count = plural(places.count, "place")
        return "no member lives at \(count) with new weather: \(shown)\(more)"
    }
}

extension RunReport {
    func json(_ values: AnswerText) -> [(String, JSONValue)] {
        [
            ("run", .integer(run)), ("as_of", .string(values.isoInstant(asOf))),
            ("audience", .int(audience)), ("issued", .int(issued)), ("messages", .int(messages)),
            ("outcomes", .counts(outcomes)), ("load", .object(load.json)),
            ("expired", .int(expired)),
            ("costs", .array(costs.map { $0.json(values, currency) })),
            ("evaluated", .strings(evaluated)), ("skipped", .array(skipped.map(\.json))),
            ("waiting_plans", .strings(waiting)),
            ("choices", .array(choices.map { $0.json(values) })),
            ("missed", .strings(missed)), ("empty_places", .strings(emptyPlaces.sorted())),
        ] + reading.json + delivery.json
    }
}

extension ReadCounts {
    /// `read 8 rows, looked up 5 others, took 15,000 values from columns`
    var text: String {
        var parts = ["read \(plural(rows, "row"))"]
        if lookups > 0 { parts.append("looked up \(plural(lookups, "other"))") }
        if columnValues > 0 {
            parts.append("took \(plural(columnValues, "value")) from columns")
        }
        return parts.joined(separator: ", ")
    }

    var json: [(String, JSONValue)] { Optional(self).json }
}

extension ReadCounts? {
    var json: [(String, JSONValue)] {
        let count = { (value: Int?) in value.map(JSONValue.int) ?? .null }
        return [
            ("rows_read", count(self?.rows)), ("rows_looked_up", count(self?.lookups)),
            ("column_values_read", count(self?.columnValues)),
        ]
    }
}
