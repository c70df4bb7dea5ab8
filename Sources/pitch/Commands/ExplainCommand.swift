import ArgumentParser
import PitchEngine

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show how a condition is computed.")

    @Argument(help: "The script.") var file: String
    @Argument(help: "A segment's name or any condition.") var expression: [String]
    @OptionGroup var options: CommandOptions

    func run() throws {
        let session = try Session(file, options)
        try session.explain(expression.joined(separator: " "))
    }
}

extension Session {
    func explain(_ expression: String) throws {
        let result = try attempt { () throws(WorkspaceError) in try workspace.explain(expression) }
        try console.answer([
            ("steps", .array(result.steps.map { step in
                .object([
                    ("condition", .string(step.text)),
                    ("selectivity", .decimal(decimal(step.selectivity))),
                    ("kernel", .string(step.kernel)),
                    ("nanoseconds", .decimal(decimal(step.nanoseconds))),
                    ("columns", .strings(step.columns)),
                ])
            })),
            ("columns", .strings(result.columns)),
        ])
        var table = TextTable([
            .init("order", right: true), .init("keeps", right: true),
            .init("ns/member", right: true), .init("looks at"), .init("condition"),
        ])
        for (index, step) in result.steps.enumerated() {
            table.add([
                String(index + 1), share(Int(step.selectivity * 1_000_000), of: 1_000_000),
                rounded(step.nanoseconds), step.kernel, oneLine(step.text),
            ])
        }
        try console.tell(
            table.lines + [
                console.faint("in running order; 'keeps' and the time are measured on a sample"),
                "fields read: " + result.columns.joined(separator: ", "),
            ])
    }

    private func rounded(_ number: Double) -> String {
        decimal((number * 100).rounded() / 100)
    }

    /// With at most six decimals, never in scientific notation.
    private func decimal(_ number: Double) -> String {
        guard number.isFinite, number.magnitude < 1e12 else { return "0" }
        return groupedDecimal(Int64((number * 1_000_000).rounded()), digits: 6)
            .replacing(",", with: "")
    }
}
