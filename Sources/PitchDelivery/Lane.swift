/// One channel during a drain: what it has leased, how fast it may go on, and what came of it.
final class Lane {
    let channel: WebhookChannel
    private(set) var tally = ChannelTally()
    private var pace: Pace?
    private var restsUntil: Int64
    private var isPaceNew = false
    /// Leased, and not sent yet.
    private var waiting: [Letter] = []
    private var underWay: [Int64: Letter] = [:]
    private var failuresInARow = 0
    /// Nothing is due before, as far as is known.
    private var looksAgainAt: Int64 = 0
    /// How often in a row nothing was leased although something was due.
    private var vainLeases = 0
    private(set) var isStopped = false
    /// How often each of the last messages was handed out; a message that came to its end counts as
    /// handed out too often.
    private var handOuts: [Int64: Int] = [:]

    /// So many messages are remembered, and one may be handed out so often in one drain: a sound
    /// outbox does so only after the waits between tries.
    private static let memory = 1_000
    private static let handOutLimit = 20

    /// Connections to one receiver at once.
    static let connections = 8
    /// So many hand-overs in a row without success, and the channel rests until the next drain: its
    /// address or key is wrong, or its receiver is down, and the messages are better kept.
    private static let failureLimit = 20

    init(_ channel: WebhookChannel, kept: ChannelPace?) {
        self.channel = channel
        pace = channel.rate.map {
            Pace(count: $0.count, milliseconds: $0.milliseconds, usedTo: kept?.usedTo ?? 0)
        }
        restsUntil = kept?.restsUntil ?? 0
    }

    var leased: Int { waiting.count + underWay.count }

    /// How many letters it can take on, at most so many; its rate counts them as used.
    func request(atMost limit: Int, at now: Int64) -> LeaseRequest? {
        guard !isStopped, now >= restsUntil, now >= looksAgainAt else { return nil }
        let count = min(limit, pace?.available(at: now) ?? .max)
        guard count > 0 else { return nil }
        pace?.take(count, at: now)
        isPaceNew = isPaceNew || pace != nil
        return LeaseRequest(channel: channel.name, count: count)
    }

    func add(_ letters: [Letter], of request: LeaseRequest, at now: Int64) {
        waiting += letters
        for letter in letters { handOuts[letter.number, default: 0] += 1 }
        if letters.contains(where: { handOuts[$0.number, default: 0] > Self.handOutLimit }) {
            stop("the outbox gives out again what was handed over: it is damaged")
        }
        if handOuts.count > Self.memory { handOuts.removeAll() }
        vainLeases = letters.isEmpty ? vainLeases + 1 : 0
        if letters.count < request.count {
            pace?.giveBack(request.count - letters.count)
            isPaceNew = isPaceNew || pace != nil
            looksAgainAt = now + 200
        }
    }

    /// The pace, when it is not the one that is kept.
    func takePace() -> ChannelPace? {
        guard isPaceNew else { return nil }
        isPaceNew = false
        return ChannelPace(
            channel: channel.name, usedTo: pace?.usedTo ?? 0, restsUntil: restsUntil)
    }

    /// The next letter to send, while a connection is free.
    func next(at now: Int64) -> Letter? {
        guard !isStopped, now >= restsUntil, underWay.count < Self.connections,
            !waiting.isEmpty
        else { return nil }
        let letter = waiting.removeFirst()
        underWay[letter.number] = letter
        return letter
    }

    /// Whether the letter of this number is under way here.
    func holds(_ number: Int64) -> Bool { underWay[number] != nil }

    func stop(_ reason: String) {
        isStopped = true
        tally.note = tally.note ?? reason
    }

    /// What was leased and will not be sent now.
    func takeBack(at now: Int64) -> [HandOver] {
        guard isStopped || now < restsUntil else { return [] }
        defer { waiting = [] }
        return waiting.map { HandOver(number: $0.number, end: .returned) }
    }

