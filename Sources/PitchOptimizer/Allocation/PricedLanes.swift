/// Room for one block: of every member its best priced values so far and the choices they are of.
///
/// All lanes lie in one piece of memory, which lets the compiler prove that they do not overlap
/// and make vectors of the loops. Choices are kept as `Double` so that one mask selects both.
struct PricedLanes: ~Copyable {
    private let room: UnsafeMutablePointer<Double>
    private static let width = Chunks.blockMembers

    init() { room = .allocate(capacity: 4 * Self.width) }

    deinit { room.deallocate() }

    /// Of the member at a place of the block, after `price(_:_:low:high:)`.
    @inline(__always)
    func choiceAtHigh(_ place: Int) -> Int { Int(room[Self.width &+ place]) }

    @inline(__always)
    func choiceAtLow(_ place: Int) -> Int { Int(room[3 &* Self.width &+ place]) }

    /// The greatest and second greatest of the priced values, after `rank(_:_:at:)`.
    @inline(__always)
    func best(_ place: Int) -> Double { room[place] }

    @inline(__always)
    func second(_ place: Int) -> Double { room[Self.width &+ place] }

    /// Finds the choices of greatest `value − multiplier · cost` at two multipliers; of equals no
    /// offer, then the first offer.
    func price(_ columns: OfferColumns, _ block: Range<Int>, low: Double, high: Double) {
        let room = room
        let width = Self.width
        for place in 0..<block.count {
            room[place] = 0
            room[width &+ place] = -1
            room[2 &* width &+ place] = 0
            room[3 &* width &+ place] = -1
        }
        for offer in 0..<columns.offers {
            let values = columns.values + (offer &* columns.members &+ block.lowerBound)
            let costs = columns.costs + (offer &* columns.members &+ block.lowerBound)
            let choice = Double(offer)
            for place in 0..<block.count {
                let (value, cost) = (Double(values[place]), Double(costs[place]))
                let atHigh = value - high * cost
                let isHigher = atHigh > room[place]
                room[place] = isHigher ? atHigh : room[place]
                room[width &+ place] = isHigher ? choice : room[width &+ place]
                let atLow = value - low * cost
                let isLower = atLow > room[2 &* width &+ place]
                room[2 &* width &+ place] = isLower ? atLow : room[2 &* width &+ place]
                room[3 &* width &+ place] = isLower ? choice : room[3 &* width &+ place]
            }
        }
    }

    /// Finds the choices of greatest `v = price.value · value − price.cost · cost − price.member`,
    /// whose values are `best` then.
    /// - Parameter prices: one an offer.
    func choose(
        _ columns: OfferColumns, _ block: Range<Int>, _ prices: UnsafePointer<CellPrice>
    ) {
        let room = room
        let width = Self.width
        for place in 0..<block.count {
            room[place] = 0
            room[width &+ place] = -1
        }
        for offer in 0..<columns.offers {
            let values = columns.values + (offer &* columns.members &+ block.lowerBound)
            let costs = columns.costs + (offer &* columns.members &+ block.lowerBound)
            let choice = Double(offer)
            let price = prices[offer]
            for place in 0..<block.count {
                let gain = price.value * Double(values[place])
                let priced = gain - price.cost * Double(costs[place]) - price.member
                let isBetter = priced > room[place]
                room[place] = isBetter ? priced : room[place]
                room[width &+ place] = isBetter ? choice : room[width &+ place]
            }
        }
    }

    /// Finds the two greatest of the same priced values, which may be equal.
    func rank(_ columns: OfferColumns, _ block: Range<Int>, _ prices: UnsafePointer<CellPrice>) {
        let room = room
        let width = Self.width
        for place in 0..<block.count {
            room[place] = 0
            room[width &+ place] = -Double.infinity
        }
        for offer in 0..<columns.offers {
            let values = columns.values + (offer &* columns.members &+ block.lowerBound)
            let costs = columns.costs + (offer &* columns.members &+ block.lowerBound)
            let price = prices[offer]
            for place in 0..<block.count {
                let gain = price.value * Double(values[place])
                let priced = gain - price.cost * Double(costs[place]) - price.member
                let best = room[place]
                let lesser = priced > best ? best : priced
                let second = room[width &+ place]
                room[width &+ place] = lesser > second ? lesser : second
                room[place] = priced > best ? priced : best
            }
        }
    }
}

/// What an offer's value counts and its cost and use take away, at some multipliers.
struct CellPrice: Sendable {
    var value: Double
    var cost: Double
    var member: Double
}
