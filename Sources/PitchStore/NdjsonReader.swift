/// Reads one JSON object a line. A line that is none is a fault of its row.
package final class NdjsonReader: RecordReader {
    package let columns: [String]
    package let record: Record
    private let window: SlidingWindow
    private var line: Int64 = 1
    private var names = TextInterner()
    private var found: [JsonScanner.Found]
    /// Keeps what a record's values point into while it is at hand.
    private var kept: UnsafeMutableBufferPointer<UInt8>

    /// - Parameter columns: the names that are asked for; a line may lack any of them.
    package init(_ source: ByteSource, columns: [String]) throws {
        self.columns = columns
        window = try SlidingWindow(source)
        record = Record(columns: columns.count)
        found = [JsonScanner.Found](repeating: .missing, count: columns.count)
        kept = .allocate(capacity: 256)
        for column in columns {
            _ = Array(column.utf8).withUnsafeBufferPointer { names.intern($0) }
        }
    }

    deinit { kept.deallocate() }

    package var position: (read: Int64, total: Int64) {
        (window.source.bytesRead, window.source.totalBytes)
    }

    package var contentHash: String { window.source.contentHash }

    package func next() throws -> Bool {
        while true {
            guard let end = try lineEnd() else { return false }
            var content = window.start..<end
            if content.upperBound > content.lowerBound, window.bytes[content.upperBound - 1] == 0x0A
            {
                content = content.lowerBound..<content.upperBound - 1
            }
            let bytes = window.slice(content)
            window.start = end
            record.line = line
            line += 1
            if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) { continue }
            read(bytes)
            return true
        }
    }

    /// The offset behind the line at hand; nil at the end of the file.
    private func lineEnd() throws -> Int? {
        var searched = window.start
        while true {
            let rest = window.slice(searched..<window.end)
            if let newline = rest.firstIndex(of: 0x0A) { return searched + newline + 1 }
            let seen = window.end - window.start
            if try window.slide() {
                searched = window.start + seen
                continue
            }
            if window.isAtEnd { return window.start == window.end ? nil : window.end }
            throw StoreError(
                .source, "read '\(window.source.name)'",
                "line \(line) is longer than 16 million bytes")
        }
    }

    private func read(_ bytes: UnsafeBufferPointer<UInt8>) {
        record.fault = nil
        for column in found.indices { found[column] = .missing }
        var scanner = JsonScanner(bytes)
        let reason = scanner.object(
            column: { names.number(of: $0).map(Int.init) }, found: &found)
        if let reason {
            record.fault = RowFault(value: bytes, reason: reason)
            return
        }
        keep(scanner.madeBytes)
        for (column, value) in found.enumerated() {
            var raw = RawValue(bytes: UnsafeBufferPointer(start: nil, count: 0))
            switch value {
            case .missing: break
            case .span(let range): raw.bytes = UnsafeBufferPointer(rebasing: bytes[range])
            case .made(let range, let isList):
                raw.bytes = UnsafeBufferPointer(rebasing: kept[range])
                raw.isList = isList
            case .unreadable(let range):
                record.fault = RowFault(
                    field: columns[column], value: UnsafeBufferPointer(rebasing: bytes[range]),
                    reason: "expected one value, found an object or a list of lists")
            }
            record.values[column] = raw
        }
    }

    private func keep(_ bytes: [UInt8]) {
        if bytes.count > kept.count {
            kept.deallocate()
            kept = .allocate(capacity: bytes.count * 2)
        }
        _ = kept.update(fromContentsOf: bytes)
    }
}
