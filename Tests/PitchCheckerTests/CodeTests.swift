import PitchChecker
import PitchSource
import PitchSyntax
import PitchTestSupport
import Testing

/// Codes that need a program too large for an example, or several files.
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
}
