import ArgumentParser
import PitchEngine

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Show how a condition is computed.",
        discussion: """
            Its parts stand in running order. 'how' says how each is answered:
              every number           all of a column's numbers are looked at
              zones tell of N %      the least and the greatest number of these
                                     members' neighbours tell enough
              every bit or code      a bit, tag or text code of every member is
              events as they lie     one pass over all events, by member
              events by time         one pass over those within the windows
              kept ...               they were counted for an earlier question
              operators ...          it is computed value by value
              asked of the N % left  only of those that the parts before it leave
              computed before: NAME  the segment or field is computed first
            At the prompt, 'last time here' says how many members a question that was asked
            before was asked of again, and why of so many.
            """)

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
                    ("path", .string(step.path)),
                    ("columns", .strings(step.columns)),
                ])
            })),
            ("columns", .strings(result.columns)), ("from_files", .strings(result.filed)),
            ("from_rows", .strings(result.unfiled)),
            ("instructions", .string(result.instructions)), ("batch", .int(result.batchRows)),
        ] + (result.lastTime.map { [("last_time", .string($0))] } ?? []))
        var table = TextTable([
            .init("order", right: true), .init("keeps", right: true),
            .init("ns/member", right: true), .init("looks at"), .init("how"),
            .init("condition"),
        ])
        for (index, step) in result.steps.enumerated() {
            table.add([
                String(index + 1), share(Int(step.selectivity * 1_000_000), of: 1_000_000),
                rounded(step.nanoseconds), step.kernel, step.path, oneLine(step.text),
            ])
        }
        try console.tell(
            table.lines + [
                console.faint(
                    "in running order, \(grouped(result.batchRows)) members at a time "
                        + "(\(result.instructions)); 'keeps' is measured on a sample, the time is "
                        + "estimated")
            ] + fieldLines(result))
    }

    private func fieldLines(_ result: Explanation) -> [String] {
        [
            ("fields taken from the files of columns: ", result.filed),
            ("fields read from the rows of the store: ", result.unfiled),
            ("last time here: ", result.lastTime.map { [$0] } ?? []),
        ].filter { !$0.1.isEmpty }.map { $0 + $1.joined(separator: ", ") }
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
