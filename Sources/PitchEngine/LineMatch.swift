/// Which `when` lines are true of an occurrence for a member, or else the first that fails.
struct LineMatch: Hashable {
    /// Ascending; at least one.
    let lines: [Int]
    let fails: Bool

    init(lines: [Int], fails: Bool) {
        self.lines = lines
        self.fails = fails
    }

    /// Nil when no line is true, and none fails.
    init?(lines: [Int], answers: [Answer]) {
        let matching = zip(lines, answers).filter { $0.1 == .yes }.map(\.0)
        let failing = zip(lines, answers).first { $0.1 == .failed }.map(\.0)
        guard let first = matching.first ?? failing else { return nil }
        self.init(lines: matching.isEmpty ? [first] : matching, fails: matching.isEmpty)
    }
}
