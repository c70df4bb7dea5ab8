/// The tables of what is handed over. `outbox` holds the messages; `outbox_file` has a row for each
/// run and channel, also of a channel that posts, and says in which form the messages leave.
enum OutboxSchema {
    /// A message that goes with its run's file has no `next_at` and no `tried_from`. Its `state`
    /// becomes `delivered` with the file; a message that is posted goes through all of
    /// `MessageState`. `attempts` counts hand-overs since `tried_from`.
    static let statements = [
        """
        ALTER TABLE outbox ADD COLUMN state TEXT NOT NULL DEFAULT 'queued'
            CHECK (state IN ('queued', 'leased', 'delivered', 'failed', 'unknown'))
        """,
        "ALTER TABLE outbox ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0",
        "ALTER TABLE outbox ADD COLUMN next_at INTEGER",
        "ALTER TABLE outbox ADD COLUMN tried_from INTEGER",
        "ALTER TABLE outbox ADD COLUMN reason TEXT",
        "ALTER TABLE outbox ADD COLUMN delivered_at INTEGER",
        "ALTER TABLE outbox_file ADD COLUMN form TEXT NOT NULL DEFAULT 'ndjson'",
        """
        UPDATE outbox SET state = 'delivered' WHERE EXISTS (
            SELECT 1 FROM outbox_file f
            WHERE f.run = outbox.run AND f.channel = outbox.channel AND f.is_delivered = 1)
        """,
        """
        CREATE INDEX outbox_due ON outbox (channel, next_at)
            WHERE state = 'queued' AND next_at IS NOT NULL
        """,
        """
        CREATE INDEX outbox_trouble ON outbox (state, channel)
            WHERE state IN ('leased', 'failed', 'unknown')
        """,
        """
        CREATE TABLE outbox_pace (
            channel TEXT PRIMARY KEY, used_to INTEGER NOT NULL, rests_until INTEGER NOT NULL
            ) WITHOUT ROWID
        """,
        // One row a store: what tells its messages from those of any other store.
        "CREATE TABLE outbox_sender (id TEXT NOT NULL)",
        "INSERT INTO outbox_sender VALUES (lower(hex(randomblob(16))))",
        """
        CREATE TABLE delivery (
            id INTEGER PRIMARY KEY, at INTEGER NOT NULL, channel TEXT NOT NULL,
            action TEXT NOT NULL, milliseconds INTEGER NOT NULL, delivered INTEGER NOT NULL,
            retried INTEGER NOT NULL, failed INTEGER NOT NULL, unknown INTEGER NOT NULL,
            note TEXT)
        """,
    ]

    /// With `state` in it the queue is counted without reading a message; SQLite does not conclude
    /// a column from the index's condition.
    static let coveringIndex = """
        DROP INDEX outbox_due;
        CREATE INDEX outbox_due ON outbox (channel, state, next_at)
            WHERE state = 'queued' AND next_at IS NOT NULL
        """

    /// Finds the messages that were delivered last, however many wait behind them.
    static let lastDelivered = """
        CREATE INDEX outbox_delivered ON outbox (delivered_at) WHERE delivered_at IS NOT NULL
        """
}
