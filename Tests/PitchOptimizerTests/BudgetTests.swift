import Testing

@testable import PitchOptimizer

@Suite struct BudgetTests {
    private static let sizes = [(6, 4), (7, 3), (5, 5), (1, 6), (8, 1), (9, 2)]

    private func check(_ found: Allocation, _ table: OfferTable, budget: Int64, best: Double) {
        let totals = table.totals(found.choices)
        #expect(totals.cost == found.costMinor && found.costMinor <= budget)
        #expect(abs(totals.value - found.value) <= 1e-12)
        #expect(found.isOptimal && found.gap == 0)
        #expect(abs(found.value - best) <= 1e-10 * max(1, abs(best)))
        #expect(found.bound >= best - 1e-12 * max(1, abs(best)))
    }

    /// 7 families × 6 sizes × 10 seeds × 4 budgets.
    @Test(arguments: Family.allCases, sizes)
    func everySmallInstanceIsSolved(family: Family, size: (members: Int, offers: Int)) throws {
        for seed in 0..<10 {
            let table = try family.table(
                members: size.members, offers: size.offers, rows: seed % 3 == 2 ? 2 : nil,
                seed: UInt64(seed))
            var greatest: Int64 = 1
            table.forEachChoice { _, _, cost in greatest = max(greatest, cost) }
            for budget in [0, greatest / 5, greatest / 2, greatest * 3] {
                var best = -Double.infinity
                table.forEachChoice { _, value, cost in
                    if cost <= budget { best = max(best, value) }
                }
                let found = try Allocator(table).maximizeValue(budgetMinor: budget)
                check(found, table, budget: budget, best: best)
                let greedy = try Allocator(table, workLimit: 0).maximizeValue(budgetMinor: budget)
                #expect(greedy.costMinor <= budget && greedy.value <= best + 1e-12)
                #expect(greedy.bound >= best - 1e-12 * max(1, abs(best)))
            }
        }
    }

    /// Members with equal rows make classes; without classes the search finds the same value.
    @Test(arguments: Family.allCases) func classesChangeNothing(family: Family) throws {
        for seed in 0..<12 {
            let table = try family.table(
                members: 60, offers: 4, rows: 1 + seed % 5, seed: UInt64(seed))
            let most = try Allocator(table).maximizeValue(budgetMinor: 1 << 40).costMinor
            let budget = max(0, most / 3)
            let merged = try Allocator(table).maximizeValue(budgetMinor: budget)
            let apart = try Allocator(table, threads: 1, workLimit: 1_000_000, mergesEqual: false)
                .maximizeValue(budgetMinor: budget)
            #expect(merged.isOptimal && merged.costMinor <= budget)
            #expect(merged.bound == apart.bound)
            #expect(merged.value >= apart.value - 1e-10 * abs(apart.value))
            if apart.isOptimal {
                #expect(abs(merged.value - apart.value) <= 1e-10 * abs(apart.value))
            }
        }
    }

    @Test func theBudgetNeverNeedsToBindForNegativeCosts() throws {
        let table = try OfferTable(
            members: 1, offers: 2, values: [-0.5, 0.25], costsMinor: [-10, 5])
        let found = try Allocator(table).maximizeValue(budgetMinor: 0)
        #expect(found.choices == [-1] && found.value == 0 && found.isOptimal)
    }

    /// The best ratio a member loses most of what the steps of the hull find (trap T1).
    @Test func stepsAreTakenNotRatios() throws {
        let members = 100
        let table = try OfferTable(
            members: members, offers: 2,
            values: Array(repeating: 0.1, count: members) + Array(repeating: 0.9, count: members),
            costsMinor: Array(repeating: 1, count: members) + Array(repeating: 10, count: members))
        let found = try Allocator(table).maximizeValue(budgetMinor: 1000)
        #expect(found.choices.allSatisfy { $0 == 1 } && found.isOptimal)
    }

    @Test func costsBeyondFloatsAreExact() throws {
        let table = try OfferTable(
            members: 3, offers: 1, values: [1, 1, 1],
            costsMinor: [.max, .max, (1 << 24) + 1])
        let budget = Int64(Int32.max) + (1 << 24) + 1
        let found = try Allocator(table).maximizeValue(budgetMinor: budget)
        #expect(found.costMinor == budget && found.value == 2)
        #expect(try Allocator(table).maximizeValue(budgetMinor: budget - 1).value == 1)
    }

    @Test func faultsAreRefused() throws {
        func fault(_ members: Int, _ values: [Float], _ costs: [Int32]) -> OptimizerError? {
            do throws(OptimizerError) {
                _ = try OfferTable(members: members, offers: 2, values: values, costsMinor: costs)
                return nil
            } catch { return error }
        }
        #expect(fault(1, [0, .nan], [1, 1]) == .valueIsNotFinite(at: 1))
        #expect(fault(1, [-.infinity, 0], [1, 1]) == .valueIsNotFinite(at: 0))
        #expect(fault(1, [0], [1, 1]) == .sizeMismatch(expected: 2, found: 1))
        #expect(fault(1, [0, 0], [1]) == .sizeMismatch(expected: 2, found: 1))
        #expect(fault(0, [], []) == .noCandidate)
        #expect(fault(1, [0, 1], [1, 1]) == nil)
        #expect(throws: OptimizerError.noCandidate) {
            try OfferTable(members: 1, offers: 0, values: [], costsMinor: [])
        }
        #expect(throws: OptimizerError.costIsTooLarge(at: 1)) {
            try OfferTable.narrowed([5, 1 << 31])
        }
        #expect(try OfferTable.narrowed([5, -(1 << 31)]) == [5, .min])
        let table = try OfferTable(members: 1, offers: 1, values: [1], costsMinor: [1])
        #expect(throws: OptimizerError.negativeBudget(-1)) {
            try Allocator(table).maximizeValue(budgetMinor: -1)
        }
        #expect(throws: OptimizerError.parameterOutOfRange) {
            try Allocator(table).minimizeCost(valueFloor: .nan)
        }
    }
}
