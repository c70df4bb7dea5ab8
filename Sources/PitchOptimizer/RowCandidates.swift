/// The members whose choice may change when limits are met exactly, with their options: those of
/// least regret at some multipliers, least first.
struct RowCandidates: Sendable {
    private(set) var members: [Int32] = []
    /// The regret of every member's second option, ascending.
    private(set) var seconds: [Double] = []
    /// The options of the member at a place are at `starts[place]..<starts[place + 1]`.
    private(set) var starts: [Int] = [0]
    /// Offers, −1 for none, and what each lacks of the member's best priced value.
    private(set) var offers: [Int16] = []
    private(set) var regrets: [Double] = []

    private static let sampleSize = 4096

    /// - Parameter count: about how many members; all when there are no more.
    init(_ rows: RowSet, _ columns: OfferColumns, _ prices: [CellPrice], count: Int, threads: Int) {
        let cutoff = Self.cutoff(rows, columns, prices, count: count)
        let found = Self.found(
            rows, columns, prices, below: cutoff, limit: .max, threads: threads)
        add(found, rows, columns, prices, below: cutoff)
    }

    /// - Parameters:
    ///   - cutoff: the greatest regret of a second option.
    ///   - limit: with more members than this, none is kept.
    init?(
        _ rows: RowSet, _ columns: OfferColumns, _ prices: [CellPrice], below cutoff: Double,
        limit: Int, threads: Int
    ) {
        let found = Self.found(
            rows, columns, prices, below: cutoff, limit: limit, threads: threads)
        if found.count > limit { return nil }
        add(found, rows, columns, prices, below: cutoff)
    }

    private mutating func add(
        _ found: [CoreMember], _ rows: RowSet, _ columns: OfferColumns, _ prices: [CellPrice],
        below cutoff: Double
    ) {
        let ordered = found.sorted {
            $0.regret != $1.regret ? $0.regret < $1.regret : $0.member < $1.member
        }
        seconds = ordered.map(\.regret)
        for member in ordered.lazy.map(\.member) {
            let regrets = Self.regrets(rows, columns, prices, Int(member))
            members.append(member)
            for (place, regret) in regrets.enumerated() where regret <= cutoff {
                offers.append(Int16(place - 1))
                self.regrets.append(regret)
            }
            starts.append(offers.count)
        }
    }

    func options(_ place: Int) -> Range<Int> { starts[place]..<starts[place + 1] }

    /// The regret below which about a number of members have a second option.
    private static func cutoff(
        _ rows: RowSet, _ columns: OfferColumns, _ prices: [CellPrice], count: Int
    ) -> Double {
        if count >= columns.members { return .infinity }
        let size = min(sampleSize, columns.members)
        let seconds = (0..<size).map { index in
            regrets(rows, columns, prices, index * columns.members / size).sorted()[1]
        }.sorted()
        return seconds[min(size - 1, size * count / columns.members)]
    }

    private static func found(
        _ rows: RowSet, _ columns: OfferColumns, _ prices: [CellPrice], below cutoff: Double,
        limit: Int, threads: Int
    ) -> [CoreMember] {
        Chunks(members: columns.members, threads: threads).map { chunk in
            members(rows, columns, prices, chunk, below: cutoff, limit: limit)
        }.flatMap(\.self)
    }

    private static func members(
        _ rows: RowSet, _ columns: OfferColumns, _ prices: [CellPrice], _ chunk: Range<Int>,
        below cutoff: Double, limit: Int
    ) -> [CoreMember] {
        var found: [CoreMember] = []
        let lanes = PricedLanes()
        rows.segments.forEachRun(of: chunk) { run, segment in
            // One more than the limit says as much as all of them.
            if found.count > limit { return }
            prices.withUnsafeBufferPointer { prices in
                guard let base = prices.baseAddress else { return }
                lanes.rank(columns, run, base + segment &* rows.offers)
            }
            for place in 0..<run.count {
                let regret = lanes.best(place) - lanes.second(place)
                if regret > cutoff { continue }
                let member = Int32(truncatingIfNeeded: run.lowerBound &+ place)
                found.append(CoreMember(regret: regret, member: member))
            }
        }
        return found
    }

    /// What every option of a member lacks of the best, no offer first.
    private static func regrets(
        _ rows: RowSet, _ columns: OfferColumns, _ prices: [CellPrice], _ member: Int
    ) -> [Double] {
        let start = Int(rows.segments.ofMember[member]) * rows.offers
        let priced =
            [0.0]
            + (0..<rows.offers).map { offer in
                let price = prices[start + offer]
                return price.value * columns.value(member, offer)
                    - price.cost * Double(columns.cost(member, offer)) - price.member
            }
        let best = priced.max() ?? 0
        return priced.map { best - $0 }
    }
}
