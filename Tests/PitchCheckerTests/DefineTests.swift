import PitchChecker
import Testing

@Suite("Bodies of defines")
struct DefineTests {
    @Test("repairing the body of a define that many call leaves nothing")
    func repaired() {
        let uses = (1...30).map { "segment s\($0) = f(\($0))" }.joined(separator: "\n")
        let faulty = checkedAfterPreamble("define f(x) = abs(x) > lenght(city)\n" + uses)
        #expect(faulty.described == ["P209"], "\(faulty.messages)")
        let repaired = checkedAfterPreamble("define f(x) = abs(x) > length(city)\n" + uses)
        #expect(repaired.described.isEmpty, "\(repaired.messages)")
    }

    @Test("of many uses that share a fault four are named")
    func shared() {
        let uses = (1...30).map { "segment s\($0) = f(\($0) USD)" }.joined(separator: "\n")
        let checked = checkedAfterPreamble("define f(x) = max(orders.amount) > x + 1 CNY\n" + uses)
        #expect(checked.described == ["P303"], "\(checked.messages)")
        #expect(
            checked.diagnostics.first?.notes.map(\.message)
                == [String](repeating: "in this use of 'f'", count: 4))
    }

    @Test("a define and a segment that need each other are a cycle")
    func cycle() {
        let checked = checkedAfterPreamble("define f(x) = s and x\nsegment s = f(yes)")
        #expect(checked.described == ["P204"], "\(checked.messages)")
    }
}
