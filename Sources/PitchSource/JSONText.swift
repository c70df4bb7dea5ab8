/// Text as JSON (RFC 8259).
package enum JSONText {
    /// With its quotes. Beyond what JSON asks for, DEL and the separators U+2028 and U+2029 are
    /// escaped: they end lines for some readers, and JSON of ours is one value a line.
    package static func quoted(_ text: String) -> String {
        if text.utf8.allSatisfy(isPlain) { return "\"\(text)\"" }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\r": quoted += "\\r"
            case "\t": quoted += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F
                || scalar.value == 0x2028 || scalar.value == 0x2029:
                let numerals = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - numerals.count) + numerals
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    /// Whether a byte is no part of what is escaped; E2 begins both separators.
    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F && byte != 0xE2 && byte != 0x22 && byte != 0x5C
    }
}
