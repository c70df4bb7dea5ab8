import PitchStore

/// What was handed over, and what was not.
package struct DeliveryReport: Sendable {
    /// Files that were written.
    package var files: [String] = []
    /// Channels that post, if they had anything to do.
    package var channels: [ChannelDelivery] = []
    /// What went wrong, in words.
    package var undelivered: [String] = []
    /// How many messages wait to be posted, by channel.
    package var waiting: [String: Int] = [:]
    /// Another process is handing over what waits, also what this one would have.
    package var isElsewhere = false

    package init(undelivered: [String] = [], isElsewhere: Bool = false) {
        self.undelivered = undelivered
        self.isElsewhere = isElsewhere
    }

    /// Neither was anything handed over, nor is anything left to hand over.
    package var isEmpty: Bool {
        files.isEmpty && channels.isEmpty && undelivered.isEmpty && waiting.isEmpty && !isElsewhere
    }

    /// What came of a channel's messages, beside what came of others of them before.
    mutating func add(_ delivery: ChannelDelivery) {
        if let place = channels.firstIndex(where: { $0.channel == delivery.channel }) {
            channels[place].add(delivery)
        } else {
            channels.append(delivery)
        }
    }

    /// 4 when something was not delivered, 0 otherwise.
    package var exitCode: Int32 {
        let isPartly =
            !undelivered.isEmpty || !waiting.isEmpty
            || channels.contains { $0.failed + $0.unknown > 0 }
        return isPartly ? 4 : 0
    }
}

/// What one channel that posts did.
package struct ChannelDelivery: Sendable, Equatable {
    package let channel: String
    package private(set) var delivered: Int
    /// Not taken and tried again, here or later; a message may count several times.
    package private(set) var retried: Int
    /// Dead letters.
    package private(set) var failed: Int
    /// Also those that a delivery which was killed had taken.
    package private(set) var unknown: Int
    package private(set) var milliseconds: Int64
    /// How often each reason came.
    package private(set) var reasons: [String: Int]
    /// Why it stopped before its queue was empty.
    package private(set) var note: String?

    init(_ record: DeliveryRecord, reasons: [String: Int], note: String?) {
        channel = record.channel
        delivered = record.delivered
        retried = record.retried
        failed = record.failed
        unknown = record.unknown
        milliseconds = record.milliseconds
        self.reasons = reasons
        self.note = note
    }

    fileprivate mutating func add(_ other: ChannelDelivery) {
        delivered += other.delivered
        retried += other.retried
        failed += other.failed
        unknown += other.unknown
        milliseconds += other.milliseconds
        reasons.merge(other.reasons, uniquingKeysWith: +)
        note = other.note ?? note
    }

    /// Messages taken a second.
    package var rate: Double { Double(delivered) * 1000 / Double(max(1, milliseconds)) }
}
