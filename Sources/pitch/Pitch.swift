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
            ExplainCommand.self, PreviewCommand.self, RunCommand.self, StatusCommand.self,
            LogCommand.self, PromptCommand.self, HelpCommand.self,
        ])

    static func main() {
        // Past a limit on the size of files a write fails like on a full disk, and is reported.
        signal(SIGXFSZ, SIG_IGN)
        Foundation.exit(start(CommandLine.arguments).rawValue)
    }

    /// Parses and runs one command line, the program's name first.
    static func start(_ arguments: [String]) -> ExitStatus {
        let words = Array(arguments.dropFirst())
        do {
            try Self.requireUnicodeArguments()
            var command = try parseAsRoot(words.isEmpty ? ["help"] : words)
            try command.run()
            return .done
        } catch {
            return report(error, isJSON: asksForJSON(words))
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
            return report(CommandFailure(.usage, usage(text)), isJSON)
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

    /// The argument parser's words in the house's form: its first line says `Error: `.
    private static func usage(_ text: String) -> String {
        let prefix = "Error: "
        return text.hasPrefix(prefix) ? text.dropFirst(prefix.count).description.lowercasedFirst : text
    }

    private static func asksForJSON(_ words: [String]) -> Bool {
        words.contains("--format=json")
            || zip(words, words.dropFirst()).contains { $0 == "--format" && $1 == "json" }
    }

    /// Swift repairs arguments that are not UTF-8, which would then name another file.
    private static func requireUnicodeArguments() throws {
        for index in 1..<max(1, Int(CommandLine.argc)) {
            guard let argument = CommandLine.unsafeArgv[index] else { continue }
            let bytes = UnsafeBufferPointer(start: argument, count: strlen(argument))
            if String(validating: bytes.lazy.map { UInt8(bitPattern: $0) }, as: UTF8.self) == nil {
                throw CommandFailure(.usage, "argument \(index) is not UTF-8 text")
            }
        }
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
