import CZlib
import Foundation

/// The bytes of one source file, unpacked if they are gzipped, in order, piece by piece: however
/// much a file unpacks to, only one piece is held.
package final class ByteSource {
    /// As in the script, for messages.
    let name: String
    let totalBytes: Int64
    private(set) var bytesRead: Int64 = 0
    private let descriptor: Int32
    private let action: String
    private var piece: UnsafeMutableRawBufferPointer
    /// The part of `piece` that is not used yet.
    private var unused = 0..<0
    private var isAtEnd = false
    private var hash = ByteHash()
    private var unpacker: Unpacker?

    static let pieceSize = 1 << 18

    package init(path: String, name: String, action: String) throws {
        self.name = name
        self.action = action
        // A pipe that nobody writes to would be waited for.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            throw StoreError(errno: errno, action, otherwise: .source)
        }
        var status = stat()
        let isFile = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
        totalBytes = Int64(status.st_size)
        piece = .allocate(byteCount: Self.pieceSize, alignment: 16)
        guard isFile else { throw StoreError(.source, action, "it is not a file") }
        try refill()
        if unused.count >= 2, piece[0] == 0x1F, piece[1] == 0x8B { unpacker = Unpacker() }
    }

    deinit {
        close(descriptor)
        piece.deallocate()
    }

    /// Of the file as it lies on the disk; complete when all was read.
    var contentHash: String { String(hash.value, radix: 16) + " \(bytesRead)" }

    /// Fills a buffer from its beginning; fewer bytes than it holds only at the end.
    func read(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        var filled = 0
        while filled < target.count {
            if unused.isEmpty {
                if isAtEnd { break }
                try refill()
                continue
            }
            filled += try take(into: UnsafeMutableRawBufferPointer(rebasing: target[filled...]))
        }
        if filled < target.count { try unpacker?.checkEnd(action) }
        return filled
    }

    private func take(into target: UnsafeMutableRawBufferPointer) throws -> Int {
        if let unpacker {
            let source = UnsafeMutableRawBufferPointer(rebasing: piece[unused])
            let (used, made) = try unpacker.unpack(source, into: target, action)
            unused = (unused.lowerBound + used)..<unused.upperBound
            return made
        }
        let count = min(unused.count, target.count)
        target.copyMemory(
            from: UnsafeRawBufferPointer(
                rebasing: piece[unused.lowerBound..<unused.lowerBound + count]))
        unused = (unused.lowerBound + count)..<unused.upperBound
        return count
    }

    /// Whole pieces until the last, so that the hash does not depend on how the system reads.
    private func refill() throws {
        var filled = 0
        while filled < piece.count {
            let free = UnsafeMutableRawBufferPointer(rebasing: piece[filled...])
            let count = Foundation.read(descriptor, free.baseAddress, free.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw StoreError(errno: errno, action, otherwise: .source)
            }
            if count == 0 { break }
            filled += count
        }
        isAtEnd = filled < piece.count
        unused = 0..<filled
        bytesRead += Int64(filled)
        hash.combine(UnsafeRawBufferPointer(rebasing: piece[0..<filled]))
    }

    /// The hash that `contentHash` has after all of a file was read.
    static func contentHash(path: String, name: String, action: String) throws -> String {
        let source = try ByteSource(path: path, name: name, action: action)
        while !source.isAtEnd { try source.refill() }
        return source.contentHash
    }
}

/// Unpacks gzip members one after the other.
private final class Unpacker {
    private var stream = z_stream()
    /// Between members, where a file may end.
    private var isBetween = true
    private let isReady: Bool

    init() {
        // 16 asks zlib for gzip's frame, 15 for its largest window.
        isReady =
            inflateInit2_(
                &stream, 16 + 15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
    }

    deinit { if isReady { inflateEnd(&stream) } }

    func unpack(
        _ source: UnsafeMutableRawBufferPointer, into target: UnsafeMutableRawBufferPointer,
        _ action: String
    ) throws -> (used: Int, made: Int) {
        guard isReady else { throw StoreError(.source, action, "there is no memory to unpack it") }
        stream.next_in = source.bindMemory(to: UInt8.self).baseAddress
        stream.avail_in = UInt32(source.count)
        stream.next_out = target.bindMemory(to: UInt8.self).baseAddress
        stream.avail_out = UInt32(clamping: target.count)
        let offered = Int(stream.avail_out)
        isBetween = false
        let code = inflate(&stream, Z_NO_FLUSH)
        let used = source.count - Int(stream.avail_in)
        let made = offered - Int(stream.avail_out)
        if code == Z_STREAM_END {
            isBetween = true
            inflateReset(&stream)
        } else if code != Z_OK, !(code == Z_BUF_ERROR && (used > 0 || made > 0)) {
            throw StoreError(.source, action, "its gzip bytes are damaged")
        }
        return (used, made)
    }

    func checkEnd(_ action: String) throws {
        if !isBetween { throw StoreError(.source, action, "its gzip bytes end too early") }
    }
}
