import Foundation
import PitchSchema

/// A population as the files that its script reads.
struct PopulationCsv {
    private let population: Population
    /// The text of every day that occurs, as they are asked for.
    private var texts: [Int64: String] = [:]
    private static let portion = 1 << 20
    static let memberColumns = "member_id,age,city,ltv,last_order,signup,tags\n"
    static let actionColumns = "action_id,member_id,day,kind,amount\n"

    init(_ population: Population) { self.population = population }

    mutating func write(to folder: String) throws {
        let members = try CsvFile(folder + "/members.csv")
        members.add(Self.memberColumns)
        let actions = try CsvFile(folder + "/actions.csv")
        actions.add(Self.actionColumns)
        for member in 0..<population.count {
            members.add(memberLine(member))
            let events = population.actionOffsets[member]..<population.actionOffsets[member + 1]
            for event in events { actions.add(actionLine(Int(event), of: member)) }
            try members.flush(from: Self.portion)
            try actions.flush(from: Self.portion)
        }
        try members.flush(from: 0)
        try actions.flush(from: 0)
    }

    /// - Parameter years: by how much the member has aged.
    mutating func memberLine(_ member: Int, older years: Int64 = 0) -> String {
        let tags = population.tagOffsets[member]..<population.tagOffsets[member + 1]
        let tagTexts = tags.map { population.tags[Int(population.tagCodes[Int($0)])] }
        let city = population.cities[Int(population.cityCodes[member])]
        let last =
            population.lastOrderMissing[member] ? "" : day(population.lastOrders[member])
        return """
            m\(member),\(population.ages[member] + years),\(city),\
            \(Self.money(population.ltv[member])),\(last),\(day(population.signups[member])),\
            \(tagTexts.joined(separator: "|"))\n
            """
    }

    private mutating func actionLine(_ event: Int, of member: Int) -> String {
        actionLine(
            "a\(event)", of: member, day: population.days[event],
            kind: population.kindCodes[event], amount: population.amounts[event])
    }

    mutating func actionLine(
        _ key: String, of member: Int, day: Int64, kind: Int32, amount: Int64
    ) -> String {
        """
        \(key),m\(member),\(self.day(day)),\(Population.kinds[Int(kind)]),\
        \(Self.money(amount))\n
        """
    }

    private static func money(_ cents: Int64) -> String {
        "\(cents / 100)." + CivilDate.padded(Int(cents % 100), 2)
    }

    private mutating func day(_ day: Int64) -> String {
        if let known = texts[day] { return known }
        let text = CivilDate(days: Int(day)).text
        texts[day] = text
        return text
    }
}

/// A file that is written in portions.
private final class CsvFile {
    private let file: FileHandle
    private var text = ""

    init(_ path: String) throws {
        guard FileManager.default.createFile(atPath: path, contents: nil) else {
            throw CocoaError(.fileWriteUnknown)
        }
        file = try FileHandle(forWritingTo: URL(filePath: path))
    }

    func add(_ line: String) { text += line }

    func flush(from size: Int) throws {
        guard text.utf8.count >= size else { return }
        try file.write(contentsOf: Data(text.utf8))
        text = ""
    }
}
