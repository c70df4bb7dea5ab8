/// Finds what a misspelt word was meant to be.
package enum Spelling {
    /// The candidate nearest to a word, if it is near enough to be meant: at most a third of its
    /// letters differ, at least one may. Ties go to the first.
    package static func nearest(
        to word: String, among candidates: some Sequence<String>
    ) -> String? {
        let scalars = Array(word.lowercased().unicodeScalars.prefix(64))
        let allowed = max(1, min(3, scalars.count / 3))
        var best: (distance: Int, candidate: String)?
        for candidate in candidates where candidate != word {
            let other = Array(candidate.lowercased().unicodeScalars.prefix(64))
            guard abs(other.count - scalars.count) <= allowed else { continue }
            let distance = distance(scalars, other)
            guard distance <= allowed, distance < min(scalars.count, other.count) else { continue }
            if let known = best, known.distance <= distance { continue }
            best = (distance, candidate)
        }
        return best?.candidate
    }

    /// Damerau–Levenshtein distance with adjacent transpositions (Damerau 1964).
    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for i in 0..<left.count {
            var row = [i + 1]
            for j in 0..<right.count {
                var cost = min(row[j] + 1, last[j + 1] + 1, last[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, beforeLast[j - 1] + 1)
                }
                row.append(cost)
            }
            beforeLast = last
            last = row
        }
        return last[right.count]
    }
}
