import GRDB

/// The messages that leave as files, one file a run and channel, and the outbox as a whole.
extension Ledger {
    /// Files of finished runs that are not delivered, oldest first. A run that was cut short and
    /// is not taken up again counts as finished once a later run has begun.
    package func waitingFiles() throws -> [OutboxFile] {
        try store.read("read the ledger of") { database in
            try database.ledgerRows(
                of: "outbox_file",
                """
                SELECT f.run, f.channel, f.folder, f.messages, f.is_delivered, r.is_finished, f.form
                FROM outbox_file f JOIN ledger_run r ON r.id = f.run
                WHERE f.form IS NOT 'webhook' AND f.is_delivered IS NOT 1
                    AND (r.is_finished IS NOT 0 OR r.id < (SELECT max(id) FROM ledger_run))
                ORDER BY f.run, f.channel
                """
            ) { row in
                _ = try (row.truth(4), row.truth(5))
                return try OutboxFile(
                    run: row.identifier(0), channel: row.text(1), folder: row.text(2),
                    messages: row.count(3), form: row.choice(6, "a form"))
            }
        }
    }

    /// The lines of a file, in the order in which they were queued.
    package func forEachLine(
        of file: OutboxFile, _ body: (String) throws -> Void
    ) throws {
        try store.read("read the ledger of") { database in
            let statement = try RawStatement(
                database, "SELECT line FROM outbox WHERE run = ? AND channel = ? ORDER BY id")
            statement.bind([.integer(file.run), .text(file.channel)])
            let row = LedgerRow(statement: statement, table: "outbox")
            while try statement.step() { try body(row.text(0)) }
        }
    }

    /// All messages of a file are delivered at once.
    package func markDelivered(_ file: OutboxFile, at now: Int64) throws {
        try store.write("write the ledger of") { database in
            try database.execute(
                sql: "UPDATE outbox_file SET is_delivered = 1 WHERE run = ? AND channel = ?",
                arguments: [file.run, file.channel])
            try database.execute(
                sql: """
                    UPDATE outbox SET state = 'delivered', delivered_at = ?
                    WHERE run = ? AND channel = ?
                    """,
                arguments: [now, file.run, file.channel])
        }
    }

    /// How many messages of each channel are in each state, by the channel's name.
    package func outboxCounts() throws -> [OutboxCounts] {
        try store.read("read the ledger of") { database in
            var counts: [String: OutboxCounts] = [:]
            let files = try database.ledgerRows(
                of: "outbox_file", "SELECT channel, messages, is_delivered, form FROM outbox_file"
            ) { row in
                let form: OutboxForm = try row.choice(3, "a form")
                return try (row.text(0), row.count(1), isOpen: !row.truth(2) && form != .webhook)
            }
            for (channel, messages, isOpen) in files {
                counts[channel, default: OutboxCounts(channel: channel)].delivered += messages
                if isOpen { counts[channel]?.move(messages, to: \.queued) }
            }
            try Self.countPosts(into: &counts, in: database)
            return counts.values.sorted { $0.channel < $1.channel }
        }
    }

    /// What is not delivered is few, or in an index: all messages need not be read.
    private static func countPosts(
        into counts: inout [String: OutboxCounts], in database: Database
    ) throws {
        let queued = try database.ledgerCounts(
            of: "outbox",
            """
            SELECT channel, count(*) FROM outbox
            WHERE state = 'queued' AND next_at IS NOT NULL GROUP BY channel
            """)
        let states: [(WritableKeyPath<OutboxCounts, Int>, [String: Int])] = try [
            (\.queued, queued), (\.leased, troubles(.leased, in: database)),
            (\.failed, troubles(.failed, in: database)),
            (\.unknown, troubles(.unknown, in: database)),
        ]
        for (state, found) in states {
            for (channel, count) in found { counts[channel]?.move(count, to: state) }
        }
        let reasons = try database.ledgerRows(
            of: "outbox",
            """
            SELECT channel, coalesce(reason, ''), count(*) FROM outbox
            WHERE state IN ('leased', 'failed', 'unknown') AND state <> 'leased' GROUP BY 1, 2
            """
        ) { try ($0.text(0), $0.text(1), $0.count(2)) }
        for (channel, reason, count) in reasons { counts[channel]?.reasons[reason] = count }
    }

    /// Adds an entry to the delivery's log.
    package func record(_ record: DeliveryRecord) throws {
        try store.write("write the outbox of") { try Self.insert(record, in: $0) }
    }

    /// The delivery's log, newest first.
    package func deliveries(limit: Int) throws -> [DeliveryRecord] {
        try store.read("read the ledger of") { database in
            try database.ledgerRows(
                of: "delivery",
                """
                SELECT at, channel, action, milliseconds, delivered, retried, failed, unknown, note
                FROM delivery ORDER BY id DESC LIMIT ?
                """, .integer(Int64(limit))
            ) { row in
                try DeliveryRecord(
                    at: row.instant(0), channel: row.text(1), action: row.choice(2, "an action"),
                    milliseconds: Int64(row.count(3)), delivered: row.count(4),
                    retried: row.count(5), failed: row.count(6), unknown: row.count(7),
                    note: row.optional(8, row.text))
            }
        }
    }
}

extension OutboxCounts {
    /// Takes messages from `delivered`, where all begin, to another state.
    fileprivate mutating func move(_ count: Int, to state: WritableKeyPath<OutboxCounts, Int>) {
        delivered -= count
        self[keyPath: state] += count
    }
}
