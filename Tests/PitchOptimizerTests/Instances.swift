@testable import PitchOptimizer

/// Kinds of random instances.
enum Family: CaseIterable, Sendable {
    case uncorrelated, strong, fewPredictions, ties, zeroCosts, negativeCosts, negativeValues

    func entry(_ seeded: inout Seeded) -> (value: Float, cost: Int32) {
        switch self {
        case .uncorrelated: (Float(seeded.unit()), Int32(1 + seeded.below(100)))
        case .strong:
            { (Float($0 + 10) / 100, Int32($0)) }(1 + seeded.below(100))
        case .fewPredictions: (Float(1 + seeded.below(3)) / 8, Int32(3 + 4 * seeded.below(3)))
        case .ties: (Float(seeded.below(4)) / 4, Int32(seeded.below(4)))
        case .zeroCosts: (Float(seeded.unit()), Int32(max(0, seeded.below(60) - 20)))
        case .negativeCosts: (Float(seeded.unit()), Int32(seeded.below(100) - 40))
        case .negativeValues: (Float(seeded.unit() - 0.5), Int32(seeded.below(100) - 20))
        }
    }

    /// - Parameter rows: how many different rows there are; members repeat them.
    func table(members: Int, offers: Int, rows: Int? = nil, seed: UInt64) throws -> OfferTable {
        var seeded = Seeded(seed)
        let rows = rows ?? members
        var values = [Float](repeating: 0, count: members * offers)
        var costs = [Int32](repeating: 0, count: members * offers)
        for offer in 0..<offers {
            let entries = (0..<rows).map { _ in entry(&seeded) }
            for member in 0..<members {
                values[offer * members + member] = entries[member % rows].value
                costs[offer * members + member] = entries[member % rows].cost
            }
        }
        return try OfferTable(
            members: members, offers: offers, values: values, costsMinor: costs)
    }
}

extension OfferTable {
    func totals(_ choices: [Int16]) -> (value: Double, cost: Int64) {
        var totals = (value: 0.0, cost: Int64(0))
        for (member, choice) in choices.enumerated() where choice >= 0 {
            let place = Int(choice) * members + member
            totals.value += Double(values[place])
            totals.cost += Int64(costsMinor[place])
        }
        return totals
    }

    /// All choices there are, with their totals.
    func forEachChoice(_ body: (_ choices: [Int16], _ value: Double, _ cost: Int64) -> Void) {
        var choices = [Int16](repeating: -1, count: members)
        while true {
            let totals = totals(choices)
            body(choices, totals.value, totals.cost)
            var member = 0
            while member < members, choices[member] == Int16(offers - 1) {
                choices[member] = -1
                member += 1
            }
            if member == members { return }
            choices[member] += 1
        }
    }
}
