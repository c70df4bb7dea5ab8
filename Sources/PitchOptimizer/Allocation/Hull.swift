/// One choice of a member, as a point in the plane of cost and value.
struct HullPoint {
    var value: Double
    var cost: Int64
    /// An offer, or −1 for none.
    var offer: Int16
}

/// One step up a member's hull: what the next better choice adds.
struct Increment {
    /// Added value per added minor unit, positive.
    var efficiency: Double
    /// What it adds to the cost, in minor units: the difference of two 32-bit costs, positive.
    var cost: UInt32
    var member: Int32
    /// Its place on the hull, from 0, and the choice it leads to.
    var rank: Int16
    var offer: Int16

    var value: Double { efficiency * Double(cost) }

    /// The one order in which increments are taken: best first, ties by member, then up the hull.
    static func precedes(_ left: Increment, _ right: Increment) -> Bool {
        if left.efficiency != right.efficiency { return left.efficiency > right.efficiency }
        if left.member != right.member { return left.member < right.member }
        return left.rank < right.rank
    }
}

/// The upper hull of one member's choices from its cheapest to its most valuable one: the choices
/// that are best at some multiplier (Sinha and Zoltners, The Multiple-Choice Knapsack Problem,
/// 1979). The room is used again for the next member.
struct Hull: ~Copyable {
    private let points: UnsafeMutablePointer<HullPoint>
    private(set) var count = 0

    /// - Parameter offers: the most a member has.
    init(offers: Int) { points = .allocate(capacity: offers + 1) }

    deinit { points.deallocate() }

    @inline(__always)
    subscript(_ rank: Int) -> HullPoint { points[rank] }

    /// The efficiency of the step from a point to the next.
    @inline(__always)
    func efficiency(from rank: Int) -> Double {
        let (one, next) = (points[rank], points[rank &+ 1])
        return (next.value - one.value) / Double(next.cost &- one.cost)
    }

    /// Makes the hull of a member.
    mutating func build(_ columns: OfferColumns, _ member: Int) {
        points[0] = HullPoint(value: 0, cost: 0, offer: -1)
        var sorted = 1
        for offer in 0..<columns.offers {
            let point = HullPoint(
                value: columns.value(member, offer), cost: columns.cost(member, offer),
                offer: Int16(truncatingIfNeeded: offer))
            // No better than no offer.
            if point.cost >= 0, point.value <= 0 { continue }
            var place = sorted
            while place > 0, Self.isBefore(point, points[place &- 1]) {
                points[place] = points[place &- 1]
                place &-= 1
            }
            points[place] = point
            sorted &+= 1
        }
        keepUpper(sorted)
    }

    /// Cheaper first, of one cost the more valuable, then the lower offer.
    @inline(__always)
    private static func isBefore(_ left: HullPoint, _ right: HullPoint) -> Bool {
        left.cost != right.cost ? left.cost < right.cost : left.value > right.value
    }

    private mutating func keepUpper(_ sorted: Int) {
        count = 1
        for place in 1..<max(1, sorted) {
            let point = points[place]
            if point.value <= points[count &- 1].value { continue }
            while count > 1 {
                let (one, two) = (points[count &- 2], points[count &- 1])
                let rise = (point.value - two.value) * Double(two.cost &- one.cost)
                if rise < (two.value - one.value) * Double(point.cost &- two.cost) { break }
                count &-= 1
            }
            points[count] = point
            count &+= 1
        }
    }

    /// Adds the steps of a member between two multipliers.
    /// - Returns: the member's choice at the greater multiplier.
    @inline(__always)
    func append(
        _ member: Int, above low: Double, upTo high: Double, to increments: inout [Increment]
    ) -> HullPoint {
        var start = points[0]
        var efficiency = Double.infinity
        for rank in 0..<(count &- 1) {
            // Rounding must not turn two steps of one member around.
            efficiency = min(efficiency, self.efficiency(from: rank))
            if efficiency <= low { break }
            let next = points[rank &+ 1]
            if efficiency > high {
                start = next
                continue
            }
            increments.append(
                Increment(
                    efficiency: efficiency,
                    cost: UInt32(truncatingIfNeeded: next.cost &- points[rank].cost),
                    member: Int32(truncatingIfNeeded: member),
                    rank: Int16(truncatingIfNeeded: rank), offer: next.offer))
        }
        return start
    }
}
