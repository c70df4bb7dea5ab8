/// Which variable a step of the dual simplex method brings into the basis: the one of the least
/// loss by slope, or a later one, as far as classes can be passed on the way: a class whose members
/// all have one option passes to another as a whole, as long as that leaves something of what is
/// out of range (Maros, A Generalized Dual Phase-2 Simplex Algorithm, 2003). One step then does
/// what would take one for every class.
struct RatioTest {
    /// A variable, where on the way it comes in, and how much a unit of it mends.
    struct Candidate {
        var variable: Int
        var ratio: Double
        var slope: Double

        /// - Returns: nil for a variable that a step moves away from.
        @inline(__always)
        init?(_ variable: Int, loss: Double, slope: Double) {
            guard slope > RowSimplex.zero else { return nil }
            (self.variable, ratio, self.slope) = (variable, max(0, loss) / slope, slope)
        }

        @inline(__always)
        func isBefore(_ other: Candidate) -> Bool {
            ratio < other.ratio || ratio == other.ratio && slope > other.slope
        }
    }

    /// The first that cannot be passed.
    private(set) var first: Candidate?
    private var steps: [(kept: Int, candidate: Candidate)] = []

    @inline(__always)
    mutating func add(_ candidate: Candidate?) {
        guard let candidate else { return }
        if let first, !candidate.isBefore(first) { return }
        first = candidate
    }

    /// The first of a class that can be passed.
    mutating func add(_ candidate: Candidate, passing kept: Int) {
        steps.append((kept, candidate))
    }

    /// Classes that can be passed, in the order of the way.
    mutating func passable() -> [(kept: Int, candidate: Candidate)] {
        if let first { steps = steps.filter { $0.candidate.isBefore(first) } }
        return steps.sorted { one, other in
            one.candidate.ratio != other.candidate.ratio
                ? one.candidate.ratio < other.candidate.ratio : one.kept < other.kept
        }
    }
}
