import PitchColumnar
import PitchProgram
import PitchSchema

/// The members who live at some places, as one or several of their fields say.
struct Residents {
    /// By field, then place; members in their order.
    private var members: [Int: [String: [Int32]]] = [:]
    /// Places where somebody lives.
    let inhabitedPlaces: Set<String>
    /// Places where nobody lives.
    let emptyPlaces: Set<String>

    /// - Parameters:
    ///   - fields: of the members' data set.
    ///   - member: looks at this one only; nil: at everyone.
    init(
        of places: Set<String>, by fields: Set<Int>, _ base: CustomerBase, _ member: Int?
    ) throws {
        var inhabited: Set<String> = []
        if member == nil { try base.prefetch([], and: fields.sorted()) }
        for field in fields {
            if let member {
                guard case .text(let place) = try base.values(of: member)[field] else {
                    continue
                }
                members[field] = [place: base.isPresent(member) ? [Int32(member)] : []]
                continue
            }
            let column = try base.memberColumn(field)
            members[field] = Self.byPlace(column, among: places, isPresent: base.isPresent)
            inhabited.formUnion(members[field, default: [:]].keys)
        }
        inhabitedPlaces = inhabited
        emptyPlaces = member == nil ? places.subtracting(inhabited) : []
    }

    private static func byPlace(
        _ column: ColumnVector, among places: Set<String>, isPresent: (Int) -> Bool
    ) -> [String: [Int32]] {
        guard case .codes(let codes, let dictionary) = column.payload else { return [:] }
        let isWanted = dictionary.texts.map(places.contains)
        var byCode = [[Int32]](repeating: [], count: isWanted.count)
        for (member, code) in codes.enumerated() {
            if let missing = column.missing, missing[member] { continue }
            if isWanted[Int(code)], isPresent(member) { byCode[Int(code)].append(Int32(member)) }
        }
        return Dictionary(
            uniqueKeysWithValues: byCode.indices.compactMap { code in
                byCode[code].isEmpty ? nil : (dictionary[code], byCode[code])
            })
    }

    /// Those who live at a place, grouped by the lines through whose field they do.
    /// - Parameter lines: the members' field of each, and its index.
    func groups(
        of place: String, by lines: [(field: Int, index: Int)]
    ) -> [(lines: [Int], members: [Int32])] {
        let fields = Set(lines.map(\.field))
        if fields.count == 1, let field = fields.first {
            guard let all = members[field]?[place] else { return [] }
            return [(lines.map(\.index), all)]
        }
        var linesOf: [Int32: [Int]] = [:]
        for line in lines {
            for member in members[line.field]?[place] ?? [] {
                linesOf[member, default: []].append(line.index)
            }
        }
        return Dictionary(grouping: linesOf.keys.sorted()) { linesOf[$0] ?? [] }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
            .map { ($0.key, $0.value) }
    }
}
