import PitchProgram

extension Expression {
    /// Every part, this one first.
    package var parts: [Expression] { [self] + operands.flatMap(\.parts) }

    package var depth: Int { 1 + (operands.map(\.depth).max() ?? 0) }
}
