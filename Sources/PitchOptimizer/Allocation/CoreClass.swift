/// Members with equal rows of values and costs that have a second option near their best one.
/// Which of them gets what does not matter, only how many do.
struct CoreClass: Sendable {
    /// Its members, as places in the sorted list of the core.
    var members: Range<Int>
    /// What all of them are taken to have before any move.
    var origin: Int16
    /// Its options of regret below the gap, but the origin.
    var options: Range<Int>
    var leastRegret: Double
    /// What the class may do as a whole; empty until its turn.
    var moves: Range<Int> = 0..<0
}

/// One option of a class: giving it to one member in place of the origin.
struct CoreOption: Sendable {
    var offer: Int16
    var cost: Int64
    var value: Double
    var regret: Double
}

/// One way to treat a class: some of its members get other options.
struct CoreMove: Sendable {
    var cost: Int64
    var value: Double
    var regret: Double
    /// What it uses of the slack.
    var use: Double
    /// How many members get which option of the class.
    var counts: Range<Int>
}

/// How many members of a class get one option.
struct CoreCount: Sendable {
    var option: Int32
    var members: Int32
}

/// A member whose second best option has a small regret.
struct CoreMember: Sendable {
    var regret: Double
    var member: Int32
}

extension OfferColumns {
    /// The members with a second option of regret below a gap, in order: one streaming pass.
    func coreMembers(at multiplier: Double, gap: Double, threads: Int) -> [CoreMember] {
        let columns = self
        let price = CellPrice(value: 1, cost: multiplier, member: 0)
        let prices = Array(repeating: price, count: offers)
        return Chunks(members: members, threads: threads).map { chunk in
            var found: [CoreMember] = []
            let lanes = PricedLanes()
            Chunks.forEachBlock(of: chunk) { block in
                lanes.rank(columns, block, prices)
                for place in 0..<block.count {
                    let regret = lanes.best(place) - lanes.second(place)
                    if regret >= gap { continue }
                    let member = Int32(truncatingIfNeeded: block.lowerBound &+ place)
                    found.append(CoreMember(regret: regret, member: member))
                }
            }
            return found
        }.flatMap(\.self)
    }

    /// Mixes a member's row. Equal rows have equal hashes; the reverse is checked where it counts.
    @inline(__always)
    func hash(_ member: Int) -> UInt64 {
        var hash: UInt64 = 0x9E37_79B9_7F4A_7C15
        for offer in 0..<offers {
            let place = offer &* members &+ member
            let bits = UInt64(values[place].bitPattern) &<< 32
            hash ^= bits | UInt64(UInt32(bitPattern: costs[place]))
            hash = (hash ^ (hash &>> 29)) &* 0xBF58_476D_1CE4_E5B9
        }
        return hash ^ (hash &>> 32)
    }

    func isEqual(_ one: Int, _ other: Int) -> Bool {
        for offer in 0..<offers {
            let (left, right) = (offer &* members &+ one, offer &* members &+ other)
            if values[left] != values[right] || costs[left] != costs[right] { return false }
        }
        return true
    }
}
