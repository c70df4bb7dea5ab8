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
    /// Whether there are more members that could be.
    private(set) var isLimited = false
    /// Up to this regret of a second option all members are here.
    private var reach = Double.infinity

    private static let sampleSize = 4096

    /// - Parameter count: about how many members; all when there are no more.
    init(_ rows: RowSet, _ columns: OfferColumns, _ prices: [CellPrice], count: Int, threads: Int) {
        let cutoff = Self.cutoff(rows, columns, prices, count: count)
        let found = Self.found(rows, columns, prices, below: cutoff, threads: threads)
            .sorted(by: Self.isBefore)
        add(found, rows, columns, prices, below: cutoff)
    }

    /// - Parameters:
    ///   - cutoff: the greatest regret of a second option.
    ///   - limit: the most members that are kept.
    init(
        _ rows: RowSet, _ columns: OfferColumns, _ prices: [CellPrice], below cutoff: Double,
        limit: Int, threads: Int
    ) {
        // Not millions of members, to keep a few of them.
        reach = min(cutoff, Self.cutoff(rows, columns, prices, count: 4 * limit))
        var found = Self.found(rows, columns, prices, below: reach, threads: threads)
            .sorted(by: Self.isBefore)
        if found.count > limit {
            reach = found[limit].regret.nextDown
            found = Array(found.prefix(limit))
        }
        isLimited = reach < cutoff
        add(found, rows, columns, prices, below: cutoff)
    }

    /// - Returns: those of these that are below a smaller cutoff, and at most so many.
    func narrowed(below cutoff: Double, limit: Int) -> RowCandidates {
        let below = seconds.firstIndex { $0 > cutoff } ?? seconds.count
        var narrowed = RowCandidates()
        narrowed.isLimited = cutoff > reach || below > limit
        narrowed.reach = below > limit ? seconds[limit].nextDown : reach
        narrowed.members = Array(members.prefix(min(below, limit)))
        narrowed.seconds = Array(seconds.prefix(narrowed.members.count))
        for place in narrowed.members.indices {
            for option in options(place) where regrets[option] <= cutoff {
                narrowed.offers.append(offers[option])
                narrowed.regrets.append(regrets[option])
            }
            narrowed.starts.append(narrowed.offers.count)
        }
        return narrowed
    }

    private init() {}

    private static func isBefore(_ one: CoreMember, _ other: CoreMember) -> Bool {
        one.regret != other.regret ? one.regret < other.regret : one.member < other.member
    }

    private mutating func add(
        _ found: [CoreMember], _ rows: RowSet, _ columns: OfferColumns, _ prices: [CellPrice],
        below cutoff: Double
    ) {
        seconds = found.map(\.regret)
        for member in found.lazy.map(\.member) {
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
        threads: Int
    ) -> [CoreMember] {
        Chunks(members: columns.members, threads: threads).map { chunk in
            members(rows, columns, prices, chunk, below: cutoff)
        }.flatMap(\.self)
    }

    private static func members(
        _ rows: RowSet, _ columns: OfferColumns, _ prices: [CellPrice], _ chunk: Range<Int>,
        below cutoff: Double
    ) -> [CoreMember] {
        var found: [CoreMember] = []
        let lanes = PricedLanes()
        rows.segments.forEachRun(of: chunk) { run, segment in
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
