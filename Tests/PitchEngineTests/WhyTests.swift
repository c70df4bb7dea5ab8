import PitchEngine
import Testing

/// `why MEMBER STRATEGY`: of one member, what a preview of everyone says.
@Suite struct WhyTests {
    private func why(
        _ member: String, _ strategy: String, in shop: TestShop, at instant: String
    ) throws -> (outcomes: [Decision], now: String) {
        let result = try shop.workspace(instant).why(member, strategy)
        guard case .strategy(_, let outcomes, let now) = result, let first = now.first else {
            Issue.record("expected a strategy")
            return ([], "")
        }
        return (outcomes, first.value)
    }

    private func expectTheWordsOfAPreview(_ shop: TestShop, at instant: String) throws {
        try shop.workspace(instant).load()
        let preview = try shop.preview(instant)
        #expect(!preview.decisions.isEmpty)
        for (number, member) in ["a", "b", "c", "d", "e"].enumerated() {
            for strategy in Set(preview.decisions.map(\.strategy)) {
                let decisions = preview.decisions
                    .filter { $0.member == member && $0.strategy == strategy }
                    .map { ($0.at, $0.outcome) }
                let crowds = preview.crowds
                    .filter { $0.members.contains(Int32(number)) && $0.strategy == strategy }
                    .map { ($0.at, $0.outcome) }
                let expected = (decisions + crowds).sorted { $0.0 < $1.0 }.map(\.1)
                    .joined(separator: ", ")
                let value = try why(member, strategy, in: shop, at: instant).now
                #expect(
                    value
                        == (expected.isEmpty
                            ? "nothing: no new occurrence matches a 'when' line" : expected),
                    "\(member) \(strategy)")
            }
        }
    }

    @Test func eventsAreJudgedAsInAPreview() throws {
        let shop = try TestShop(
            TestShop.purchases(
                """
                for count(orders) >= 1
                if this.amount >= 150 CNY and (city = "Shanghai" or born < 1992-03-01)
                """))
        try shop.run("2026-04-02 10:00")
        for (index, member) in "abcdea".enumerated() {
            try shop.append(
                "orders.csv", "o\(index),\(member),2026-04-02 10:1\(index),\(149 + index),,,1")
        }
        try expectTheWordsOfAPreview(shop, at: "2026-04-02 10:30")
    }

    @Test func daysAreJudgedAsInAPreview() throws {
        let strategy = { (name: String, when: String) in
            """
                strategy \(name) {
                    for city = "Shanghai"
                    when \(when)
                    give off20
                    say hello via sms
                    no limit
                }
            """
        }
        let shop = try TestShop(
            strategy("birthdays", "birthday") + "\n" + strategy("daily", "every day"))
        try shop.workspace("2026-04-02 10:00").load()
        try expectTheWordsOfAPreview(shop, at: "2026-04-02 10:00")
    }

    @Test func baskets() throws {
        let shop = try TestShop(
            TestShop.purchases().replacing("purchase where", with: "purchase per basket where"))
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,60,,k1,1", "o2,a,2026-04-02 10:11,60,,k1,1",
            "o3,a,2026-04-02 10:12,160,,,1")
        try expectTheWordsOfAPreview(shop, at: "2026-04-02 10:30")
        let shown = try shop.preview("2026-04-02 10:30").decisions.map(\.occurrence)
        try shop.run("2026-04-02 10:30")
        let outcomes = try why("a", "buyers", in: shop, at: "2026-04-02 10:45").outcomes
        #expect(outcomes.map(\.occurrence) == shown)
        #expect(shown == ["orders per basket k1", "orders per basket o3"])
    }

    /// Of several fields, or of none: then the file and the place in it.
    @Test(arguments: [
        ("key [order_id, quantity]", ["orders o1/1", "orders o1/2"]),
        ("", ["orders orders.csv/1", "orders orders.csv/2"]),
    ])
    func keysInWords(key: String, occurrences: [String]) throws {
        let shop = try TestShop(TestShop.purchases())
        try shop.rewrite("key order_id", as: key)
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,150,,,1", "o1,a,2026-04-02 10:10,150,,,2")
        try expectTheWordsOfAPreview(shop, at: "2026-04-02 10:30")
        #expect(try shop.preview("2026-04-02 10:30").decisions.map(\.occurrence) == occurrences)
        try shop.run("2026-04-02 10:30")
        let outcomes = try why("a", "buyers", in: shop, at: "2026-04-02 10:45").outcomes
        #expect(outcomes.map(\.occurrence) == occurrences)
    }

    /// A case a line; the one that gives the value is marked, the first that is true.
    @Test func casesOfAFieldStandOneByOne() throws {
        let shop = try TestShop(
            TestShop.purchases(),
            extra: """
                field size "Size" one of [big, middle, small] {
                    big    if count(orders) >= 3 and city = "Shanghai"
                    middle if count(orders) >= 1
                    small  otherwise
                }
                """)
        try shop.append("orders.csv", "o1,a,2026-04-02 10:10,150,,,1")
        try shop.workspace("2026-04-02 10:30").load()
        for (member, holding) in [("a", 1), ("b", 2)] {
            let result = try shop.workspace("2026-04-02 10:30").why(member, "size")
            guard case .condition(let tree) = result else {
                Issue.record("expected a condition")
                return
            }
            #expect(tree.text == "size")
            #expect(
                tree.children.map(\.text) == [
                    "big if count(orders) >= 3 and city = \"Shanghai\"",
                    "middle if count(orders) >= 1", "small otherwise",
                ])
            #expect(tree.children.map(\.holds) == [0, 1, 2].map { $0 == holding })
            #expect(tree.children[0].verdict == .no)
        }
    }

    /// Who else gets it is not asked, so what is scarce is said to be so.
    @Test func scarceOffersAreSaidToBeSo() throws {
        let shop = try TestShop(TestShop.purchases(), coupon: "stock 1")
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,150,,,1", "o2,b,2026-04-02 10:10,150,,,1")
        try shop.workspace("2026-04-02 10:30").load()
        for member in ["a", "b"] {
            let value = try why(member, "buyers", in: shop, at: "2026-04-02 10:30").now
            #expect(value == "issued, as long as budget and stock last")
        }
        try shop.run("2026-04-02 10:30")
        try shop.append(
            "orders.csv", "o3,a,2026-04-02 10:40,150,,,1")
        try shop.workspace("2026-04-02 11:00").load()
        #expect(try why("a", "buyers", in: shop, at: "2026-04-02 11:00").now == "stock")
    }
}
