import Foundation
import PitchSchema

/// One file that a data set's rows come from.
struct SourceFileName: Hashable {
    /// As in the script, below its folder.
    let name: String
    let path: String
}

extension DataSource {
    /// The files of a source that are there now, sorted by name.
    /// - Throws: `StoreError` when there is none.
    func files(folder: String) throws -> [SourceFileName] {
        switch self {
        case .csv(let glob, _), .ndjson(let glob): return try Self.expand(glob, folder)
        case .sqlite(let path, _):
            return [SourceFileName(name: path, path: Self.place(path, in: folder))]
        }
    }

    private static func place(_ path: String, in folder: String) -> String {
        path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
    }

    private static func expand(_ pattern: String, _ folder: String) throws -> [SourceFileName] {
        let action = "read '\(pattern)'"
        let isPlain = !pattern.contains { "*?[\\".contains($0) }
        if isPlain {
            let path = place(pattern, in: folder)
            guard access(path, F_OK) == 0 else {
                throw StoreError(.source, action, "there is no such file")
            }
            return [SourceFileName(name: pattern, path: path)]
        }
        // The folder is no pattern, whatever letters it has.
        let quoted = folder.reduce(into: "") { quoted, letter in
            quoted += "*?[]\\".contains(letter) ? "\\\(letter)" : "\(letter)"
        }
        let prefix = pattern.hasPrefix("/") || folder.isEmpty ? 0 : folder.utf8.count + 1
        let found = matches(place(pattern, in: quoted)).map { path in
            SourceFileName(
                name: String(decoding: path.utf8.dropFirst(prefix), as: UTF8.self),
                path: path)
        }
        guard !found.isEmpty else { throw StoreError(.source, action, "no file has such a name") }
        return found
    }

    private static func matches(_ pattern: String) -> [String] {
        var result = glob_t()
        defer { globfree(&result) }
        guard glob(pattern, 0, nil, &result) == 0, let paths = result.gl_pathv else { return [] }
        let found = (0..<Int(result.gl_pathc)).compactMap { paths[$0].map { String(cString: $0) } }
        return found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// A hash of a file's content.
    func contentHash(_ file: SourceFileName) throws -> String {
        let action = "read '\(file.name)'"
        if case .sqlite = self {
            return try SqliteReader.contentHash(path: file.path, action: action)
        }
        return try ByteSource.contentHash(path: file.path, name: file.name, action: action)
    }

    /// Opens a file, and finds the columns of the fields in it.
    /// - Parameter isPartial: a CSV file may lack the columns of optional fields, unless it has one
    ///   of nearly that name.
    /// - Returns: the reader, and for each field its place in the reader's record.
    func open(
        _ file: SourceFileName, for fields: [Field], isPartial: Bool
    ) throws -> (reader: any RecordReader, places: [Int]) {
        let action = "read '\(file.name)'"
        var wanted: [String] = []
        for field in fields where !wanted.contains(field.column) { wanted.append(field.column) }
        let reader: any RecordReader
        switch self {
        case .csv(_, let delimiter):
            let source = try ByteSource(path: file.path, name: file.name, action: action)
            let csv = try CsvReader(source, delimiter: delimiter)
            try Self.checkDelimiter(csv.columns, delimiter, wanted, action)
            let free = isPartial ? fields.filter(\.isOptional).map(\.column) : []
            let required = wanted.filter { column in
                !free.contains(column) || csv.columns.contains(column)
                    || !Suggestion.text(for: column, among: csv.columns).isEmpty
            }
            try Suggestion.requireColumns(required, among: csv.columns, action)
            reader = csv
        case .ndjson:
            let source = try ByteSource(path: file.path, name: file.name, action: action)
            reader = try NdjsonReader(source, columns: wanted)
        case .sqlite(_, let table):
            reader = try SqliteReader(
                path: file.path, table: table, columns: wanted, action: action)
        }
        let places = fields.map { field in
            reader.columns.firstIndex { $0 == field.column } ?? reader.columns.count
        }
        return (reader, places)
    }

    /// A header that is one name with another delimiter in it was made with that delimiter.
    private static func checkDelimiter(
        _ columns: [String], _ delimiter: UInt8, _ wanted: [String], _ action: String
    ) throws {
        guard columns.count == 1, wanted != columns, let header = columns.first else { return }
        for other in [",", ";", "\t", "|"] where other.utf8.first != delimiter {
            guard header.contains(other) else { continue }
            let shown = other == "\t" ? "\\t" : other
            let expected = String(decoding: [delimiter], as: UTF8.self)
            throw StoreError(
                .source, action,
                "expected '\(expected)' between the columns of line 1, found '\(shown)'; "
                    + "declare: delimiter \"\(shown)\"")
        }
    }
}
