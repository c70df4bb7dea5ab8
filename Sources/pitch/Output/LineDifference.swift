/// Two texts line by line, as a unified diff.
struct LineDifference {
    private enum Line {
        case same(String), removed(String), added(String)

        var text: String {
            switch self {
            case .same(let line): " " + line
            case .removed(let line): "-" + line
            case .added(let line): "+" + line
            }
        }

        var isSame: Bool { if case .same = self { true } else { false } }
    }

    private var all: [Line] = []
    /// Unchanged lines shown around a change.
    private static let context = 3

    init(from old: String, to new: String) {
        let before = Self.split(old)
        let after = Self.split(new)
        var removed: Set<Int> = []
        var added: Set<Int> = []
        for change in after.difference(from: before) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): added.insert(offset)
            }
        }
        var (i, j) = (0, 0)
        while i < before.count || j < after.count {
            if removed.contains(i) {
                all.append(.removed(before[i]))
                i += 1
            } else if added.contains(j) {
                all.append(.added(after[j]))
                j += 1
            } else {
                all.append(.same(before[i]))
                i += 1
                j += 1
            }
        }
    }

    private static func split(_ text: String) -> [String] {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// The two file names, then each group of changes with its place.
    func lines(name: String) -> [String] {
        var result = ["--- \(name)", "+++ \(name)"]
        var start = 0
        while let change = all[start...].firstIndex(where: { !$0.isSame }) {
            let first = max(start, change - Self.context)
            var end = change
            // Changes whose surroundings touch belong to one group.
            while let next = all[end...].firstIndex(where: { !$0.isSame }),
                next - end <= 2 * Self.context
            {
                end = next + 1
            }
            let last = min(all.count, end + Self.context)
            result.append(header(first..<last))
            result += all[first..<last].map(\.text)
            start = last
        }
        return result
    }

    private func header(_ range: Range<Int>) -> String {
        let before = all[..<range.lowerBound]
        func count(_ lines: some Sequence<Line>, _ isCounted: (Line) -> Bool) -> Int {
            lines.reduce(0) { $0 + (isCounted($1) ? 1 : 0) }
        }
        func isOld(_ line: Line) -> Bool { if case .added = line { false } else { true } }
        func isNew(_ line: Line) -> Bool { if case .removed = line { false } else { true } }
        let old = "\(count(before, isOld) + 1),\(count(all[range], isOld))"
        let new = "\(count(before, isNew) + 1),\(count(all[range], isNew))"
        return "@@ -\(old) +\(new) @@"
    }
}
