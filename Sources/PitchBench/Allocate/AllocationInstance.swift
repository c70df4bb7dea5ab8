import Foundation
import PitchOptimizer
import PitchStore
import PitchTestSupport

/// Members, offers, and what each offer does for each member.
struct AllocationInstance {
    let table: OfferTable
    let memberNames: [String]?
    let offers: [String]
    let segments: [String]
    /// The place of each member's segment.
    let segmentOfMember: [Int32]

    /// Ten offers of face 5 to 50: what they bring grows ever more slowly with their face and is
    /// noisy, and they cost their face where they are used.
    init(generated members: Int, seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        func draw() -> Double { Double(random.next() >> 11) * 0x1p-53 }
        let offers = 10
        var values = [Float](repeating: 0, count: members * offers)
        var costs = [Int32](repeating: 0, count: members * offers)
        for member in 0..<members {
            let base = 0.02 + 0.3 * draw() * draw()
            let lift = 0.4 * draw()
            let scale = 8 + 30 * draw()
            for offer in 0..<offers {
                let face = Double(5 * (offer + 1))
                let uplift = lift * (1 - exp(-face / scale)) + 0.01 * (draw() - 0.5)
                values[offer * members + member] = Float(uplift)
                costs[offer * members + member] = Int32(
                    100 * face * min(1, base + max(0, uplift)))
            }
        }
        table = try OfferTable(
            members: members, offers: offers, values: values, costsMinor: costs)
        memberNames = nil
        self.offers = (1...offers).map { "off\(5 * $0)" }
        segments = []
        segmentOfMember = [Int32](repeating: 0, count: members)
    }

    /// - Throws: `BenchError` for a row that is not one, with its line.
    init(csv path: String) throws {
        let source = try ByteSource(path: path, name: path, action: "read '\(path)'")
        let reader = try CsvReader(source, delimiter: UInt8(ascii: ","))
        var rows = try AllocationRows(reader.columns)
        while try reader.next() { try rows.add(reader.record) }
        try self.init(rows)
    }

    private init(_ rows: AllocationRows) throws {
        let (members, offers) = (rows.members.texts.count, rows.offers.texts.count)
        // What no row has costs nothing and brings nothing, which is no better than no offer.
        var values = [Float](repeating: 0, count: members * offers)
        var costs = [Int32](repeating: 0, count: members * offers)
        for entry in rows.entries {
            let place = Int(entry.offer) * members + Int(entry.member)
            (values[place], costs[place]) = (entry.value, entry.cost)
        }
        table = try OfferTable(
            members: members, offers: offers, values: values, costsMinor: costs)
        memberNames = rows.members.texts
        self.offers = rows.offers.texts
        segments = rows.segments.texts
        segmentOfMember = rows.segmentOfMember
    }

    /// Writes who gets what.
    func write(_ choices: [Int16], to path: String) throws {
        var text = "member,offer\n"
        for (member, offer) in choices.enumerated() where offer >= 0 {
            text += "\(memberNames?[member] ?? "m\(member)"),\(offers[Int(offer)])\n"
        }
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
}

/// Names, numbered as they come.
struct NumberedNames {
    private(set) var texts: [String] = []
    private var numbers: [String: Int32] = [:]

    mutating func number(of text: String) -> Int32 {
        if let number = numbers[text] { return number }
        let number = Int32(texts.count)
        numbers[text] = number
        texts.append(text)
        return number
    }
}

/// The rows of a file of offers.
private struct AllocationRows {
    struct Entry {
        let member: Int32
        let offer: Int32
        let value: Float
        let cost: Int32
    }

    private(set) var entries: [Entry] = []
    private(set) var members = NumberedNames()
    private(set) var offers = NumberedNames()
    private(set) var segments = NumberedNames()
    private(set) var segmentOfMember: [Int32] = []
    private let places: (member: Int, offer: Int, conversion: Int, cost: Int)
    private let segment: Int?
    private var pairs: Set<Int64> = []

    init(_ columns: [String]) throws {
        func place(_ name: String) throws -> Int {
            guard let place = columns.firstIndex(of: name) else {
                throw BenchError.wrong("the file has no column '\(name)'")
            }
            return place
        }
        places = (
            try place("member"), try place("offer"), try place("conversion"),
            try place("cost_minor")
        )
        segment = columns.firstIndex(of: "segment")
    }

    mutating func add(_ record: Record) throws {
        func text(_ place: Int) -> String {
            String(decoding: record.values[place].bytes, as: UTF8.self)
        }
        let member = members.number(of: text(places.member))
        let offer = offers.number(of: text(places.offer))
        guard let value = Float(text(places.conversion)), value.isFinite,
            let cost = Int32(text(places.cost))
        else {
            throw BenchError.wrong(
                "line \(record.line): expected a conversion and whole minor units of 32 bits, "
                    + "found '\(text(places.conversion))' and '\(text(places.cost))'")
        }
        guard pairs.insert(Int64(member) << 32 | Int64(offer)).inserted else {
            throw BenchError.wrong("line \(record.line): the member has this offer already")
        }
        let segment = self.segment.map { segments.number(of: text($0)) } ?? 0
        if Int(member) == segmentOfMember.count {
            segmentOfMember.append(segment)
        } else if segmentOfMember[Int(member)] != segment {
            throw BenchError.wrong("line \(record.line): the member has another segment before")
        }
        entries.append(Entry(member: member, offer: offer, value: value, cost: cost))
    }
}
