import Foundation

/// Reads CSV after RFC 4180, with any delimiter, and with LF or CRLF ends of lines. A quote inside
/// a field that does not begin with one, text after a closing quote, and a wrong count of fields
/// are faults of their row; the next row begins on the next line.
///
/// Our own because libcsv, streaming and strict, stops at the first bad row and tells no
/// line of any row: quarantine needs the line of each and goes on behind it. Where both accept a
/// file, tests hold this reader to the rows of libcsv.
package final class CsvReader: RecordReader {
    package let columns: [String]
    package let record: Record
    private let window: SlidingWindow
    private let delimiter: UInt8
    private var line: Int64 = 1
    /// Of the record at hand, in the window: where its fields lie, and which hold quotes.
    private var fields: [Span] = []

    private struct Span {
        var start: Int
        var end: Int
        var isQuoted: Bool
        var hasDoubledQuotes: Bool
    }

    private enum Outcome {
        /// The offset behind the record.
        case complete(Int)
        case wrong(String)
        case needsMore
    }

    private static let quote = UInt8(ascii: "\"")
    private static let newline = UInt8(ascii: "\n")

    package init(_ source: ByteSource, delimiter: UInt8) throws {
        self.delimiter = delimiter
        let window = try SlidingWindow(source)
        self.window = window
        columns = try Self.header(window, delimiter)
        // The last is always missing: of a column that need not be there.
        record = Record(columns: columns.count + 1)
        line = Int64(window.slice(0..<window.start).count { $0 == Self.newline }) + 1
    }

    /// The header is one record, read by a reader of its own.
    private static func header(_ window: SlidingWindow, _ delimiter: UInt8) throws -> [String] {
        let action = "read '\(window.source.name)'"
        var spans: [Span] = []
        while true {
            switch scan(window, delimiter, &spans) {
            case .needsMore:
                if try window.slide() { continue }
                throw StoreError(.source, action, "the header in line 1 is too long")
            case .wrong(let reason):
                throw StoreError(.source, action, "the header in line 1 is wrong: \(reason)")
            case .complete(let end):
                if end == window.start {
                    throw StoreError(
                        .source, action, "the file is empty; expected a header line")
                }
                let names = try spans.map { try name(window, $0, action) }
                let isWhole = window.bytes[end - 1] != newline
                if let fault = fault(of: names, isWhole) {
                    throw StoreError(.source, action, fault)
                }
                window.start = end
                return names
            }
        }
    }

    /// What shows that the file is no CSV as it is written here.
    /// - Parameter isWhole: whether the header is all that the file holds.
    private static func fault(of names: [String], _ isWhole: Bool) -> String? {
        if names == [""] { return "line 1 is blank; expected a header line" }
        if names.contains(where: { $0.utf8.contains(0) }) {
            return "expected UTF-8, found NUL bytes in line 1, as in UTF-16; save the file as UTF-8"
        }
        if isWhole, names.contains(where: { $0.utf8.contains(0x0D) }) {
            return "its lines end in CR alone; save the file with LF or CRLF"
        }
        return nil
    }

    private static func name(_ window: SlidingWindow, _ span: Span, _ action: String) throws
        -> String
    {
        let bytes = unescape(window, span)
        guard let name = String(validating: bytes, as: UTF8.self) else {
            throw StoreError(
                .source, action,
                "expected UTF-8 in the header, found other bytes; save the file as UTF-8")
        }
        return name
    }

    package var position: (read: Int64, total: Int64) {
        (window.source.bytesRead, window.source.totalBytes)
    }

    package var contentHash: String { window.source.contentHash }

    package func next() throws -> Bool {
        while true {
            record.line = line
            record.fault = nil
            switch Self.scan(window, delimiter, &fields) {
            case .needsMore:
                if try window.slide() { continue }
                try recover("the row is longer than 16 million bytes; is a quote left open?")
                return true
            case .wrong(let reason):
                try recover(reason)
                return true
            case .complete(let end):
                if end == window.start { return false }
                let isBlank = fields.count == 1 && fields[0].start == fields[0].end
                take(end)
                if !(isBlank && !fields[0].isQuoted) { return true }
            }
        }
    }

    /// Makes the scanned fields the record's values.
    private func take(_ end: Int) {
        if fields.count == columns.count {
            for (column, span) in fields.enumerated() {
                if span.isQuoted {
                    line += Int64(window.slice(span.start..<span.end).count { $0 == Self.newline })
                    record.values[column].bytes = Self.unescape(window, span)
                } else {
                    record.values[column].bytes = window.slice(span.start..<span.end)
                }
            }
        } else {
            line += Int64(
                window.slice(window.start..<max(window.start, end - 1)).count { $0 == Self.newline }
            )
            record.fault = RowFault(
                value: shown(end),
                reason: "expected \(columns.count) fields, found \(fields.count)")
        }
        line += 1
        window.start = end
    }

    /// Notes the fault and goes on behind the end of the line, however far that is.
    private func recover(_ reason: String) throws {
        let end = endOfLine
        record.fault = RowFault(value: shown(end ?? window.end), reason: reason)
        window.start = end ?? window.end
        line += 1
        if end != nil { return }
        while try window.slide() {
            window.start = endOfLine ?? window.end
            if window.start < window.end || window.bytes[window.end - 1] == Self.newline { return }
        }
    }

    /// The offset behind the first end of a line in the window.
    private var endOfLine: Int? {
        guard let bytes = window.bytes.baseAddress, window.start < window.end,
            let found = memchr(
                bytes + window.start, Int32(Self.newline), window.end - window.start)
        else { return nil }
        return UnsafeRawPointer(found) - UnsafeRawPointer(bytes) + 1
    }

    /// The record's bytes without its end of line.
    private func shown(_ end: Int) -> UnsafeBufferPointer<UInt8> {
        var end = end
        while end > window.start, window.bytes[end - 1] == 0x0A || window.bytes[end - 1] == 0x0D {
            end -= 1
        }
        return window.slice(window.start..<end)
    }

    /// Finds the fields of the record at `window.start`; changes no byte, so that it can begin
    /// anew when more bytes are there.
    private static func scan(
        _ window: SlidingWindow, _ delimiter: UInt8, _ fields: inout [Span]
    ) -> Outcome {
        fields.removeAll(keepingCapacity: true)
        guard let bytes = UnsafePointer(window.bytes.baseAddress) else { return .needsMore }
        let end = window.end
        var at = window.start
        if at == end { return window.isAtEnd ? .complete(at) : .needsMore }
        while true {
            var span = Span(start: at, end: at, isQuoted: false, hasDoubledQuotes: false)
            if at < end, bytes[at] == quote {
                guard let close = closingQuote(bytes, at + 1, end, window.isAtEnd, &span) else {
                    return window.isAtEnd ? .wrong("its quote is never closed") : .needsMore
                }
                at = close + 1
                if at < end, bytes[at] == 0x0D, at + 1 == end || bytes[at + 1] == newline {
                    at += 1
                }
                if at < end, bytes[at] != delimiter, bytes[at] != newline {
                    return .wrong("there is text after a closing quote")
                }
            } else {
                while at < end, bytes[at] != delimiter, bytes[at] != newline, bytes[at] != quote {
                    at += 1
                }
                if at < end, bytes[at] == quote {
                    return .wrong("there is a quote inside a field that has none around it")
                }
                span.end = at
                let isLast = at == end || bytes[at] == newline
                if isLast, at > span.start, bytes[at - 1] == 0x0D { span.end -= 1 }
            }
            if at == end, !window.isAtEnd { return .needsMore }
            fields.append(span)
            if at == end { return .complete(at) }
            at += 1
            if bytes[at - 1] == newline { return .complete(at) }
        }
    }

    /// The offset of the quote that closes a field; nil when it is not there, or not known yet.
    private static func closingQuote(
        _ bytes: UnsafePointer<UInt8>, _ start: Int, _ end: Int, _ isAtEnd: Bool,
        _ span: inout Span
    ) -> Int? {
        var from = start
        while from < end, let found = memchr(bytes + from, Int32(quote), end - from) {
            let at = UnsafeRawPointer(found) - UnsafeRawPointer(bytes)
            if at + 1 == end, !isAtEnd { return nil }
            if at + 1 < end, bytes[at + 1] == quote {
                span.hasDoubledQuotes = true
                from = at + 2
                continue
            }
            span.start = start
            span.end = at
            span.isQuoted = true
            return at
        }
        return nil
    }

    /// The text of a field, its doubled quotes made single in place.
    private static func unescape(
        _ window: SlidingWindow, _ span: Span
    ) -> UnsafeBufferPointer<UInt8> {
        guard span.hasDoubledQuotes else { return window.slice(span.start..<span.end) }
        var target = span.start
        var from = span.start
        while from < span.end {
            window.bytes[target] = window.bytes[from]
            from += window.bytes[from] == quote ? 2 : 1
            target += 1
        }
        return window.slice(span.start..<target)
    }
}
