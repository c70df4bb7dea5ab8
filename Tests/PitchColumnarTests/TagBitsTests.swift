import PitchProgram
import PitchTestSupport
import Testing

@testable import PitchColumnar

/// Rows of tags as they are kept say what looking through the tags says.
@Suite struct TagBitsTests {
    private static let names = ["often", "half", "rare", "never", "all"]
    private static let rows = 1000

    private static func sets() -> (offsets: PackedIntegers, codes: PackedIntegers) {
        var generator = SeededGenerator(seed: 9)
        var (offsets, codes): ([Int32], [Int32]) = ([0], [])
        for row in 0..<rows {
            if generator.next() % 3 > 0 { codes.append(0) }
            if generator.next() % 2 == 0 { codes.append(1) }
            if row % 100 == 7 { codes.append(2) }
            codes.append(4)
            offsets.append(Int32(codes.count))
        }
        return (PackedIntegers(indices: offsets), PackedIntegers(indices: codes))
    }

    @Test func keptRowsAreThoseThatHaveTheTags() {
        let (offsets, codes) = Self.sets()
        let frequent = FrequentTags(offsets: offsets, codes: codes, tagCount: Self.names.count)
        #expect(frequent.bits.map(\.code) == [0, 1, 4])
        let words = Dictionary(uniqueKeysWithValues: frequent.bits.map { code, rows in
            (code, rows.words.withUnsafeBytes { ColumnBytes(Array($0)) })
        })
        var asked: [Int] = []
        let kept = KeptTagBits { code in words[code] }
        func pool(_ kept: KeptTagBits?) -> CodePool {
            CodePool(tagOffsets: offsets, elements: codes, names: Self.names, kept: kept)
        }
        let lists: [[String]] = [
            ["often"], ["half"], ["rare"], ["never"], ["all"], ["nowhere"], [],
            ["often", "half"], ["often", "rare"], ["often", "nowhere"], ["half", "half"],
        ]
        for quantifier in Quantifier.allCases {
            for tags in lists {
                let expected = tagMask(pool(nil), quantifier, tags)
                #expect(tagMask(pool(kept), quantifier, tags) == expected, "\(quantifier) \(tags)")
                if kept.rows(Self.codes(tags), all: true, count: Self.rows) != nil {
                    asked.append(tags.count)
                }
            }
        }
        #expect(asked.count == 2 * 6)
    }

    private static func codes(_ tags: [String]) -> [Int] {
        tags.compactMap { tag in names.firstIndex { $0 == tag } }
    }

    /// Of another length, or with bits beyond the last row.
    @Test func bytesThatDoNotFitAreNotTaken() {
        let short = KeptTagBits { _ in ColumnBytes([UInt8](repeating: 255, count: 8)) }
        #expect(short.rows([0], all: false, count: 65) == nil)
        #expect(short.rows([0], all: false, count: 3)?.population == 3)
        let none = KeptTagBits { _ in nil }
        #expect(none.rows([0], all: true, count: 64) == nil)
        #expect(short.rows([], all: true, count: 64) == nil)
    }
}
