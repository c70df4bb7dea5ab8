/// The data sets of events, in the order of the script.
enum Feed: String, CaseIterable, Comparable {
    case orders, receipts, balances, gift_cards, redemptions, claims, visits, weather

    static func < (left: Feed, right: Feed) -> Bool {
        (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
    }

    /// Its rows have a day and no hour.
    var isDated: Bool { self == .receipts }

    /// Whether a row whose key is seen again takes the place of the first.
    var replaces: Bool { [.orders, .balances, .visits].contains(self) }

    var scene: String {
        switch self {
        case .orders, .receipts: "purchase"
        case .balances: "topup"
        case .gift_cards: "coupon bought"
        case .redemptions: "coupon used"
        case .claims: "coupon claimed"
        case .visits: "product"
        case .weather: "weather"
        }
    }

    /// Beside the key, whose they are, and when.
    var columns: [Column] {
        switch self {
        case .orders, .receipts:
            [
                Column("amount", .money), Column("quantity", .integer), .product,
                Column("basket", .text(["k1", "k2", "k3"]), isOptional: true),
            ]
        case .balances: [Column("amount", .money)]
        case .gift_cards: [.coupon, Column("price", .money)]
        case .redemptions: [.coupon, Column("discount", .money)]
        case .claims: [.coupon]
        case .visits: [.product, Column("action", .choice(["carted", "viewed", "price_changed"]))]
        case .weather:
            [Column("condition", .choice(["rain", "sun"])), Column("temperature", .celsius)]
        }
    }

    var owner: String { self == .weather ? "town" : "member" }

    /// `at` is dated by day where the rows are.
    var declaration: String {
        let key = self == .weather ? "key [town, at]" : "key id\n    member member"
        let place = self == .weather ? "place town\n" : ""
        let fields = columns.map { "    \($0.declaration)\n" }.joined()
        return """
            events \(rawValue) from csv "\(rawValue).csv" {
                scene \(scene)
                \(key)
                at at\(isDated ? " date" : "")
                on change \(replaces ? "replace" : "ignore")
                \(place)\(fields)
            }

            """
    }

    var header: String {
        (["id", owner, "at"] + columns.map(\.name)).joined(separator: ",") + "\n"
    }
}

/// A field of events.
struct Column {
    enum Kind {
        case money, integer, celsius
        case text([String])
        case choice([String])
    }

    let name: String
    let kind: Kind
    let isOptional: Bool

    init(_ name: String, _ kind: Kind, isOptional: Bool = false) {
        self.name = name
        self.kind = kind
        self.isOptional = isOptional
    }

    static let product = Column("product", .text(["tea", "cake", "ham"]), isOptional: true)
    static let coupon = Column("coupon", .text(["off20", "other"]))

    var declaration: String {
        let type =
            switch kind {
            case .money: "money CNY"
            case .integer: "integer"
            case .celsius: "C"
            case .text: "text"
            case .choice(let words): "one of [\(words.joined(separator: ", "))]"
            }
        return "\(name) \(type)\(isOptional ? "?" : "")"
    }
}

/// A value of a row or a member. Money is in whole units.
enum Field: Hashable {
    case missing
    case number(Int)
    case text(String)

    var csv: String {
        switch self {
        case .missing: ""
        case .number(let number): String(number)
        case .text(let text): text
        }
    }
}
