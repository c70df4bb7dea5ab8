import PitchProgram
import PitchSchema

/// What explores.
extension Workspace {
    private static let unconnected = WorkspaceError(.usage, "the engine is not connected yet")

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
}
