import Glibc
import PitchSource

/// A table for people: columns as wide as their widest cell on a terminal, where a Chinese
/// character takes two columns.
struct TextTable {
    struct Column {
        let title: String
        let isRight: Bool
        init(_ title: String, right isRight: Bool = false) {
            self.title = title
            self.isRight = isRight
        }
    }

    private let columns: [Column]
    private var rows: [[String]] = []
    /// On a terminal longer cells are cut, so that one long text does not push the others off the
    /// screen.
    private static let widestCell = isatty(STDOUT_FILENO) == 1 ? 48 : Int.max

    init(_ columns: [Column]) { self.columns = columns }

    mutating func add(_ cells: [String]) { rows.append(cells.map(Self.fit)) }

    /// The header, then the rows; two blanks between columns and none at the end of a line.
    var lines: [String] {
        var widths = columns.map { UnicodeText.width($0.title) }
        for row in rows {
            for (index, cell) in row.enumerated() where index < widths.count {
                widths[index] = max(widths[index], UnicodeText.width(cell))
            }
        }
        return ([columns.map(\.title)] + rows).map { line($0, widths) }
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var text = ""
        for (index, cell) in cells.enumerated() where index < widths.count {
            if index > 0 { text += "  " }
            let padding = String(
                repeating: " ", count: max(0, widths[index] - UnicodeText.width(cell)))
            text += columns[index].isRight ? padding + cell : cell + padding
        }
        while text.last == " " { text.removeLast() }
        return text
    }

    /// One line without control characters, at most so wide.
    private static func fit(_ cell: String) -> String {
        var text = ""
        var width = 0
        for character in printable(cell) {
            width += UnicodeText.width(String(character))
            if width > widestCell { return text + "…" }
            text.append(character)
        }
        return text
    }
}

/// Text from data without what would move the cursor or recolour the terminal.
func printable(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isControl) else { return text }
    var result = ""
    for scalar in text.unicodeScalars {
        result.unicodeScalars.append(isControl(scalar) ? "\u{FFFD}" : scalar)
    }
    return result
}

private func isControl(_ scalar: Unicode.Scalar) -> Bool {
    let value = scalar.value
    return value < 0x20 || (0x7F...0x9F).contains(value) || (0x202A...0x202E).contains(value)
        || (0x2066...0x2069).contains(value)
}
