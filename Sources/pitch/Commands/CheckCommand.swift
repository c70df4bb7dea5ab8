import ArgumentParser
import PitchEngine
import PitchSource

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Find the faults of scripts.")

    @Argument(help: "Scripts.")
    var files: [String]

    @OptionGroup var options: CommandOptions

    func run() throws {
        let console = options.console
        var faults: [JSONValue] = []
        var errorCount = 0
        for file in files {
            let workspace: Workspace
            do {
                workspace = try Workspace(
                    script: file, asOf: options.asOf, store: options.store, clock: clockNow())
            } catch {
                throw CommandFailure(error)
            }
            let found = workspace.diagnostics
            let rendered = FaultText(sources: workspace.sources)
            faults += found.map(rendered.json)
            errorCount += found.count { $0.severity == .error }
            try show(found, of: file, rendered, console)
        }
        try console.answer([
            ("files", .strings(files)), ("errors", .int(errorCount)),
            ("diagnostics", .array(faults)),
        ])
        if errorCount > 0 { throw ExitCode(ExitStatus.script.rawValue) }
    }

    /// Hints are no reason to speak when asked to be quiet.
    private func show(
        _ found: [Diagnostic], of file: String, _ rendered: FaultText, _ console: Console
    ) throws {
        if console.isJSON { return }
        let shown = console.isQuiet ? found.filter { $0.severity == .error } : found
        if !shown.isEmpty {
            console.complain(rendered.text(shown, colored: console.colorsErrors))
        }
        let counts = [Severity.error, .warning, .hint].compactMap { severity in
            let count = found.count { $0.severity == severity }
            return count == 0 ? nil : plural(count, severity.rawValue)
        }
        let found = counts.isEmpty ? "no faults" : counts.joined(separator: ", ")
        try console.say("\(file): " + found)
    }
}
