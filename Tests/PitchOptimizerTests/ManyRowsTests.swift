import Testing

@testable import PitchOptimizer

@Suite struct ManyRowsTests {
    /// Thirty-one rows around what a budget alone would choose, as in a campaign of eight segments.
    struct Campaign {
        let table: OfferTable
        let segments: Segments
        var rows: [CellRow]

        init(members: Int, seed: UInt64) throws {
            table = try ManyMembersTests.coupons(members: members, seed: seed)
            let size = (members + 7) / 8
            segments = try Segments(count: 8, ofMember: (0..<members).map { Int32($0 / size) })
            let most = try Allocator(table).maximizeValue(budgetMinor: 1 << 50).costMinor
            let plain = try Allocator(table).maximizeValue(budgetMinor: most * 3 / 10)
            var counts = [Int](repeating: 0, count: 10)
            var spent = [Int64](repeating: 0, count: 8)
            var covered = [Int](repeating: 0, count: 8)
            for (member, choice) in plain.choices.enumerated() where choice >= 0 {
                counts[Int(choice)] += 1
                covered[member / size] += 1
                spent[member / size] += Int64(table.costsMinor[Int(choice) * members + member])
            }
            rows = [.budget(most * 3 / 10)]
            rows += (0..<8).map { .budget(spent[$0] * ($0 % 2 == 0 ? 9 : 12) / 10, segment: $0) }
            rows += (0..<10).map { .stock(counts[$0] * ($0 % 3 == 0 ? 8 : 13) / 10, of: $0) }
            for offers in [[0, 1, 2], [3, 4, 5, 6], [7, 8, 9]] {
                rows.append(
                    .capacity(offers.reduce(0) { $0 + counts[$1] } * 95 / 100, of: offers))
            }
            rows.append(
                .returnFloor(1, worthMinor: 0.9 * Double(plain.costMinor) / plain.value))
            rows += (0..<8).map {
                .coverageFloor(covered[$0] * ($0 % 2 == 0 ? 10 : 8) / 10, of: $0)
            }
        }
    }

