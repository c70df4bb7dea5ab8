import ArgumentParser
import PitchEngine

struct CountCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "count", abstract: "Count the members who satisfy a condition.")

    @Argument(help: "The script.") var file: String
    @Argument(help: "A segment's name or any condition.") var expression: [String]
    @OptionGroup var options: CommandOptions

    func run() throws {
        let session = try Session(file, options)
        try session.count(expression.joined(separator: " "))
    }
}

extension Session {
    func count(_ expression: String) throws {
        let result = try attempt { () throws(WorkspaceError) in try workspace.count(expression) }
        try console.answer([
            ("count", .int(result.selected)), ("unknown", .int(result.unknown)),
            ("failed", .int(result.failed)), ("total", .int(result.total)),
        ])
        try console.tell(result.text)
        try endPartly(failed: result.failed)
    }

    /// A condition that could not be computed for some members gives a partial answer.
    func endPartly(failed: Int) throws {
        guard failed > 0 else { return }
        console.warn("the condition could not be computed for \(plural(failed, "member"))")
        throw ExitCode(ExitStatus.partly.rawValue)
    }
}

extension CountResult {
    /// `12,304 of 1,000,000 members (1.2 %)`
    var text: String {
        let unknown = unknown > 0 ? "; unknown for \(grouped(unknown))" : ""
        return "\(grouped(selected)) of \(plural(total, "member")) "
            + "(\(share(selected, of: total)))\(unknown)"
    }
}
