/// Elements written one after another. Names and attribute names are ours; every value and
/// text is escaped here, in one place, so that what comes out is well-formed.
struct Markup {
    private(set) var text = ""

    /// An element that holds only text.
    mutating func element(
        _ name: String, _ attributes: KeyValuePairs<String, String> = [:], text content: String
    ) {
        open(name, attributes)
        text += Self.escaped(content) + "</\(name)>\n"
    }

    /// An element that holds what `body` writes.
    mutating func element(
        _ name: String, _ attributes: KeyValuePairs<String, String> = [:],
        _ body: (inout Markup) -> Void
    ) {
        open(name, attributes)
        text += "\n"
        body(&self)
        text += "</\(name)>\n"
    }

    /// An element that holds nothing.
    mutating func empty(_ name: String, _ attributes: KeyValuePairs<String, String>) {
        open(name, attributes)
        text.removeLast()
        text += "/>\n"
    }

    /// Style rules of ours, not escaped: they hold no `<` and no `&`.
    mutating func style(_ rules: String) {
        text += "<style>\n" + rules + "\n</style>\n"
    }

    mutating func append(_ other: Markup) {
        text += other.text
    }

    private mutating func open(_ name: String, _ attributes: KeyValuePairs<String, String>) {
        text += "<" + name
        for (key, value) in attributes {
            text += " \(key)=\"" + Self.escaped(value) + "\""
        }
        text += ">"
    }

    /// Text that means itself in XML and in HTML, inside elements and quoted attributes.
    ///
    /// A carriage return becomes a space: parsers of XML and of HTML disagree about it.
    static func escaped(_ raw: String) -> String {
        var result = ""
        result.reserveCapacity(raw.utf8.count)
        for scalar in raw.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\r": result += " "
            default: result.unicodeScalars.append(isForbidden(scalar) ? "\u{FFFD}" : scalar)
            }
        }
        return result
    }

    /// Control characters and noncharacters: XML 1.0 forbids most of them and HTML the others.
    private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x09, 0x0A: false
        case 0x00...0x1F, 0x7F...0x9F, 0xFDD0...0xFDEF: true
        default: scalar.value & 0xFFFE == 0xFFFE
        }
    }
}

/// Widths of text without a font at hand: generous means, so that what is laid out with them
/// fits in the common sans-serif fonts.
enum TextWidth {
    static func of(_ text: String, size: Double) -> Double {
        text.reduce(0) { $0 + width(of: $1) } * size
    }

    /// The text, or as much of it as fits and an ellipsis.
    static func truncated(_ text: String, size: Double, to limit: Double) -> String {
        var used = 0.0
        var kept = ""
        for character in text {
            used += width(of: character) * size
            if used > limit - size {
                return of(text, size: size) <= limit ? text : kept + "…"
            }
            kept.append(character)
        }
        return text
    }

    /// In ems. From U+2E80 on scripts are mostly as wide as high.
    private static func width(of character: Character) -> Double {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        return switch scalar.value {
        case 0x20, 0x2C, 0x2E, 0x3A, 0x69, 0x6A, 0x6C: 0.32
        case 0x66, 0x72, 0x74: 0.42
        case 0x2E80...: 1.05
        default: 0.62
        }
    }
}
