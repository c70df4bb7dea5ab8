import Foundation
import PitchSource
import PitchSyntax
import PitchTestSupport
import Testing

/// Whether the tokens with their trivia are the file to the byte, and in order.
func isLossless(_ tree: SyntaxTree) -> Bool {
    var position: Int32 = 0
    var isWhole = true
    tree.root.forEachToken { token in
        if token.triviaStart != position || token.range.start < position { isWhole = false }
        position = token.range.end
    }
    return isWhole && Int(position) == tree.file.bytes.count
}

/// Makes faulty scripts out of good ones.
struct Mutator {
    var random: SeededGenerator
    let pieces: [[UInt8]]

    private static let inserts: [[UInt8]] = [
        "(", ")", "[", "]", "{", "}", ",", "\"", "'", "\"\"\"", "`", "\n", "\n\n", " and ", " or ",
        " not ", " in ", " last ", " where ", " = ", " < ", " - ", "==", "#", " if ", " otherwise ",
        " between ", " then ", "count(", "1_", "2026-03-01", "22:00", "。", "“", "é", "\u{0}",
        "plan x {", "segment s = ", "for each x in [1] {", " 5 CNY", "%", "\u{FEFF}",
    ].map { Array($0.utf8) } + [[0xFF], [0xE4, 0xB8], [0xC0, 0x80]]

    mutating func next() -> [UInt8] {
        var text = pieces[Int.random(in: 0..<pieces.count, using: &random)]
        if text.count > 700 {
            let start = Int.random(in: 0..<text.count - 600, using: &random)
            text = Array(text[start..<start + 600])
        }
        for _ in 0..<Int.random(in: 1...4, using: &random) { mutate(&text) }
        return text
    }

    private mutating func mutate(_ text: inout [UInt8]) {
        let place = Int.random(in: 0...text.count, using: &random)
        let end = min(text.count, place + Int.random(in: 1...12, using: &random))
        switch Int.random(in: 0..<5, using: &random) {
        case 0: text.removeSubrange(place..<end)
        case 1: text.insert(contentsOf: text[place..<end], at: place)
        case 2 where place < text.count:
            text[place] = UInt8.random(in: 0...255, using: &random)
        default:
            let insert = Self.inserts[Int.random(in: 0..<Self.inserts.count, using: &random)]
            text.insert(contentsOf: insert, at: place)
        }
    }
}

@Suite struct FuzzTests {
    @Test(arguments: Corpus.scripts.map(\.path))
    func scriptsAreLossless(path: String) {
        #expect(isLossless(tree(Corpus.read(path))))
    }

    @Test func mutatedScriptsParseToTheByte() throws {
        var mutator = Mutator(
            random: SeededGenerator(seed: 1), pieces: Corpus.scripts.map { Array($0.text.utf8) })
        try Fuzz.inputs(of: "a script's syntax") {
            mutator.next()
        } body: { bytes in
            let tree = parse(SourceFile(name: "fuzz", bytes: bytes))
            if !isLossless(tree) { return "its tree is not lossless" }
            for diagnostic in tree.diagnostics {
                let isInside =
                    diagnostic.range.start >= 0 && diagnostic.range.start <= diagnostic.range.end
                    && Int(diagnostic.range.end) <= bytes.count
                if !isInside || diagnostic.message.contains("\n") { return diagnostic.message }
            }
            return nil
        }
    }

    @Test(arguments: [
        "(", "[", "{", "-", "not ", "f(", "a.", "a and ", "1 + ", "a if b otherwise ", "x = ",
        "for each x in [1] {", "plan p { strategy s {", "a or else ", "count(x where ", "\"{", "}",
        "[(", "(1 + ", "a ago ", "time of ", "1 < ", "member m {", "x between ", "when ",
    ])
    func repetitionIsBounded(piece: String) {
        for prefix in ["", "segment s = ", "plan p { strategy s { if ", "test \"t\" { "] {
            let text = prefix + String(repeating: piece, count: 20_000)
            let tree = tree(text)
            #expect(isLossless(tree))
            #expect(tree.root.height <= 2 * SyntaxNode.heightLimit)
        }
    }
}
