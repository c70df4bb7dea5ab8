import Foundation
import PitchTestSupport
import Testing

/// Python's reader of CSV, in one process for all files.
final class PythonCsv {
    private let process = Process()
    private let input = Pipe()
    private let output: UnsafeMutablePointer<FILE>
    private let pipe = Pipe()

    init() throws {
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [
            "python3", "-B", Golden.root.appending(path: "Tests/PitchStoreTests/rows.py").path,
        ]
        process.standardInput = input
        process.standardOutput = pipe
        try process.run()
        output = try #require(fdopen(dup(pipe.fileHandleForReading.fileDescriptor), "r"))
    }

    deinit {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
        fclose(output)
    }

    /// The rows of a file; without fields where one is faulty.
    func rows(_ bytes: [UInt8]) throws -> [CsvTestRow] {
        let digits = bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
        try input.fileHandleForWriting.write(contentsOf: Data((digits.joined() + "\n").utf8))
        var line: UnsafeMutablePointer<CChar>?
        var capacity = 0
        let count = getline(&line, &capacity, output)
        defer { free(line) }
        let text = try #require(line, "Python's reader does not answer")
        let rows = try JSONSerialization.jsonObject(with: Data(bytes: text, count: max(0, count)))
        return try #require(rows as? [[Any]]).map { row in
            let number = try #require(row[0] as? Int64)
            return CsvTestRow(line: number, fields: (row[1] as? [String])?.map(Self.bytes))
        }
    }

    private static func bytes(_ digits: String) -> [UInt8] {
        let values = digits.utf8.map { $0 < 0x3A ? $0 - 0x30 : $0 - 0x57 }
        return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }
}
