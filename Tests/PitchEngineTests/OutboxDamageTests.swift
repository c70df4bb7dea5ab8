import Foundation
import GRDB
import PitchEngine
import PitchTestSupport
import Testing

/// Outboxes that another program or a failing disk changed: a delivery hands over or refuses with a
/// message, and never crashes, hangs or goes on for ever.
@Suite(.serialized) struct OutboxDamageTests {
    private static let cells = [
        "outbox": [
            "state", "attempts", "next_at", "tried_from", "reason", "line", "channel", "strategy",
            "member", "feed", "occurrence",
        ],
        "outbox_file": ["form", "messages"],
        "outbox_pace": ["used_to", "rests_until"], "outbox_sender": ["id"],
        "delivery": ["at", "channel", "action", "milliseconds", "delivered", "note"],
    ]

    private static let wrong = [
        "NULL", "'many'", "x'00ff'", "9223372036854775807", "-9223372036854775808", "'leased'",
    ]

    @Test(arguments: cells.keys.sorted())
    func alteredCells(table: String) throws {
        let receiver = try LocalReceiver()
        defer { receiver.stop() }
        let shop = try Self.shop(receiver)
        let intact = try shop.storeBytes()
        var refusals = 0
        for column in Self.cells[table] ?? [] {
            for value in Self.wrong {
                try shop.replaceStore(by: intact)
                try shop.loosen(table, "UPDATE OR IGNORE \(table) SET \(column) = \(value)")
                let faults = Self.outcomes(shop)
                #expect(faults.allSatisfy { $0.kind == .world }, "\(column) = \(value): \(faults)")
                refusals += faults.count { $0.message.contains("'\(table).\(column)'") }
            }
        }
        #expect(refusals > 0, "\(table)")
    }

    @Test func flippedAndCutPages() throws {
        let receiver = try LocalReceiver(keepsRequests: false)
        defer { receiver.stop() }
        let shop = try Self.shop(receiver)
        let intact = try shop.storeBytes()
        var generator = SeededGenerator(seed: 8)
        try Fuzz.inputs(
            of: "a delivery from a store", within: 20, { damagedPages(intact, &generator) }
        ) { bytes in
            try shop.replaceStore(by: bytes)
            let fault = Self.outcomes(shop).first { $0.kind == .usage }
            return fault?.message
        }
    }

    /// One message in every state, and more that are queued.
    private static func shop(_ receiver: LocalReceiver) throws -> TestShop {
        let shop = try TestShop.posting(to: receiver.address, "rate 900 per second", purchases: 8)
        let down = try LocalReceiver()
        down.stop()
        try shop.rewrite(receiver.address, as: down.address)
        try shop.run("2026-04-02 10:30")
        try shop.rewrite(down.address, as: receiver.address)
        let queue = try DatabaseQueue(path: shop.folder.appending(path: "shop.db").path)
        try queue.write { database in
            for (state, id) in [("leased", 1), ("failed", 2), ("unknown", 3), ("delivered", 4)] {
                try database.execute(
                    sql: "UPDATE outbox SET state = ?, reason = 'r' WHERE id = ?",
                    arguments: [state, id])
            }
        }
        try queue.close()
        return shop
    }

    /// What status, log and a delivery refuse with.
    private static func outcomes(_ shop: TestShop) -> [WorkspaceError] {
        let bodies: [(Workspace) throws -> Void] = [
            { _ = try $0.status() }, { _ = try $0.log() }, { _ = try $0.deliveries() },
            { _ = try $0.deliver(DeliveryRecovery(retriesFailed: true)) },
        ]
        return bodies.compactMap { body in
            do {
                try body(shop.workspace("2026-04-03 10:30"))
                return nil
            } catch let error as WorkspaceError {
                return error
            } catch {
                return WorkspaceError(.usage, "not the engine's error: \(error)")
            }
        }
    }
}

extension TestShop {
    /// Changes a table that first loses its constraints.
    fileprivate func loosen(_ table: String, _ sql: String) throws {
        let path = folder.appending(path: "shop.db").path
        let statements = [
            """
            PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET sql = replace(sql, ' NOT NULL', '') WHERE name = '\(table)';
            """, "PRAGMA ignore_check_constraints = ON; \(sql)",
        ]
        for statement in statements {
            let queue = try DatabaseQueue(path: path)
            try queue.writeWithoutTransaction { try $0.execute(sql: statement) }
            try queue.close()
        }
    }
}
