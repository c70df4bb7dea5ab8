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
    package let delivered: Int
    /// Not taken and tried again, here or later; a message may count several times.
    package let retried: Int
    /// Dead letters.
    package let failed: Int
    package let unknown: Int
    package let milliseconds: Int64
    /// How often each reason came.
    package let reasons: [String: Int]
    /// Why it stopped before its queue was empty.
    package let note: String?

    /// Messages taken a second.
    package var rate: Double { Double(delivered) * 1000 / Double(max(1, milliseconds)) }
}
