/// A 64-bit hash of bytes that is as fast as memory: eight lanes of folded 128-bit products (after
/// Wang Yi, wyhash), each of 16 bytes of a block. Against accidents, not against adversaries.
enum SectionHash {
    private typealias Lanes = (
        UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64
    )
    private static let blockBytes = 128

    static func hash(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        // Numbers that no data have: a lane that equals what it meets forgets what it met.
        var lanes: Lanes = (
            0x6A09_E667_F3BC_C908, 0xBB67_AE85_84CA_A73B, 0x3C6E_F372_FE94_F82B,
            0xA54F_F53A_5F1D_36F1, 0x510E_527F_ADE6_82D1, 0x9B05_688C_2B3E_6C1F,
            0x1F83_D9AB_FB41_BD6B, 0x5BE0_CD19_137E_2179
        )
        guard let start = bytes.baseAddress else { return finish(lanes, 0) }
        var place = start
        let blocksEnd = start + bytes.count / blockBytes * blockBytes
        while place < blocksEnd {
            add(place, to: &lanes)
            place += blockBytes
        }
        let rest = bytes.count % blockBytes
        if rest > 0 {
            withUnsafeTemporaryAllocation(byteCount: blockBytes, alignment: 8) { block in
                block.initializeMemory(as: UInt8.self, repeating: 0)
                block.copyMemory(from: UnsafeRawBufferPointer(start: place, count: rest))
                if let first = block.baseAddress { add(UnsafeRawPointer(first), to: &lanes) }
            }
        }
        return finish(lanes, bytes.count)
    }

    @inline(__always)
    private static func add(_ block: UnsafeRawPointer, to lanes: inout Lanes) {
        lanes.0 = mix(block, lanes.0, 0x2D35_8DCC_AA6C_78A5)
        lanes.1 = mix(block + 16, lanes.1, 0x8BB8_4B93_962E_ACC9)
        lanes.2 = mix(block + 32, lanes.2, 0x4B33_A62E_D433_D4A3)
        lanes.3 = mix(block + 48, lanes.3, 0x4D5A_2DA5_1DE1_AA47)
        lanes.4 = mix(block + 64, lanes.4, 0xA076_1D64_78BD_642F)
        lanes.5 = mix(block + 80, lanes.5, 0xE703_7ED1_A0B4_28DB)
        lanes.6 = mix(block + 96, lanes.6, 0x9E37_79B9_7F4A_7C15)
        lanes.7 = mix(block + 112, lanes.7, 0xD1B5_4A32_D192_ED03)
    }

    /// What a lane becomes with 16 bytes.
    @inline(__always)
    private static func mix(
        _ bytes: UnsafeRawPointer, _ lane: UInt64, _ secret: UInt64
    ) -> UInt64 {
        let first = bytes.loadUnaligned(as: UInt64.self).littleEndian
        let second = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self).littleEndian
        return fold(first ^ secret, second ^ lane)
    }

    @inline(__always)
    private static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }

    private static func finish(_ lanes: Lanes, _ count: Int) -> UInt64 {
        var hash = UInt64(count) ^ 0x2D35_8DCC_AA6C_78A5
        for lane in [
            lanes.0, lanes.1, lanes.2, lanes.3, lanes.4, lanes.5, lanes.6, lanes.7,
        ] {
            hash = fold(hash ^ lane, 0x8BB8_4B93_962E_ACC9) &+ lane
        }
        return hash
    }
}
