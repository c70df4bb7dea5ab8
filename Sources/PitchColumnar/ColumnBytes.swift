/// Immutable bytes that several columns may share: allocated, or a section of a mapped file.
// Unchecked: the bytes never change once they are here, and `owner` keeps them where they are.
package struct ColumnBytes: @unchecked Sendable {
    package let start: UnsafeRawPointer
    package let count: Int
    private let owner: AnyObject

    /// - Parameters:
    ///   - start: aligned to 64 bytes.
    ///   - owner: keeps the bytes, unchanged, as long as it lives.
    package init(start: UnsafeRawPointer, count: Int, owner: AnyObject) {
        self.start = start
        self.count = count
        self.owner = owner
    }

    /// Allocates bytes and fills them.
    package init(count: Int, fill: (UnsafeMutableRawPointer) -> Void) {
        let memory = ColumnMemory(count: count)
        fill(memory.start)
        self.init(start: memory.start, count: count, owner: memory)
    }

    /// A copy of bytes.
    package init(_ bytes: [UInt8]) {
        self.init(count: bytes.count) { start in
            bytes.withUnsafeBytes { bytes in
                if let first = bytes.baseAddress {
                    start.copyMemory(from: first, byteCount: bytes.count)
                }
            }
        }
    }

    /// Some of the bytes, which are kept as a whole.
    package func part(_ offset: Int, count: Int) -> ColumnBytes {
        precondition(offset >= 0 && count >= 0 && offset + count <= self.count, "bytes within")
        return ColumnBytes(start: start + offset, count: count, owner: owner)
    }

    package var raw: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

    /// The bytes as numbers of one type; they must fill it evenly.
    package func bound<Element>(to type: Element.Type) -> UnsafeBufferPointer<Element> {
        UnsafeBufferPointer(
            start: start.assumingMemoryBound(to: type),
            count: count / MemoryLayout<Element>.stride)
    }
}

/// Allocated bytes, aligned for any vector, and freed with it.
private final class ColumnMemory {
    let start: UnsafeMutableRawPointer

    init(count: Int) {
        start = .allocate(byteCount: max(1, count), alignment: 64)
    }

    deinit { start.deallocate() }
}
