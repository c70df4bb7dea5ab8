import PitchColumnar
import PitchEvaluator
import PitchProgram
import PitchSchema

/// A program, its data, and the moment at which it is looked at: what both evaluators get.
package struct World: Sendable, TableRows {
    package struct TableRow: Sendable {
        package let key: String
        package let values: [Value]
    }

    package var program: Program
    package var moment: Moment
    package var members: [MemberRecord]
    /// By index of the data set.
    package var tables: [Int: [TableRow]] {
        didSet { indexTables() }
    }
    private var rows: [Int: [String: [Value]]] = [:]

    package init(
        program: Program, moment: Moment, members: [MemberRecord], tables: [Int: [TableRow]]
    ) {
        self.program = program
        self.moment = moment
        self.members = members
        self.tables = tables
        indexTables()
    }

    private mutating func indexTables() {
        rows = tables.mapValues { rows in
            Dictionary(rows.map { ($0.key, $0.values) }, uniquingKeysWith: { $1 })
        }
    }

    /// Puts members in the order of one of their fields; those without a value come first.
    package mutating func sortMembers(byField field: Int) {
        members.sort { ($0.values[field].raw ?? .min) < ($1.values[field].raw ?? .min) }
    }

    package func row(of table: DataSetID, key: String) -> [Value]? { rows[table.index]?[key] }

    package var evaluator: Evaluator { Evaluator(program: program, moment: moment, tables: self) }
}

/// The rows of a world as columns.
package final class WorldColumns: ColumnSource {
    private let world: World
    private var columns: [FieldID: ColumnVector] = [:]
    private var indices: [DataSetID: EventIndex] = [:]

    package init(_ world: World) { self.world = world }

    package var memberCount: Int { world.members.count }

    package func column(_ field: FieldID) throws -> ColumnVector {
        if let column = columns[field] { return column }
        let dataSet = world.program.dataSets[field.dataSet.index]
        let rows: [[Value]] =
            switch dataSet.kind {
            case .members: world.members.map(\.values)
            case .events: events(of: field.dataSet).map(\.values)
            case .table: (world.tables[field.dataSet.index] ?? []).map(\.values)
            }
        let column = Self.column(
            rows.map { $0[field.index] }, of: dataSet.fields[field.index].type)
        columns[field] = column
        return column
    }

    package func events(_ dataSet: DataSetID) throws -> EventIndex {
        if let index = indices[dataSet] { return index }
        var offsets: [Int32] = [0]
        for member in world.members {
            offsets.append(
                offsets[offsets.count - 1] + Int32(member.events[dataSet.index]?.count ?? 0))
        }
        let index = EventIndex(offsets: offsets)
        indices[dataSet] = index
        return index
    }

    package func keys(_ table: DataSetID) throws -> [String] {
        (world.tables[table.index] ?? []).map(\.key)
    }

    private func events(of dataSet: DataSetID) -> [EventRecord] {
        world.members.flatMap { $0.events[dataSet.index] ?? [] }
    }

    private static func column(_ values: [Value], of type: ValueType) -> ColumnVector {
        var missing = Bitmap(count: values.count)
        for (row, value) in values.enumerated() where value.isMissing { missing[row] = true }
        var texts = CodeBook()
        let mask = missing.population == 0 ? nil : missing
        switch type.storage {
        case .integer:
            return ColumnVector(type: type, integers: values.map { $0.raw ?? 0 }, missing: mask)
        case .text:
            let codes = values.map { value -> Int32 in
                if case .text(let text) = value { texts.code(of: text) } else { 0 }
            }
            return ColumnVector(
                type: type, codes: codes, TextDictionary(texts.texts), missing: mask)
        case .tags:
            var offsets: [Int32] = [0]
            var codes: [Int32] = []
            for value in values {
                if case .tags(let tags) = value {
                    codes += Set(tags.map { texts.code(of: $0) }).sorted()
                }
                offsets.append(Int32(codes.count))
            }
            return ColumnVector(
                type: type, tagOffsets: offsets, codes: codes, TextDictionary(texts.texts),
                missing: mask)
        }
    }
}

/// Numbers texts in the order in which they are first seen.
private struct CodeBook {
    private(set) var texts: [String] = []
    private var codes: [String: Int32] = [:]

    mutating func code(of text: String) -> Int32 {
        if let code = codes[text] { return code }
        let code = Int32(texts.count)
        codes[text] = code
        texts.append(text)
        return code
    }
}
