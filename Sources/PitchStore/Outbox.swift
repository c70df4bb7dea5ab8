import GRDB

/// The messages that wait for their channel, as files: one a run and channel.
extension Ledger {
    /// Files of finished runs that are not delivered, oldest first. A run that was cut short and
    /// is not taken up again counts as finished once a later run has begun.
    package func waitingFiles() throws -> [OutboxFile] {
        try store.read("read the ledger of") { database in
            try database.ledgerRows(
                of: "outbox_file",
                """
                SELECT f.run, f.channel, f.folder, f.messages, f.is_delivered, r.is_finished
                FROM outbox_file f JOIN ledger_run r ON r.id = f.run
                WHERE f.is_delivered IS NOT 1
                    AND (r.is_finished IS NOT 0 OR r.id < (SELECT max(id) FROM ledger_run))
                ORDER BY f.run, f.channel
                """
            ) { row in
                _ = try (row.truth(4), row.truth(5))
                return try OutboxFile(
                    run: row.identifier(0), channel: row.text(1), folder: row.text(2),
                    messages: row.count(3))
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
            let files = try database.ledgerRows(
                of: "outbox_file", "SELECT messages, is_delivered FROM outbox_file"
            ) { try (messages: $0.count(0), isDelivered: $0.truth(1)) }
            let total = { (isDelivered: Bool) in
                files.reduce(0) { $0 + ($1.isDelivered == isDelivered ? $1.messages : 0) }
            }
            return (total(false), total(true))
        }
    }
}
