import PitchEngine

extension TestShop {
    /// The events of all scenes beside the orders. A row is `id,member,time,…`.
    static let scenes = """
        events balances from csv "balances.csv" {
            scene topup
            key id
            member member
            at at
            amount money CNY?
            balance money CNY
            method one of [card, cash, spent]
        }
        events gift_cards from csv "gift_cards.csv" {
            scene coupon bought
            key id
            member member
            at at
            coupon text
            price money CNY
        }
        events redemptions from csv "redemptions.csv" {
            scene coupon used
            key id
            member member
            at at
            coupon text
            discount money CNY
        }
        events claims from csv "claims.csv" {
            scene coupon claimed
            key id
            member member
            at at
            coupon text
        }
        table products from csv "products.csv" {
            key product
            department text
        }
        events visits from csv "visits.csv" {
            scene product
            key id
            member member
            at at
            product -> products
            cart text?
            old_price money CNY?
            price money CNY?
            action one of [searched, viewed, compared, carted, favourited, bought, shared, refunded,
                price_changed, restocked] = act
        }
        """

    /// A shop with all of them, and strategies of which each has one `when` line.
    static func withScenes(_ lines: String..., clauses: String = "no limit") throws -> TestShop {
        let strategies = lines.enumerated().map { number, line in
            """
                strategy s\(number + 1) {
                    when \(line.replacing("\n", with: "\n        when "))
                    give off20
                    every 30 minutes
                    \(clauses)
                }
            """
        }
        return try withScenes(strategies: strategies.joined(separator: "\n"))
    }

    /// - Parameter extra: further declarations.
    static func withScenes(strategies: String, extra: String = "") throws -> TestShop {
        let shop = try TestShop(strategies, extra: scenes + "\n" + extra)
        try shop.write("balances.csv", "id,member,at,amount,balance,method\n")
        try shop.write("gift_cards.csv", "id,member,at,coupon,price\n")
        try shop.write("redemptions.csv", "id,member,at,coupon,discount\n")
        try shop.write("claims.csv", "id,member,at,coupon\n")
        try shop.write("products.csv", "product,department\ncake,pastry\nham,meat\n")
        try shop.write("visits.csv", "id,member,at,product,cart,old_price,price,act\n")
        return shop
    }
}

extension TestShop {
    /// What was recorded of a member in a strategy, oldest first: `orders o1 issued`.
    func decided(_ member: String, in strategy: String) throws -> [String] {
        let asOf = try records { try $0.lastRun()?.asOf } ?? 0
        let result = try Workspace(
            script: folder.appending(path: "shop.pitch").path, asOf: nil, clock: asOf
        ).why(member, strategy)
        guard case .strategy(_, let outcomes, _) = result else { return [] }
        return outcomes.map { "\($0.occurrence) \($0.outcome)" }
    }
}
