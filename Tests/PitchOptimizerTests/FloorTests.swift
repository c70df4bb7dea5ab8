import Testing

@testable import PitchOptimizer

@Suite struct FloorTests {
    /// 7 families × 5 sizes × 10 seeds × 4 floors; values as sixteenths, so sums are exact.
    @Test(arguments: Family.allCases, [(6, 4), (7, 3), (1, 6), (8, 1), (5, 5)])
    func everySmallInstanceIsSolved(family: Family, size: (members: Int, offers: Int)) throws {
        for seed in 0..<10 {
            let raw = try family.table(
                members: size.members, offers: size.offers, seed: UInt64(100 + seed))
            let table = try OfferTable(
                members: size.members, offers: size.offers,
                values: raw.values.map { ($0 * 16).rounded() / 16 }, costsMinor: raw.costsMinor)
            var greatest = 0.0
            table.forEachChoice { _, value, _ in greatest = max(greatest, value) }
            for floor in [-1, greatest / 3, greatest * 3 / 4, greatest] {
                var least = Int64.max
                table.forEachChoice { _, value, cost in
                    if value >= floor { least = min(least, cost) }
                }
                let found = try Allocator(table).minimizeCost(valueFloor: floor)
                #expect(found.costMinor == least && found.isOptimal && found.gap == 0)
                #expect(found.value >= floor && table.totals(found.choices).cost == least)
                #expect(found.bound <= Double(least) + 1e-9)
            }
            #expect(throws: OptimizerError.floorIsOutOfReach(greatest: greatest)) {
                try Allocator(table).minimizeCost(valueFloor: greatest + 1)
            }
        }
    }

    /// The best score is the separable one, for brute force as well.
    @Test(arguments: Family.allCases) func theScoreIsTheGreatest(family: Family) throws {
        for seed in 0..<20 {
            let table = try family.table(members: 6, offers: 4, seed: UInt64(seed))
            let weight = Double(seed) / 19
            let rule = try ScoreRule(
                costWeight: weight, costTargetMinor: 120, valueWeight: 1 - weight,
                valueTarget: 2.5)
            var best = -Double.infinity
            table.forEachChoice { _, value, cost in
                best = max(best, rule.score(value: value, costMinor: cost))
            }
            let found = Allocator(table).maximizeScore(rule)
            #expect(abs(found.score - best) <= 1e-12)
            let totals = table.totals(found.choices)
            #expect(abs(totals.value - found.value) <= 1e-12 && totals.cost == found.costMinor)
        }
    }

    @Test func targetsAndWeightsAreChecked() {
        for (weight, target, value) in [(1.5, 10, 1.0), (0.5, 0, 1), (0.5, 10, 0), (0.4, 10, 1)] {
            #expect(throws: OptimizerError.parameterOutOfRange) {
                try ScoreRule(
                    costWeight: weight, costTargetMinor: Int64(target), valueWeight: 0.5,
                    valueTarget: value)
            }
        }
    }
}
