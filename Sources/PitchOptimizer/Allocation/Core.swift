/// The classes of members that a better choice could treat differently: by the identity at
/// `Margin`, none with a regret of the gap or more can be part of it.
struct Core {
    /// Its members, those of a class together, by number.
    private(set) var members: [Int32] = []
    private(set) var classes: [CoreClass] = []
    private(set) var options: [CoreOption] = []
    /// No option left out has a regret below this.
    private(set) var excludedRegret: Double
    /// The sums of what moving all members to their origins adds to the choices at the break.
    private(set) var shift = Totals()

    private static let classLimit = 20_000

    /// - Parameters:
    ///   - found: the members to treat.
    ///   - excludedRegret: the least regret of the members left out.
    ///   - gap: what the best choice found so far lacks of the bound.
    ///   - mergesEqual: whether members with equal rows make one class.
    init(
        _ found: [CoreMember], excludedRegret: Double, _ columns: OfferColumns,
        _ choices: [Int16], _ margin: Margin, gap: Double, mergesEqual: Bool
    ) {
        self.excludedRegret = excludedRegret
        var keyed = found.map { entry in
            (hash: mergesEqual ? columns.hash(Int(entry.member)) : 0, member: entry.member)
        }
        keyed.sort { ($0.hash, $0.member) < ($1.hash, $1.member) }
        members = keyed.map(\.member)
        var start = 0
        while start < members.count {
            var end = start + 1
            while mergesEqual, end < members.count, keyed[end].hash == keyed[start].hash,
                columns.isEqual(Int(members[start]), Int(members[end]))
            { end += 1 }
            add(start..<end, columns, choices, margin, gap: gap)
            start = end
        }
        limitClasses(margin, gap: gap)
        for kept in classes { shiftToOrigin(kept, columns, choices) }
    }

    /// Keeps the classes of least regret, in about this order.
    private mutating func limitClasses(_ margin: Margin, gap: Double) {
        classes.sort { one, other in
            one.leastRegret != other.leastRegret
                ? one.leastRegret < other.leastRegret
                : members[one.members.lowerBound] < members[other.members.lowerBound]
        }
        takeTurns(margin, gap: gap)
        guard classes.count > Self.classLimit else { return }
        for kept in classes[Self.classLimit...] {
            excludedRegret = min(excludedRegret, kept.leastRegret)
        }
        classes.removeSubrange(Self.classLimit...)
    }

    /// Lets classes that can use the slack and those that can only give some back take turns among
    /// equals: when all efficiencies are the same, the first thousands may all be of one kind.
    private mutating func takeTurns(_ margin: Margin, gap: Double) {
        var counts = [0, 0]
        var last = -1
        let keyed = classes.map { kept in
            let grade = Int(kept.leastRegret / gap * 1024)
            if grade != last { (last, counts) = (grade, [0, 0]) }
            let uses = options[kept.options].contains {
                margin.use(cost: $0.cost, value: $0.value) > 0
            }
            let kind = uses ? 0 : 1
            counts[kind] += 1
            return (grade: grade, turn: counts[kind], kind: kind, kept: kept)
        }
        classes = keyed.sorted { ($0.grade, $0.turn, $0.kind) < ($1.grade, $1.turn, $1.kind) }
            .map(\.kept)
    }

    private mutating func add(
        _ places: Range<Int>, _ columns: OfferColumns, _ choices: [Int16], _ margin: Margin,
        gap: Double
    ) {
        let member = Int(members[places.lowerBound])
        let origin = choices[member]
        let start = options.count
        var least = Double.infinity
        for offer in -1..<columns.offers where offer != Int(origin) {
            let cost = columns.cost(member, offer) - columns.cost(member, Int(origin))
            let value = columns.value(member, offer) - columns.value(member, Int(origin))
            let regret = max(0, margin.multiplier * Double(cost) - value)
            // A change that uses nothing of the slack and gains nothing.
            if regret >= gap || margin.use(cost: cost, value: value) == 0 { continue }
            options.append(
                CoreOption(offer: Int16(offer), cost: cost, value: value, regret: regret))
            least = min(least, regret)
        }
        if options.count == start { return }
        options[start...].sort { $0.regret < $1.regret }
        classes.append(
            CoreClass(
                members: places, origin: origin, options: start..<options.count,
                leastRegret: least))
    }

    private mutating func shiftToOrigin(
        _ kept: CoreClass, _ columns: OfferColumns, _ choices: [Int16]
    ) {
        for place in kept.members {
            let member = Int(members[place])
            let (from, to) = (Int(choices[member]), Int(kept.origin))
            if from == to { continue }
            shift.value += columns.value(member, to) - columns.value(member, from)
            shift.cost += columns.cost(member, to) - columns.cost(member, from)
        }
    }

    /// The changes that give the members of a class what a move says, lowest numbers first.
    func edits(_ kept: CoreClass, _ counts: ArraySlice<CoreCount>) -> [Incumbent.Edit] {
        var edits: [Incumbent.Edit] = []
        var place = kept.members.lowerBound
        for count in counts {
            for _ in 0..<count.members {
                edits.append(
                    Incumbent.Edit(
                        member: members[place],
                        offer: options[Int(count.option)].offer))
                place += 1
            }
        }
        while place < kept.members.upperBound {
            edits.append(Incumbent.Edit(member: members[place], offer: kept.origin))
            place += 1
        }
        return edits
    }
}
