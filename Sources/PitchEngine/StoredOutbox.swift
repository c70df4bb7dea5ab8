import PitchDelivery
import PitchSchema
import PitchStore

/// The store's outbox as a drain sees it.
struct StoredOutbox: Outbox {
    private let ledger: Ledger
    private let sender: String

    init(_ ledger: Ledger) throws {
        self.ledger = ledger
        sender = try ledger.sender()
    }

    /// Another run may load millions of rows in one transaction meanwhile; what was handed over is
    /// not forgotten for that.
    private static let patience = 60

    func exchange(
        _ ended: [HandOver], for requests: [LeaseRequest], paces: [ChannelPace], at now: Int64
    ) throws -> [String: [Letter]] {
        let endings = ended.map(Self.ending)
        let wanted = requests.map { (channel: $0.channel, count: $0.count) }
        let kept = paces.map {
            OutboxPace(channel: $0.channel, usedTo: $0.usedTo, restsUntil: $0.restsUntil)
        }
        let leased = try persistently {
            try ledger.exchange(endings, leasing: wanted, paces: kept, at: now)
        }
        return Dictionary(grouping: leased, by: \.channel).mapValues { $0.map(letter) }
    }

    func nextDue(of channel: String) throws -> Int64? { try ledger.nextDue(of: channel) }

    func pace(of channel: String) throws -> ChannelPace? {
        try ledger.pace(of: channel).map {
            ChannelPace(channel: $0.channel, usedTo: $0.usedTo, restsUntil: $0.restsUntil)
        }
    }

    /// Tries again while another process writes; SQLite waits ten seconds each time.
    private func persistently<Result>(_ body: () throws -> Result) throws -> Result {
        for _ in 1..<Self.patience {
            do {
                return try body()
            } catch let error as StoreError where error.kind == .busy {
                continue
            }
        }
        return try body()
    }

    /// The message's id tells what it is about, not in which row it lies: a store that was
    /// restored from a copy and judges the same occurrence again says the same thing again.
    private func letter(_ message: LeasedMessage) -> Letter {
        let subject = message.subject.joined(separator: "\u{1F}")
        let digest = SHA256.digest(Array("\(sender)\u{1F}\(subject)".utf8))
        return Letter(
            number: message.number, id: WebhookChannel.hexadecimal(Array(digest.prefix(16))),
            line: message.line, attempts: message.attempts, triedFrom: message.triedFrom)
    }

    private static func ending(_ handOver: HandOver) -> MessageEnding {
        switch handOver.end {
        case .delivered(let instant):
            MessageEnding(number: handOver.number, state: .delivered, at: instant)
        case .retry(let instant):
            MessageEnding(
                number: handOver.number, state: .queued, at: instant, reason: handOver.reason)
        case .failed:
            MessageEnding(number: handOver.number, state: .failed, reason: handOver.reason)
        case .unknown:
            MessageEnding(number: handOver.number, state: .unknown, reason: handOver.reason)
        case .returned:
            MessageEnding(number: handOver.number, state: .queued, isTried: false)
        }
    }
}
