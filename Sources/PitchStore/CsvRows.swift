import CCsv

/// The rows of a CSV source after RFC 4180, taken apart by libcsv in its strict mode. A line ends
/// in LF, CRLF or CR; blank lines are no rows.
///
/// libcsv counts no lines and stops at the first fault. So it gets one line after the other, and
/// behind a faulty row a fresh parser begins with the line that follows the row's first: a quote
/// left open spoils the line that it is in, and no other.
final class CsvRows {
    enum Outcome {
        case row
        case fault(String)
        case end
    }

    /// Where the row at hand begins, from 1.
    private(set) var line: Int64 = 1
    let window: SlidingWindow
    private let delimiter: UInt8
    private var parser = csv_parser()
    private let row: UnsafeMutablePointer<CsvRow>
    /// What the row at hand takes so far: bytes from `window.start`, and lines.
    private var length = 0
    private var lines: Int64 = 0
    /// Whether its line goes on behind those bytes.
    private var isCut = false

    init(_ window: SlidingWindow, delimiter: UInt8) {
        self.window = window
        self.delimiter = delimiter
        row = .allocate(capacity: 1)
        row.initialize(to: CsvRow())
        prepareParser()
    }

    deinit {
        csv_free(&parser)
        row.pointee.deallocate()
        row.deinitialize(count: 1)
        row.deallocate()
    }

    private func prepareParser() {
        csv_init(&parser, UInt8(CSV_STRICT | CSV_STRICT_FINI))
        csv_set_delim(&parser, delimiter)
        // Blanks around a value are part of it.
        csv_set_space_func(&parser) { _ in 0 }
        csv_set_blk_size(&parser, 1 << 12)
    }

    /// The number of fields of the row at hand.
    var count: Int { row.pointee.count }

    /// A field of the row at hand without its quotes; it stays until the next row is asked for.
    func field(_ place: Int) -> UnsafeBufferPointer<UInt8> { row.pointee.field(place) }

    /// The bytes of the row at hand without their end of line; of a faulty row its first line.
    var text: UnsafeBufferPointer<UInt8> {
        var end = window.start + length
        while end > window.start, isBreak(window.bytes[end - 1]) { end -= 1 }
        return window.slice(window.start..<end)
    }

    /// Goes to the next row.
    /// - Throws: `StoreError` when the source cannot be read on.
    func next() throws -> Outcome {
        try pass()
        while let count = try lineLength() {
            if count == 0 { return try finish() }
            let start = window.start + length
            let isBlank = length == 0 && isBreak(window.bytes[start])
            length += count
            lines += 1
            if isBlank {
                try pass()
                continue
            }
            let bytes = window.slice(start..<start + count)
            let taken = csv_parse(
                &parser, bytes.baseAddress, count, CsvRow.append, CsvRow.complete, row)
            if taken < count { return try fault(parserFault()) }
            if row.pointee.isComplete { return .row }
        }
        return try fault("the row is longer than 16 million bytes; is a quote left open?")
    }

    /// Completes the row that the source ends in.
    private func finish() throws -> Outcome {
        if length == 0 { return .end }
        guard csv_fini(&parser, CsvRow.append, CsvRow.complete, row) == 0 else {
            return try fault("its quote is never closed")
        }
        return .row
    }

    private func parserFault() throws -> String {
        guard csv_error(&parser) == CSV_EPARSE else {
            throw StoreError(
                .source, "read '\(window.source.name)'", "there is no memory for line \(line)")
        }
        return parser.quoted == 0
            ? "there is a quote inside a field that has none around it"
            : "there is text after a closing quote"
    }

    /// Gives up the row at hand but for its first line.
    private func fault(_ reason: String) throws -> Outcome {
        csv_free(&parser)
        prepareParser()
        length = 0
        let first = try lineLength()
        length = first ?? window.end - window.start
        lines = 1
        isCut = first == nil
        return .fault(reason)
    }

    /// Leaves the row at hand behind.
    private func pass() throws {
        window.start += length
        length = 0
        while isCut {
            let rest = try lineLength()
            window.start = rest.map { window.start + $0 } ?? window.end
            isCut = rest == nil
        }
        line += lines
        lines = 0
        row.pointee.removeAll()
    }

    /// The length of the line behind what the row at hand takes, its end included; 0 at the end of
    /// the source, nil when the row is longer than the window gets.
    private func lineLength() throws -> Int? {
        var seen = length
        while true {
            let bytes = window.slice(window.start..<window.end)
            while seen < bytes.count, !isBreak(bytes[seen]) { seen += 1 }
            let hasNext = seen + 1 < bytes.count
            // A carriage return at the end of the window may be half of a CRLF.
            if hasNext || window.isAtEnd || seen < bytes.count && bytes[seen] == 0x0A {
                let isPair = hasNext && bytes[seen] == 0x0D && bytes[seen + 1] == 0x0A
                return min(bytes.count, seen + (isPair ? 2 : 1)) - length
            }
            if try !window.slide(), !window.isAtEnd { return nil }
        }
    }

    private func isBreak(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }
}
