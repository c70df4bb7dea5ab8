/// The columns of `history`: what past campaigns came to, a row for each coupon.
package enum HistoryColumn: String, CaseIterable, Sendable {
    case campaign, kind, issued, converted, theme, segment, face, cost

    /// Without these a row tells nothing.
    package var isRequired: Bool {
        switch self {
        case .campaign, .kind, .issued, .converted: true
        case .theme, .segment, .face, .cost: false
        }
    }

    package func type(in currency: Currency) -> ValueType {
        switch self {
        case .campaign, .kind, .theme, .segment: .text
        case .issued, .converted: .integer
        case .face, .cost: .money(currency)
        }
    }

    /// The type as it is declared.
    package func typeText(in currency: Currency) -> String {
        switch self {
        case .campaign, .kind: "text"
        case .theme, .segment: "text?"
        case .issued, .converted: "integer"
        case .face, .cost: "money \(currency.code)?"
        }
    }

    package var doc: String {
        switch self {
        case .campaign: "rows of one campaign share its luck"
        case .kind: "the coupon's kind, or 'none' for members who got nothing, to compare with"
        case .issued: "how many members got it"
        case .converted: "how many of these converted"
        case .theme: "what the campaign was about"
        case .segment: "of which segment these members were"
        case .face: "what the coupon was worth"
        case .cost: "what all uses together cost"
        }
    }

    /// The kind of rows about members who got nothing.
    package static let controlKind = "none"
}
