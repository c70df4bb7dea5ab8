import ArgumentParser
import PitchEngine

struct TrialCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trial",
        abstract: "Tell what something is expected to cost and to bring. Nothing is issued.",
        discussion: """
            NAME is a coupon or a bundle, given once to each member of the audience; a strategy, \
            whose offers are tried one by one on those it is for; or the number of a template.
            """)

    @Argument(help: "The script.") var file: String
    @Argument(help: "A coupon, a bundle, a strategy, or the number of a template.")
    var name: String
    @Option(help: ArgumentHelp("A segment or a condition.", valueName: "condition"))
    var on: String?
    @OptionGroup var options: CommandOptions

    func run() throws {
        try Session(file, options).trial(of: name, on: on)
    }
}

extension Session {
    func trial(of name: String, on audience: String?) throws {
        let (trials, notes, currency) = try attempt { () throws(WorkspaceError) in
            try workspace.trial(of: name, on: audience)
        }
        try console.answer([
            ("trials", .array(trials.map { $0.json(values, currency) })),
            ("notes", .strings(notes)),
        ])
        try console.tell(
            trials.enumerated().flatMap { place, trial in
                (place > 0 ? [""] : []) + lines(trial, currency)
            } + [""] + notes)
    }

    /// `spring.treat: 4.10 % of 812 members convert, nine times of ten 2.00 … 7.10 %; …`
    func trialLine(_ trial: TrialRecord, _ currency: String) -> String {
        let numbers = trial.numbers
        return "\(trial.name): of \(plural(numbers.audience, "member")) "
            + "\(percent(numbers.conversion)) are expected to convert, nine times of ten "
            + "\(shareRange(trial)); their coupons cost "
            + "\(values.amount(numbers.costMinor, currency)), \(amountRange(trial, currency)); "
            + "\(decimal(numbers.priorShare * 100, 0)) % is guess"
    }

    private func lines(_ trial: TrialRecord, _ currency: String) -> [String] {
        let numbers = trial.numbers
        let amount = { (minor: Int64) in values.amount(minor, currency) }
        let members = Double(max(1, numbers.audience))
        let perIssued = numbers.issued > 0
            ? numbers.conversion * members / Double(numbers.issued) : 0
        return [
            "\(trial.name) on \(plural(numbers.audience, "member"))",
            "  conversion  \(percent(numbers.conversion)) of the audience, "
                + "\(decimal(numbers.conversion * members, 1)) members; "
                + "nine campaigns of ten: \(shareRange(trial))",
            "  cost        \(amount(numbers.costMinor)) expected; "
                + "nine campaigns of ten: \(amountRange(trial, currency))",
            "  reserved    \(amount(numbers.reservedMinor)) if all \(grouped(numbers.issued)) "
                + "coupons are used at their worst",
            "  worst case  \(amount(numbers.worstCaseMinor)): as many uses as in the worst of "
                + "those campaigns, each at its worst",
            "  guess       \(decimal(numbers.priorShare * 100, 0)) % of the conversion and "
                + "\(decimal(numbers.costPriorShare * 100, 0)) % of the cost of a use are no "
                + "history",
            "  converted ÷ issued is \(percent(perIssued)); it is never optimised",
        ]
    }
}

extension TrialRecord {
    func json(_ values: AnswerText, _ currency: String) -> JSONValue {
        let amount = { (minor: Int64) in values.json(amount: minor, currency) }
        return .object([
            ("name", .string(name)), ("audience", .int(numbers.audience)),
            ("conversion", .decimal("\(numbers.conversion)")),
            ("conversion_low", .decimal("\(numbers.conversionLow)")),
            ("conversion_high", .decimal("\(numbers.conversionHigh)")),
            ("cost", amount(numbers.costMinor)), ("cost_low", amount(numbers.costLowMinor)),
            ("cost_high", amount(numbers.costHighMinor)),
            ("reserved", amount(numbers.reservedMinor)),
            ("worst_case", amount(numbers.worstCaseMinor)), ("issued", .int(numbers.issued)),
            ("prior_share", .decimal("\(numbers.priorShare)")),
            ("cost_prior_share", .decimal("\(numbers.costPriorShare)")),
            ("goal", numbers.goal.isEmpty ? .null : .string(numbers.goal)),
            ("score", numbers.score.map { .decimal("\($0)") } ?? .null),
        ])
    }
}
