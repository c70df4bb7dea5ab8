import Foundation
import PitchEngine
import Testing

/// What a message says of the occurrence that set it off.
@Suite struct MessageTextTests {
    /// Runs a strategy with one `when` line after these rows came, and once more the next morning.
    /// - Returns: the texts that were written, by member and then as they went out.
    private func texts(
        _ line: String, saying text: String, _ clauses: String = "",
        rows: [(file: String, row: String)]
    ) throws -> [String] {
        let shop = try TestShop.withScenes(
            line, clauses: "no limit\nsay told via sms\n" + clauses)
        try shop.rewrite(
            "message hello {", as: "message told { class service, sms \"\(text)\" }\nmessage hello {")
        try shop.run("2026-04-02 08:00")
        for (file, row) in rows { try shop.append(file, row) }
        try shop.run("2026-04-02 10:30")
        try shop.run("2026-04-03 08:30")
        return try shop.files().sorted { $0.key < $1.key }.flatMap { _, file in
            try file.split(separator: "\n").map { line in
                let fields = try JSONSerialization.jsonObject(with: Data(line.utf8))
                let object = try #require(fields as? [String: Any])
                return "\(object["member"] ?? ""): \(object["text"] ?? "")"
            }
        }
    }

    @Test func anOrder() throws {
        let orders = [
            ("orders.csv", "o1,a,2026-04-02 10:10,150.5,tea,,1"),
            ("orders.csv", "o2,b,2026-04-02 10:11,20,,,3"),
        ]
        #expect(
            try texts(
                "purchase", saying: "{this.quantity} {this.category or else 'things'} for {this.amount}",
                rows: orders)
                == ["a: 1 tea for 150.50 CNY", "b: 3 things for 20.00 CNY"])
        #expect(
            try texts("first purchase", saying: "at {this.at}", rows: orders)
                == ["a: at 2026-04-02 10:10", "b: at 2026-04-02 10:11"])
    }

    @Test func aBasketShowsItsSums() throws {
        let orders = [
            ("orders.csv", "o1,a,2026-04-02 10:10,150,tea,k1,1"),
            ("orders.csv", "o2,a,2026-04-02 10:11,20,,k1,3"),
        ]
        let said = ["a: 4 for 170.00 CNY"]
        let text = "{this.quantity} for {this.amount}"
        #expect(try texts("purchase per basket", saying: text, rows: orders) == said)
        // The same after the night.
        #expect(
            try texts("purchase per basket", saying: text, "quiet 10:00 to 08:00", rows: orders)
                == said)
    }

    /// `A then B` shows B, `A then no B` shows A.
    @Test func aSequence() throws {
        let rows = [
            ("visits.csv", "v1,a,2026-04-02 10:00,cake,k7,,,carted"),
            ("orders.csv", "o1,a,2026-04-02 10:20,30,tea,,1"),
            ("orders.csv", "o2,b,2026-04-03 08:00,30,tea,,1"),
        ]
        #expect(
            try texts(
                "product carted then purchase within 30 minutes", saying: "{this.amount}",
                rows: rows) == ["a: 30.00 CNY"])
        #expect(
            try texts(
                "product carted then no purchase within 10 minutes",
                saying: "{this.cart or else 'none'}", rows: rows) == ["a: k7"])
    }

    @Test func aDay() throws {
        #expect(
            try texts("birthday", saying: "{this.day}, month {this.month}", rows: [])
                == ["a: 2026-04-02, month 4"])
    }
}
