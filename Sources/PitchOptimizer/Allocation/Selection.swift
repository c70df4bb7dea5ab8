/// The choices where the way up the frontier ends, and the increments that come next.
struct Selection {
    /// The efficiency of the increment at the break, in value per minor unit; `nil` when the way
    /// does not end: the goal does not bind or cannot be reached.
    private(set) var multiplier: Double?
    /// The last increment taken and the choice it replaced.
    private(set) var last: (increment: Increment, offer: Int16)?
    /// The increments after the break, best first, the one that did not fit included.
    private(set) var rest: ArraySlice<Increment> = []
    /// The increments of the break's bucket and below it, sorted, and how many were taken.
    private var sorted: [Increment] = []
    private var taken = 0

    private static let buckets = 4096
    /// How many increments after the break are looked at for a fill.
    private static let restCount = 2000

    /// Takes increments in order until the goal ends the way. Only those around the break are
    /// sorted: a histogram over efficiency finds them, so the rest is O(increments).
    init(_ frontier: Frontier, _ goal: Goal, _ choices: inout [Int16]) {
        let histogram = Histogram(frontier, buckets: Self.buckets)
        let (bucket, before) = histogram.end(of: goal, from: frontier.start)
        for increment in frontier.increments where histogram.bucket(increment) < bucket {
            choices[Int(increment.member)] = increment.offer
        }
        sorted = histogram.increments(of: frontier, from: bucket, atLeast: Self.restCount)
        walk(goal, from: before, &choices)
        rest = sorted[taken...].prefix(Self.restCount)
    }

    private mutating func walk(_ goal: Goal, from start: Totals, _ choices: inout [Int16]) {
        var totals = start
        for increment in sorted {
            let step = Totals(value: increment.value, cost: Int64(increment.cost))
            if goal.ends(at: totals, before: step) {
                // A budget breaks before an increment, a floor after one.
                if case .budget = goal { multiplier = increment.efficiency }
                return
            }
            let member = Int(increment.member)
            last = (increment, choices[member])
            choices[member] = increment.offer
            totals = totals + step
            taken += 1
            if case .floor(let floor) = goal, totals.value >= floor {
                multiplier = increment.efficiency
                return
            }
        }
    }
}

/// The sums of increments by efficiency, best first.
private struct Histogram {
    private let bracket: Bracket
    private let scale: Double
    private var sums: [Totals]
    private var counts: [Int]

    init(_ frontier: Frontier, buckets: Int) {
        bracket = frontier.bracket
        scale = Double(buckets) / max(bracket.high - bracket.low, .leastNormalMagnitude)
        sums = Array(repeating: Totals(), count: buckets)
        counts = Array(repeating: 0, count: buckets)
        for increment in frontier.increments {
            let bucket = bucket(increment)
            sums[bucket].value += increment.value
            sums[bucket].cost += Int64(increment.cost)
            counts[bucket] += 1
        }
    }

    @inline(__always)
    func bucket(_ increment: Increment) -> Int {
        min(sums.count - 1, Int((bracket.high - increment.efficiency) * scale))
    }

    /// The bucket in which the way ends, and the sums before it; the last one if it does not end.
    func end(of goal: Goal, from start: Totals) -> (bucket: Int, before: Totals) {
        var totals = start
        for (bucket, sum) in sums.enumerated() {
            if bucket == sums.count - 1 || goal.isPassed(by: totals + sum) {
                return (bucket, totals)
            }
            totals = totals + sum
        }
        return (0, start)
    }

    /// The increments of a bucket and as many of those below as hold a number beyond it, sorted.
    func increments(of frontier: Frontier, from first: Int, atLeast count: Int) -> [Increment] {
        var last = first
        var found = 0
        while found < count, last < counts.count - 1 {
            last += 1
            found += counts[last]
        }
        return frontier.increments.filter { (first...last).contains(bucket($0)) }
            .sorted(by: Increment.precedes)
    }
}
