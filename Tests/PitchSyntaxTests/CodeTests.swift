import Foundation
import PitchSource
import PitchSyntax
import Testing

@Suite struct CodeTests {
    /// A script saved as UTF-16 has one fault, not one for each of its characters.
    @Test(arguments: [String.Encoding.utf16, .utf16LittleEndian, .utf16BigEndian])
    func scriptsInUTF16(encoding: String.Encoding) throws {
        let bytes = try #require(Corpus.tour.data(using: encoding))
        let tree = parse(SourceFile(name: "test.pitch", bytes: Array(bytes)))
        #expect(tree.diagnostics.map(\.message) == ["the file is UTF-16, not UTF-8"])
        #expect(isLossless(tree))
    }

    /// The codes whose example is no text that could stand in a string.
    static let bytes: [String: (example: [UInt8], repair: [UInt8])] = [
        "P101": (Array("let caf".utf8) + [0xE9] + Array(" = 1".utf8), Array("let café = 1".utf8)),
        "P107": (Array(repeating: 0x20, count: (16 << 20) + 1), []),
        "P129": (
            Array(String(repeating: "m1,Shanghai,2024-01-01\n", count: 101).utf8),
            Array("members from csv \"members.csv\" { key member_id, city text }".utf8)
        ),
    ]

    @Test(arguments: DiagnosticCode.syntaxCodes)
    func exampleShowsItsCodeAndRepairDoesNot(code: DiagnosticCode) {
        let special = Self.bytes[code.id]
        let example = parse(
            SourceFile(name: "example", bytes: special?.example ?? Array(code.example.utf8)))
        #expect(example.diagnostics.map(\.code.id) == [code.id], "\(example.diagnostics)")
        let repair = parse(
            SourceFile(name: "repair", bytes: special?.repair ?? Array(code.repair.utf8)))
        #expect(repair.diagnostics.map(\.code.id) == [])
    }

    @Test func codesAreUniqueAndOfTheSyntax() {
        let ids = DiagnosticCode.syntaxCodes.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.hasPrefix("P1") && $0.count == 4 })
        #expect(ids == ids.sorted())
    }

    /// A fault a line; each is reported once, on its line, whatever else is wrong.
    private static let faults: [(good: String, bad: String, code: String)] = [
        ("pitch 1", "pitch 9", "P115"),
        ("let a = 5", "let a = 5 $", "P102"),
        ("let b = \"x\"", "let b = \"x", "P103"),
        ("let `c` = 1", "let `c = 1", "P104"),
        ("let d = 1_000", "let d = 1__000", "P105"),
        ("segment e = x = 1", "segment e = x == 1", "P106"),
        ("segment f = (x = 1)", "segment f = (x = 1", "P110"),
        ("bundle g { off20 }", "bundle g { off20", "P111"),
        ("let h = 1", "let h = 1\n}", "P112"),
        ("segment i = x = 1", "segmnt i = x = 1", "P113"),
        ("let j = 1", "strategy j { no limit }", "P114"),
        ("segment k = x > 1", "segment k x > 1", "P116"),
        ("coupon l { kind cash }", "coupon l { kid cash }", "P117"),
        ("coupon m { stock 5 }", "coupon m { stock many }", "P118"),
        ("coupon n { stock 5 }", "coupon n { stock 5 of them }", "P119"),
        ("theme o { from [p, q] }", "theme o { from p, q }", "P120"),
        ("table p from csv \"p\" { q text }", "table p from csv \"p\" { q txt }", "P121"),
        (
            "plan q { strategy s { when purchase } }", "plan q { strategy s { when purchse } }",
            "P122"
        ),
        ("let r = 5 CNY", "let r = 5 cny", "P123"),
        ("segment s = x > 1 and y", "segment s = x > and y", "P124"),
        ("segment t = x between 1 and 2", "segment t = x between 1", "P125"),
        ("segment u = x between 1 and 2", "segment u = 1 < x < 2", "P126"),
        ("let v = count(o in last 3 days where a > 1)",
            "let v = count(o where a > 1 in last 3 days)", "P127"),
        ("message w { sms \"{x}\" }", "message w { sms \"{x\" }", "P128"),
    ]

    @Test func independentFaultsAreReportedOnceEach() {
        let text = Self.faults.map(\.bad).joined(separator: "\n")
        #expect(codes(text).sorted() == Self.faults.map(\.code).sorted())
        #expect(codes(Self.faults.map(\.good).joined(separator: "\n")) == [])
    }

    @Test(arguments: faults.indices)
    func removingAFaultRemovesItsMessage(index: Int) {
        var lines = Self.faults.map(\.bad)
        let all = codes(lines.joined(separator: "\n"))
        lines[index] = Self.faults[index].good
        var expected = all
        expected.removeAll { $0 == Self.faults[index].code }
        #expect(codes(lines.joined(separator: "\n")) == expected)
    }
}
