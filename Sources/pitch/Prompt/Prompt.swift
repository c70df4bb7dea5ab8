import ArgumentParser
import Foundation
import PitchEngine
import PitchSource

/// The prompt: reads entries and does what they ask, until the input ends.
final class Prompt {
    private let session: Session
    /// The first status that was not `done`; a pipe's exit code.
    private var worst = ExitStatus.done

    /// The script and its store, opened anew for completion, which readline asks for on its own.
    private let reopened: @Sendable () -> Workspace?

    init(_ session: Session, reopened: @escaping @Sendable () -> Workspace?) {
        self.session = session
        self.reopened = reopened
    }

    func runOnTerminal() throws -> ExitStatus {
        let editor = LineEditor(historyFile: PromptHistory.path)
        session.workspace.isCancelled = { Interruption.isRequested }
        editor.complete(with: completion)
        try greet()
        var entry = ""
        while true {
            switch editor.read(prompt: entry.isEmpty ? "pitch> " : "  ...> ") {
            case .end:
                try Console.write("\n", to: STDOUT_FILENO)
                return .done
            case .interrupted:
                entry = ""
            case .line(let line):
                entry += entry.isEmpty ? line : "\n" + line
                if wantsMore(entry) && !line.allSatisfy(\.isWhitespace) { continue }
                let text = trimmed(entry)
                entry = ""
                if text.isEmpty { continue }
                editor.remember(text)
                if try perform(text, isInteractive: true) == .leave { return .done }
                editor.complete(with: completion)
            }
        }
    }

    /// Entries from a pipe: no prompt, no history, and the exit code of the first that failed.
    func runOnPipe() throws -> ExitStatus {
        var entry = ""
        while let line = readLine() {
            entry += entry.isEmpty ? line : "\n" + line
            if wantsMore(entry) && !line.allSatisfy(\.isWhitespace) { continue }
            let text = trimmed(entry)
            entry = ""
            if !text.isEmpty, try perform(text, isInteractive: false) == .leave { return worst }
        }
        let text = trimmed(entry)
        if !text.isEmpty { _ = try perform(text, isInteractive: false) }
        return worst
    }

    private var completion: Completion {
        Completion(symbols: session.workspace.symbols) { [reopened] field, names, start in
            reopened()?.storedWords(of: field, among: names, beginningWith: start) ?? []
        }
    }

    private func greet() throws {
        guard !session.console.isQuiet else { return }
        let script = session.workspace.sources.files.first?.name ?? "no script"
        try session.console.tell([
            "Pitch: \(script). 'help' lists what can be asked; Ctrl-D leaves."
        ])
    }

    /// - Returns: whether the prompt goes on.
    private func perform(_ text: String, isInteractive: Bool) throws -> PromptVerb.Next {
        if text.hasPrefix("#") { return .stay }
        Interruption.clear()
        do {
            return try PromptVerb.perform(text, session)
        } catch let failure as CommandFailure {
            if !failure.message.isEmpty { session.console.fault(failure.message) }
            try session.console.answer([("error", failure.json)])
            note(failure.status)
        } catch let code as ExitCode {
            note(ExitStatus(rawValue: code.rawValue) ?? .bug)
        }
        return .stay
    }

    private func note(_ status: ExitStatus) { if worst == .done { worst = status } }
}

/// Whether an entry is not at its end: a bracket, a brace or a long string is open, or the last
/// word or mark wants an operand.
func wantsMore(_ entry: String) -> Bool {
    var depth = 0
    var rest = Substring(entry)
    var last = ""
    while let character = rest.first {
        if rest.hasPrefix("\"\"\"") {
            guard let end = rest.dropFirst(3).range(of: "\"\"\"") else { return true }
            rest = rest[end.upperBound...]
            last = "\""
        } else if character == "\"" || character == "'" || character == "`" {
            // A string ends at its line at the latest.
            let body = rest.dropFirst().prefix { $0 != character && !$0.isNewline }
            rest = rest[body.endIndex...].dropFirst()
            last = "\""
        } else if character == "#" {
            rest = rest.drop { !$0.isNewline }
        } else if character.isWhitespace {
            rest = rest.dropFirst()
        } else if character.isLetter || character.isNumber || character == "_" {
            last = String(rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
            rest = rest.dropFirst(last.count)
        } else {
            if "([{".contains(character) { depth += 1 }
            if ")]}".contains(character) { depth -= 1 }
            last = String(character)
            rest = rest.dropFirst()
        }
    }
    if depth > 0 { return true }
    return ["=", "<", ">", "+", "-", "*", "/", ","].contains(last)
        || LanguageReference.openingWords.contains(last)
}

/// Where the prompt's history lives.
enum PromptHistory {
    static var path: String? {
        let environment = ProcessInfo.processInfo.environment
        let state: String
        if let folder = environment["XDG_STATE_HOME"], folder.hasPrefix("/") {
            state = folder
        } else if let home = environment["HOME"], !home.isEmpty {
            state = home + "/.local/state"
        } else {
            return nil
        }
        return state + "/pitch/history"
    }
}
