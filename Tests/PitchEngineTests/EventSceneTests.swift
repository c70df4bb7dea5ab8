import PitchEngine
import Testing

/// Rows of every scene of events set off the strategies that wait for them, and no other.
@Suite struct EventSceneTests {
    @Test func topUpsAreRowsOfTheirOwnScene() throws {
        let shop = try TestShop.withScenes(
            "topup where amount >= 100 CNY and method = card", "topup per method")
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "balances.csv", "t1,a,2026-04-02 10:10,100,300,card",
            "t2,a,2026-04-02 10:11,99,399,card",
            "t3,b,2026-04-02 10:12,500,500,cash", "t4,b,2026-04-02 10:13,,450,spent")
        try shop.append("orders.csv", "o1,a,2026-04-02 10:10,150,,,1")
        try shop.run("2026-04-02 10:30")
        #expect(try shop.outcomes("a", in: "spring.s1") == ["issued"])
        #expect(try shop.outcomes("b", in: "spring.s1") == [])
        #expect(try shop.outcomes("a", in: "spring.s2") == ["issued"])
        #expect(try shop.outcomes("b", in: "spring.s2") == ["issued", "issued"])
    }

    @Test func couponsBoughtUsedAndClaimed() throws {
        let shop = try TestShop.withScenes(
            "coupon bought where price >= 50 CNY", "coupon used where coupon = \"off20\"",
            "coupon claimed", clauses: "no limit\n if this.coupon != \"none\"")
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "gift_cards.csv", "g1,a,2026-04-02 10:10,card,50", "g2,b,2026-04-02 10:10,card,49")
        try shop.append(
            "redemptions.csv", "r1,b,2026-04-02 10:10,off20,20", "r2,a,2026-04-02 10:10,x,1")
        try shop.append("claims.csv", "c1,e,2026-04-02 10:10,off20", "c2,c,2026-04-02 10:10,none")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 3, "condition not met": 1])
        #expect(try shop.outcomes("a", in: "spring.s1") == ["issued"])
        #expect(try shop.outcomes("b", in: "spring.s2") == ["issued"])
        #expect(try shop.outcomes("e", in: "spring.s3") == ["issued"])
        #expect(try shop.outcomes("c", in: "spring.s3") == ["condition not met"])
    }

    @Test func productsByWhatWasDoneWithThem() throws {
        let shop = try TestShop.withScenes(
            "product carted where product.department = \"pastry\"",
            "product price changed where price < old_price", "product viewed",
            clauses: "no limit\n if this.product.department = \"pastry\"")
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "visits.csv", "v1,a,2026-04-02 10:10,cake,,,,carted",
            "v2,a,2026-04-02 10:10,ham,,,,carted",
            "v3,b,2026-04-02 10:10,cake,,10,9,price_changed",
            "v4,b,2026-04-02 10:11,cake,,9,10,price_changed", "v5,e,2026-04-02 10:11,ham,,,,viewed",
            "v6,e,2026-04-02 10:11,eel,,,,viewed", "v7,e,2026-04-02 10:11,cake,,,,searched")
        try shop.run("2026-04-02 10:30")
        #expect(try shop.outcomes("a", in: "spring.s1") == ["issued"])
        #expect(try shop.outcomes("b", in: "spring.s2") == ["issued"])
        #expect(try shop.outcomes("e", in: "spring.s3") == ["condition not met", "unknown"])
    }

    /// Several data sets may feed a scene: they are one stream, and a line over them is one line.
    @Test func severalDataSetsFeedOneScene() throws {
        let extra = """
            events online from csv "online.csv" {
                scene purchase
                key id
                member member
                at at
                amount money CNY
            }
            """
        let shop = try TestShop(
            """
                strategy s {
                    when purchase where amount >= 100 CNY
                    when every 2nd purchase
                    give off20
                    if this.at <= now
                    no limit
                    every 30 minutes
                }
            """, extra: extra)
        try shop.write("online.csv", "id,member,at,amount\n")
        try shop.run("2026-04-02 10:00")
        // At one instant the data set that comes first in the file goes first.
        try shop.append("online.csv", "n1,a,2026-04-02 10:10,10", "n2,b,2026-04-02 10:09,100")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,10,,,1", "o2,b,2026-04-02 10:10,100,,,1")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 3])
        let outcomes = try shop.records { try $0.outcomes(inRun: 2) }
        #expect(
            outcomes.map { "\($0.member) \($0.feed) \($0.trigger) \($0.alsoMatched)" }.sorted()
                == ["a online 1 []", "b online 0 []", "b orders 0 [1]"])
    }
}
