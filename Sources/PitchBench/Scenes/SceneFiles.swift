/// The files of a coffee chain.
final class SceneFiles {
    enum Name: String, CaseIterable {
        case members, products, feasts, orders, topups, claims, redemptions
        case giftCards = "gift_cards"
        case browsing, weather

        fileprivate var columns: String {
            switch self {
            case .members: "member_id name city born joined phone app_id sms_ok"
            case .products: "product_id title family price"
            case .feasts: "day name"
            case .orders:
                "line_id basket_id member_id at product_id quantity total channel cart_id"
            case .topups: "change_id member_id at amount balance method"
            case .claims: "claim_id member_id at coupon"
            case .redemptions: "use_id member_id at coupon discount order_amount"
            case .giftCards: "sale_id member_id at coupon price quantity"
            case .browsing: "event_id member_id at what product_id cart_id old_price price"
            case .weather: "city at sky temperature humidity wind"
            }
        }
    }

    /// How many rows were added.
    private(set) var rows = 0
    private let files: [Name: CsvRowFile]

    /// - Parameter suffix: what follows the name of each file.
    init(_ names: [Name], in folder: String, suffix: String = "") throws {
        files = try names.reduce(into: [:]) {
            $0[$1] = try CsvRowFile("\(folder)/\($1.rawValue)\(suffix).csv", columns: $1.columns)
        }
    }

    func add(_ name: Name, _ cells: CsvRowFile.Cell...) throws {
        try files[name]?.add(cells)
        rows += 1
    }

    func close() throws { try files.values.forEach { try $0.close() } }
}
