/// In which form the messages of a run and channel leave.
package enum OutboxForm: String, Sendable, CaseIterable {
    case ndjson, csv
    /// Posted one by one; no file is written.
    case webhook
}

/// What has become of a message.
package enum MessageState: String, Sendable, CaseIterable {
    case queued
    /// Being handed over by a drain, or by one that died.
    case leased
    case delivered
    /// A dead letter: not taken, and not tried again.
    case failed
    /// Handed over, perhaps; nobody knows.
    case unknown
}

/// One message that waits for its channel.
package struct QueuedMessage: Sendable, Equatable {
    package let channel: String
    package let form: OutboxForm
    /// Where its run's file goes; empty for what is posted.
    package let folder: String
    /// A JSON object.
    package let line: String

    package init(channel: String, form: OutboxForm, folder: String, line: String) {
        self.channel = channel
        self.form = form
        self.folder = folder
        self.line = line
    }
}

/// One file that a run leaves in a channel's folder.
package struct OutboxFile: Sendable, Hashable {
    package let run: Int64
    package let channel: String
    package let folder: String
    package let messages: Int
    package let form: OutboxForm
}

/// One message that a drain hands over.
package struct LeasedMessage: Sendable, Equatable {
    package let number: Int64
    package let channel: String
    package let line: String
    package let attempts: Int
    package let triedFrom: Int64
    /// What it is about, for ever the same: the strategy's number, the member, the feed, the
    /// occurrence.
    package let subject: [String]
}

/// What becomes of a leased message.
package struct MessageEnding: Sendable, Equatable {
    package let number: Int64
    package let state: MessageState
    /// Whether it was handed over; false for one that was leased and not sent.
    package let isTried: Bool
    /// When it is due again (queued), or was delivered; nil otherwise.
    package let at: Int64?
    package let reason: String?

    package init(
        number: Int64, state: MessageState, isTried: Bool = true, at: Int64? = nil,
        reason: String? = nil
    ) {
        self.number = number
        self.state = state
        self.isTried = isTried
        self.at = at
        self.reason = reason
    }
}

/// How fast a channel was used, as its drain keeps it.
package struct OutboxPace: Sendable, Equatable {
    package let channel: String
    package let usedTo: Int64
    package let restsUntil: Int64

    package init(channel: String, usedTo: Int64, restsUntil: Int64) {
        self.channel = channel
        self.usedTo = usedTo
        self.restsUntil = restsUntil
    }
}

/// One entry of the delivery's log.
package struct DeliveryRecord: Sendable, Equatable {
    package enum Action: String, Sendable, CaseIterable {
        case handedOver = "handed over"
        /// Leases of a process that died.
        case takenUp = "taken up"
        /// Put back by hand: dead letters, and messages of which nobody knows.
        case retriedFailed = "retried failed"
        case resentUnknown = "resent unknown"
    }

    package let at: Int64
    package let channel: String
    package let action: Action
    package let milliseconds: Int64
    package let delivered: Int
    package let retried: Int
    package let failed: Int
    package let unknown: Int
    package let note: String?

    package init(
        at: Int64, channel: String, action: Action, milliseconds: Int64 = 0, delivered: Int = 0,
        retried: Int = 0, failed: Int = 0, unknown: Int = 0, note: String? = nil
    ) {
        self.at = at
        self.channel = channel
        self.action = action
        self.milliseconds = milliseconds
        self.delivered = delivered
        self.retried = retried
        self.failed = failed
        self.unknown = unknown
        self.note = note
    }
}

/// How many messages of a channel are in each state.
package struct OutboxCounts: Sendable, Equatable {
    package let channel: String
    package internal(set) var queued = 0
    package internal(set) var delivered = 0
    package internal(set) var failed = 0
    package internal(set) var unknown = 0
    /// Leased by a drain at work, or by one that died.
    package internal(set) var leased = 0
    /// Why, of those that are failed or unknown.
    package internal(set) var reasons: [String: Int] = [:]
}
