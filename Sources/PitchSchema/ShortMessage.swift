/// How a text travels as short messages (3GPP TS 23.038, "Alphabets and language-specific
/// information", sections 6.2.1 and 6.2.3; TS 23.040, section 9.2.3.24 for the parts).
///
/// A text of the default alphabet of 7 bits fits 160 septets into one message, or 153 into each of
/// several; an escaped character takes two. Any other text is sent as UCS-2: 70 units of 16 bits in
/// one message, 67 in each of several. No character is cut in two.
package struct ShortMessage: Hashable, Sendable {
    package enum Encoding: String, Sendable {
        case gsm7 = "GSM 7 bit"
        case ucs2 = "UCS-2"

        fileprivate var alone: Int { self == .gsm7 ? 160 : 70 }
        fileprivate var joined: Int { self == .gsm7 ? 153 : 67 }
    }

    package let encoding: Encoding
    /// Septets, or units of 16 bits.
    package let units: Int
    /// How many messages are paid for; 1 for the empty text.
    package let parts: Int

    package init(_ text: String) {
        let septets = text.unicodeScalars.map { Self.septets(of: $0) }
        let isGsm = !septets.contains(0)
        let widths = isGsm ? septets : text.unicodeScalars.map { $0.value > 0xFFFF ? 2 : 1 }
        encoding = isGsm ? .gsm7 : .ucs2
        units = widths.reduce(0, +)
        parts = units <= encoding.alone ? 1 : Self.parts(widths, of: encoding.joined)
    }

    /// How many parts characters of these widths fill when none is cut.
    private static func parts(_ widths: [Int], of capacity: Int) -> Int {
        var parts = 1
        var used = 0
        for width in widths {
            if used + width > capacity {
                parts += 1
                used = 0
            }
            used += width
        }
        return parts
    }

    /// 1 for a character of the basic table, 2 for one behind the escape, 0 for any other.
    private static func septets(of scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x80 { return asciiSeptets[Int(scalar.value)] }
        return basic.contains(scalar) ? 1 : extended.contains(scalar) ? 2 : 0
    }

    private static let basic = Set(
        ("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
            + "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà").unicodeScalars)
    private static let extended = Set("\u{C}^{}\\[~]|€".unicodeScalars)

    private static let asciiSeptets: [Int] = (0..<0x80).map { value in
        let scalar = Unicode.Scalar(UInt8(value))
        return basic.contains(scalar) ? 1 : extended.contains(scalar) ? 2 : 0
    }
}
