import Foundation
import GRDB
import PitchEngine
import PitchTestSupport
import Testing

/// Stores that another program or a failing disk changed: every command answers or refuses with a
/// message, and none crashes or hangs.
@Suite struct DamagedStoreTests {
    /// The tables that a run reads its past from, with their columns that may not be empty.
    private static let cells = [
        "ledger_run": ["as_of", "is_finished"],
        "ledger_strategy": ["started_at", "judged_at", "days_done"],
        "ledger_feed": ["started_at", "high_row", "judged_at", "before_start"],
        "ledger_outcome": ["run", "judged_at", "outcome"],
        "ledger_count": ["occurrences"],
        "ledger_reserved": ["coupon_minor", "message_micro"],
        "ledger_stock": ["issued"],
        "coupon": ["first_day", "last_day"],
        "outbox": ["line"],
        "outbox_file": ["folder", "messages", "is_delivered"],
    ]

    private static let wrong = ["NULL", "'many'", "x'00ff'", "9223372036854775807"]

    @Test(arguments: cells.keys.sorted())
    func alteredCellsAreRefused(table: String) throws {
        let shop = try Self.shop()
        let intact = try shop.storeBytes()
        var refusals = 0
        for column in Self.cells[table] ?? [] {
            for value in Self.wrong {
                try shop.replaceStore(by: intact)
                try shop.alter(table, "UPDATE \(table) SET \(column) = \(value)")
                let errors = try Self.askEverything(shop) + Self.run(shop)
                #expect(errors.allSatisfy { $0.kind == .world }, "\(column) = \(value): \(errors)")
                refusals += errors.count { $0.message.contains("'\(table).\(column)'") }
                #expect(errors.allSatisfy { $0.message.contains("shop.db") }, "\(errors)")
            }
        }
        // What only a test reads (a coupon's days) no command refuses.
        #expect(refusals > 0 || table == "coupon", "\(table)")
    }

    private static let inputs =
        ProcessInfo.processInfo.environment["PITCH_FUZZ"].flatMap { Int($0) } ?? 2_000

    @Test func flippedAndCutPagesNeverCrash() throws {
        let shop = try Self.shop()
        let intact = try shop.storeBytes()
        var generator = SeededGenerator(seed: 21)
        var refused = 0
        var slowest = Duration.zero
        for input in 0..<Self.inputs {
            try shop.replaceStore(by: StoreMutation.mutated(intact, &generator))
            slowest = try max(
                slowest,
                ContinuousClock().measure {
                    let errors = try input.isMultiple(of: 8)
                        ? Self.run(shop) : Self.ask(shop, question: input % 8)
                    refused += errors.isEmpty ? 0 : 1
                })
        }
        #expect(slowest < .seconds(1))
        #expect(refused > Self.inputs / 20 && refused < Self.inputs)
        print("damaged stores: \(Self.inputs), refused \(refused), slowest \(slowest)")
    }

    /// A store with a past: two runs, a purchase issued, a birthday, a message delivered, and one
    /// that waits.
    private static func shop() throws -> TestShop {
        let shop = try TestShop(
            TestShop.purchases("at most 2 per 1 day") + """

                strategy birthdays {
                    when birthday at 09:00
                    give off20
                    say hello via sms
                    every 1 day
                    at most once
                }
            """, budget: "budget 90 CNY", coupon: "stock 100", below: "/dev/shm")
        try shop.run("2026-04-02 10:00")
        try shop.append("orders.csv", "o1,a,2026-04-02 10:10,150,,,1")
        try shop.block("out")
        try shop.run("2026-04-02 10:30")
        try shop.remove("out")
        try shop.append("orders.csv", "o2,b,2026-04-03 10:10,150,,,1")
        return shop
    }

    /// Every question, one after the other; the errors.
    private static func askEverything(_ shop: TestShop) throws -> [WorkspaceError] {
        try (1...7).flatMap { try ask(shop, question: $0) }
    }

    private static func ask(_ shop: TestShop, question: Int) throws -> [WorkspaceError] {
        let workspace = try shop.workspace("2026-04-03 10:30")
        return refusals {
            switch question {
            case 1: _ = try workspace.status()
            case 2: _ = try workspace.log()
            case 3: _ = try workspace.preview()
            case 4: _ = try workspace.why("a", "spring.buyers")
            case 5:
                _ = try workspace.show(
                    "sum(orders.amount) > 1 CNY", fields: ["city", "born"], limit: 5)
            case 6: _ = try workspace.funnel("city = \"Beijing\" and count(orders) >= 1")
            default: _ = try workspace.count("last(orders.at) before 1 day ago or born is missing")
            }
        }
    }

    private static func run(_ shop: TestShop) throws -> [WorkspaceError] {
        let workspace = try shop.workspace("2026-04-03 10:30")
        return refusals {
            let report = try workspace.run()
            for message in report.undelivered where message.contains("ledger") {
                throw WorkspaceError(.world, message)
            }
        }
    }

    private static func refusals(_ body: () throws -> Void) -> [WorkspaceError] {
        do {
            try body()
            return []
        } catch let error as WorkspaceError {
            return [error]
        } catch {
            return [WorkspaceError(.usage, "not the engine's error: \(error)")]
        }
    }
}

/// Damage to the pages of an SQLite file.
enum StoreMutation {
    /// Some bytes changed where something stands, and now and then pages zeroed, swapped or cut.
    static func mutated(_ intact: Data, _ generator: inout SeededGenerator) -> Data {
        var bytes = intact
        for _ in 0..<Int.random(in: 1...8, using: &generator) {
            var at = Int.random(in: 0..<bytes.count, using: &generator)
            for _ in 0..<6 where bytes[at] == 0 {
                at = Int.random(in: 0..<bytes.count, using: &generator)
            }
            bytes[at] = UInt8.random(in: 0...255, using: &generator)
        }
        let pageSize = 8192
        let page = { (generator: inout SeededGenerator) in
            Int.random(in: 1..<max(2, intact.count / pageSize), using: &generator) * pageSize
        }
        switch Int.random(in: 0..<16, using: &generator) {
        case 0: bytes.removeLast(Int.random(in: 1...bytes.count, using: &generator))
        case 1: bytes.removeLast(pageSize * Int.random(in: 0...2, using: &generator))
        case 2:
            let at = page(&generator)
            bytes.replaceSubrange(at..<at + pageSize, with: Data(count: pageSize))
        case 3:
            let (from, to) = (page(&generator), page(&generator))
            bytes.replaceSubrange(to..<to + pageSize, with: intact[from..<from + pageSize])
        default: break
        }
        return bytes
    }
}

extension TestShop {
    private var store: URL { folder.appending(path: "shop.db") }

    fileprivate func storeBytes() throws -> Data { try Data(contentsOf: store) }

    fileprivate func replaceStore(by bytes: Data) throws {
        for suffix in ["-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: store.path + suffix)
        }
        try bytes.write(to: store)
    }

    /// A file where a channel's folder should be, so that its messages wait.
    fileprivate func block(_ name: String) throws {
        try? remove(name)
        try write(name, "")
    }

    /// Changes a table that first loses its constraints.
    fileprivate func alter(_ table: String, _ sql: String) throws {
        let loosening = """
            PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET sql = replace(sql, ' NOT NULL', '') WHERE name = '\(table)';
            """
        for statement in [loosening, sql] {
            let queue = try DatabaseQueue(path: store.path)
            try queue.writeWithoutTransaction { try $0.execute(sql: statement) }
            try queue.close()
        }
    }
}
