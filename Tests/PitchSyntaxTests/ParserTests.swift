import PitchSource
import PitchSyntax
import PitchTestSupport
import Testing

@Suite struct ParserTests {
    @Test func tourHasNoFaults() throws {
        let tree = tree(Corpus.tour)
        #expect(!Corpus.tour.isEmpty)
        #expect(tree.diagnostics.map { "\($0.code.id) \($0.message)" } == [])
        try Golden.check(outline(tree), against: "parser/tour.tree")
    }
}
