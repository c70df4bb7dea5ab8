import Foundation
import GRDB
import PitchEngine
import PitchStore
import PitchTestSupport
import Testing

/// A shop whose channel `sms` posts to a server of the test.
extension TestShop {
    /// - Parameters:
    ///   - clauses: further clauses of the channel.
    ///   - purchases: how many members bought something after the first run; each gets a message.
    static func posting(
        to address: String, _ clauses: String = "", purchases: Int = 5
    ) throws -> TestShop {
        let shop = try TestShop(TestShop.purchases())
        try shop.run("2026-04-02 10:00")
        try shop.rewrite("file \"out\"", as: "webhook \"\(address)\", \(clauses)")
        try shop.buy(purchases)
        return shop
    }

    func rewrite(_ text: String, as replacement: String) throws {
        let file = folder.appending(path: "shop.pitch")
        let script = try String(contentsOf: file, encoding: .utf8)
        try #require(script.contains(text))
        try write("shop.pitch", script.replacing(text, with: replacement))
    }

    /// As many purchases of members who can be reached, at 10:10.
    func buy(_ count: Int, from first: Int = 1) throws {
        let file = folder.appending(path: "orders.csv")
        let rows = (first..<first + count).map { number in
            "o\(number),\(["a", "b", "e"][number % 3]),2026-04-02 10:10,150,,,1\n"
        }
        let text = try String(contentsOf: file, encoding: .utf8)
        try write("orders.csv", text + rows.joined())
    }

    /// How many messages are in each state.
    func states() throws -> [String: Int] {
        Dictionary(try messages().map { ($0.state, 1) }, uniquingKeysWith: +)
    }

    struct Message: Equatable {
        let state: String
        let attempts: Int
        let reason: String?
        let deliveredAt: Int64?
    }

    func messages() throws -> [Message] {
        let queue = try DatabaseQueue(path: folder.appending(path: "shop.db").path)
        defer { try? queue.close() }
        return try queue.read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT state, attempts, reason, delivered_at FROM outbox ORDER BY id"
            ).map { row in
                Message(
                    state: row[0], attempts: row[1], reason: row[2], deliveredAt: row[3])
            }
        }
    }

    func deliver(
        _ asOf: String, _ recovery: DeliveryRecovery = DeliveryRecovery()
    ) throws -> DeliveryReport {
        try workspace(asOf).deliver(recovery)
    }
}
