import GRDB

/// The messages that are posted, one by one.
extension Ledger {
    /// Marks leased messages, and leases those due next, in one commit.
    /// - Parameter wanted: how many at most of each channel.
    package func exchange(
        _ ended: [MessageEnding], leasing wanted: [(channel: String, count: Int)],
        paces: [OutboxPace], at now: Int64
    ) throws -> [LeasedMessage] {
        try store.write("write the outbox of") { database in
            try Self.mark(ended, in: database)
            let paceStatement = try RawStatement(
                database, "INSERT OR REPLACE INTO outbox_pace VALUES (?, ?, ?)")
            for pace in paces {
                try paceStatement.run(
                    .text(pace.channel), .integer(pace.usedTo), .integer(pace.restsUntil))
            }
            return try Self.lease(wanted, at: now, in: database)
        }
    }

    private static func mark(_ ended: [MessageEnding], in database: Database) throws {
        let statement = try RawStatement(
            database,
            """
            UPDATE outbox SET state = ?1, attempts = attempts + ?2,
                next_at = CASE WHEN ?1 = 'queued' THEN coalesce(?3, next_at) ELSE next_at END,
                delivered_at = CASE WHEN ?1 = 'delivered' THEN ?3 END, reason = ?4
            WHERE id = ?5
            """)
        for ending in ended {
            try statement.run(
                .text(ending.state.rawValue), .integer(ending.isTried ? 1 : 0),
                ending.at.map { .integer($0) } ?? .null,
                ending.reason.map { .text($0) } ?? .null, .integer(ending.number))
        }
    }

    private static func lease(
        _ wanted: [(channel: String, count: Int)], at now: Int64, in database: Database
    ) throws -> [LeasedMessage] {
        let leasing = try RawStatement(
            database,
            "UPDATE outbox SET state = 'leased' WHERE id = ? AND state = 'queued' RETURNING id")
        return try wanted.flatMap { channel, count in
            let due = try database.ledgerRows(
                of: "outbox",
                """
                SELECT id, channel, line, attempts, tried_from, strategy, member, feed, occurrence
                FROM outbox WHERE channel = ? AND state = 'queued' AND next_at <= ?
                ORDER BY next_at, id LIMIT ?
                """, .text(channel), .integer(now), .integer(Int64(count))
            ) { row in
                try LeasedMessage(
                    number: row.identifier(0), channel: row.text(1), line: row.text(2),
                    attempts: row.count(3), triedFrom: row.instant(4),
                    subject: [
                        String(row.identifier(5)), row.text(6), row.text(7),
                        String(row.integer(8)),
                    ])
            }
            for message in due {
                leasing.bind(1, message.number)
                defer { leasing.reset() }
                // A damaged index names messages that no longer wait; they went out before.
                guard try leasing.step() else {
                    throw DamagedCell(place: "outbox.state", expected: "'queued', as in its index")
                }
            }
            return due
        }
    }

    /// When the next message of a channel is due; nil when none waits to be posted.
    package func nextDue(of channel: String) throws -> Int64? {
        try store.read("read the outbox of") { database in
            try database.ledgerRows(
                of: "outbox",
                """
                SELECT next_at FROM outbox
                WHERE channel = ? AND state = 'queued' AND next_at IS NOT NULL
                ORDER BY next_at LIMIT 1
                """, .text(channel)
            ) { try $0.instant(0) }.first
        }
    }

    package func pace(of channel: String) throws -> OutboxPace? {
        try store.read("read the outbox of") { database in
            try database.ledgerRows(
                of: "outbox_pace", "SELECT used_to, rests_until FROM outbox_pace WHERE channel = ?",
                .text(channel)
            ) { row in
                let microseconds = 0...LedgerRow.instants.upperBound * 1000
                return try OutboxPace(
                    channel: channel, usedTo: row.integer(0, "an instant", in: microseconds),
                    restsUntil: row.instant(1))
            }.first
        }
    }

    /// What tells this store's messages from those of all others.
    package func sender() throws -> String {
        try store.read("read the outbox of") { database in
            try database.ledgerRows(of: "outbox_sender", "SELECT id FROM outbox_sender LIMIT 1") {
                try $0.text(0)
            }.first
        } ?? ""
    }

    /// The leases of a drain that died: what it had sent, nobody knows. Where the receiver takes a
    /// message once however often it comes, it is asked again.
    /// - Precondition: no other drain is at work.
    /// - Returns: what came of them, by channel, as it is recorded.
    package func takeUpLeases(
        idempotent channels: Set<String>, at now: Int64
    ) throws -> [DeliveryRecord] {
        try store.write("write the outbox of") { database in
            let orphans = try database.ledgerRows(
                of: "outbox",
                """
                SELECT id, channel FROM outbox
                WHERE state IN ('leased', 'failed', 'unknown') AND state = 'leased' ORDER BY id
                """
            ) { try (number: $0.identifier(0), channel: $0.text(1)) }
            let reason = "the delivery was interrupted before the answer came"
            try Self.mark(
                orphans.map { number, channel in
                    channels.contains(channel)
                        ? MessageEnding(number: number, state: .queued, at: now, reason: reason)
                        : MessageEnding(number: number, state: .unknown, reason: reason)
                }, in: database)
            let records = Dictionary(grouping: orphans, by: \.channel).map { channel, found in
                let isAgain = channels.contains(channel)
                return DeliveryRecord(
                    at: now, channel: channel, action: .takenUp,
                    retried: isAgain ? found.count : 0, unknown: isAgain ? 0 : found.count,
                    note: reason)
            }.sorted { $0.channel < $1.channel }
            for record in records { try Self.insert(record, in: database) }
            return records
        }
    }

    /// Puts messages that are posted back into the queue, as if they had never been tried, and
    /// records that.
    /// - Returns: how many, by channel.
    package func putBack(_ state: MessageState, at now: Int64) throws -> [String: Int] {
        try store.write("write the outbox of") { database in
            let counts = try Self.troubles(state, in: database)
            try RawStatement(
                database,
                """
                UPDATE outbox SET state = 'queued', attempts = 0, next_at = ?, tried_from = ?,
                    reason = NULL
                WHERE state IN ('leased', 'failed', 'unknown') AND state = ?
                """
            ).run(.integer(now), .integer(now), .text(state.rawValue))
            for (channel, count) in counts {
                try Self.insert(
                    DeliveryRecord(
                        at: now, channel: channel,
                        action: state == .failed ? .retriedFailed : .resentUnknown, retried: count),
                    in: database)
            }
            return counts
        }
    }

    static func troubles(
        _ state: MessageState, in database: Database
    ) throws -> [String: Int] {
        try database.ledgerCounts(
            of: "outbox",
            """
            SELECT channel, count(*) FROM outbox
            WHERE state IN ('leased', 'failed', 'unknown') AND state = ? GROUP BY channel
            """, .text(state.rawValue))
    }

    static func insert(_ record: DeliveryRecord, in database: Database) throws {
        try RawStatement(
            database,
            """
            INSERT INTO delivery (at, channel, action, milliseconds, delivered, retried, failed,
                unknown, note)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """
        ).run(
            .integer(record.at), .text(record.channel), .text(record.action.rawValue),
            .integer(record.milliseconds), .integer(Int64(record.delivered)),
            .integer(Int64(record.retried)), .integer(Int64(record.failed)),
            .integer(Int64(record.unknown)), record.note.map { .text($0) } ?? .null)
    }
}
