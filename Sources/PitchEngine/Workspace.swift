import PitchProgram
import PitchSchema
import PitchSource

/// One script with its imports, its store and its instant: everything that commands and the prompt
/// ask for. It prints nothing.
package final class Workspace {
    /// The script first, then what it imports, then what was entered at the prompt.
    package private(set) var sources: SourceSet
    package private(set) var diagnostics: [Diagnostic]
    /// Nil while the script has errors.
    package private(set) var program: Program?

    /// Reads and checks a script. Faults in it are `diagnostics`; only a script that cannot be read
    /// throws.
    /// - Parameters:
    ///   - path: the script; nil for a prompt without one.
    ///   - asOf: the instant as the user wrote it; nil: `clock`.
    ///   - store: in place of the script's `store`, relative to the working folder.
    ///   - clock: milliseconds since 1970, read once by the caller.
    package init(
        script path: String?, asOf: String? = nil, store: String? = nil, clock: Int64
    ) throws(WorkspaceError) {
        sources = SourceSet()
        diagnostics = []
        throw WorkspaceError(.usage, "the engine is not connected yet")
    }

    /// The run's instant in milliseconds, and its zone.
    package func moment() throws(WorkspaceError) -> Moment { throw Self.unconnected }

    private static let unconnected = WorkspaceError(.usage, "the engine is not connected yet")

    /// Loads what is new from every source.
    package func load(progress: ((LoadStep) -> Void)? = nil) throws(WorkspaceError) -> LoadSummary {
        throw Self.unconnected
    }

    package func count(_ expression: String) throws(WorkspaceError) -> CountResult {
        throw Self.unconnected
    }

    /// - Parameter fields: member fields or any expressions; empty: the first fields.
    package func show(
        _ expression: String, fields: [String] = [], limit: Int = 20
    ) throws(WorkspaceError) -> MemberTable { throw Self.unconnected }

    package func funnel(_ expression: String) throws(WorkspaceError) -> FunnelResult {
        throw Self.unconnected
    }

    /// - Parameter subject: an expression, or the name of a strategy.
    package func why(_ member: String, _ subject: String) throws(WorkspaceError) -> WhyResult {
        throw Self.unconnected
    }

    package func explain(_ expression: String) throws(WorkspaceError) -> Explanation {
        throw Self.unconnected
    }

    /// - Parameter names: plans or strategies; empty: all.
    package func preview(_ names: [String] = []) throws(WorkspaceError) -> PreviewResult {
        throw Self.unconnected
    }

    /// One cycle. - Parameter plans: empty: all that are valid.
    package func run(
        _ plans: [String] = [], progress: ((LoadStep) -> Void)? = nil
    ) throws(WorkspaceError) -> RunReport { throw Self.unconnected }

    package func status() throws(WorkspaceError) -> StatusReport { throw Self.unconnected }

    /// Past runs, newest first.
    package func log(limit: Int = 20) throws(WorkspaceError) -> [RunRecord] {
        throw Self.unconnected
    }

    /// Adds a `let`, `define`, `segment` or `field` entered at the prompt, which replaces one of
    /// the same name that was entered there before.
    /// - Returns: its faults; empty when it was taken.
    package func define(_ text: String) -> [Diagnostic] { diagnostics }

    /// Every name that can be written, sorted.
    package var symbols: [Symbol] { [] }
}
