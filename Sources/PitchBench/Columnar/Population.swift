import Foundation
import PitchColumnar
import PitchTestSupport

/// Made-up members and what they did, the same for the same number of members: skewed cities and
/// tags, missing values, and actions that grow denser towards the last day.
struct Population {
    /// 2026-06-30, as days since 1970-01-01: "today" of all queries.
    static let today: Int64 = 20_634
    static let kinds = ["order", "visit", "click", "refund"]

    var ages: [Int64] = []
    /// Indices into `cities`.
    var cityCodes: [Int32] = []
    /// Lifetime value in cents.
    var ltv: [Int64] = []
    /// Days; 0 where missing.
    var lastOrders: [Int64] = []
    var lastOrderMissing: Bitmap
    var signups: [Int64] = []
    /// Member m has the tags `tagCodes[tagOffsets[m]..<tagOffsets[m + 1]]`, ascending.
    var tagOffsets: [Int32] = [0]
    var tagCodes: [Int32] = []
    /// Member m has the actions `actionOffsets[m]..<actionOffsets[m + 1]`, by day.
    var actionOffsets: [Int32] = [0]
    var days: [Int64] = []
    /// Cents.
    var amounts: [Int64] = []
    /// Indices into `kinds`.
    var kindCodes: [Int32] = []

    let cities = Self.cityNames
    let tags = (0..<200).map { $0 == 2 ? "beauty" : "tag\($0)" }

    var count: Int { ages.count }

    init(members: Int) {
        lastOrderMissing = Bitmap(count: members)
        var draws = Draws(seed: 4)
        let cityRanks = RankedDraw(count: 300) { pow(Double($0 + 1), -0.9) }
        let tagRanks = RankedDraw(count: 200) { pow(Double($0 + 3), -0.8) }
        for member in 0..<members {
            addMember(member, of: members, &draws)
            cityCodes.append(Self.code(ofRank: cityRanks.draw(&draws)))
            addTags(tagRanks, &draws)
        }
        for _ in 0..<members { addActions(&draws) }
    }

    /// Codes are scattered, so that frequent cities are no neighbours.
    private static func code(ofRank rank: Int) -> Int32 { Int32(rank * 97 % 300) }

    /// The names of the most frequent cities, most frequent first.
    static func frequentCities(_ count: Int) -> [String] {
        (0..<count).map { cityNames[Int(code(ofRank: $0))] }
    }

    private static let cityNames: [String] = {
        var names = [String](repeating: "", count: 300)
        for rank in names.indices {
            names[Int(code(ofRank: rank))] =
                rank < 2 ? ["Shanghai", "Beijing"][rank] : "City \(rank)"
        }
        return names
    }()

    private mutating func addMember(_ member: Int, of members: Int, _ draws: inout Draws) {
        ages.append(Int64(min(95, max(16, (38 + 13 * draws.normal()).rounded()))))
        ltv.append(Int64((exp(6.6 + 1.2 * draws.normal()) * 100).rounded()))
        let isMissing = draws.uniform() < 0.1
        lastOrderMissing[member] = isMissing
        let silent = 730 * pow(draws.uniform(), 1.5)
        lastOrders.append(isMissing ? 0 : Self.today - Int64(silent))
        let age = 3000 - 2990 * Double(member) / Double(members) + 200 * draws.uniform()
        signups.append(Self.today - Int64(age))
    }

    private mutating func addTags(_ ranks: RankedDraw, _ draws: inout Draws) {
        let start = tagCodes.count
        for _ in 0..<Int(7 * draws.uniform()) {
            let code = Int32(ranks.draw(&draws))
            if !tagCodes[start...].contains(code) { tagCodes.append(code) }
        }
        tagCodes[start...].sort()
        tagOffsets.append(Int32(tagCodes.count))
    }

    private mutating func addActions(_ draws: inout Draws) {
        let start = days.count
        if draws.uniform() >= 0.1 {
            for _ in 0..<min(200, 1 + Int(-4.9 * log(1 - draws.uniform()))) {
                let share = draws.uniform()
                days.append(Self.today - Int64(730 * share * share))
                amounts.append(Self.amount(&draws))
                kindCodes.append(Self.kind(&draws))
            }
        }
        // Only the days are ordered: what an action was does not depend on when it was.
        days[start...].sort()
        actionOffsets.append(Int32(days.count))
    }

    static func amount(_ draws: inout Draws) -> Int64 {
        Int64((exp(4.1 + draws.normal()) * 100).rounded())
    }

    static func kind(_ draws: inout Draws) -> Int32 {
        let kind = draws.uniform()
        return kind < 0.6 ? 0 : 1 + Int32((kind - 0.6) / 0.4 * 3)
    }
}

/// Draws from a seeded generator.
struct Draws {
    private var generator: SeededGenerator

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// At least 0, below 1.
    mutating func uniform() -> Double { Double(generator.next() >> 11) * 0x1p-53 }

    /// Of mean 0 and deviation 1, by Box and Muller.
    mutating func normal() -> Double {
        (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
    }
}

/// Draws ranks from 0 with given weights.
private struct RankedDraw {
    private let sums: [Double]

    init(count: Int, weight: (Int) -> Double) {
        var sum = 0.0
        sums = (0..<count).map {
            sum += weight($0)
            return sum
        }
    }

    func draw(_ draws: inout Draws) -> Int {
        let target = draws.uniform() * sums[sums.count - 1]
        var (low, high) = (0, sums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > target { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
