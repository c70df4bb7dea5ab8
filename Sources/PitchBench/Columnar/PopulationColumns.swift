import PitchColumnar
import PitchEvaluator
import PitchProgram
import PitchSchema

/// A population as columns in memory, for the program of `ColumnarQueries`.
final class PopulationColumns: ColumnSource {
    private let population: Population
    private let program: Program

    init(_ population: Population, _ program: Program) {
        self.population = population
        self.program = program
    }

    var memberCount: Int { population.count }

    func column(_ field: FieldID) throws -> ColumnVector {
        let declared = program.dataSets[field.dataSet.index].fields[field.index]
        let type = declared.type
        return switch declared.name {
        case "age": ColumnVector(type: type, integers: population.ages, missing: nil)
        case "city": coded(population.cityCodes, population.cities, type)
        case "ltv": ColumnVector(type: type, integers: population.ltv, missing: nil)
        case "last_order":
            ColumnVector(
                type: type, integers: population.lastOrders, missing: population.lastOrderMissing)
        case "signup": ColumnVector(type: type, integers: population.signups, missing: nil)
        case "tags":
            ColumnVector(
                type: type, tagOffsets: population.tagOffsets, codes: population.tagCodes,
                TextDictionary(population.tags), missing: nil)
        case "at": ColumnVector(type: type, integers: population.days, missing: nil)
        case "amount": ColumnVector(type: type, integers: population.amounts, missing: nil)
        case "kind": coded(population.kindCodes, Population.kinds, type)
        default: throw BenchError.wrong("no column is made for '\(declared.name)'")
        }
    }

    private func coded(_ codes: [Int32], _ texts: [String], _ type: ValueType) -> ColumnVector {
        ColumnVector(type: type, codes: codes, TextDictionary(texts), missing: nil)
    }

    func events(_ dataSet: DataSetID) throws -> EventIndex {
        EventIndex(offsets: population.actionOffsets)
    }

    func keys(_ table: DataSetID) throws -> [String] { [] }
}

/// There is no table to look anything up in.
struct NoTables: TableRows {
    func row(of table: DataSetID, key: String) -> [Value]? { nil }
}

extension Population {
    /// Members as rows, which the evaluator reads.
    func records(_ members: Range<Int>, _ program: Program) -> [MemberRecord] {
        let actions = program.dataSets.firstIndex { $0.kind == .events } ?? 0
        let memberSet = program.members?.index ?? 0
        return members.map { member in
            let events = Int(actionOffsets[member])..<Int(actionOffsets[member + 1])
            return MemberRecord(
                key: "m\(member)",
                values: program.dataSets[memberSet].fields.map { memberValue($0.name, member) },
                events: [
                    actions: events.map { event in
                        EventRecord(
                            row: Int64(event) + 1,
                            values: program.dataSets[actions].fields.map {
                                actionValue($0.name, event)
                            })
                    }
                ])
        }
    }

    private func memberValue(_ field: String, _ member: Int) -> Value {
        switch field {
        case "age": .integer(ages[member])
        case "city": .text(cities[Int(cityCodes[member])])
        case "ltv": .money(ltv[member])
        case "last_order":
            lastOrderMissing[member] ? .missing : .date(Int32(lastOrders[member]))
        case "signup": .date(Int32(signups[member]))
        case "tags":
            .tags(
                tagCodes[Int(tagOffsets[member])..<Int(tagOffsets[member + 1])].map {
                    tags[Int($0)]
                })
        default: .text("m\(member)")
        }
    }

    private func actionValue(_ field: String, _ event: Int) -> Value {
        switch field {
        case "at": .date(Int32(days[event]))
        case "amount": .money(amounts[event])
        case "kind": .text(Self.kinds[Int(kindCodes[event])])
        default: .text("a\(event)")
        }
    }
}
