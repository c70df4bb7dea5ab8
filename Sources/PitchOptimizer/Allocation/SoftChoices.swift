import Glibc

extension RowPass {
    /// Choices in the shares of the softmax over the options: where thousands of members are tied,
    /// the best choice of each uses far too much or too little, while these shares meet the limits
    /// that the smoothed dual meets. Members take their turn by multiples of the golden ratio,
    /// which spread evenly over any regular part of the members (Weyl 1916).
    static func softChoices(
        _ rows: RowSet, _ columns: OfferColumns, at multipliers: [Double], temperature: Double,
        threads: Int
    ) -> [Int16] {
        let prices = rows.prices(multipliers, valueWeight: 1)
        var choices = [Int16](repeating: -1, count: columns.members)
        choices.withUnsafeMutableBufferPointer { choices in
            guard let base = choices.baseAddress else { return }
            let slots = Slots(base: base)
            _ = Chunks(members: columns.members, threads: threads).map { chunk in
                prices.withUnsafeBufferPointer { prices in
                    withUnsafeTemporaryAllocation(of: Double.self, capacity: rows.offers) { room in
                        for member in chunk {
                            let start = Int(rows.segments.ofMember[member]) &* rows.offers
                            let own = UnsafeBufferPointer(
                                rebasing: prices[start..<start &+ rows.offers])
                            slots[member] = softChoice(columns, member, own, temperature, room)
                        }
                    }
                }
            }
        }
        return choices
    }

    @inline(__always)
    private static func softChoice(
        _ columns: OfferColumns, _ member: Int, _ prices: UnsafeBufferPointer<CellPrice>,
        _ temperature: Double, _ weights: UnsafeMutableBufferPointer<Double>
    ) -> Int16 {
        var best = 0.0
        for offer in weights.indices {
            let price = prices[offer]
            let gain = price.value * columns.value(member, offer)
            weights[offer] =
                gain - price.cost * Double(columns.cost(member, offer)) - price.member
            best = max(best, weights[offer])
        }
        var sum = exp(-best / temperature)
        let none = sum
        for offer in weights.indices {
            weights[offer] = exp((weights[offer] - best) / temperature)
            sum += weights[offer]
        }
        let turn = Double(member) * 0.618_033_988_749_894_9
        var left = (turn - turn.rounded(.down)) * sum - none
        if left < 0 { return -1 }
        for offer in weights.indices {
            left -= weights[offer]
            if left < 0 { return Int16(truncatingIfNeeded: offer) }
        }
        return Int16(truncatingIfNeeded: weights.count - 1)
    }
}
