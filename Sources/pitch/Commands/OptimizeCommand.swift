import ArgumentParser
import Foundation
import PitchEngine
import PitchReport

struct OptimizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "optimize",
        abstract: "Make numbered templates of a theme, best first by a goal.",
        discussion: """
            Tries what the theme allows on its audience, with what history says of such coupons, \
            and writes the best templates down, each under a number of its own. 'pitch pick' \
            picks one of them for a strategy.
            """)

    @Argument(help: "The script.") var file: String
    @Argument(help: "The theme.") var theme: String
    @Option(name: .customLong("for"), help: ArgumentHelp("The goal.", valueName: "goal"))
    var goal: String
    @Option(help: PlotFile.help)
    var plot: String?
    @OptionGroup var options: CommandOptions

    func validate() throws { try PlotFile.validate(plot) }

    func run() throws {
        try Session(file, options).optimize(theme, for: goal, plot: plot)
    }
}

struct TemplatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "templates",
        abstract: "List numbered templates, with what they are expected to cost and to bring.")

    @Argument(help: "The script.") var file: String
    @Argument(help: "A theme (default: all).") var theme: String?
    @Option(help: PlotFile.help)
    var plot: String?
    @OptionGroup var options: CommandOptions

    func validate() throws { try PlotFile.validate(plot) }

    func run() throws {
        try Session(file, options).templates(of: theme, plot: plot)
    }
}

struct PickCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pick", abstract: "Pick a template by its number for a strategy.",
        discussion: """
            The strategy says 'give picked from' the template's theme. 'none' declines all \
            templates. What is picked is part of what is approved.
            """)

    @Argument(help: "The script.") var file: String
    @Argument(help: "The number of a template, or 'none'.") var number: String
    @Option(name: .customLong("for"), help: ArgumentHelp("The strategy.", valueName: "strategy"))
    var strategy: String
    @OptionGroup var options: CommandOptions

    func run() throws {
        try Session(file, options).pick(number, for: strategy)
    }
}

extension Session {
    func optimize(_ theme: String, for goal: String, plot: String?) throws {
        let progress = ProgressLine(console)
        let report = try stoppingGently { () throws(CommandFailure) in
            defer { progress.end() }
            return try attempt { () throws(WorkspaceError) in
                try workspace.optimize(theme: theme, for: goal) {
                    progress.show("\(plural($0, "template")) tried")
                }
            }
        }
        try console.answer(report.json(values))
        for line in lines(report) { try console.say(line) }
        if let plot {
            try PlotFile.write(
                FrontierPlot(report, title: "\(report.theme) for \(report.goal)"), to: plot)
            try console.say("drew \(plot)")
        }
        if report.end == .unreachable {
            // The answer says it.
            if console.isJSON { throw ExitCode(ExitStatus.gate.rawValue) }
            throw CommandFailure(.gate, "no template reaches the goal '\(report.goal)'")
        }
    }

    private func lines(_ report: OptimizeReport) -> [String] {
        var lines = [
            "\(report.theme) for \(report.goal): \(plural(report.audience, "member")), "
                + "\(plural(report.imported, "row")) of history, "
                + "\(plural(report.own, "result")) of own coupons"
        ]
        let ranked = report.found.filter { $0.place > 0 }
        if !ranked.isEmpty { lines += templateLines(ranked, report.currency) }
        if ranked.isEmpty, report.end != .unreachable {
            lines.append("the best template gives nothing to anybody")
        }
        let others = report.found.count - ranked.count
        if others > 0 {
            lines.append(
                "and \(plural(others, "other")) on the frontier of cost and conversion: "
                    + "'pitch templates' lists, '--plot' draws them")
        }
        let count =
            Int64(exactly: report.templates).map(grouped) ?? scientificLarge(report.templates)
        lines.append(
            "\(count) template\(report.templates == 1 ? "" : "s") possible, "
                + "\(grouped(report.evaluated)) tried: \(report.end.rawValue)")
        if report.end == .open, let bound = report.bound {
            let text = report.objective == "cost"
                ? amount(bound, report.currency)
                : report.objective == "score" ? decimal(bound, 6) : percent(bound)
            lines.append("none betters \(text); gap \(report.gap.map(percent) ?? "unknown")")
        }
        if !report.expectedOnly.isEmpty {
            lines.append(
                "guessed, without history: " + report.expectedOnly.joined(separator: ", ")
                    + " by 'expect use'")
        }
        return lines
    }

    func templates(of theme: String?, plot: String?) throws {
        let (templates, currency) = try attempt { () throws(WorkspaceError) in
            try workspace.templates(of: theme)
        }
        try console.answer([("templates", .array(templates.map { $0.json(values, currency) }))])
        try console.tell(
            templates.isEmpty
                ? ["no template: 'pitch optimize' makes some"] : templateLines(templates, currency))
        guard let plot else { return }
        try PlotFile.write(
            FrontierPlot(templates, title: theme ?? "All templates", currency), to: plot)
        try console.say("drew \(plot)")
    }

