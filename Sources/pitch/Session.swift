import ArgumentParser
import Foundation
import PitchEngine
import PitchSource

/// One script opened for one command: its workspace, and where its answers go.
struct Session {
    let workspace: Workspace
    let console: Console
    let values: AnswerText

    /// - Parameter file: nil for a prompt without a script.
    init(_ file: String?, _ options: CommandOptions, clock: Int64 = clockNow()) throws {
        console = options.console
        do {
            workspace = try Workspace(
                script: file, asOf: options.asOf, store: options.store, clock: clock)
        } catch {
            throw CommandFailure(error)
        }
        if workspace.program == nil, file != nil {
            throw Self.failure(.script, "", workspace.diagnostics, workspace, console)
        }
        values = AnswerText(zone: (try? workspace.moment().zone) ?? .utc)
    }

    /// Does what may fail, and shows the faults behind a failure.
    func attempt<Result>(_ body: () throws(WorkspaceError) -> Result) throws(CommandFailure)
        -> Result
    {
        do {
            return try body()
        } catch {
            throw Self.failure(
                ExitStatus(rawValue: error.exitCode) ?? .bug, error.message, error.diagnostics,
                workspace, console)
        }
    }

    private static func failure(
        _ status: ExitStatus, _ message: String, _ diagnostics: [Diagnostic],
        _ workspace: Workspace, _ console: Console
    ) -> CommandFailure {
        let errors = diagnostics.filter { $0.severity == .error }
        if errors.isEmpty { return CommandFailure(status, message) }
        let faults = FaultText(sources: workspace.sources)
        if !console.isJSON {
            console.complain(faults.text(errors, colored: console.colorsErrors))
        }
        return CommandFailure(
            status, message.isEmpty ? plural(errors.count, "error") : message,
            faults: errors.map(faults.json))
    }
}

/// Milliseconds since 1970; the one place where the commands read the clock.
func clockNow() -> Int64 { Int64((Date().timeIntervalSince1970 * 1000).rounded(.down)) }
