/// Reads CSV after RFC 4180 with any delimiter, under one line with the names of the columns.
package final class CsvReader: RecordReader {
    package let columns: [String]
    package let record: Record
    private let rows: CsvRows

    package init(_ source: ByteSource, delimiter: UInt8) throws {
        rows = CsvRows(try SlidingWindow(source), delimiter: delimiter)
        columns = try Self.header(rows, "read '\(source.name)'")
        // The last is always missing: of a column that need not be there.
        record = Record(columns: columns.count + 1)
    }

    private static func header(_ rows: CsvRows, _ action: String) throws -> [String] {
        let outcome = try rows.next()
        if rows.line > 1 {
            throw StoreError(.source, action, "line 1 is blank; expected a header line")
        }
        switch outcome {
        case .end:
            throw StoreError(.source, action, "the file is empty; expected a header line")
        case .fault(let reason):
            throw StoreError(.source, action, "the header in line 1 is wrong: \(reason)")
        case .row:
            return try (0..<rows.count).map { try name(rows.field($0), action) }
        }
    }

    private static func name(_ bytes: UnsafeBufferPointer<UInt8>, _ action: String) throws -> String
    {
        if bytes.contains(0) {
            throw StoreError(
                .source, action,
                "expected UTF-8, found NUL bytes in line 1, as in UTF-16; save the file as UTF-8")
        }
        guard let name = String(validating: bytes, as: UTF8.self) else {
            throw StoreError(
                .source, action,
                "expected UTF-8 in the header, found other bytes; save the file as UTF-8")
        }
        return name
    }

    package var position: (read: Int64, total: Int64) {
        (rows.window.source.bytesRead, rows.window.source.totalBytes)
    }

    package var contentHash: String { rows.window.source.contentHash }

    package func next() throws -> Bool {
        let outcome = try rows.next()
        record.line = rows.line
        record.fault = nil
        switch outcome {
        case .end: return false
        case .fault(let reason): record.fault = RowFault(value: rows.text, reason: reason)
        case .row: take()
        }
        return true
    }

    /// Makes the fields of a row the record's values.
    private func take() {
        guard rows.count == columns.count else {
            record.fault = RowFault(
                value: rows.text,
                reason: "expected \(columns.count) fields, found \(rows.count)")
            return
        }
        for column in 0..<rows.count { record.values[column].bytes = rows.field(column) }
    }
}
