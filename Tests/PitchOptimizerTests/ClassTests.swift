import Testing

@testable import PitchOptimizer

/// Whole numbers of members in classes.
@Suite struct ClassTests {
    /// Random classes within limits of several kinds, some of which conflict.
    private struct Scene {
        let table: ClassTable

        init(
            _ family: Family, classes: Int, size: Int, offers: Int, tightness: Double = 1,
            seed: UInt64
        ) throws {
            var seeded = Seeded(seed)
            // The shares of the first one are limited.
            let sizes = (0..<classes).map { ($0 == 0 ? 1 : 0) + seeded.below(size + 1) }
            var values: [[Double?]] = []
            var costs: [[Double]] = []
            for _ in 0..<classes {
                let entries = (0..<offers).map { _ in family.entry(&seeded) }
                values.append(entries.map { seeded.below(8) == 0 ? nil : Double($0.value) })
                costs.append(entries.map { Double($0.cost) })
            }
            func row(_ limit: Double, _ use: (Int, Int) -> Double) -> ClassRow {
                ClassRow(
                    (0..<classes).map { kept in (0..<offers).map { use(kept, $0) } },
                    atMost: limit)
            }
            let members = Double(sizes.reduce(0, +))
            var rows = [row((tightness * members * 12).rounded()) { costs[$0][$1] }]
            if seeded.below(2) == 0 {
                let least = (members / 4 * (2 - tightness)).rounded()
                rows.append(row(-least) { _, _ in -1 })
            }
            if seeded.below(2) == 0 {
                let stock = seeded.below(1 + Int(members) / 2)
                rows.append(row(Double(stock)) { $1 == 0 ? 1 : 0 })
            }
            if seeded.below(3) == 0 {
                rows.append(row(0) { costs[$0][$1] - 90 * (values[$0][$1] ?? 0) })
            }
            if seeded.below(3) == 0, let first = sizes.first {
                for sign in [1.0, -1] {
                    rows.append(
                        row(0.2) { kept, _ in
                            let own = kept == 0 ? 1 / Double(max(1, first)) : 0
                            return sign * (own - 1 / max(1, members))
                        })
                }
            }
            table = try ClassTable(sizes: sizes, offers: offers, values: values, rows: rows)
        }

        func isWithin(_ counts: [[Int]], relaxedBy amounts: [Double]? = nil) -> Bool {
            table.rows.indices.allSatisfy { row in
                let limit = table.rows[row].limit + (amounts?[row] ?? 0)
                return activity(row, counts) <= limit + 1e-9 * max(1, abs(limit))
            }
        }

        func activity(_ row: Int, _ counts: [[Int]]) -> Double {
            var sum = 0.0
            for (uses, counts) in zip(table.rows[row].uses, counts) {
                for (use, count) in zip(uses, counts) { sum += use * Double(count) }
            }
            return sum
        }

        func value(_ counts: [[Int]]) -> Double {
            var sum = 0.0
            for (values, counts) in zip(table.values, counts) {
                for (value, count) in zip(values, counts) { sum += (value ?? 0) * Double(count) }
            }
            return sum
        }

        /// Whether a class has no more members than it has, and offers it may get.
        func isPossible(_ counts: [[Int]]) -> Bool {
            table.sizes.indices.allSatisfy { kept in
                let (own, values) = (counts[kept], table.values[kept])
                let isAllowed = own.indices.allSatisfy { own[$0] == 0 || values[$0] != nil }
                return isAllowed && own.allSatisfy { $0 >= 0 }
                    && own.reduce(0, +) <= table.sizes[kept]
            }
        }

        /// All counts there are.
        func forEach(_ body: ([[Int]]) -> Void) {
            var counts = table.sizes.map { _ in [Int](repeating: 0, count: table.offers) }
            func visit(_ kept: Int, _ offer: Int, _ left: Int) {
                if kept == counts.count { return body(counts) }
                if offer == table.offers {
                    let next = kept + 1
                    return visit(next, 0, next < counts.count ? table.sizes[next] : 0)
                }
                let most = table.values[kept][offer] == nil ? 0 : left
                for count in 0...most {
                    counts[kept][offer] = count
                    visit(kept, offer + 1, left - count)
                }
                counts[kept][offer] = 0
            }
            visit(0, 0, table.sizes[0])
        }
    }

