import Foundation

/// The data for other programs: raw little-endian columns, the names that codes stand for, and the
/// rules as JSON.
struct PopulationFiles {
    let subject: ColumnarSubject

    init(_ subject: ColumnarSubject) { self.subject = subject }

    func write(to folder: String) throws {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        let (data, poll) = (subject.population, subject.poll)
        for (name, column) in [
            ("age", data.ages), ("ltv", data.ltv), ("last_order", data.lastOrders),
            ("signup", data.signups), ("day", data.days), ("amount", data.amounts),
            ("new_amount", poll.amounts),
        ] { try write(column, to: "\(folder)/\(name).i64") }
        for (name, column) in [
            ("city", data.cityCodes), ("tag_offsets", data.tagOffsets),
            ("tag", data.tagCodes), ("action_offsets", data.actionOffsets),
            ("kind", data.kindCodes), ("new_member", poll.owners), ("new_kind", poll.kindCodes),
        ] { try write(column, to: "\(folder)/\(name).i32") }
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        try encoder.encode(
            Names(
                today: Population.today, cities: data.cities, tags: data.tags,
                kinds: Population.kinds, rules: subject.queries.rules.rules)
        ).write(to: URL(filePath: folder + "/names.json"))
    }

    private struct Names: Encodable {
        /// Days since 1970-01-01.
        let today: Int64
        let cities: [String]
        let tags: [String]
        let kinds: [String]
        let rules: [RuleSet.Rule]
    }

    private func write<Element: FixedWidthInteger>(_ column: [Element], to path: String) throws {
        let bytes = column.map(\.littleEndian).withUnsafeBytes { Data($0) }
        try bytes.write(to: URL(filePath: path))
    }
}
