import PitchSource
import PitchSyntax
import PitchTestSupport
import Testing

@Suite struct ParserTests {
    @Test func tourHasNoFaults() throws {
        let tree = tree(Corpus.tour)
        #expect(!Corpus.tour.isEmpty)
        #expect(tree.diagnostics.map { diagnostic in
            "\(tree.file.line(of: Int(diagnostic.range.start))) \(diagnostic.message)"
        } == [])
        try Golden.check(outline(tree), against: "parser/tour.tree")
    }
}
