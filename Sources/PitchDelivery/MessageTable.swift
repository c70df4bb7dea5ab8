import Foundation

/// Messages as a CSV table (RFC 4180) for printers of flyers and for spreadsheets.
enum MessageTable {
    private static let columns = [
        "run", "plan", "strategy", "member", "channel", "to", "text", "coupons", "expires",
    ]

    static let header = columns.joined(separator: ",") + "\r\n"

    /// One message, from its JSON object.
    /// - Throws: `DeliveryError` when the line is none.
    static func row(_ line: String) throws(DeliveryError) -> String {
        let bytes = Foundation.Data(line.utf8)
        guard let message = try? JSONDecoder().decode(Message.self, from: bytes) else {
            throw DeliveryError("write a message as a table's row", "it is no JSON object")
        }
        let values = [
            String(message.run), message.plan, message.strategy, message.member, message.channel,
            message.to, message.text, message.coupons.joined(separator: " "),
            message.expires ?? "",
        ]
        return values.map(cell).joined(separator: ",") + "\r\n"
    }

    private struct Message: Decodable {
        let run: Int64
        let plan: String
        let strategy: String
        let member: String
        let channel: String
        let to: String
        let text: String
        let coupons: [String]
        let expires: String?
    }

    /// Quoted where it must be. A spreadsheet takes text that begins with `=`, `+`, `-`, `@`, a tab
    /// or a carriage return for a formula, and a customer's name may be made to be one; an
    /// apostrophe before it makes it text (OWASP, "CSV Injection").
    static func cell(_ text: String) -> String {
        let first = text.unicodeScalars.first
        let isFormula = first.map { "=+-@\t\r".unicodeScalars.contains($0) } ?? false
        let safe = isFormula ? "'" + text : text
        guard safe.unicodeScalars.contains(where: { "\",\r\n".unicodeScalars.contains($0) }) else {
            return safe
        }
        // By bytes: a quote with an accent upon it is a quote to who reads the file.
        let quote = UInt8(ascii: "\"")
        let doubled = safe.utf8.flatMap { $0 == quote ? [quote, quote] : [$0] }
        return "\"" + String(decoding: doubled, as: UTF8.self) + "\""
    }
}
