import ArgumentParser
import PitchEngine

struct FunnelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "funnel", abstract: "Show what each condition of a segment removes.")

    @Argument(help: "The script.") var file: String
    @Argument(help: "A segment's name or any condition.") var expression: [String]
    @OptionGroup var options: CommandOptions

    func run() throws {
        let session = try Session(file, options)
        try session.funnel(expression.joined(separator: " "))
    }
}

extension Session {
    func funnel(_ expression: String) throws {
        let result = try attempt { () throws(WorkspaceError) in try workspace.funnel(expression) }
        try console.answer([
            ("total", .int(result.total)),
            ("steps", .array(result.steps.map { step in
                .object([
                    ("condition", .string(step.text)), ("left", .int(step.left)),
                    ("removed", .int(step.removed)), ("near_misses", .int(step.nearMisses)),
                ])
            })),
        ])
        var table = TextTable([
            .init("members", right: true), .init("removed", right: true),
            .init("near misses", right: true), .init("condition"),
        ])
        table.add([grouped(result.total), "", "", "all members"])
        for step in result.steps {
            table.add([
                grouped(step.left), grouped(step.removed), grouped(step.nearMisses),
                oneLine(step.text),
            ])
        }
        try console.tell(
            table.lines + [console.faint("a near miss satisfies every condition but this one")])
    }
}

/// Text of a script on one line, with single blanks.
func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
}
