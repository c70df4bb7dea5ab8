import Testing

@testable import PitchOptimizer

/// A random instance with rows of every kind, small enough for brute force.
struct RowInstance {
    let table: OfferTable
    let segments: Segments
    var rows: [CellRow]

    init(_ family: Family, members: Int = 6, offers: Int = 3, tightness: Double, seed: UInt64)
        throws
    {
        table = try family.table(members: members, offers: offers, seed: seed)
        var seeded = Seeded(seed &+ 7919)
        let ofMember = (0..<members).map { _ in Int32(seeded.below(2)) }
        segments = try Segments(count: 2, ofMember: ofMember)
        let budget = Int64(tightness * Double(20 + seeded.below(200)))
        var rows: [CellRow] = [.budget(budget)]
        if seeded.below(2) == 0 { rows.append(.budget(budget / 2, segment: seeded.below(2))) }
        if seeded.below(2) == 0 {
            rows.append(.stock(seeded.below(3), of: seeded.below(offers)))
        }
        if seeded.below(2) == 0 {
            rows.append(.capacity(1 + seeded.below(4), of: Array(0..<max(1, offers - 1))))
        }
        if seeded.below(3) == 0 { rows.append(.returnFloor(1, worthMinor: 150)) }
        for segment in 0..<2 where seeded.below(2) == 0 {
            let most = max(1, Int(Double(segments.sizes[segment]) * (2 - tightness)))
            rows.append(.coverageFloor(seeded.below(most + 1), of: segment))
        }
        if seeded.below(4) == 0 { rows += CellRow.rateGap(0.3, of: 0, in: segments) }
        self.rows = rows
    }

    /// Row by row and member by member, without the solver's cells.
    func isWithin(_ choices: [Int16], _ rows: [CellRow]) -> Bool {
        rows.allSatisfy { row in
            table.activity(of: row, segments, choices)
                <= row.limit + (row.isInteger ? 0 : 1e-9 * max(1, abs(row.limit)))
        }
    }

    /// The greatest value within rows, `nil` when no choice is.
    func best(_ rows: [CellRow]) -> Double? {
        var best: Double?
        table.forEachChoice { choices, value, _ in
            if value > best ?? -.infinity, isWithin(choices, rows) { best = value }
        }
        return best
    }
}

@Suite struct RowTests {
    /// 7 families × 30 seeds: the optimum itself, a valid bound, rows summed from scratch.
    @Test(arguments: Family.allCases) func everyTinyInstanceIsSolved(family: Family) throws {
        var found = 0
        for seed in 0..<30 {
            let instance = try RowInstance(family, tightness: 1, seed: UInt64(seed))
            let outcome = try Allocator(instance.table).maximizeValue(
                within: instance.rows, of: instance.segments)
            let best = instance.best(instance.rows)
            guard case .found(let allocation) = outcome else {
                #expect(best == nil)
                continue
            }
            found += 1
            let value = try #require(best)
            #expect(instance.isWithin(allocation.choices, instance.rows))
            #expect(allocation.isOptimal && abs(allocation.value - value) <= 1e-10)
            #expect(allocation.bound >= value - 1e-12)
            #expect(instance.table.totals(allocation.choices).cost == allocation.costMinor)
            for (row, reading) in zip(instance.rows, allocation.rows) where row.isInteger {
                #expect(reading.slack >= 0 && reading.activity + reading.slack == row.limit)
            }
        }
        #expect(found >= 10)
    }

    /// The smallest relaxation makes a feasible instance, and 99 % of it does not.
    @Test(arguments: Family.allCases) func conflictsAreRelaxedByTheLeast(family: Family) throws {
        var conflicts = 0
        var seed: UInt64 = 1000
        while conflicts < 30 {
            seed += 1
            let instance = try RowInstance(
                family, members: 5, tightness: 0.05, seed: seed)
            let outcome = try Allocator(instance.table).maximizeValue(
                within: instance.rows, of: instance.segments)
            guard case .conflict(let conflict) = outcome else {
                if seed > 1600 { break }
                continue
            }
            conflicts += 1
            #expect(instance.best(instance.rows) == nil && conflict.isLeast)
            func relaxed(_ share: Double) -> [CellRow] {
                zip(instance.rows, conflict.relaxations).map { row, amount in
                    CellRow(row.terms, atMost: row.limit + share * amount)
                }
            }
            #expect(instance.isWithin(conflict.choices, relaxed(1)))
            #expect(instance.best(relaxed(0.99)) == nil)
            #expect(!conflict.rows.isEmpty)
            let alone = conflict.rows.map { instance.rows[$0] }
            #expect(instance.best(alone) == nil)
            for index in alone.indices {
                var fewer = alone
                fewer.remove(at: index)
                #expect(instance.best(fewer) != nil)
            }
        }
        #expect(conflicts == 30)
    }

    @Test func malformedRowsAreRefused() throws {
        let table = try OfferTable(members: 1, offers: 1, values: [1], costsMinor: [1])
        let segments = Segments.one(members: 1)
        for term in [
            CellRow.Term(segment: 1), CellRow.Term(offer: 1), CellRow.Term(member: .nan),
        ] {
            #expect(throws: OptimizerError.rowIsMalformed(1)) {
                try Allocator(table).maximizeValue(
                    within: [.budget(1), CellRow([term], atMost: 1)], of: segments)
            }
        }
        #expect(throws: OptimizerError.rowIsMalformed(0)) {
            try Allocator(table).maximizeValue(
                within: [CellRow([], atMost: .infinity)], of: segments)
        }
        #expect(throws: OptimizerError.sizeMismatch(expected: 1, found: 2)) {
            try Allocator(table).maximizeValue(within: [], of: .one(members: 2))
        }
        #expect(throws: OptimizerError.parameterOutOfRange) {
            try Segments(count: 1, ofMember: [1])
        }
    }
}
