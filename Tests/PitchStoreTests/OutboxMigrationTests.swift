import GRDB
import PitchTestSupport
import Testing

@testable import PitchStore

/// Outboxes of stores from before messages were posted.
@Suite struct OutboxMigrationTests {
    @Test func messagesOfFilesKeepTheirPast() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let path = folder.url.appending(path: "old.db").path
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { database in
            try database.execute(
                sql: """
                    PRAGMA application_id = \(StoreFile.applicationID);
                    PRAGMA journal_mode = WAL
                    """)
        }
        try StoreMigrations.migrator.migrate(queue, upTo: "7 segments")
        try queue.write { database in
            try database.execute(
                sql: """
                    INSERT INTO ledger_run VALUES (1, 1000, 'UTC', 1);
                    INSERT INTO outbox
                        (run, channel, folder, strategy, member, feed, occurrence, line)
                    VALUES (1, 'sms', 'out', 1, 'a', 'orders', 1, '{}'),
                        (1, 'post', 'out', 1, 'b', 'orders', 2, '{}'),
                        (1, 'post', 'out', 1, 'c', 'orders', 3, '{}');
                    INSERT INTO outbox_file (run, channel, folder, messages, is_delivered)
                    VALUES (1, 'sms', 'out', 1, 1), (1, 'post', 'out', 2, 0);
                    """)
        }
        try queue.close()
        let store = try Store(path: path, access: .readWrite)
        defer { store.close() }
        let ledger = Ledger(store)
        let counts = try ledger.outboxCounts()
        #expect(counts.map(\.channel) == ["post", "sms"])
        #expect(counts.map(\.queued) == [2, 0])
        #expect(counts.map(\.delivered) == [0, 1])
        #expect(try ledger.waitingFiles().map(\.form) == [.ndjson])
        #expect(try ledger.nextDue(of: "post") == nil)
        #expect(try ledger.sender().count == 32)
        #expect(try store.integrityFaults() == [])
        let states = try store.read { database in
            try String.fetchAll(database, sql: "SELECT state FROM outbox ORDER BY id")
        }
        #expect(states == ["delivered", "queued", "queued"])
    }

    /// Whatever is leased, counted or put back is found by an index.
    @Test func queriesUseTheIndexes() throws {
        let folder = try TemporaryFolder()
        defer { folder.remove() }
        let store = try Store(path: folder.url.appending(path: "new.db").path, access: .readWrite)
        defer { store.close() }
        let queries = [
            "SELECT id, line FROM outbox WHERE channel = 'a' AND state = 'queued' AND next_at <= 5 "
                + "ORDER BY next_at, id LIMIT 100": "outbox_due",
            "SELECT channel, count(*) FROM outbox WHERE state = 'queued' AND next_at IS NOT NULL "
                + "GROUP BY channel": "COVERING INDEX outbox_due",
            "SELECT channel, count(*) FROM outbox WHERE state IN ('leased', 'failed', 'unknown') "
                + "AND state = 'failed' GROUP BY channel": "outbox_trouble",
            "SELECT line FROM outbox WHERE delivered_at IS NOT NULL "
                + "ORDER BY delivered_at DESC, id DESC LIMIT 5": "outbox_delivered",
        ]
        for (query, index) in queries {
            let plan = try store.read { database in
                try Row.fetchAll(database, sql: "EXPLAIN QUERY PLAN " + query)
                    .map { "\($0["detail"] ?? "")" }
            }
            #expect(plan.first?.contains(index) == true, "\(plan)")
        }
    }
}
