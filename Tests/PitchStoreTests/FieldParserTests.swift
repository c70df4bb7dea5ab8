import Foundation
import PitchSchema
import PitchStore
import Testing

@Suite struct FieldParserTests {
    private static let yuan = Currency("CNY").map { ValueType.money($0) } ?? .error
    private static let kilometre = Unit.named("km").map { ValueType.quantity($0) } ?? .error

    /// What a parser says, as text: a count, `'text'`, `missing` or the reason.
    private static func parse(_ bytes: [UInt8], _ field: Field) throws -> String {
        let zone = try #require(ZoneRules.named("America/New_York"))
        let parser = try FieldParser(field, zone: zone)
        return bytes.withUnsafeBufferPointer { bytes in
            switch parser.parse(RawValue(bytes: bytes)) {
            case .missing: "missing"
            case .integer(let count): "\(count)"
            case .text(let text):
                "'" + String(decoding: text, as: UTF8.self).replacing("\u{1F}", with: "+") + "'"
            case .wrong(let reason): reason
            }
        }
    }

    @Test(arguments: [
        (ValueType.integer, "12", "12"), (.integer, " -7 ", "-7"), (.integer, "", "missing"),
        (.integer, "1e3", "1000"), (.integer, "9223372036854775807", "9223372036854775807"),
        (.integer, "9223372036854775808", "the number is too large"),
        (.integer, "1.5", "expected no decimals; 'rounded' after the field accepts more"),
        (.integer, "1,000", "expected a whole number like 12"),
        (.number, "0.000001", "1"), (.number, ".5", "500000"),
        (.number, "-", "expected a number like 12.5"),
        (.percent, "12%", "120000"), (.percent, "12.5 %", "125000"), (.percent, "0.12", "120000"),
        (.percent, "%", "expected a share like 12.5% or 0.125"),
        (yuan, "12.50", "1250"), (yuan, "-0.01", "-1"), (yuan, "12.500", "1250"),
        (
            yuan, "1.776357e-15",
            "expected at most 2 decimals; 'rounded' after the field accepts more"
        ),
        (yuan, "¥12", "expected an amount like 12.50"),
        (.truth, "YES", "1"), (.truth, "否", "0"), (.truth, "0", "0"),
        (.truth, "2", "expected yes or no, true or false, 1 or 0"),
        (.date, "1970-01-02", "1"), (.date, "2025-02-29", "expected a date like 2026-03-01"),
        (.date, "9999-12-31", "2932896"), (.date, "0000-01-01", "expected a date like 2026-03-01"),
        (.instant, "1970-01-01T00:00:00Z", "0"), (.instant, "1970-01-01 08:00:00+08:00", "0"),
        (.instant, "1970-01-01 00:00", "18000000"), (.instant, "1970-01-01T00:00:00.1239Z", "123"),
        // The night of 12 March 2017 has no half past two; that of 5 November has two.
        (.instant, "2017-03-12 02:30", "1489302000000"),
        (.instant, "2017-11-05 01:30", "1509859800000"),
        (.instant, "1970-01-01", "expected a date and time like 2026-03-01 09:30:00"),
        (.instant, "1970-01-01 24:00", "expected a date and time like 2026-03-01 09:30:00"),
        (.time, "09:30", "34200000"), (.time, "09:30:15.5", "34215500"),
        (.time, "9:30", "expected a time of day like 09:30"),
        (.duration, "90 minutes", "5400000"), (.duration, "01:30:00", "5400000"),
        (.duration, "PT1H30M", "5400000"), (.duration, "P1D", "86400000"),
        (.duration, "2.5 hours", "9000000"),
        (.duration, "P1M", "expected a length of time like '90 minutes', '01:30:00' or 'PT1H30M'"),
        (kilometre, "1.5", "1500000"), (kilometre, "1500 m", "1500000"),
        (kilometre, "3 kg", "expected a number of km like 12.5"),
        (.tags, "b|a||b| ", "'a+b'"), (.tags, "|", "''"), (.tags, "", "''"),
        (.choice(["web", "app"]), "web", "'web'"),
        (.choice(["web", "app"]), "wbe", "expected one of web, app; did you mean 'web'?"),
        (.text, "e\u{301}", "'é'"), (.text, " a ", "' a '"), (.text, "上海", "'上海'"),
    ])
    func valuesOfEachType(type: ValueType, text: String, expected: String) throws {
        #expect(try Self.parse(Array(text.utf8), Field("f", type)) == expected)
    }

    @Test(
        arguments: [
            ([0x61, 0xE9, 0x62], "expected UTF-8, found other bytes at byte 2 of the value"),
            ([0x61, 0x62, 0x00], "there is a NUL at byte 3 of the value"),
            ([0xE5, 0xE5, 0xE5], "expected UTF-8, found other bytes at byte 1 of the value"),
        ] as [([UInt8], String)])
    func wrongBytesAreNamed(bytes: [UInt8], expected: String) throws {
        #expect(try Self.parse(bytes, Field("f", .text)) == expected)
    }

    @Test(arguments: [
        (ValueType.date, "dd/MM/yyyy", "02/01/1970", "1"), (.date, "d.M.yy", "2.1.26", "20455"),
        (.date, "yyyyMMdd", "19700102", "1"),
        (.date, "dd/MM/yyyy", "2/1/1970", "expected a date of the form 'dd/MM/yyyy'"),
        (.instant, "MM/dd/yyyy hh:mm a", "01/01/1970 12:30 AM", "19800000"),
        (.instant, "yyyy'T'H:mm:ss.SSS", "1970T0:00:00.250", "18000250"),
        (.time, "HHmm", "0930", "34200000"),
    ])
    func formats(type: ValueType, pattern: String, text: String, expected: String) throws {
        let field = Field("f", type, format: FieldFormat(pattern: pattern))
        #expect(try Self.parse(Array(text.utf8), field) == expected)
    }

    @Test func decimalsWithACommaAndRounding() throws {
        let comma = Field("f", Self.yuan, format: FieldFormat(decimalComma: true))
        #expect(try Self.parse(Array("1,25".utf8), comma) == "125")
        #expect(try Self.parse(Array("1.25".utf8), comma) == "expected an amount like 12,50")
        let rounded = Field("f", Self.yuan, format: FieldFormat(rounds: true))
        #expect(try Self.parse(Array("0.125".utf8), rounded) == "12")
        #expect(try Self.parse(Array("1.776357e-15".utf8), rounded) == "0")
    }

    @Test func aFormatOfOtherLettersIsRefused() {
        let field = Field("f", .date, format: FieldFormat(pattern: "dd MMM yyyy"))
        #expect(throws: StoreError.self) { try FieldParser(field, zone: .utc) }
    }
}
