/// Hands over what waits in an outbox, channel beside channel, until nothing is due any more.
///
/// At most `Drain.batch` messages are leased at any time, so that no more can be unknown when the
/// process dies. Each commit marks what has ended and leases what is next.
package final class Drain {
    private let outbox: any Outbox
    private let clock: DeliveryClock
    private let isCancelled: () -> Bool
    private let lanes: [Lane]
    private let client: WebhookClient
    /// The messages leased at once are shared evenly, so that a slow channel holds up no other.
    private let share: Int

    package static let batch = 100
    /// A wait that ends sooner is waited for; what is due later is left for the next drain.
    private static let patience: Int64 = 5_000
    /// After the first answer, how long others are waited for before a commit.
    private static let gathering: Int64 = 20
    /// After an interruption, how long answers are waited for.
    private static let grace: Int64 = 2_000

    /// - Parameter isCancelled: asked now and then; after a yes nothing more is sent.
    package init(
        _ outbox: any Outbox, channels: [WebhookChannel], clock: DeliveryClock,
        isCancelled: @escaping () -> Bool = { false }
    ) throws {
        self.outbox = outbox
        self.clock = clock
        self.isCancelled = isCancelled
        lanes = try channels.map { Lane($0, kept: try outbox.pace(of: $0.name)) }
        share = max(1, Self.batch / max(1, lanes.count))
        client = try WebhookClient(connections: Lane.connections * lanes.count)
    }

    /// - Returns: what came of every channel's messages, by its name.
    /// - Throws: what the outbox throws; what is leased then counts as unknown.
    package func run() throws -> [String: ChannelTally] {
        var ended: [HandOver] = []
        var cancelledAt: Int64?
        while true {
            try exchange(ended)
            ended = []
            try sendWaiting()
            if cancelledAt == nil, isCancelled() {
                cancelledAt = clock.now
                for lane in lanes { lane.stop("interrupted") }
            }
            ended += lanes.flatMap { $0.takeBack(at: clock.now) }
            if client.activeCount > 0 {
                ended += try collect()
                if let cancelledAt, clock.now - cancelledAt > Self.grace {
                    ended += settle(client.abandon())
                }
            } else if ended.isEmpty, try !pause() {
                break
            }
        }
        let paces = lanes.compactMap { $0.takePace() }
        if !paces.isEmpty { _ = try outbox.exchange([], for: [], paces: paces, at: clock.now) }
        return Dictionary(uniqueKeysWithValues: lanes.map { ($0.channel.name, $0.tally) })
    }

    /// Marks what has ended, and leases what the lanes can take on.
    private func exchange(_ ended: [HandOver]) throws {
        let now = clock.now
        var room = Self.batch - lanes.reduce(0) { $0 + $1.leased }
        var requests: [(lane: Lane, request: LeaseRequest)] = []
        for lane in lanes {
            let limit = min(room, share - lane.leased)
            guard let request = lane.request(atMost: limit, at: now) else { continue }
            room -= request.count
            requests.append((lane, request))
        }
        if ended.isEmpty, requests.isEmpty { return }
        let leased = try outbox.exchange(
            ended, for: requests.map(\.request), paces: lanes.compactMap { $0.takePace() }, at: now)
        for (lane, request) in requests {
            lane.add(leased[request.channel] ?? [], of: request, at: now)
        }
    }

    private func sendWaiting() throws {
        for lane in lanes {
            while let letter = lane.next(at: clock.now) {
                try client.start(
                    lane.channel.request(for: letter, wallSeconds: clock.wallSeconds))
            }
        }
    }

    /// Sends and receives until about half of what is leased has come to an end.
    private func collect() throws -> [HandOver] {
        let enough = max(1, lanes.reduce(0) { $0 + $1.leased } / 2)
        var ended: [HandOver] = []
        var deadline: Int64?
        repeat {
            let patience = deadline.map { max(0, $0 - clock.now) } ?? Self.gathering
            ended += settle(client.wait(milliseconds: Int32(patience)))
            try sendWaiting()
            if !ended.isEmpty, deadline == nil { deadline = clock.now + Self.gathering }
            if isCancelled() { break }
        } while client.activeCount > 0 && ended.count < enough
            && deadline.map { clock.now < $0 } ?? true
        return ended
    }

    private func settle(_ answers: [(number: Int64, answer: WebhookAnswer)]) -> [HandOver] {
        let now = clock.now
        return answers.compactMap { number, answer in
            lanes.first { $0.holds(number) }?.settle(number, answer, at: now)
        }
    }

    /// Waits until a channel may go on, if that is soon.
    /// - Returns: false when there is nothing to wait for.
    private func pause() throws -> Bool {
        let now = clock.now
        let resumptions = try lanes.filter { !$0.isStopped }.compactMap { lane in
            try outbox.nextDue(of: lane.channel.name).map { lane.resumes(due: $0, at: now) }
        }
        guard let next = resumptions.min(), next - now <= Self.patience else { return false }
        // In short parts, so that an interruption is noticed.
        while clock.now < next, !isCancelled() {
            clock.sleep(milliseconds: min(50, next - clock.now))
        }
        return true
    }
}
