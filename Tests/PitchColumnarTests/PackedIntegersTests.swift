import PitchProgram
import PitchTestSupport
import Testing

@testable import PitchColumnar

struct PackedIntegersTests {
    static let columns: [(values: [Int64], width: PackedIntegers.Width)] = [
        ([], .one), ([7], .one), ([-5, 250], .one), ([0, 256], .two),
        ([-40_000, 25_535], .two), ([1, 65_537], .four), ([.min, .max], .eight),
        ([1_700_000_000_000, 1_900_000_000_000], .four),
        ([1_700_000_000_000, 1_900_000_000_001], .eight),
        ([-86_400_000 * 20_000, 86_400_000 * 20_000], .two),
    ]

    @Test(arguments: columns) func numbersComeBack(values: [Int64], width: PackedIntegers.Width) {
        let packed = PackedIntegers(values)
        #expect(Array(packed) == values && packed.width == width)
        #expect(packed.widened(0..<values.count) == values)
        let backwards = values.indices.reversed().map { Int32($0) }
        #expect(packed.gathered(at: backwards[...]) == Array(values.reversed()))
    }

    @Test func whatIsMissingDoesNotWiden() {
        var missing = Bitmap(count: 3)
        missing[1] = true
        let packed = PackedIntegers([1000, .max, 1200], missing: missing)
        #expect(packed.width == .one && packed[0] == 1000 && packed[2] == 1200)
    }

    /// Bounds within, at and far beyond what a column can hold, over rows that begin and end within
    /// a word.
    @Test(arguments: columns.map(\.values))
    func rangesEqualThoseOfWideNumbers(values: [Int64]) {
        var generator = SeededGenerator(seed: 11)
        let least = values.min() ?? 0
        let span = UInt64(bitPattern: (values.max() ?? 0) &- least)
        let column = (0..<200).map { index -> Int64 in
            if index < values.count { return values[index] }
            if values.isEmpty { return 0 }
            let step = span == .max ? generator.next() : generator.next() % (span + 1)
            return least &+ Int64(bitPattern: step)
        }
        let packed = PackedIntegers(column)
        let edges = column.prefix(8).flatMap { [$0, $0 &+ 1, $0 &- 1] } + [.min, .max, 0]
        let rows = Array(3..<197)
        for low in edges {
            for high in edges {
                for isComplement in [false, true] {
                    let test = RangeTest(lower: low, upper: high, isComplement: isComplement)
                    let expected = rangeMask(column[3..<197], test)
                    #expect(packed.mask(.range(3..<197), test) == expected)
                    #expect(packed.mask(.list(rows.map { Int32($0) }), test) == expected)
                }
            }
        }
    }

    @Test(arguments: [3, 300, 70_000]) func setsOfCodesEqualLookingUpEach(count: Int) {
        var generator = SeededGenerator(seed: 5)
        let codes = (0..<500).map { _ in Int32(generator.next() % UInt64(count)) }
        let bits = (0..<count).map { _ in UInt8(generator.next() & 1) }
        let packed = PackedIntegers(indices: codes)
        let expected = codes.indices.filter { bits[Int(codes[$0])] == 1 }.map { Int32($0) }
        #expect(packed.mask(.range(0..<500), in: CodeSet(bits)).rows == expected)
        let all = (0..<500).map { Int32($0) }
        #expect(packed.mask(.list(all), in: CodeSet(bits)).rows == expected)
    }

    @Test func textsComeBack() {
        let texts = ["", "上海", "a", "ab"]
        let dictionary = TextDictionary(texts)
        #expect(dictionary.texts == texts && dictionary.count == 4 && dictionary[1] == "上海")
        #expect(TextDictionary().texts.isEmpty)
    }
}