    /// The first instant at which it may go on, given when its next message is due.
    func resumes(due: Int64, at now: Int64) -> Int64 {
        // An outbox that says so and gives nothing is broken; nobody waits for it for ever.
        if vainLeases > 10 { stop("the outbox gives out nothing of what is due") }
        looksAgainAt = 0
        return max(due, restsUntil, pace.map { $0.available(at: now) > 0 ? now : $0.next } ?? now)
    }

    // MARK: - What comes of a letter

    func settle(_ number: Int64, _ answer: WebhookAnswer, at now: Int64) -> HandOver? {
        guard let letter = underWay.removeValue(forKey: number) else { return nil }
        let handOver = handOver(of: letter, answer, at: now)
        if handOver.end.isFinal { handOuts[number] = Self.handOutLimit }
        count(handOver)
        rest(after: answer, letter, at: now)
        return handOver
    }

    private func handOver(
        of letter: Letter, _ answer: WebhookAnswer, at now: Int64
    ) -> HandOver {
        switch answer.meaning {
        case .taken: return HandOver(number: letter.number, end: .delivered(at: now))
        case .never(let reason):
            return HandOver(number: letter.number, end: .failed, reason: reason)
        case .unclear(let reason) where !channel.isIdempotent:
            return HandOver(number: letter.number, end: .unknown, reason: reason)
        case .unclear(let reason), .notNow(let reason):
            return again(letter, answer, reason, at: now)
        }
    }

    /// A further try, unless there were enough of them or the next would come too late.
    private func again(
        _ letter: Letter, _ answer: WebhookAnswer, _ reason: String, at now: Int64
    ) -> HandOver {
        let tries = letter.attempts + 1
        var wait = RetrySchedule.wait(after: tries, id: letter.id)
        if case .status(_, let rest) = answer { wait = max(wait, Self.milliseconds(rest)) }
        let isOver =
            tries > channel.retries || now + wait - letter.triedFrom > channel.retryMilliseconds
        return isOver
            ? HandOver(
                number: letter.number, end: .failed,
                reason: "\(reason); given up after \(tries == 1 ? "1 try" : "\(tries) tries")")
            : HandOver(number: letter.number, end: .retry(at: now + wait), reason: reason)
    }

    private func count(_ handOver: HandOver) {
        switch handOver.end {
        case .delivered: tally.delivered += 1
        case .retry: tally.retried += 1
        case .failed: tally.failed += 1
        case .unknown: tally.unknown += 1
        case .returned: break
        }
        if let reason = handOver.reason { tally.reasons[reason, default: 0] += 1 }
        failuresInARow = handOver.end.isDelivered ? 0 : failuresInARow + 1
        if failuresInARow >= Self.failureLimit {
            let reason = handOver.reason ?? "no answer"
            stop("\(failuresInARow) hand-overs in a row came to nothing, the last: \(reason)")
        }
    }

    /// A receiver that is overloaded is left in peace as long as it asks for, or for the time that
    /// the message waits.
    private func rest(after answer: WebhookAnswer, _ letter: Letter, at now: Int64) {
        guard case .status(let status, let asked) = answer, status == 429 || status == 503,
            asked > 0 || status == 429
        else { return }
        let wait =
            asked > 0
            ? Self.milliseconds(asked)
            : RetrySchedule.wait(after: letter.attempts + 1, id: letter.id)
        restsUntil = max(restsUntil, now + wait)
        isPaceNew = true
    }

    /// What a receiver may ask for: a day at most.
    private static func milliseconds(_ seconds: Int64) -> Int64 {
        min(max(seconds, 0), 86_400) * 1000
    }
}

extension HandOver.End {
    fileprivate var isFinal: Bool {
        switch self {
        case .delivered, .failed, .unknown: true
        case .retry, .returned: false
        }
    }

    fileprivate var isDelivered: Bool {
        if case .delivered = self { true } else { false }
    }
}

/// What a drain did with one channel's messages.
package struct ChannelTally: Sendable, Equatable {
    package var delivered = 0
    /// Not taken, to be tried again; a message may count several times.
    package var retried = 0
    package var failed = 0
    package var unknown = 0
    /// How often each reason came.
    package var reasons: [String: Int] = [:]
    /// Why the channel stopped before its queue was empty.
    package var note: String?

    package init() {}
}
