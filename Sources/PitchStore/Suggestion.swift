/// What a wrong name was probably meant to be.
enum Suggestion {
    /// `; did you mean 'city'?`, or nothing when no name is near.
    static func text(for name: String, among names: [String]) -> String {
        let near = names.map { ($0, distance(name, $0)) }.filter { $0.1 <= max(1, name.count / 3) }
        guard let best = near.min(by: { $0.1 < $1.1 }) else { return "" }
        return "; did you mean '\(best.0)'?"
    }

    /// - Throws: `StoreError` when a column is not there, or is there twice.
    static func requireColumns(
        _ columns: [String], among present: [String], _ action: String
    ) throws {
        for column in columns {
            let count = present.count { $0 == column }
            if count == 1 { continue }
            if count > 1 {
                throw StoreError(.source, action, "it has \(count) columns named '\(column)'")
            }
            throw StoreError(
                .source, action,
                "it has no column '\(column)', but \(shown(present))"
                    + text(for: column, among: present))
        }
    }

    private static func shown(_ names: [String]) -> String {
        let first = names.prefix(20).map { "'\($0)'" }.joined(separator: ", ")
        return names.count > 20 ? "\(first) and \(names.count - 20) more" : first
    }

    /// Damerau and Levenshtein's distance without case, of at most 64 characters.
    private static func distance(_ left: String, _ right: String) -> Int {
        let (a, b) = (Array(left.lowercased().prefix(64)), Array(right.lowercased().prefix(64)))
        var rows = [Array(0...b.count)]
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var best = min(
                    rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
                    best = min(best, rows[i - 1][j - 1] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}
