import ArgumentParser
import Foundation
import PitchEngine

@main
struct Pitch: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Campaign strategies that marketers write, run on real customer data.",
        discussion: """
            Begin with 'pitch new shop'. 'pitch help TOPIC' knows every command, declaration, \
            clause, function and diagnostic code.
            """,
        subcommands: [
            NewCommand.self, CheckCommand.self, FormatCommand.self, LoadCommand.self,
            CountCommand.self, ShowCommand.self, FunnelCommand.self, WhyCommand.self,
            ExplainCommand.self, PreviewCommand.self, RunCommand.self, WatchCommand.self,
            DeliverCommand.self, StatusCommand.self, CouponsCommand.self, LogCommand.self,
            OptimizeCommand.self, TemplatesCommand.self, PickCommand.self, TrialCommand.self,
            StatisticsCommand.self,
            PlansCommand.self, ApproveCommand.self, RejectCommand.self, PromptCommand.self,
            HelpCommand.self,
        ])

    static func main() {
        // Past a limit on the size of files a write fails like on a full disk, and is reported.
        signal(SIGXFSZ, SIG_IGN)
        Foundation.exit(start(CommandWords.given).rawValue)
    }

    /// Parses and runs one command line, without the program's name.
    private static func start(_ arguments: [[UInt8]]) -> ExitStatus {
        do {
            var command = try CommandWords.command(arguments)
            try command.run()
            return .done
        } catch {
            return report(error, isJSON: CommandWords.askForJSON(arguments))
        }
    }

    private static func report(_ error: any Error, isJSON: Bool) -> ExitStatus {
        if let failure = error as? CommandFailure { return report(failure, isJSON) }
        if let failure = error as? WorkspaceError {
            return report(CommandFailure(failure), isJSON)
        }
        if let code = error as? ExitCode { return ExitStatus(rawValue: code.rawValue) ?? .bug }
        let text = fullMessage(for: error)
        switch exitCode(for: error) {
        case .success:
            do {
                try Console.write(text + "\n", to: STDOUT_FILENO)
                return .done
            } catch { return report(error, isJSON) }
        case .validationFailure:
            return report(CommandFailure(.usage, CommandWords.usage(text)), isJSON)
        default:
            return report(
                CommandFailure(.bug, "this is a bug in Pitch, please report it: \(error)"), isJSON)
        }
    }

    private static func report(_ failure: CommandFailure, _ isJSON: Bool) -> ExitStatus {
        let console = Console(format: isJSON ? .json : .text, color: .auto, isQuiet: false)
        // The failure may be that standard output is gone; standard error still tells it.
        if isJSON { try? console.answer([("error", failure.json)]) }
        if !failure.message.isEmpty { console.fault(failure.message) }
        return failure.status
    }
}

extension CommandFailure {
    init(_ error: WorkspaceError) {
        self.init(ExitStatus(rawValue: error.exitCode) ?? .bug, error.message)
    }

    var json: JSONValue {
        .object([
            ("exit", .integer(Int64(status.rawValue))), ("message", .string(message)),
            ("diagnostics", .array(faults)),
        ])
    }
}
