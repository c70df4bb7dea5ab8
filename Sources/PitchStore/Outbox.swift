import GRDB

/// The messages that wait for their channel, as files: one a run and channel.
extension Ledger {
    /// Files of finished runs that are not delivered, oldest first. A run that was cut short and
    /// is not taken up again counts as finished once a later run has begun.
    package func waitingFiles() throws -> [OutboxFile] {
        try store.read("read the ledger of") { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT f.* FROM outbox_file f JOIN ledger_run r ON r.id = f.run
                    WHERE NOT f.is_delivered
                        AND (r.is_finished OR r.id < (SELECT max(id) FROM ledger_run))
                    ORDER BY f.run, f.channel
                    """
            ).map {
                OutboxFile(
                    run: $0["run"], channel: $0["channel"], folder: $0["folder"],
                    messages: $0["messages"])
            }
        }
    }

    /// The lines of a file, in the order in which they were queued.
    package func forEachLine(
        of file: OutboxFile, _ body: (String) throws -> Void
    ) throws {
        try store.read("read the ledger of") { database in
            let lines = try String.fetchCursor(
                database,
                sql: "SELECT line FROM outbox WHERE run = ? AND channel = ? ORDER BY id",
                arguments: [file.run, file.channel])
            while let line = try lines.next() { try body(line) }
        }
    }

    package func markDelivered(_ file: OutboxFile) throws {
        try store.write("write the ledger of") { database in
            try database.execute(
                sql: "UPDATE outbox_file SET is_delivered = 1 WHERE run = ? AND channel = ?",
                arguments: [file.run, file.channel])
        }
    }

    /// How many messages wait and how many are delivered.
    package func outboxCounts() throws -> (queued: Int, delivered: Int) {
        try store.read("read the ledger of") { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT coalesce(sum(messages) FILTER (WHERE NOT is_delivered), 0),
                        coalesce(sum(messages) FILTER (WHERE is_delivered), 0) FROM outbox_file
                    """)
            return (row?[0] ?? 0, row?[1] ?? 0)
        }
    }
}
