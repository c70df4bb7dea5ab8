import Foundation
import PitchOptimizer

/// A made instance under one budget or under thirty-one limits, as other solvers are given it.
struct AllocationCampaign {
    let table: OfferTable
    let segments: Segments
    /// The first is the budget.
    let rows: [CellRow]
    let budgetMinor: Int64

    private static let segmentCount = 8

    /// Members in eight segments, and a budget of 30 % of what an unlimited choice costs. With
    /// many limits also 8 budgets of segments, the stocks of 10 offers, 3 channels, a return
    /// floor and 8 coverage floors, all around what the budget alone would choose; about half of
    /// them bind.
    init(members: Int, seed: UInt64, hasManyLimits: Bool) throws {
        table = try AllocationInstance(generated: members, seed: seed).table
        let size = (members + Self.segmentCount - 1) / Self.segmentCount
        segments = try Segments(
            count: Self.segmentCount, ofMember: (0..<members).map { Int32($0 / size) })
        let allocator = Allocator(table, workLimit: 0)
        let most = try allocator.maximizeValue(budgetMinor: .max / 4)
        budgetMinor = most.costMinor * 3 / 10
        var rows = [CellRow.budget(budgetMinor)]
        if hasManyLimits {
            let plain = try allocator.maximizeValue(budgetMinor: budgetMinor)
            rows += Self.limits(around: plain, table, segments)
        }
        self.rows = rows
    }

    private static func limits(
        around plain: Allocation, _ table: OfferTable, _ segments: Segments
    ) -> [CellRow] {
        var given = [Int](repeating: 0, count: table.offers)
        var spent = [Int64](repeating: 0, count: segments.count)
        var covered = [Int](repeating: 0, count: segments.count)
        for (member, choice) in plain.choices.enumerated() where choice >= 0 {
            let segment = Int(segments.ofMember[member])
            given[Int(choice)] += 1
            covered[segment] += 1
            spent[segment] += Int64(table.costsMinor[Int(choice) * table.members + member])
        }
        var rows: [CellRow] = spent.enumerated().map { segment, cost in
            .budget(cost * (segment % 2 == 0 ? 9 : 12) / 10, segment: segment)
        }
        rows += given.enumerated().map { .stock($1 * ($0 % 3 == 0 ? 8 : 13) / 10, of: $0) }
        rows += [[0, 1, 2], [3, 4, 5, 6], [7, 8, 9]].map { offers in
            .capacity(offers.reduce(0) { $0 + given[$1] } * 95 / 100, of: offers)
        }
        rows.append(.returnFloor(1, worthMinor: 0.9 * Double(plain.costMinor) / plain.value))
        rows += covered.enumerated().map { segment, count in
            .coverageFloor(count * (segment % 2 == 0 ? 10 : 8) / 10, of: segment)
        }
        return rows
    }

    /// What a solver came to, and what that took.
    struct Answer: Encodable {
        let objective: Double
        let bound: Double
        let isOptimal: Bool
        let seconds: Double
        let peakMb: Double
    }

    /// - Parameter workLimit: of the exact search; 0 for the linear bound and a greedy choice.
    func solve(threads: Int, workLimit: Int) throws -> (answer: Answer, choices: [Int16]) {
        let allocator = Allocator(table, threads: threads, workLimit: workLimit)
        let start = DispatchTime.now().uptimeNanoseconds
        func answer(_ objective: Double, _ bound: Double, _ isOptimal: Bool) -> Answer {
            let nanoseconds = DispatchTime.now().uptimeNanoseconds - start
            return Answer(
                objective: objective, bound: bound, isOptimal: isOptimal,
                seconds: Double(nanoseconds) / 1e9, peakMb: Self.peakMb)
        }
        if rows.count == 1 {
            let found = try allocator.maximizeValue(budgetMinor: budgetMinor)
            return (answer(found.value, found.bound, found.isOptimal), found.choices)
        }
        switch try allocator.maximizeValue(within: rows, of: segments) {
        case .found(let found):
            return (answer(found.value, found.bound, found.isOptimal), found.choices)
        case .conflict: throw CocoaError(.featureUnsupported)
        }
    }

    /// The most memory this program has had. What `getrusage` says would be no less than what the
    /// program had that started this one.
    private static var peakMb: Double {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM") } ?? ""
        return (Double(line.filter(\.isNumber)) ?? 0) / 1024
    }
}

/// The folder in which other solvers read a campaign and check what was chosen.
struct CampaignFiles {
    let folder: URL

    private struct Row: Encodable {
        struct Term: Encodable {
            let segment: Int?
            let offer: Int?
            let member: Double
            let cost: Double
            let value: Double
        }
        let limit: Double
        let isInteger: Bool
        let terms: [Term]
    }

    /// Offer-major `values.f32` and `costs.i32`, `segments.i32`, and `rows.json`.
    func write(_ campaign: AllocationCampaign) throws {
        try write(campaign.table.values, to: "values.f32")
        try write(campaign.table.costsMinor, to: "costs.i32")
        try write(campaign.segments.ofMember, to: "segments.i32")
        let rows = campaign.rows.map { row in
            Row(
                limit: row.limit, isInteger: row.isInteger,
                terms: row.terms.map {
                    Row.Term(
                        segment: $0.segment, offer: $0.offer, member: $0.member, cost: $0.cost,
                        value: $0.value)
                })
        }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        try encoder.encode(rows).write(to: folder.appending(path: "rows.json"))
    }

    func write(choices: [Int16]) throws { try write(choices, to: "choices.i16") }

    private func write<Number>(_ numbers: [Number], to name: String) throws {
        let bytes = numbers.withUnsafeBytes { Data($0) }
        try bytes.write(to: folder.appending(path: name))
    }
}
