import Foundation
import PitchStore
import PitchTestSupport
import Testing

/// A row of CSV as a reader tells of it.
struct CsvTestRow: Equatable, CustomStringConvertible {
    let line: Int64
    /// None: the row is faulty.
    var fields: [[UInt8]]?
    var fault: String?

    var description: String {
        let texts = fields?.map { String(decoding: $0, as: UTF8.self) }
        return "\(line): \(texts.map { "\($0)" } ?? fault ?? "?")"
    }

    /// The rows of a file by Pitch's reader, its header first.
    static func all(of path: String, delimiter: Character = ",") throws -> [CsvTestRow] {
        let source = try ByteSource(path: path, name: "x.csv", action: "read 'x.csv'")
        let reader = try CsvReader(source, delimiter: delimiter.asciiValue ?? 0)
        let count = reader.columns.count
        var rows = [CsvTestRow(line: 1, fields: reader.columns.map { Array($0.utf8) })]
        while try reader.next() {
            let fault = reader.record.fault?.reason
            let fields = reader.record.values.prefix(count).map { [UInt8]($0.bytes) }
            rows.append(
                CsvTestRow(
                    line: reader.record.line, fields: fault == nil ? fields : nil, fault: fault))
        }
        return rows
    }
}

@Suite struct CsvReaderTests {
    private func rows(_ text: String, _ delimiter: Character = ",") throws -> [String] {
        let shop = try Shop()
        try shop.write("x.csv", text)
        return try CsvTestRow.all(of: shop.folder + "/x.csv", delimiter: delimiter)
            .map(\.description)
    }

    @Test(
        "a line ends in LF, CRLF or CR, in quotes too, and blank ones count",
        arguments: ["\n", "\r\n", "\r"])
    func linesAreCounted(end: String) throws {
        let lines = ["a,b", "", "1,\"x", "", "y\"", "2,z", "", "", "3,\"\"", "4,"]
        for last in [end, ""] {
            #expect(
                try rows(lines.joined(separator: end) + last) == [
                    "1: \(["a", "b"])", "3: \(["1", "x\(end)\(end)y"])", "6: \(["2", "z"])",
                    "9: \(["3", ""])", "10: \(["4", ""])",
                ])
        }
    }

    @Test func blanksAndDoubledQuotesAreText() throws {
        #expect(
            try rows("a;b\n \t;\"x \"\n\"\"\"\";\"\t\"\n", ";")
                == ["1: \(["a", "b"])", "2: \([" \t", "x "])", "3: \(["\"", "\t"])"])
        #expect(
            try rows("a\n\"\"\n\"\"\"\"\n  \n")
                == ["1: \(["a"])", "2: \([""])", "3: \(["\""])", "4: \(["  "])"])
    }

    static let quoteInside = "there is a quote inside a field that has none around it"
    static let textBehind = "there is text after a closing quote"

    /// The row behind a faulty one is that of the next line, whatever the quotes before it.
    @Test(arguments: [
        ("1,2,3\n4,5\n", ["2: expected 2 fields, found 3", "3: \(["4", "5"])"]),
        ("1\n4,5\n", ["2: expected 2 fields, found 1", "3: \(["4", "5"])"]),
        ("1,x\"y\n4,5\n", ["2: \(quoteInside)", "3: \(["4", "5"])"]),
        ("1,\"x\"y\n4,5\n", ["2: \(textBehind)", "3: \(["4", "5"])"]),
        ("1,\"x\" \n4,5\n", ["2: \(textBehind)", "3: \(["4", "5"])"]),
        (
            "1,\"x\n4,5\n6,7",
            ["2: its quote is never closed", "3: \(["4", "5"])", "4: \(["6", "7"])"]
        ),
        (
            "1,\"x\n4,5\n6,\"7\"\n",
            ["2: \(textBehind)", "3: \(["4", "5"])", "4: \(["6", "7"])"]
        ),
        (
            "1,\"x\r\n4,y\"z\r\n6,7\r\n",
            ["2: \(textBehind)", "3: \(quoteInside)", "4: \(["6", "7"])"]
        ),
        ("1,\"x\n\ny\",3\n4,5\n", ["2: expected 2 fields, found 3", "5: \(["4", "5"])"]),
    ])
    func faults(text: String, expected: [String]) throws {
        #expect(try Array(rows("a,b\n" + text).dropFirst()) == expected)
    }

    /// More than the reader's window holds: rows, lines and ends of lines lie across its edges.
    @Test func rowsAcrossTheWindow() throws {
        var generator = SeededGenerator(seed: 21)
        var (text, line) = ("a,b\n", Int64(2))
        var expected = ["1: \(["a", "b"])"]
        while text.utf8.count < 1 << 20 {
            let end = ["\n", "\r\n", "\r"].randomElement(using: &generator) ?? ""
            let length = Int.random(in: 0...400, using: &generator)
            let word = String(repeating: "x", count: length)
            let breaks = Int.random(in: 0...3, using: &generator)
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: text += "\r\n"
            case 1:
                text += "\(word),y\"\(end)"
                expected.append("\(line): \(Self.quoteInside)")
            default:
                let value = word + String(repeating: "\r\n", count: breaks) + "\""
                text += "\(word),\"\(value)\"\"\(end)"
                expected.append("\(line): \([word, value])")
                line += Int64(breaks)
            }
            line += 1
        }
        #expect(try rows(text) == expected)
    }
}
