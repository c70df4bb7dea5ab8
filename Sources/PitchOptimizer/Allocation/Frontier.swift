/// The part of the efficiency frontier of all members that lies in a bracket: the choices at its
/// high end, and the increments from there to its low end, in order of members.
struct Frontier: Sendable {
    var bracket: Bracket
    /// The sums of the choices at the high end.
    var start: Totals
    var increments: [Increment]

    private struct Part: Sendable {
        var totals = Totals()
        var increments: [Increment] = []
    }

    /// Makes one streaming pass over the table, O(members · offers).
    /// - Parameter choices: gets the choice of every member at the high end.
    init(
        _ columns: OfferColumns, _ bracket: Bracket, threads: Int,
        into choices: inout [Int16]
    ) {
        let parts = choices.withUnsafeMutableBufferPointer { choices -> [Part] in
            guard let base = choices.baseAddress else { return [] }
            let slots = Slots(base: base)
            return Chunks(members: columns.members, threads: threads).map { chunk in
                Self.scan(columns, bracket, chunk, into: slots)
            }
        }
        self.bracket = bracket
        start = parts.reduce(Totals()) { $0 + $1.totals }
        increments = []
        increments.reserveCapacity(parts.reduce(0) { $0 + $1.increments.count })
        for part in parts { increments += part.increments }
    }

    private static func scan(
        _ columns: OfferColumns, _ bracket: Bracket, _ chunk: Range<Int>,
        into choices: Slots<Int16>
    ) -> Part {
        var part = Part()
        let lanes = PricedLanes()
        var hull = Hull(offers: columns.offers)
        Chunks.forEachBlock(of: chunk) { block in
            lanes.price(columns, block, low: bracket.low, high: bracket.high)
            for place in 0..<block.count {
                let member = block.lowerBound &+ place
                var choice = lanes.choiceAtHigh(place)
                // A choice that is best at both ends is best between them as well.
                if choice != lanes.choiceAtLow(place) {
                    hull.build(columns, member)
                    choice = Int(
                        hull.append(
                            member, above: bracket.low, upTo: bracket.high,
                            to: &part.increments
                        ).offer)
                }
                choices[member] = Int16(truncatingIfNeeded: choice)
                part.totals.value += columns.value(member, choice)
                part.totals.cost &+= columns.cost(member, choice)
            }
        }
        return part
    }

    /// The frontier around the goal: the bracket is moved until the way up ends inside it, or is
    /// all there is. A good sample needs one pass.
    static func around(
        _ goal: Goal, _ table: OfferTable, _ columns: OfferColumns, threads: Int,
        into choices: inout [Int16]
    ) -> Frontier {
        let whole = Bracket.whole(table)
        var bracket = Bracket.sampled(table, columns, goal)
        var moves = 0
        while true {
            let frontier = Frontier(columns, bracket, threads: threads, into: &choices)
            moves += 1
            let isTooLow = bracket.high < whole.high && goal.isPassed(by: frontier.start)
            let isTooHigh = bracket.low > 0 && !frontier.reaches(goal)
            if !isTooLow, !isTooHigh { return frontier }
            if moves > 3 {
                bracket = whole
            } else if isTooLow {
                bracket = Bracket(low: bracket.high, high: min(whole.high, 2 * bracket.high))
            } else {
                bracket = Bracket(low: bracket.low / 2, high: bracket.low)
            }
        }
    }

    /// Whether the way up ends before the low end of the bracket.
    func reaches(_ goal: Goal) -> Bool {
        increments.reduce(goal.amount(start)) { $0 + goal.amount($1) } > goal.limit
    }
}