    func pick(_ number: String, for strategy: String) throws {
        var template: Int64?
        if number != "none" {
            guard let known = Int64(number), known > 0 else {
                throw CommandFailure(
                    .usage,
                    "expected the number of a template or 'none', found '\(printable(number))'")
            }
            template = known
        }
        let pick = try attempt { () throws(WorkspaceError) in
            try workspace.pick(template, for: strategy)
        }
        try console.answer([
            ("strategy", .string(pick.strategy)), ("theme", .string(pick.theme)),
            ("template", pick.template.map { .integer($0) } ?? .null),
        ])
        try console.say(
            pick.template.map { "\(pick.strategy) gives template \($0) of \(pick.theme)" }
                ?? "\(pick.strategy) gives none of the templates of \(pick.theme)")
    }

    func templateLines(_ templates: [TemplateRecord], _ currency: String) -> [String] {
        var table = TextTable([
            .init("no.", right: true), .init("cost", right: true), .init("90 % of campaigns"),
            .init("conversion", right: true), .init("90 % of campaigns"),
            .init("guess", right: true), .init("gives"), .init(""),
        ])
        for template in templates {
            let trial = template.trial
            table.add([
                String(template.number), values.amount(trial.numbers.costMinor, currency),
                amountRange(trial, currency), percent(trial.numbers.conversion),
                shareRange(trial), decimal(trial.numbers.priorShare * 100, 0) + " %",
                template.text, remarks(template),
            ])
        }
        return table.lines
    }

    private func remarks(_ template: TemplateRecord) -> String {
        var parts: [String] = []
        if template.isFrontier { parts.append("frontier") }
        if !template.pickedFor.isEmpty {
            parts.append("picked for " + template.pickedFor.joined(separator: ", "))
        }
        if let actual = template.actual {
            parts.append("used \(grouped(actual.used)) of \(grouped(actual.issued))")
        }
        return parts.joined(separator: "; ")
    }

    func amountRange(_ trial: TrialRecord, _ currency: String) -> String {
        let unit = " " + currency
        let low = values.amount(trial.numbers.costLowMinor, currency)
        let text = low.hasSuffix(unit) ? String(low.dropLast(unit.count)) : low
        return text + " … " + values.amount(trial.numbers.costHighMinor, currency)
    }

    func shareRange(_ trial: TrialRecord) -> String {
        decimal(trial.numbers.conversionLow * 100, 2, minimum: 2) + " … "
            + percent(trial.numbers.conversionHigh)
    }
}

/// `1.2e+15` of a number above the whole ones that fit.
private func scientificLarge(_ value: Double) -> String {
    guard value.isFinite else { return "countless" }
    var (exponent, rest) = (0, value)
    while rest >= 10 { (exponent, rest) = (exponent + 1, rest / 10) }
    return "\(decimal(rest, 1))e+\(exponent)"
}

extension TemplateRecord {
    /// `4,000 x off20, 1,000 x comeback`
    var text: String {
        items.map { "\(grouped($0.quantity)) x \($0.offer)" }.joined(separator: ", ")
    }

    func json(_ values: AnswerText, _ currency: String) -> JSONValue {
        .object([
            ("number", .integer(number)), ("theme", .string(theme)), ("words", .strings(words)),
            ("items", .array(items.map { item in
                .object([("offer", .string(item.offer)), ("quantity", .int(item.quantity))])
            })),
            ("place", place == 0 ? .null : .int(place)), ("frontier", .bool(isFrontier)),
            ("tried_at", .string(values.isoInstant(triedAt))),
            ("trial", trial.json(values, currency)),
            ("known_conversion", .decimal("\(conversion)")),
            ("known_weight", .decimal("\(weight)")), ("picked_for", .strings(pickedFor)),
            ("actual", actual.map { actual in
                .object([
                    ("issued", .int(actual.issued)), ("used", .int(actual.used)),
                    ("cost", values.json(amount: actual.costMinor, currency)),
                ])
            } ?? .null),
        ])
    }
}

extension OptimizeReport {
    fileprivate func json(_ values: AnswerText) -> [(String, JSONValue)] {
        [
            ("theme", .string(theme)), ("goal", .string(goal)), ("audience", .int(audience)),
            ("possible", .decimal(templates.isFinite ? "\(templates)" : "1e308")),
            ("tried", .int(evaluated)), ("end", .string(end.rawValue)),
            ("bound", bound.map { .decimal("\($0)") } ?? .null),
            ("gap", gap.map { .decimal("\($0)") } ?? .null),
            ("imported_rows", .int(imported)), ("own_results", .int(own)),
            ("expected_only", .strings(expectedOnly)),
            ("templates", .array(found.map { $0.json(values, currency) })),
        ]
    }
}
