/// One value of a record as bytes of its source; no bytes: missing.
package struct RawValue {
    package var bytes: UnsafeBufferPointer<UInt8>
    /// Elements of a list, each ended by U+001F.
    package var isList = false

    package init(bytes: UnsafeBufferPointer<UInt8>, isList: Bool = false) {
        self.bytes = bytes
        self.isList = isList
    }
}

/// One row of a source. The values stay where they are until the next record is asked for.
package final class Record {
    /// One a column.
    package private(set) var values: UnsafeMutableBufferPointer<RawValue>
    /// Where the record begins: a line, or its number in a table; from 1.
    package internal(set) var line: Int64 = 0
    /// Why the record cannot be read, though those after it can.
    package internal(set) var fault: RowFault?

    init(columns: Int) {
        values = .allocate(capacity: columns)
        values.initialize(repeating: RawValue(bytes: UnsafeBufferPointer(start: nil, count: 0)))
    }

    deinit { values.deallocate() }
}

/// What is wrong with one row.
package struct RowFault: Equatable {
    /// Empty when the row as a whole is wrong.
    package let field: String
    package let value: String
    package let reason: String

    /// At most so many bytes of a wrong value are kept and shown.
    static let shownBytes = 200

    init(field: String = "", value: UnsafeBufferPointer<UInt8>? = nil, reason: String) {
        self.field = field
        self.value = value.map { String(decoding: $0.prefix(Self.shownBytes), as: UTF8.self) } ?? ""
        self.reason = reason
    }
}

/// Reads the records of one file, in order.
package protocol RecordReader: AnyObject {
    /// The names of the columns, in the order of the record's values.
    var columns: [String] { get }
    var record: Record { get }
    /// Bytes of the file read so far and in all.
    var position: (read: Int64, total: Int64) { get }
    /// Reads the next record into `record`; false at the end.
    /// - Throws: `StoreError` when the file as a whole cannot be read on.
    func next() throws -> Bool
    /// A hash of all that was read; asked for at the end.
    var contentHash: String { get throws }
}

/// A window that slides over the bytes of a source and always holds the record at hand whole.
final class SlidingWindow {
    let source: ByteSource
    private(set) var bytes: UnsafeMutableBufferPointer<UInt8>
    /// What was read and not yet passed: `bytes[start..<end]`.
    var start = 0
    private(set) var end = 0
    private(set) var isAtEnd = false

    /// The longest record; a longer one most likely has a quote that nothing closes.
    static let limit = 1 << 24

    init(_ source: ByteSource) throws {
        self.source = source
        bytes = .allocate(capacity: ByteSource.pieceSize)
        try slide()
        try checkEncoding()
    }

    deinit { bytes.deallocate() }

    /// Makes room by moving the unpassed bytes to the front, or by growing, and reads on.
    /// - Returns: whether there are more bytes than before.
    @discardableResult
    func slide() throws -> Bool {
        if isAtEnd { return false }
        if start > 0 {
            memmoveDown()
        } else if end == bytes.count {
            if bytes.count >= Self.limit { return false }
            grow()
        }
        let free = UnsafeMutableBufferPointer(rebasing: bytes[end...])
        let count = try source.read(into: UnsafeMutableRawBufferPointer(free))
        isAtEnd = end + count < bytes.count
        end += count
        return count > 0
    }

    private func memmoveDown() {
        let rest = UnsafeBufferPointer(rebasing: bytes[start..<end])
        // Overlapping ranges of one buffer: `update` moves them in the right direction.
        if let base = bytes.baseAddress, let from = rest.baseAddress {
            base.update(from: from, count: rest.count)
        }
        end -= start
        start = 0
    }

    private func grow() {
        let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count * 2)
        _ = larger.update(fromContentsOf: bytes)
        bytes.deallocate()
        bytes = larger
    }

    private func checkEncoding() throws {
        let head = Array(bytes[start..<min(end, start + 4)])
        if head.starts(with: [0xEF, 0xBB, 0xBF]) { start += 3 }
        if head.starts(with: [0xFF, 0xFE]) || head.starts(with: [0xFE, 0xFF]) {
            throw StoreError(
                .source, "read '\(source.name)'",
                "expected UTF-8, found UTF-16 at byte 0; save the file as UTF-8")
        }
    }

    func slice(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[range])
    }
}
