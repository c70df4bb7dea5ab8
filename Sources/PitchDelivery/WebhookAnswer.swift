import PitchSchema

/// What came of posting one message.
package enum WebhookAnswer: Sendable, Equatable {
    /// A whole answer; the receiver may have asked for so many seconds of rest.
    case status(Int, restSeconds: Int64)
    /// The receiver cannot have the whole message.
    case notSent(String)
    /// The message was sent, and no whole answer came.
    case lost(String)

    /// What an answer says about the message.
    package enum Meaning: Sendable, Equatable {
        case taken
        /// Not taken now; later perhaps.
        case notNow(String)
        /// Not taken, and never will be.
        case never(String)
        /// Taken or not, nobody knows.
        case unclear(String)
    }

    package var meaning: Meaning {
        switch self {
        case .notSent(let reason): .notNow(reason)
        case .lost(let reason): .unclear(reason)
        case .status(let status, _):
            switch status {
            case 200..<300: .taken
            case 408, 425, 429: .notNow("answered \(status)")
            // A gateway says that it got no answer itself: the receiver may have the message.
            case 502, 504: .unclear("answered \(status): a gateway lost the answer")
            case 500..<600: .notNow("answered \(status)")
            case 300..<400: .never("answered \(status): the address has moved")
            case 400..<500: .never("answered \(status)")
            default: .unclear("answered \(status), which HTTP does not know")
            }
        }
    }
}

/// When a message that was not taken is tried again.
enum RetrySchedule {
    /// The longest wait: an hour.
    static let longest: Int64 = 3_600_000

    /// Exponential backoff with full jitter (Brooker, "Exponential Backoff and Jitter", 2015): any
    /// time up to a second that doubles with every try. The jitter is drawn from the message's id,
    /// so that a run repeats to the byte.
    /// - Parameter attempts: tries made, from 1.
    /// - Returns: milliseconds.
    static func wait(after attempts: Int, id: String) -> Int64 {
        let ceiling = min(longest, 1000 << Int64(min(max(attempts - 1, 0), 20)))
        let draw = SHA256.draw(salt: "retry/\(attempts)", key: id)
        return Int64(draw.multipliedFullWidth(by: UInt64(ceiling)).high) + 1
    }
}