    @Test(arguments: [300, 10_000, 70_000]) func thirtyOneRowsHold(members: Int) throws {
        let campaign = try Campaign(members: members, seed: 3)
        let outcome = try Allocator(campaign.table).maximizeValue(
            within: campaign.rows, of: campaign.segments)
        guard case .found(let found) = outcome else {
            Issue.record("no choice was found")
            return
        }
        #expect(found.gap <= (members < 1000 ? 1e-3 : 1e-4) && found.bound >= found.value)
        for (row, reading) in zip(campaign.rows, found.rows) {
            let activity = campaign.table.activity(of: row, campaign.segments, found.choices)
            #expect(abs(activity - reading.activity) <= 1e-9 * max(1, abs(activity)))
            #expect(reading.multiplier >= 0)
            if row.isInteger { #expect(activity == reading.activity && activity <= row.limit) }
        }
        #expect(found.rows.filter(\.binds).count >= 8)
        let other = try Allocator(campaign.table, threads: 1).maximizeValue(
            within: campaign.rows, of: campaign.segments)
        #expect(outcome == other)
    }

    /// A budget as the only row has the bound of the frontier, or one nearer to the best choice.
    @Test(arguments: Family.allCases) func oneRowIsTheFrontier(family: Family) throws {
        let table = try family.table(members: 3000, offers: 4, seed: 8)
        let most = try Allocator(table).maximizeValue(budgetMinor: 1 << 50).costMinor
        let budget = max(0, most / 3)
        let plain = try Allocator(table).maximizeValue(budgetMinor: budget)
        let outcome = try Allocator(table).maximizeValue(
            within: [.budget(budget)], of: .one(members: 3000))
        guard case .found(let found) = outcome else {
            Issue.record("no choice was found")
            return
        }
        #expect(plain.isOptimal && found.bound >= plain.value * (1 - 1e-9))
        #expect(found.bound <= plain.bound * (1 + 1e-6))
        #expect(found.costMinor <= budget && found.value <= plain.bound * (1 + 1e-12))
        // The bound is that of fractions; whole choices of few values may not come so near.
        #expect(found.value >= plain.value * (1 - 1e-4))
    }

    @Test func aLargeConflictIsNamedAndRelaxed() throws {
        var campaign = try Campaign(members: 5000, seed: 4)
        campaign.rows[0].limit = (campaign.rows[0].limit / 40).rounded()
        let outcome = try Allocator(campaign.table).maximizeValue(
            within: campaign.rows, of: campaign.segments)
        guard case .conflict(let conflict) = outcome else {
            Issue.record("a fortieth of the budget cannot cover the segments")
            return
        }
        let other = try Allocator(campaign.table, threads: 1).maximizeValue(
            within: campaign.rows, of: campaign.segments)
        #expect(outcome == other)
        #expect(conflict.rows.contains(0) && conflict.bound > 0 && conflict.isLeast)
        for (row, amount) in zip(campaign.rows, conflict.relaxations) {
            let activity = campaign.table.activity(
                of: row, campaign.segments, conflict.choices)
            let slack = row.limit + amount - activity
            #expect(slack >= (row.isInteger ? 0 : -1e-9 * max(1, abs(activity))))
        }
        var relaxed = campaign.rows
        for index in relaxed.indices { relaxed[index].limit += conflict.relaxations[index] }
        let again = try Allocator(campaign.table).maximizeValue(
            within: relaxed, of: campaign.segments)
        guard case .found = again else {
            Issue.record("the relaxed rows conflict")
            return
        }
    }

    @Test func scatteredSegmentsAreTheSameAsSorted() throws {
        let campaign = try Campaign(members: 800, seed: 5)
        let order = (0..<800).sorted { ($0 % 13, $0) < ($1 % 13, $1) }
        let table = try OfferTable(
            members: 800, offers: 10,
            values: (0..<10).flatMap { offer in
                order.map { campaign.table.values[offer * 800 + $0] }
            },
            costsMinor: (0..<10).flatMap { offer in
                order.map { campaign.table.costsMinor[offer * 800 + $0] }
            })
        let segments = try Segments(
            count: 8, ofMember: order.map { campaign.segments.ofMember[$0] })
        let sorted = try Allocator(campaign.table).maximizeValue(
            within: campaign.rows, of: campaign.segments)
        let scattered = try Allocator(table).maximizeValue(within: campaign.rows, of: segments)
        guard case .found(let one) = sorted, case .found(let other) = scattered else {
            Issue.record("no choice was found")
            return
        }
        #expect(abs(one.bound - other.bound) <= 1e-6 * one.bound)
        #expect(one.gap <= 1e-3 && other.gap <= 1e-3)
    }

    @Test func withoutRowsEveryoneGetsTheBest() throws {
        let table = try Family.negativeValues.table(members: 500, offers: 3, seed: 2)
        let best = try Allocator(table).maximizeValue(budgetMinor: 1 << 50)
        guard
            case .found(let found) = try Allocator(table).maximizeValue(
                within: [], of: .one(members: 500))
        else {
            Issue.record("no choice was found")
            return
        }
        #expect(found.value == best.value && found.isOptimal && found.rows.isEmpty)
    }

    @Test func sumsBeyondSixtyFourBitsAreExact() throws {
        let table = try OfferTable(
            members: 2, offers: 1, values: [1, 1], costsMinor: [.max, .max])
        let row = CellRow([.init(cost: 0x1p53)], atMost: 0x1p53)
        guard
            case .found(let found) = try Allocator(table).maximizeValue(
                within: [row], of: .one(members: 2))
        else {
            Issue.record("no choice was found")
            return
        }
        #expect(found.choices == [-1, -1] && found.isOptimal)
    }

    /// 7 families × 4 sizes, also with a few rows that many members repeat: what is found is within
    /// all rows, and close to the bound although many members are tied.
    @Test(
        arguments: Family.allCases,
        [(200, nil), (2000, nil), (2000, 12), (20_000, 12)] as [(Int, Int?)])
    func tiedMembersAreSplit(family: Family, size: (members: Int, rows: Int?)) throws {
        let table = try family.table(members: size.members, offers: 4, rows: size.rows, seed: 3)
        let segments = try Segments(
            count: 3, ofMember: (0..<size.members).map { Int32($0 * 3 / size.members) })
        let most = try Allocator(table).maximizeValue(budgetMinor: 1 << 50)
        var rows: [CellRow] = [
            .budget(max(0, most.costMinor / 3)), .returnFloor(1, worthMinor: 60),
            .budget(max(0, most.costMinor / 12), segment: 2),
        ]
        for offer in 0..<4 {
            let count = most.choices.count { $0 == Int16(offer) }
            rows.append(.stock(count / 2, of: offer))
        }
        rows += (0..<3).map { .coverageFloor(segments.sizes[$0] / 4, of: $0) }
        rows += CellRow.rateGap(0.05, of: 1, in: segments)
        let limit = size.members < 2000 ? 4_000_000 : 100_000
        let outcome = try Allocator(table, workLimit: limit).maximizeValue(
            within: rows, of: segments)
        guard case .found(let found) = outcome else {
            Issue.record("no choice was found")
            return
        }
        // Where few choices differ, the best whole numbers may be far from the bound of fractions.
        let gap = size.members < 2000 ? 1e-2 : 1e-3
        #expect(found.gap <= gap && found.bound >= found.value, "\(found.gap)")
        for row in rows {
            let activity = table.activity(of: row, segments, found.choices)
            #expect(activity <= row.limit + (row.isInteger ? 0 : 1e-9 * max(1, abs(row.limit))))
        }
        let other = try Allocator(table, threads: 1, workLimit: limit).maximizeValue(
            within: rows, of: segments)
        #expect(outcome == other)
    }
}

extension OfferTable {
    /// The activity of choices, member by member, without the solver's cells.
    func activity(of row: CellRow, _ segments: Segments, _ choices: [Int16]) -> Double {
        var sum = 0.0
        for (member, choice) in choices.enumerated() where choice >= 0 {
            let place = Int(choice) * members + member
            let segment = Int(segments.ofMember[member])
            for term in row.terms {
                guard term.segment ?? segment == segment, term.offer ?? Int(choice) == Int(choice)
                else { continue }
                sum +=
                    term.member + term.cost * Double(costsMinor[place])
                    + term.value * Double(values[place])
            }
        }
        return sum
    }
}
