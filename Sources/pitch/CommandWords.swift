import ArgumentParser
import Glibc
import PitchSource

/// The words of a command line, as bytes, and the command that they make.
package enum CommandWords {
    /// What this process was started with, without its own name.
    static var given: [[UInt8]] {
        (1..<max(1, Int(CommandLine.argc))).compactMap { index in
            CommandLine.unsafeArgv[index].map { argument in
                UnsafeBufferPointer(start: argument, count: strlen(argument))
                    .map(UInt8.init(bitPattern:))
            }
        }
    }

    /// - Throws: what is wrong with the words, as a `CommandFailure` or in the argument parser's
    ///   words.
    static func command(_ arguments: [[UInt8]]) throws -> any ParsableCommand {
        var words: [String] = []
        for (index, bytes) in arguments.enumerated() {
            // Repaired, it would name another file.
            guard let word = String(validating: bytes, as: UTF8.self) else {
                throw CommandFailure(.usage, "argument \(index + 1) is not UTF-8 text")
            }
            words.append(word)
        }
        if let first = words.first, let refusal = unknownCommand(first) { throw refusal }
        return try Pitch.parseAsRoot(words.isEmpty ? ["help"] : words)
    }

    /// The argument parser would call a misspelt command an unexpected argument.
    private static func unknownCommand(_ word: String) -> CommandFailure? {
        let names = Pitch.configuration.subcommands.compactMap { $0.configuration.commandName }
        guard !word.hasPrefix("-"), !names.contains(word) else { return nil }
        let meant = Spelling.nearest(to: word, among: names)
        return CommandFailure(
            .usage,
            "there is no command '\(printable(word))'; "
                + (meant.map { "did you mean '\($0)'?" } ?? "'pitch help' lists them"))
    }

    /// How a command line would end before anything is done: nil for a command that would begin,
    /// otherwise the exit code and the line that says why.
    package static func refusal(of arguments: [[UInt8]]) -> (exit: Int32, message: String)? {
        do {
            _ = try command(arguments)
            return nil
        } catch let failure as CommandFailure {
            return (failure.status.rawValue, failure.message)
        } catch {
            let text = Pitch.fullMessage(for: error)
            switch Pitch.exitCode(for: error) {
            case .success: return (ExitStatus.done.rawValue, text)
            case .validationFailure: return (ExitStatus.usage.rawValue, usage(text))
            default: return (ExitStatus.bug.rawValue, text)
            }
        }
    }

    /// Whether the answer is to be JSON, also when the words make no command.
    static func askForJSON(_ arguments: [[UInt8]]) -> Bool {
        let words = arguments.map { String(decoding: $0, as: UTF8.self) }
        return words.contains("--format=json")
            || zip(words, words.dropFirst()).contains { $0 == "--format" && $1 == "json" }
    }

    /// The argument parser's words in the house's form: its first line says `Error: `.
    static func usage(_ text: String) -> String {
        let prefix = "Error: "
        return text.hasPrefix(prefix)
            ? text.dropFirst(prefix.count).description.lowercasedFirst : text
    }
}
