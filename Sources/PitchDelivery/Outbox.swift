/// What waits to be handed over, one message at a time: the store's side of a drain.
package protocol Outbox {
    /// Records how hand-overs ended and leases what is due next, in one commit that survives a loss
    /// of power. A leased message whose end is never recorded counts as unknown afterwards.
    /// - Parameters:
    ///   - paces: the channels' paces after what is asked for.
    ///   - now: milliseconds since 1970, like every instant here.
    /// - Returns: at most as many letters a channel as asked for, those due longest first.
    func exchange(
        _ ended: [HandOver], for requests: [LeaseRequest], paces: [ChannelPace], at now: Int64
    ) throws -> [String: [Letter]]

    /// When the next message of a channel is due; nil when none waits.
    func nextDue(of channel: String) throws -> Int64?

    /// How fast a channel was used last, which outlives the process.
    func pace(of channel: String) throws -> ChannelPace?
}

/// One message to hand over.
package struct Letter: Sendable, Equatable {
    /// Its number in the outbox.
    package let number: Int64
    /// The same for this message always, and for no other message of any store.
    package let id: String
    /// A JSON object.
    package let line: String
    /// How often it was tried before, since this instant.
    package let attempts: Int
    package let triedFrom: Int64

    package init(number: Int64, id: String, line: String, attempts: Int, triedFrom: Int64) {
        self.number = number
        self.id = id
        self.line = line
        self.attempts = attempts
        self.triedFrom = triedFrom
    }
}

/// How one hand-over ended.
package struct HandOver: Sendable, Equatable {
    package enum End: Sendable, Equatable {
        case delivered(at: Int64)
        /// Not taken; to be tried again.
        case retry(at: Int64)
        /// A dead letter: nobody tries again unless someone says so.
        case failed
        /// Taken or not, nobody knows.
        case unknown
        /// Never sent: as if it had not been leased.
        case returned
    }

    package let number: Int64
    package let end: End
    /// Why it was not delivered: lower case, no final period, nothing secret.
    package let reason: String?

    package init(number: Int64, end: End, reason: String? = nil) {
        self.number = number
        self.end = end
        self.reason = reason
    }
}

package struct LeaseRequest: Sendable, Equatable {
    package let channel: String
    package let count: Int

    package init(channel: String, count: Int) {
        self.channel = channel
        self.count = count
    }
}

/// When a channel may be used again.
package struct ChannelPace: Sendable, Equatable {
    package let channel: String
    /// The instant, in microseconds, to which its rate is used up: see `Pace`.
    package let usedTo: Int64
    /// The receiver asked for no message before this instant.
    package let restsUntil: Int64

    package init(channel: String, usedTo: Int64, restsUntil: Int64) {
        self.channel = channel
        self.usedTo = usedTo
        self.restsUntil = restsUntil
    }
}
