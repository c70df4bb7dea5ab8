import Foundation
import Testing

@testable import PitchOptimizer

@Suite struct ManyMembersTests {
    /// Ten coupons of face 5 to 50 with concave, noisy uplift and an expected cost of face times
    /// redemption.
    static func coupons(members: Int, seed: UInt64) throws -> OfferTable {
        var seeded = Seeded(seed)
        var values = [Float](repeating: 0, count: members * 10)
        var costs = [Int32](repeating: 0, count: members * 10)
        for member in 0..<members {
            let base = 0.02 + 0.3 * seeded.unit() * seeded.unit()
            let (lift, scale) = (0.4 * seeded.unit(), 8 + 30 * seeded.unit())
            for offer in 0..<10 {
                let face = Double(5 * (offer + 1))
                let noise = 0.01 * (seeded.unit() - 0.5)
                let uplift = lift * (1 - exp(-face / scale)) + noise
                values[offer * members + member] = Float(uplift)
                costs[offer * members + member] =
                    Int32(100 * face * min(1, base + max(0, uplift)))
            }
        }
        return try OfferTable(members: members, offers: 10, values: values, costsMinor: costs)
    }

    private func budget(_ table: OfferTable, share: Double) throws -> Int64 {
        Int64(share * Double(try Allocator(table).maximizeValue(budgetMinor: 1 << 50).costMinor))
    }

    @Test func tenThousandMembersAreSolvedExactly() throws {
        let table = try Self.coupons(members: 10_000, seed: 1)
        for share in [0.02, 0.3, 0.9] {
            let budget = try budget(table, share: share)
            let found = try Allocator(table).maximizeValue(budgetMinor: budget)
            #expect(found.isOptimal && found.boundGap <= 1e-6 && found.costMinor <= budget)
            #expect(found.bound >= found.value && found.multiplier > 0)
            #expect(table.totals(found.choices).cost == found.costMinor)
            let greedy = try Allocator(table, workLimit: 0).maximizeValue(budgetMinor: budget)
            #expect(greedy.value <= found.value && greedy.bound == found.bound)
            #expect(greedy.boundGap <= 1e-4)
            let least = try Allocator(table).minimizeCost(valueFloor: found.value)
            #expect(least.isOptimal && least.costMinor <= found.costMinor)
            #expect(least.costMinor >= found.costMinor - 1)
        }
    }

    @Test(arguments: Family.allCases) func threadsChangeNothing(family: Family) throws {
        let table = try family.table(members: 100_000, offers: 3, seed: 5)
        let budget = try budget(table, share: 0.3)
        let one = try Allocator(table, threads: 1, workLimit: 300_000)
            .maximizeValue(budgetMinor: max(0, budget))
        for threads in [2, 3] {
            let other = try Allocator(table, threads: threads, workLimit: 300_000)
                .maximizeValue(budgetMinor: max(0, budget))
            #expect(one == other)
        }
        #expect(one.bound >= one.value && one.boundGap < 1e-5)
        let floor = one.value * 0.7
        let least = try Allocator(table, threads: 1, workLimit: 300_000)
            .minimizeCost(valueFloor: floor)
        #expect(
            try least
                == Allocator(table, threads: 2, workLimit: 300_000).minimizeCost(valueFloor: floor))
        #expect(least.value >= floor && least.bound <= Double(least.costMinor))
    }

    /// A bracket that misses is moved until it holds the break.
    @Test func aMisleadingOrderOfMembersIsNoTrap() throws {
        let members = 20_000
        // Every member the sample takes is worth a thousand times less than the others.
        var values = [Float](repeating: 1, count: members)
        var costs = [Int32](repeating: 1000, count: members)
        for place in 0..<members {
            costs[place] += Int32(place % 97)
            values[place] += Float(place % 13) / 13
        }
        for index in 0..<4096 { values[index * members / 4096] /= 1000 }
        let table = try OfferTable(
            members: members, offers: 1, values: values, costsMinor: costs)
        for budget in [0, 5_000_000, 15_000_000, 16_900_000, 19_000_000, 30_000_000] {
            let found = try Allocator(table, workLimit: 0).maximizeValue(budgetMinor: Int64(budget))
            let steps = (0..<members).sorted {
                Double(values[$0]) / Double(costs[$0]) > Double(values[$1]) / Double(costs[$1])
            }
            var (left, bound) = (Double(budget), 0.0)
            for member in steps {
                let share = min(1, left / Double(costs[member]))
                bound += share * Double(values[member])
                left -= share * Double(costs[member])
            }
            #expect(abs(found.bound - bound) <= 1e-10 * max(1, bound))
            #expect(found.costMinor <= Int64(budget) && found.bound >= found.value)
        }
    }

    /// The greatest value for every budget, member by member (Dudzinski, Walukiewicz 1987); costs
    /// must not be negative.
    private func best(_ table: OfferTable, budget: Int) -> Double {
        var best = Array(repeating: 0.0, count: budget + 1)
        for member in 0..<table.members {
            let before = best
            for offer in 0..<table.offers {
                let place = offer * table.members + member
                let (value, cost) = (Double(table.values[place]), Int(table.costsMinor[place]))
                for total in stride(from: cost, through: budget, by: 1) {
                    best[total] = max(best[total], before[total - cost] + value)
                }
            }
        }
        return best[budget]
    }

    /// 5 families × 2 budgets × 3 kinds of repetition × 3 seeds against dynamic programming.
    @Test(
        arguments: [Family.uncorrelated, .strong, .fewPredictions, .ties, .zeroCosts],
        [nil, 6, 40])
    func dynamicProgrammingAgrees(family: Family, rows: Int?) throws {
        for seed in 0..<3 {
            let table = try family.table(
                members: 250, offers: 4, rows: rows, seed: UInt64(seed + 50))
            let most = try Allocator(table).maximizeValue(budgetMinor: 1 << 40).costMinor
            for budget in [most / 7, most / 2] {
                let found = try Allocator(table).maximizeValue(budgetMinor: budget)
                let best = best(table, budget: Int(budget))
                #expect(abs(found.value - best) <= 1e-10 * best && found.isOptimal)
            }
        }
    }

    /// Segment-level predictions: few rows, each of thousands of members.
    @Test func thousandsOfEqualMembersAreProven() throws {
        let table = try Family.uncorrelated.table(members: 40_000, offers: 6, rows: 16, seed: 9)
        let budget = try budget(table, share: 0.37)
        let found = try Allocator(table).maximizeValue(budgetMinor: budget)
        #expect(found.isOptimal)
        #expect(found.boundGap < 1e-5)
        #expect(found.costMinor <= budget)
    }

    /// When value is cost, every increment is tied and the budget is a sum of chosen costs.
    @Test(arguments: [3000, 60_000]) func oneEfficiencyForAllFillsTheBudget(members: Int) throws {
        var seeded = Seeded(12)
        let costs = (0..<3 * members).map { _ in Int32(500 + seeded.below(5000)) }
        let table = try OfferTable(
            members: members, offers: 3, values: costs.map { Float($0) }, costsMinor: costs)
        let budget = try budget(table, share: 0.4)
        let found = try Allocator(table).maximizeValue(budgetMinor: budget)
        #expect(found.costMinor == budget && found.isOptimal)
    }
}
