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
        "ledger_crowd": ["at", "run", "judged_at", "members", "bits"],
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

    @Test func fuzzedPagesAreAnsweredOrRefused() throws {
        let shop = try Self.shop()
        let intact = try shop.storeBytes()
        var generator = SeededGenerator(seed: 21)
        var (inputs, refused) = (0, 0)
        try Fuzz.inputs(of: "commands on a store") {
            damagedPages(intact, &generator)
        } body: { bytes in
            inputs += 1
            try shop.replaceStore(by: bytes)
            let errors =
                switch inputs % (Self.questions.count + 2) {
                case 0: try Self.run(shop)
                case 1: try Self.load(shop)
                case let number: try Self.ask(shop, Self.questions[number - 2])
                }
            refused += errors.isEmpty ? 0 : 1
            // A member whose key was changed is not there.
            return errors.first { $0.kind != .world && !$0.message.contains("no member") }
                .map { "it exits \($0.exitCode): \($0.message)" }
        }
        #expect(refused > inputs / 20 && refused < inputs)
    }

    /// A store with a past: two runs, a purchase issued, a birthday, a day that is not everyone's,
    /// a message delivered, and one that waits.
    private static func shop() throws -> TestShop {
        let shop = try TestShop(
            TestShop.purchases("at most 2 per 1 day") + """

                strategy birthdays {
                    for city = "Shanghai"
                    when birthday at 09:00
                    when every month on [2] at 09:00
                    give off20
                    say hello via sms
                    every 1 day
                    at most once
                }
            """, budget: "budget 90 CNY", coupon: "stock 100", below: Fuzz.folder.path)
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
        try questions.flatMap { try ask(shop, $0) }
    }

    private static let questions: [@Sendable (Workspace) throws -> Void] = [
        { _ = try $0.status() }, { _ = try $0.log() }, { _ = try $0.preview() },
        { _ = try $0.why("a", "spring.buyers") }, { _ = try $0.why("b", "spring.birthdays") },
        { _ = try $0.why("b", "count(orders) >= 1") },
        { _ = try $0.show("sum(orders.amount) > 1 CNY", fields: ["city", "born"], limit: 5) },
        { _ = try $0.funnel("city = \"Beijing\" and count(orders) >= 1") },
        { _ = try $0.explain("city = \"Beijing\" and count(orders) >= 1") },
        { _ = try $0.count("last(orders.at) before 1 day ago or born is missing") },
    ]

    private static func ask(
        _ shop: TestShop, _ question: (Workspace) throws -> Void
    ) throws -> [WorkspaceError] {
        let workspace = try shop.workspace("2026-04-03 10:30")
        return refusals { try question(workspace) }
    }

    private static func load(_ shop: TestShop) throws -> [WorkspaceError] {
        let workspace = try shop.workspace("2026-04-03 10:30")
        return refusals { try workspace.load() }
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

extension TestShop {
    private var store: URL { folder.appending(path: "shop.db") }

    func storeBytes() throws -> [UInt8] { try [UInt8](Data(contentsOf: store)) }

    func replaceStore(by bytes: [UInt8]) throws {
        for suffix in ["-wal", "-shm"] { unlink(store.path + suffix) }
        try Data(bytes).write(to: store)
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
