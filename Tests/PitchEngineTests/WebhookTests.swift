import Foundation
import PitchEngine
import PitchStore
import PitchTestSupport
import Synchronization
import Testing

/// A channel that posts: what the receiver answers, and what becomes of the messages.
@Suite struct WebhookTests {
    @Test func aRunPostsWhatItIssues() throws {
        let receiver = try LocalReceiver()
        defer { receiver.stop() }
        let shop = try TestShop.posting(to: receiver.address)
        let report = try shop.run("2026-04-02 10:30")
        #expect(report.exitCode == 0)
        #expect(report.messages == 5)
        #expect(report.delivery.channels.map(\.delivered) == [5])
        #expect(receiver.taken.values.allSatisfy { $0 == 1 } && receiver.taken.count == 5)
        let instants = try shop.messages().map { $0.deliveredAt ?? 0 }
        let start = try #require(try shop.records { try $0.lastRun() }).asOf
        #expect(instants.allSatisfy { $0 >= start && $0 < start + 60_000 })
        #expect(try shop.states() == ["delivered": 5])
        // The body is the file's line with the message's id before all.
        let request = try #require(receiver.requests.first)
        let body = try JSONSerialization.jsonObject(with: Data(request.body.utf8)) as? [String: Any]
        #expect(body?["id"] as? String == request.id)
        #expect((body?["text"] as? String)?.hasPrefix("Hello ") == true)
        #expect(try shop.run("2026-04-02 11:00").messages == 0)
        #expect(receiver.requests.count == 5)
        let status = try shop.workspace("2026-04-02 11:00").status()
        #expect(status.delivered == 5 && status.queued == 0)
    }

    @Test func aRefusalForGoodIsADeadLetter() throws {
        let isRepaired = Mutex(false)
        let receiver = try LocalReceiver { _ in .status(isRepaired.withLock { $0 } ? 200 : 422) }
        defer { receiver.stop() }
        let shop = try TestShop.posting(to: receiver.address)
        let report = try shop.run("2026-04-02 10:30")
        #expect(report.exitCode == 4)
        #expect(report.delivery.channels.first?.reasons == ["answered 422": 5])
        #expect(try shop.states() == ["failed": 5])
        #expect(try shop.deliver("2026-04-02 10:31").exitCode == 0)
        #expect(receiver.requests.count == 5)
        isRepaired.withLock { $0 = true }
        let repeated = try shop.deliver(
            "2026-04-02 10:32", DeliveryRecovery(retriesFailed: true))
        #expect(repeated.exitCode == 0)
        #expect(try shop.states() == ["delivered": 5])
        #expect(Set(receiver.requests.map(\.id)).count == 5)
        let log = try shop.workspace("2026-04-02 10:33").deliveries()
        #expect(log.map(\.action) == ["handed over", "retried failed", "handed over"])
    }

    @Test func whatIsNotTakenNowIsTriedAgain() throws {
        let seen = Mutex<[String: Int]>([:])
        let receiver = try LocalReceiver { request in
            let count = seen.withLock { seen in
                seen[request.id, default: 0] += 1
                return seen[request.id] ?? 0
            }
            return .status(count == 1 ? 500 : 200)
        }
        defer { receiver.stop() }
        let shop = try TestShop.posting(to: receiver.address)
        let report = try shop.run("2026-04-02 10:30")
        #expect(report.exitCode == 0)
        #expect(report.delivery.channels.first?.retried == 5)
        #expect(try shop.messages().map(\.attempts) == [2, 2, 2, 2, 2])
        #expect(receiver.taken.values.allSatisfy { $0 == 1 } && receiver.taken.count == 5)
    }

