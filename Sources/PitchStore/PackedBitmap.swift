import CZlib
import PitchColumnar

/// A bitmap as the store keeps it: how many bits it has (32 bits, little end first), then its words
/// (64 bits each, little end first) packed by zlib. A million bits of which few or most are set
/// take some kilobytes.
package enum PackedBitmap {
    private static let headerSize = 4

    /// - Returns: nil when there is no memory to pack it.
    package static func pack(_ bitmap: Bitmap) -> [UInt8]? {
        let words = bitmap.words.map(\.littleEndian)
        let header = withUnsafeBytes(of: UInt32(bitmap.count).littleEndian) { [UInt8]($0) }
        let size = UInt(words.count * MemoryLayout<UInt64>.size)
        var packedSize = compressBound(size)
        var packed = [UInt8](repeating: 0, count: Int(packedSize))
        let code = words.withUnsafeBytes {
            compress2(
                &packed, &packedSize, $0.bindMemory(to: UInt8.self).baseAddress, size,
                Z_BEST_SPEED)
        }
        guard code == Z_OK else { return nil }
        return header + packed.prefix(Int(packedSize))
    }

    /// - Returns: nil when the bytes are no packed bitmap.
    package static func unpack(_ bytes: UnsafeRawBufferPointer) -> Bitmap? {
        guard bytes.count >= headerSize else { return nil }
        let count = UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))
        // Nothing packs better than a thousand to one, so that a damaged count takes no memory.
        guard count < KeyIndex.rowLimit, Int(count) / 8 <= (bytes.count + 64) * 1100 else {
            return nil
        }
        var bitmap = Bitmap(count: Int(count))
        let isWhole = bitmap.withWords { words in
            let size = words.count * MemoryLayout<UInt64>.size
            var unpackedSize = UInt(size)
            let packed = UnsafeRawBufferPointer(rebasing: bytes[headerSize...])
            let code = words.withUnsafeMutableBytes {
                uncompress(
                    $0.bindMemory(to: UInt8.self).baseAddress, &unpackedSize,
                    packed.bindMemory(to: UInt8.self).baseAddress, UInt(packed.count))
            }
            guard code == Z_OK, unpackedSize == size else { return false }
            for index in words.indices { words[index] = UInt64(littleEndian: words[index]) }
            let tail = UInt64(count % 64)
            return tail == 0 || (words.last ?? 0) >> tail == 0
        }
        return isWhole ? bitmap : nil
    }
}
