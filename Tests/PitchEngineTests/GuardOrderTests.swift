import PitchEngine
import Testing

/// Of all guards that refuse, the first in the language's order is the reason.
@Suite struct GuardOrderTests {
    private static let outcomes = [
        "no consent", "not reachable", "at most", "quiet hours", "held out", "budget", "stock",
        "issued",
    ]
    /// The clauses of those from `at most` on, as they refuse and as they do not.
    private static let clauses = [
        ("at most 1 per 30 days", "no limit"), ("quiet 00:00 to 23:59 and drop", ""),
        ("hold out 99%\nsuccess is purchase within 7 days", ""),
        ("budget 20.05 CNY", "budget 1000 CNY"), ("stock 1", "stock 2"),
    ]

    /// A member who got the one coupon there is, under a script that now refuses her seven times.
    private func shop() throws -> TestShop {
        let shop = try TestShop(
            TestShop.purchases("at most 1 per 30 days"), budget: "budget 20.05 CNY",
            coupon: "stock 1")
        try shop.write("members.csv", "id,city,born,phone,sms_ok\nm,Bonn,,100,yes\n")
        try shop.run("2026-04-02 10:00")
        try shop.append("orders.csv", "o1,m,2026-04-02 10:10,150,,,1")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 1])
        try shop.append("orders.csv", "o2,m,2026-04-02 10:40,150,,,1")
        return shop
    }

    @Test(arguments: 0...7) func theFirstThatRefusesIsTheReason(stopped: Int) throws {
        let shop = try shop()
        let (consent, phone) = (stopped > 0 ? "yes" : "no", stopped > 1 ? "100" : "")
        try shop.write("members.csv", "id,city,born,phone,sms_ok\nm,Bonn,,\(phone),\(consent)\n")
        let texts = Self.clauses.enumerated().map { $0 + 2 < stopped ? $1.1 : $1.0 }
        let script = try shop.text("shop.pitch")
            .replacing("at most 1 per 30 days", with: texts[0...2].joined(separator: "\n"))
            .replacing("budget 20.05 CNY", with: texts[3])
            .replacing("stock 1", with: texts[4])
        try shop.write("shop.pitch", script)
        #expect(try shop.run("2026-04-02 11:00").outcomes == [Self.outcomes[stopped]: 1])
    }
}
