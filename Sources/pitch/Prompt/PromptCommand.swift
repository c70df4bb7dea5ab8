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
        let prompt = Prompt(session)
        let isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
        let status = isTerminal ? try prompt.runOnTerminal() : try prompt.runOnPipe()
        if status != .done { throw ExitCode(status.rawValue) }
    }
}
