import ArgumentParser
import Foundation
import PitchEngine

struct PromptCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repl", abstract: "Ask questions at a prompt.")

    @Argument(help: "The script (default: none).") var file: String?
    @OptionGroup var options: CommandOptions

    func run() throws {
        let session = try Session(file, options)
        session.workspace.standing = StandingQuestions()
        let (file, asOf, store) = (file, options.asOf, options.store)
        let prompt = Prompt(session) {
            try? Workspace(script: file, asOf: asOf, store: store, clock: clockNow())
        }
        let isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        let status = isTerminal ? try prompt.runOnTerminal() : try prompt.runOnPipe()
        if status != .done { throw ExitCode(status.rawValue) }
    }
}
