import Foundation
import PitchProgram
import PitchSchema
import PitchStore
import PitchTestSupport
import Testing

/// One year of a grocery chain. The data lies beside the project, or where `PITCH_DATA` says.
private let journeyFolder: String = {
    let data =
        ProcessInfo.processInfo.environment["PITCH_DATA"]
        ?? Golden.root.deletingLastPathComponent().path + "/shared/data"
    return data + "/completejourney"
}()

private let hasJourney = FileManager.default.fileExists(
    atPath: journeyFolder + "/transactions.csv.gz")

@Suite(.enabled(if: hasJourney, "the completejourney data is not there"))
struct CompleteJourneyTests {
    private func program(rounds: Bool) throws -> Program {
        let dollars = ValueType.money(try #require(Currency("USD")))
        let households = DataSet(
            kind: .members, name: "members", source: .csv(glob: "demographics.csv.gz"),
            fields: [
                Field("household_id", .text), Field("age", .text, isOptional: true),
                Field("income", .text, isOptional: true),
            ], key: [0])
        let products = DataSet(
            kind: .table, name: "products", source: .csv(glob: "products.csv.gz"),
            fields: [
                Field("product_id", .text), Field("department", .text, isOptional: true),
            ], key: [0])
        let lines = DataSet(
            kind: .events, name: "lines", source: .csv(glob: "transactions.csv.gz"),
            fields: [
                Field("household_id", .text), Field("basket_id", .text),
                Field("product", .reference("products"), column: "product_id"),
                Field("quantity", .integer),
                Field(
                    "amount", dollars, column: "sales_value", format: FieldFormat(rounds: rounds)),
                Field("at", .instant, column: "transaction_timestamp"),
            ], member: 0, at: 5, newMembers: .add)
        return Program(
            project: Project(
                name: "journey", zone: "America/New_York",
                currency: try #require(Currency("USD")), store: "journey.db"),
            dataSets: [households, products, lines])
    }

    private func load(_ shop: Shop, _ program: Program) throws -> LoadReport {
        let store = try shop.open()
        defer { store.close() }
        return try store.load(program, folder: journeyFolder, at: 0)
    }

    @Test func everyLineLoadsWhereAmountsAreRounded() throws {
        let shop = try Shop()
        let program = try program(rounds: true)
        let report = try load(shop, program)
        #expect(report.files.map(\.quarantined) == [0, 0, 0])
        #expect(report.files.map(\.new) == [92_331, 801, 1_469_307])
        let store = try shop.open(.readOnly)
        let source = try store.snapshot(of: program)
        #expect(source.memberCount == 2469)
        #expect(try source.events(DataSetID(2)).offsets.last == 1_469_307)
        let ages = try source.column(FieldID(DataSetID(0), 1))
        #expect(ages.missing?.population == 2469 - 801)
        let known = Set(try source.keys(DataSetID(1)))
        guard
            case .codes(let codes, let texts) = try source.column(FieldID(DataSetID(2), 2)).payload
        else {
            Issue.record("a reference is no text")
            return
        }
        #expect(codes.count { !known.contains(texts[Int($0)]) } == 4836)
    }

    @Test func twentyLinesAreTooPreciseOtherwise() throws {
        let shop = try Shop()
        let program = try program(rounds: false)
        let report = try load(shop, program)
        #expect(report.files[2].quarantined == 20 && report.files[2].new == 1_469_287)
        let rows = try shop.open(.readOnly).quarantinedRows()
        #expect(rows.allSatisfy { $0.field == "amount" && $0.value.contains("e-") })
    }
}
