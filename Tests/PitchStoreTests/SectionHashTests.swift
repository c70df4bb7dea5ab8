import PitchTestSupport
import Testing

@testable import PitchStore

@Suite struct SectionHashTests {
    private static func hash(_ bytes: [UInt8]) -> UInt64 {
        bytes.withUnsafeBytes(SectionHash.hash)
    }

    @Test(arguments: [1, 15, 16, 127, 128, 129, 300])
    func everyBitCounts(length: Int) {
        var generator = SeededGenerator(seed: UInt64(length))
        for bytes in [
            [UInt8](repeating: 0, count: length),
            (0..<length).map { _ in UInt8(truncatingIfNeeded: generator.next()) },
        ] {
            var seen: Set = [Self.hash(bytes)]
            for bit in 0..<length * 8 {
                var flipped = bytes
                flipped[bit / 8] ^= 1 << UInt8(bit % 8)
                seen.insert(Self.hash(flipped))
            }
            #expect(seen.count == length * 8 + 1)
        }
    }

    @Test func lengthsAndPlacesOfTheSameBytesDiffer() {
        var seen: Set<UInt64> = []
        for length in 0..<1000 { seen.insert(Self.hash([UInt8](repeating: 0, count: length))) }
        // The same 16 bytes among zeros, in every lane and block.
        for place in stride(from: 0, to: 1024, by: 16) {
            var bytes = [UInt8](repeating: 0, count: 1024)
            for index in place..<place + 16 { bytes[index] = UInt8(index - place + 1) }
            seen.insert(Self.hash(bytes))
        }
        #expect(seen.count == 1000 + 64)
    }

    @Test func bytesHashAlikeWhereverTheyLie() {
        let bytes = (0..<700).map { UInt8(truncatingIfNeeded: $0 * 31) }
        let shifted = [0, 0, 0] + bytes
        let there = shifted.withUnsafeBytes {
            SectionHash.hash(UnsafeRawBufferPointer(rebasing: $0[3...]))
        }
        #expect(there == Self.hash(bytes))
    }
}