    /// 7 families × 40 seeds against all counts there are: the best, or the least relaxation.
    @Test(arguments: Family.allCases) func allCountsAgree(family: Family) throws {
        var (found, conflicts) = (0, 0)
        for seed in 0..<40 {
            let scene = try Scene(
                family, classes: 3, size: 4, offers: 2, tightness: seed % 2 == 0 ? 1 : 0.05,
                seed: UInt64(seed))
            var best = -Double.infinity
            var least = Double.infinity
            scene.forEach { counts in
                var violation = 0.0
                for (row, limit) in scene.table.rows.enumerated() {
                    let excess = scene.activity(row, counts) - limit.limit
                    if excess > 1e-9 * limit.unit { violation += excess / limit.unit }
                }
                least = min(least, violation)
                if violation == 0 { best = max(best, scene.value(counts)) }
            }
            switch ClassAllocator(scene.table).maximizeValue() {
            case .found(let allocation):
                found += 1
                #expect(scene.isPossible(allocation.counts) && scene.isWithin(allocation.counts))
                #expect(allocation.isOptimal && abs(allocation.value - best) <= 1e-10)
                #expect(abs(scene.value(allocation.counts) - allocation.value) <= 1e-12)
                #expect(allocation.bound >= best - 1e-12)
            case .conflict(let conflict):
                conflicts += 1
                #expect(best == -.infinity && conflict.isLeast && !conflict.rows.isEmpty)
                let sum = zip(conflict.relaxations, scene.table.rows)
                    .reduce(0) { $0 + $1.0 / $1.1.unit }
                #expect(abs(sum - least) <= 1e-8 * max(1, least) && least > 0)
                #expect(
                    scene.isWithin(conflict.choices, relaxedBy: conflict.relaxations)
                        && scene.isPossible(conflict.choices))
            }
        }
        #expect(found >= 10 && found + conflicts == 40)
    }

    /// Hundreds of members in few classes and in many: as good as they are one by one.
    @Test(arguments: Family.allCases, [(8, 60), (60, 8), (300, 2)])
    func hundredsOfMembersAreNearTheBound(family: Family, size: (classes: Int, each: Int)) throws {
        for seed in 0..<3 {
            let scene = try Scene(
                family, classes: size.classes, size: size.each, offers: 4,
                seed: UInt64(seed) + 70)
            let outcome = ClassAllocator(scene.table, workLimit: 4_000_000).maximizeValue()
            guard case .found(let found) = outcome else { continue }
            #expect(scene.isPossible(found.counts) && scene.isWithin(found.counts))
            #expect(found.gap <= 2e-3 && found.bound >= found.value, "\(found.gap)")
        }
    }

    /// Twice, ten and a hundred thousand times the members within as many times the limits: the
    /// same shares, at about the same work.
    @Test(arguments: Family.allCases) func manyMembersAreAsFew(family: Family) throws {
        let few = try Scene(family, classes: 40, size: 6, offers: 4, seed: 5).table
        for times in [2, 10, 100_000] {
            let many = try ClassTable(
                sizes: few.sizes.map { $0 * times }, offers: few.offers, values: few.values,
                rows: few.rows.map { ClassRow($0.uses, atMost: $0.limit * Double(times)) })
            guard
                case .found(let one) = ClassAllocator(few).maximizeValue(),
                case .found(let other) = ClassAllocator(many).maximizeValue()
            else { continue }
            // Whole numbers of the few times as many are a choice of the many.
            let share = other.value / Double(times)
            let scale = max(1e-9, abs(other.bound) / Double(times))
            #expect(share >= one.value - 1e-6 * scale)
            #expect(other.gap <= 1e-4, "\(other.gap)")
        }
    }

    @Test func whatIsNoTableIsRefused() throws {
        #expect(throws: OptimizerError.noCandidate) {
            try ClassTable(sizes: [], offers: 1, values: [], rows: [])
        }
        #expect(throws: OptimizerError.parameterOutOfRange) {
            try ClassTable(sizes: [-1], offers: 1, values: [[1]], rows: [])
        }
        #expect(throws: OptimizerError.sizeMismatch(expected: 2, found: 1)) {
            try ClassTable(sizes: [1], offers: 2, values: [[1]], rows: [])
        }
        #expect(throws: OptimizerError.valueIsNotFinite(at: 1)) {
            try ClassTable(sizes: [1], offers: 2, values: [[1, .nan]], rows: [])
        }
        for row in [ClassRow([[.infinity]], atMost: 1), ClassRow([[1]], atMost: .nan),
            ClassRow([], atMost: 1)]
        {
            #expect(throws: OptimizerError.rowIsMalformed(0)) {
                try ClassTable(sizes: [1], offers: 1, values: [[1]], rows: [row])
            }
        }
    }

    @Test func nobodyAndNothingToGiveAreChoices() throws {
        let row = ClassRow([[1]], atMost: 0)
        let empty = try ClassTable(sizes: [0], offers: 1, values: [[1]], rows: [row])
        guard case .found(let nobody) = ClassAllocator(empty).maximizeValue() else {
            Issue.record("nobody is within every limit")
            return
        }
        #expect(nobody.counts == [[0]] && nobody.isOptimal && nobody.gap == 0)
        let barred = try ClassTable(sizes: [5], offers: 1, values: [[nil]], rows: [row])
        guard case .found(let nothing) = ClassAllocator(barred).maximizeValue() else {
            Issue.record("nothing is within every limit")
            return
        }
        #expect(nothing.counts == [[0]] && nothing.value == 0 && nothing.isOptimal)
    }
}