    @Test func afterTheLastTryAMessageIsADeadLetter() throws {
        let receiver = try LocalReceiver { _ in .status(500) }
        defer { receiver.stop() }
        let shop = try TestShop.posting(
            to: receiver.address, "retry 1 times within 1 hour", purchases: 3)
        #expect(try shop.run("2026-04-02 10:30").exitCode == 4)
        #expect(
            try shop.messages().map(\.reason)
                == Array(repeating: "answered 500; given up after 2 tries", count: 3))
        #expect(receiver.requests.count == 6)
    }

    @Test func aMessageIsNotTriedForEver() throws {
        let receiver = try LocalReceiver { _ in .status(429, headers: ["Retry-After": "7200"]) }
        defer { receiver.stop() }
        let shop = try TestShop.posting(
            to: receiver.address, "retry 9 times within 1 hour", purchases: 1)
        #expect(try shop.run("2026-04-02 10:30").exitCode == 4)
        #expect(try shop.messages().map(\.state) == ["failed"])
    }

    @Test func aReceiverThatAsksForRestGetsIt() throws {
        let receiver = try LocalReceiver { _ in .status(429, headers: ["Retry-After": "600"]) }
        defer { receiver.stop() }
        let shop = try TestShop.posting(to: receiver.address, purchases: 60)
        let report = try shop.run("2026-04-02 10:30")
        #expect(report.exitCode == 4)
        #expect(report.delivery.waiting == ["sms": 60])
        let asked = receiver.requests.count
        #expect(asked <= 16)
        #expect(try shop.deliver("2026-04-02 10:35").waiting == ["sms": 60])
        #expect(receiver.requests.count == asked)
        #expect(try shop.deliver("2026-04-02 10:41").waiting == ["sms": 60])
        #expect(receiver.requests.count > asked)
    }

    /// Connection refused: everything waits, and nobody asks a million times.
    @Test func aReceiverThatIsDownIsLeftAlone() throws {
        let receiver = try LocalReceiver()
        receiver.stop()
        usleep(50_000)
        let shop = try TestShop.posting(to: receiver.address, purchases: 90)
        let report = try shop.run("2026-04-02 10:30")
        #expect(report.exitCode == 4)
        #expect(report.delivery.waiting == ["sms": 90])
        #expect(report.delivery.channels.first?.note?.contains("in a row") == true)
        let messages = try shop.messages()
        #expect(messages.allSatisfy { $0.state == "queued" })
        #expect(messages.filter { $0.attempts > 0 }.count < 40)
    }

    /// Lost answers: unknown, never sent again unless someone says so.
    @Test(arguments: [
        LocalReceiver.Reply.close, .cutOff(200), .bytes(Array("garbage".utf8)), .silence,
        .status(504),
    ])
    func aLostAnswerIsUnknown(reply: LocalReceiver.Reply) throws {
        let isRepaired = Mutex(false)
        let receiver = try LocalReceiver { _ in isRepaired.withLock { $0 } ? .status(200) : reply }
        defer { receiver.stop() }
        let shop = try TestShop.posting(to: receiver.address, "answer within 1 second")
        #expect(try shop.run("2026-04-02 10:30").exitCode == 4)
        #expect(try shop.states() == ["unknown": 5])
        isRepaired.withLock { $0 = true }
        #expect(try shop.deliver("2026-04-02 10:40").exitCode == 0)
        #expect(receiver.requests.count == 5)
        let error = #expect(throws: WorkspaceError.self) {
            try shop.deliver("2026-04-02 10:41", DeliveryRecovery(resendsUnknown: 4))
        }
        #expect(error?.kind == .usage)
        #expect(error?.message.contains("there are 5") == true)
        #expect(receiver.requests.count == 5)
        _ = try shop.deliver("2026-04-02 10:42", DeliveryRecovery(resendsUnknown: 5))
        #expect(try shop.states() == ["delivered": 5])
        #expect(Set(receiver.requests.map(\.id)).count == 5)
    }

    /// A receiver that takes a message once is asked again.
    @Test func anIdempotentReceiverIsAskedAgain() throws {
        let seen = Mutex<[String: Int]>([:])
        let receiver = try LocalReceiver { request in
            let count = seen.withLock { seen in
                seen[request.id, default: 0] += 1
                return seen[request.id] ?? 0
            }
            return count == 1 ? .close : .status(200)
        }
        defer { receiver.stop() }
        let shop = try TestShop.posting(to: receiver.address, "idempotent")
        #expect(try shop.run("2026-04-02 10:30").exitCode == 0)
        #expect(try shop.states() == ["delivered": 5])
        #expect(receiver.requests.count == 10)
    }

    @Test func aRedirectionIsNotFollowed() throws {
        let other = try LocalReceiver()
        defer { other.stop() }
        let target = other.address
        let receiver = try LocalReceiver { _ in .status(301, headers: ["Location": target]) }
        defer { receiver.stop() }
        let shop = try TestShop.posting(to: receiver.address)
        #expect(try shop.run("2026-04-02 10:30").exitCode == 4)
        #expect(try shop.states() == ["failed": 5])
        #expect(other.requests == [])
    }

    @Test func theRateIsKept() throws {
        let instants = Mutex<[ContinuousClock.Instant]>([])
        let receiver = try LocalReceiver { _ in
            instants.withLock { $0.append(.now) }
            return .status(200)
        }
        defer { receiver.stop() }
        let shop = try TestShop.posting(
            to: receiver.address, "rate 40 per second", purchases: 60)
        #expect(try shop.run("2026-04-02 10:30").exitCode == 0)
        let times = instants.withLock { $0.sorted() }
        #expect(times.count == 60)
        for (index, time) in times.enumerated() {
            let window = times[index...].prefix { $0 - time < .seconds(1) }
            #expect(window.count <= 46)
        }
    }

    @Test func aRateHoldsAcrossDeliveries() throws {
        let receiver = try LocalReceiver()
        defer { receiver.stop() }
        let shop = try TestShop.posting(
            to: receiver.address, "rate 1 per hour", purchases: 3)
        // With nothing to hand over, nothing of the rate is used up.
        _ = try shop.deliver("2026-04-02 10:20")
        let first = try shop.run("2026-04-02 10:30").delivery
        #expect(first.waiting == ["sms": 2])
        #expect(try shop.deliver("2026-04-02 11:00").waiting == ["sms": 2])
        #expect(receiver.requests.count == 1)
        #expect(try shop.deliver("2026-04-02 11:31").waiting == ["sms": 1])
        #expect(receiver.requests.count == 2)
    }

    @Test func aMissingSecretStopsBeforeAnythingIsDone() throws {
        let receiver = try LocalReceiver()
        defer { receiver.stop() }
        let shop = try TestShop.posting(to: receiver.address, "key env \"SMS_KEY\"", purchases: 0)
        try shop.buy(3)
        for verb in ["run", "deliver"] {
            let workspace = try shop.workspace("2026-04-02 10:30")
            workspace.environment = { _ in nil }
            let error = #expect(throws: WorkspaceError.self) {
                if verb == "run" { _ = try workspace.run() } else { _ = try workspace.deliver() }
            }
            #expect(error?.kind == .world)
            #expect(error?.message.contains("'SMS_KEY'") == true)
        }
        #expect(receiver.requests == [])
        let workspace = try shop.workspace("2026-04-02 10:31")
        workspace.environment = { $0 == "SMS_KEY" ? "s3cret" : nil }
        #expect(try workspace.run().exitCode == 0)
        #expect(receiver.requests.count == 3)
        #expect(receiver.requests.allSatisfy { $0.headers["pitch-signature"] != nil })
        let store = try Data(contentsOf: shop.folder.appending(path: "shop.db"))
        #expect(store.range(of: Data("s3cret".utf8)) == nil)
    }

    @Test func aSecretAddressIsNeverTold() throws {
        let receiver = try LocalReceiver { _ in .status(404) }
        defer { receiver.stop() }
        let shop = try TestShop.posting(to: receiver.address, purchases: 2)
        try shop.rewrite("webhook \"\(receiver.address)\"", as: "webhook env \"SMS_URL\"")
        let workspace = try shop.workspace("2026-04-02 10:30")
        workspace.environment = { _ in "not an address" }
        let error = #expect(throws: WorkspaceError.self) { try workspace.run() }
        #expect(error?.message.contains("not an address") == false)
        #expect(error?.message.contains("'SMS_URL'") == true)
        workspace.environment = { _ in receiver.address + "?token=t0ken" }
        let report = try workspace.run()
        #expect(!"\(report)".contains("t0ken"))
        let store = try Data(contentsOf: shop.folder.appending(path: "shop.db"))
        #expect(store.range(of: Data("t0ken".utf8)) == nil)
        #expect(try shop.states() == ["failed": 2])
    }

    @Test func flyersAreATable() throws {
        let shop = try TestShop(TestShop.purchases("at most once"))
        try shop.rewrite("file \"out\"", as: "file \"out\" as csv")
        try shop.write("members.csv", TestShop.members + "=1+1,\"A, B\",1990-01-01,+600,yes\n")
        try shop.run("2026-04-02 10:00")
        try shop.append("orders.csv", "o1,=1+1,2026-04-02 10:10,150,,,1")
        #expect(try shop.run("2026-04-02 10:30").exitCode == 0)
        let files = try shop.files()
        #expect(files.keys.sorted() == ["run-000002-sms.csv"])
        let rows = files["run-000002-sms.csv"]?.components(separatedBy: "\r\n") ?? []
        #expect(rows.count == 3 && rows[2] == "")
        #expect(rows[0] == "run,plan,strategy,member,channel,to,text,coupons,expires")
        #expect(rows[1].hasPrefix("2,spring,buyers,'=1+1,sms,'+600,\"Hello A, B, 20 off until "))
        #expect(try shop.states() == ["delivered": 1])
    }

    @Test func messagesOfAChannelThatIsGoneWait() throws {
        let receiver = try LocalReceiver()
        let shop = try TestShop.posting(to: receiver.address, purchases: 2)
        receiver.stop()
        #expect(try shop.run("2026-04-02 10:30").exitCode == 4)
        try shop.rewrite("webhook \"\(receiver.address)\"", as: "file \"out\"")
        let report = try shop.deliver("2026-04-02 10:40")
        #expect(report.exitCode == 4)
        #expect(report.undelivered.first?.contains("no webhook 'sms'") == true)
        #expect(try shop.states() == ["queued": 2])
    }
}
