/// The nearest of some names to a mistyped one, by Damerau-Levenshtein distance (Damerau 1964,
/// restricted to adjacent transpositions).
enum Suggestions {
    /// Longer names are not compared: the work grows with the square of the length.
    private static let longest = 64

    /// The nearest candidate within a third of the name's length; the first of equals.
    static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased().unicodeScalars)
        guard wanted.count <= longest, wanted.count > 1 else { return nil }
        var best: (distance: Int, name: String)?
        var bound = max(1, wanted.count / 3)
        for candidate in candidates where candidate != name {
            let scalars = Array(candidate.lowercased().unicodeScalars)
            guard abs(scalars.count - wanted.count) <= bound, scalars.count <= longest else {
                continue
            }
            let distance = distance(wanted, scalars)
            guard distance <= bound, distance < (best?.distance ?? .max) else { continue }
            best = (distance, candidate)
            bound = distance
        }
        return best?.name
    }

    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var before: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let cost = left[row] == right[column] ? 0 : 1
                var least = min(
                    previous[column + 1] + 1, current[column] + 1, previous[column] + cost)
                if row > 0, column > 0, left[row] == right[column - 1],
                    left[row - 1] == right[column]
                {
                    least = min(least, before[column - 1] + 1)
                }
                current.append(least)
            }
            before = previous
            previous = current
        }
        return previous[right.count]
    }
}
