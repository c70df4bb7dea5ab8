/// Templates of which none is both as cheap and as converting as another, by rising cost.
struct TemplateFrontier {
    struct Point {
        let outcome: Outcome
        let path: [Int]
    }

    private(set) var points: [Point] = []

    /// Adds a template unless one as good is there; of two alike the first stays.
    mutating func add(_ outcome: Outcome, _ path: [Int]) {
        let start = place { $0.costMinor >= outcome.costMinor }
        let end = place { $0.costMinor > outcome.costMinor }
        if end > 0, points[end - 1].outcome.conversion >= outcome.conversion { return }
        var last = start
        while last < points.count, points[last].outcome.conversion <= outcome.conversion {
            last += 1
        }
        points.replaceSubrange(start..<last, with: [Point(outcome: outcome, path: path)])
    }

    /// The first point that is true, when all behind it are.
    private func place(_ isBehind: (Outcome) -> Bool) -> Int {
        var (low, high) = (0, points.count)
        while low < high {
            let middle = low + (high - low) / 2
            if isBehind(points[middle].outcome) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}

/// The best templates found, the best first: by the goal, then the cheaper, then the more
/// converting, then by the places of their levels.
struct Ranking {
    struct Entry {
        let value: Double
        let outcome: Outcome
        let path: [Int]

        func precedes(_ other: Entry) -> Bool {
            if value != other.value { return value > other.value }
            if outcome.costMinor != other.outcome.costMinor {
                return outcome.costMinor < other.outcome.costMinor
            }
            if outcome.conversion != other.outcome.conversion {
                return outcome.conversion > other.outcome.conversion
            }
            return path.lexicographicallyPrecedes(other.path)
        }
    }

    let most: Int
    private(set) var entries: [Entry] = []

    init(keeping most: Int) { self.most = most }

    /// A template below this is not kept.
    var leastValue: Double {
        entries.count < most ? -.infinity : entries.last?.value ?? -.infinity
    }

    mutating func add(_ value: Double, _ outcome: Outcome, _ path: [Int]) {
        if value < leastValue { return }
        let entry = Entry(value: value, outcome: outcome, path: path)
        let place = entries.firstIndex { !$0.precedes(entry) } ?? entries.count
        if place < entries.count, entries[place].path == path { return }
        entries.insert(entry, at: place)
        if entries.count > most { entries.removeLast() }
    }
}
