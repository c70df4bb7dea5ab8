import PitchChecker
import PitchSource
import PitchSyntax
import PitchTestSupport
import Testing

/// Codes that need a program too large for an example, or several files: theirs are sketches.
private let withoutExample: Set<String> = ["P211", "P212", "P216", "P217"]

private let codesWithExample = DiagnosticCode.checkerCodes.filter {
    !withoutExample.contains($0.id)
}

@Suite("Diagnostic codes of the checker")
struct CodeTests {
    @Test("every id is given once, and sorted")
    func ids() {
        let ids = DiagnosticCode.checkerCodes.map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(ids == ids.sorted())
    }

    @Test("an example reports its code and nothing else", arguments: codesWithExample.map(\.id))
    func example(id: String) throws {
        let code = try #require(codesWithExample.first { $0.id == id })
        let checked = checked(DiagnosticCode.script(code.example))
        #expect(checked.described == [id], "\(checked.messages)")
    }

    @Test("a repair reports nothing", arguments: codesWithExample.map(\.id))
    func repair(id: String) throws {
        let code = try #require(codesWithExample.first { $0.id == id })
        let checked = checked(DiagnosticCode.script(code.repair))
        #expect(checked.described == [], "\(checked.messages)")
        #expect(checked.program != nil)
    }

    @Test("the messages of all examples", arguments: codesWithExample.map(\.id))
    func golden(id: String) throws {
        let code = try #require(codesWithExample.first { $0.id == id })
        let script = DiagnosticCode.script(code.example)
        try Golden.check(script, against: "checker/\(id).pitch")
        try Golden.check(checked(script).messages, against: "checker/\(id).txt")
    }

    @Test("the messages of codes whose example is a sketch")
    func sketches() throws {
        let list = (0...10_000).map { "\($0)" }.joined(separator: ", ")
        let doubled = (1...60).map { "let x\($0) = x\($0 - 1) + x\($0 - 1)\n" }.joined()
        let tooMany = checkedAfterPreamble("segment a = age(joined) in [\(list)]").diagnostics
        let tooLarge = checkedAfterPreamble("let x0 = count(orders)\n" + doubled).diagnostics
        let cycle = importCycle(["a.pitch", "b.pitch", "a.pitch"], at: .none)
        try checkMessage(tooMany.first, "P211", against: "checker/P211.txt")
        try checkMessage(tooLarge.first, "P212", against: "checker/P212.txt")
        try checkMessage(cycle, "P216", against: "checker/P216.txt")
        try checkMessage(tooManyImports(at: .none), "P217", against: "checker/P217.txt")
    }

    private func checkMessage(
        _ diagnostic: Diagnostic?, _ id: String, against file: String
    ) throws {
        let diagnostic = try #require(diagnostic)
        #expect(diagnostic.code.id == id)
        try Golden.check(diagnostic.message + "\n", against: file)
    }
}
