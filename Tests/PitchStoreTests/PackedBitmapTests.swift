import PitchColumnar
import PitchStore
import PitchTestSupport
import Testing

@Suite struct PackedBitmapTests {
    private static func bitmap(
        of count: Int, oneIn odds: UInt64, _ generator: inout SeededGenerator
    ) -> Bitmap {
        var bitmap = Bitmap(count: count)
        for row in 0..<count where generator.next() % odds == 0 { bitmap[row] = true }
        return bitmap
    }

    private static func unpacked(_ bytes: [UInt8]) -> Bitmap? {
        bytes.withUnsafeBytes { PackedBitmap.unpack($0) }
    }

    @Test(arguments: [0, 1, 63, 64, 65, 1000, 100_000])
    func packedBitsComeBack(count: Int) throws {
        var generator = SeededGenerator(seed: UInt64(count) + 1)
        for odds: UInt64 in [1, 2, 1000] {
            let bitmap = Self.bitmap(of: count, oneIn: odds, &generator)
            #expect(Self.unpacked(try #require(PackedBitmap.pack(bitmap))) == bitmap)
        }
    }

    @Test func fewOrMostOfAMillionTakeLittleRoom() throws {
        var generator = SeededGenerator(seed: 7)
        let few = Self.bitmap(of: 1_000_000, oneIn: 10_000, &generator)
        #expect(try #require(PackedBitmap.pack(few)).count < 2_000)
        let full = Bitmap(count: 1_000_000, filledWith: true)
        #expect(try #require(PackedBitmap.pack(full)).count < 2_000)
    }

    /// Whatever the bytes, they are a bitmap of the right form or none.
    @Test func damagedBytesAreNoBitmap() throws {
        var generator = SeededGenerator(seed: 8)
        let bitmap = Self.bitmap(of: 777, oneIn: 3, &generator)
        let intact = try #require(PackedBitmap.pack(bitmap))
        var refused = 0
        for _ in 0..<20_000 {
            var bytes = intact
            for _ in 0...Int(generator.next() % 3) {
                let place = Int(generator.next() % UInt64(bytes.count))
                bytes[place] = UInt8(truncatingIfNeeded: generator.next())
            }
            if generator.next() % 4 == 0 {
                bytes.removeLast(Int(generator.next() % UInt64(bytes.count)))
            }
            guard let found = Self.unpacked(bytes) else {
                refused += 1
                continue
            }
            #expect(found.rows.allSatisfy { $0 < found.count })
        }
        #expect(refused > 15_000)
    }
}
