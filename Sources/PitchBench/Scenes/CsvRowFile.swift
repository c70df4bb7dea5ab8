import Foundation
import PitchSchema

/// A file of comma-separated values as it is written, for values that need no quotes.
final class CsvRowFile {
    private let file: FileHandle
    private var bytes: [UInt8] = []
    private static let pieceSize = 1 << 20

    enum Cell {
        case text(String)
        case number(Int)
        /// A letter, the number of a member, and a number of its own.
        case key(String, Int, Int)
        /// Money in hundredths.
        case cents(Int)
        /// Days since 1970-01-01.
        case day(Int)
        /// Seconds since 1970-01-01 by the clock on the wall.
        case instant(Int)
    }

    /// - Parameter columns: their names, separated by blanks.
    init(_ path: String, columns: String) throws {
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        file = try FileHandle(forWritingTo: URL(filePath: path))
        bytes += columns.replacing(" ", with: ",").utf8
        bytes.append(UInt8(ascii: "\n"))
    }

    func add(_ cells: [Cell]) throws {
        for (place, cell) in cells.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: ",")) }
            append(cell)
        }
        bytes.append(UInt8(ascii: "\n"))
        if bytes.count >= Self.pieceSize { try flush() }
    }

    func close() throws {
        try flush()
        try file.close()
    }

    private func flush() throws {
        try file.write(contentsOf: bytes)
        bytes.removeAll(keepingCapacity: true)
    }

    private func append(_ cell: Cell) {
        switch cell {
        case .text(let text): bytes += text.utf8
        case .number(let number): append(number)
        case .key(let letter, let member, let number):
            bytes += letter.utf8
            append(member, width: 7)
            bytes.append(UInt8(ascii: "-"))
            append(number)
        case .cents(let cents):
            if cents < 0 { bytes.append(UInt8(ascii: "-")) }
            append(abs(cents) / 100)
            bytes.append(UInt8(ascii: "."))
            append(abs(cents) % 100, width: 2)
        case .day(let day): bytes += Self.days[day].utf8
        case .instant(let instant):
            bytes += Self.days[instant / 86_400].utf8
            bytes.append(UInt8(ascii: "T"))
            append(instant % 86_400 / 3600, width: 2)
            bytes.append(UInt8(ascii: ":"))
            append(instant % 3600 / 60, width: 2)
            bytes.append(UInt8(ascii: ":"))
            append(instant % 60, width: 2)
        }
    }

    /// - Precondition: `number` is not negative.
    private func append(_ number: Int, width: Int = 1) {
        var divisor = 1
        for _ in 1..<width { divisor *= 10 }
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    private static let days = (0..<22_000).map { CivilDate(days: $0).text }
}
