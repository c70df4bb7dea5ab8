import Foundation
import GRDB
import PitchEngine
import PitchStore
import PitchTestSupport
import Synchronization
import Testing

/// `pitch run` killed at every call that changes a file, sends or receives, against a real server
/// that also loses answers; and run again.
@Suite(.serialized) struct DeliveryKillTests {
    private static let messages = 12

    @Test func killedAnywhereNothingIsSentTwice() throws {
        let start = try prepared(Self.messages)
        let outcomes = try outcomesUntouched(start)
        #expect(outcomes.contains { $0.contains("issued") })
        var call = 0
        var mostUnknown = 0
        var wasKilled = true
        while wasKilled {
            call += 1
            let shop = try start.copy()
            let receiver = try Self.forgetfulReceiver()
            defer { receiver.stop() }
            let ending = try run(shop, receiver, killAt: call)
            wasKilled = ending.wasKilled
            #expect(wasKilled || [0, 4].contains(ending.code), "call \(call): \(ending.errors)")
            // A kill at the first calls leaves no store that knows of messages.
            let inFlight = (try? Self.count(shop, "state = 'leased'")) ?? 0
            #expect(inFlight <= 100)
            if wasKilled {
                let again = try run(shop, receiver)
                #expect([0, 4].contains(again.code), "after call \(call): \(again.errors)")
            }
            let when = Comment(rawValue: "after call \(call)")
            mostUnknown = max(mostUnknown, try Self.count(shop, "state = 'unknown'"))
            try expectSound(shop, [receiver], Self.messages, inFlight, when)
            #expect(try self.outcomes(shop) == outcomes, when)
        }
        print("killed at each of \(call - 1) calls that change a file, send or receive;",
            "at most \(mostUnknown) of \(Self.messages) messages unknown")
        #expect(call > 40)
        #expect(mostUnknown > 0)
    }

    /// Of many messages, no more than a batch is under way when the process dies, however many the
    /// server has answered by then.
    @Test func ofManyMessagesABatchIsUnknown() throws {
        let many = 350
        let start = try prepared(many)
        let counts = try [0, 1, 60, 149, 260, 346].map { answered in
            try unknown(of: many, start.copy(), afterAnswers: answered)
        }
        print("of \(many) messages, unknown after a kill: \(counts)")
        #expect(counts.allSatisfy { (1...100).contains($0) })
        #expect(counts.max() == 100)
    }

    /// Kills a run while the server keeps back its answers, runs again, and counts.
    private func unknown(
        of messages: Int, _ shop: TestShop, afterAnswers answered: Int
    ) throws -> Int {
        let when = Comment(rawValue: "killed after \(answered) answers")
        let held = Held(after: answered)
        let first = try LocalReceiver { _ in
            held.hold()
            return .status(200)
        }
        let second = try LocalReceiver()
        defer { [first, second].forEach { $0.stop() } }
        let ending = try run(shop, first) { process in
            // As many as there are connections, or the last ones.
            let underWay = min(8, messages - answered)
            #expect(wait { held.count == underWay }, when)
            kill(process, SIGKILL)
        }
        #expect(ending.wasKilled, when)
        held.release()
        #expect(wait { first.takenCount == answered + held.count }, when)
        let inFlight = try Self.count(shop, "state = 'leased'")
        let delivered = try Self.count(shop, "state = 'delivered'")
        let queued = try Self.count(shop, "state = 'queued'")
        #expect(delivered + inFlight + queued == messages, when)
        #expect(delivered <= answered && inFlight >= held.count, when)

        let again = try run(shop, second)
        #expect([0, 4].contains(again.code), "\(when): \(again.errors)")
        let unknown = try Self.count(shop, "state = 'unknown'")
        #expect(unknown == inFlight && second.takenCount == queued, when)
        #expect(try Self.count(shop, "state = 'delivered'") == delivered + queued, when)
        try expectSound(shop, [first, second], messages, inFlight, when)
        return unknown
    }

    /// Answers that a server keeps to itself after some that it gave.
    private final class Held: Sendable {
        private let state: Mutex<(free: Int, held: Int, isOver: Bool)>

        init(after free: Int) { state = Mutex((free, 0, false)) }

        var count: Int { state.withLock(\.held) }

        func release() { state.withLock { $0.isOver = true } }

        func hold() {
            let isHeld = state.withLock { state in
                if state.free > 0 { state.free -= 1; return false }
                state.held += 1
                return true
            }
            while isHeld, !state.withLock(\.isOver) { usleep(1000) }
        }
    }

    /// - Returns: whether it came true within a time in which everything does.
    private func wait(until isSo: () throws -> Bool) rethrows -> Bool {
        for _ in 0..<20_000 {
            if try isSo() { return true }
            usleep(1000)
        }
        return false
    }

    /// The properties that hold after every ending.
    private func expectSound(
        _ shop: TestShop, _ receivers: [LocalReceiver], _ messages: Int, _ inFlight: Int,
        _ when: Comment
    ) throws {
        let taken = receivers.map(\.taken).reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
        #expect(taken.values.allSatisfy { $0 == 1 }, when)
        let requests = receivers.flatMap(\.requests)
        let seen = Set(requests.map { Self.line(of: $0.body) })
        let delivered = try Self.lines(shop, "state = 'delivered'")
        #expect(seen.isSuperset(of: delivered), when)
        let lost = requests.count { Self.isLost($0.id) }
        let unknown = try Self.count(shop, "state = 'unknown'")
        #expect(unknown <= inFlight + lost, when)
        let sum = try Self.count(shop, "state IN ('delivered', 'failed', 'unknown', 'queued')")
        let ledger = try Self.sums(shop)
        #expect(sum == messages && ledger.issued == messages, when)
        #expect(ledger.reserved == ledger.reservedByOutcomes, when)
        #expect(ledger.stock == ledger.coupons, when)
        let store = try Store(path: shop.folder.appending(path: "shop.db").path, access: .readOnly)
        defer { store.close() }
        #expect(try store.integrityFaults() == [], when)
    }

    // MARK: - The shop and its server

    private func prepared(_ messages: Int) throws -> TestShop {
        let shop = try TestShop(
            TestShop.purchases("at most 200 per 1 day"), budget: "budget 9_000 CNY",
            coupon: "stock 500")
        try shop.run("2026-04-02 10:00")
        try shop.rewrite("file \"out\"", as: "webhook env \"SMS_URL\"")
        try shop.buy(messages)
        return shop
    }

    private func outcomesUntouched(_ start: TestShop) throws -> [String] {
        let shop = try start.copy()
        let receiver = try LocalReceiver()
        defer { receiver.stop() }
        #expect(try run(shop, receiver).code == 0)
        #expect(receiver.taken.count == Self.messages)
        return try outcomes(shop)
    }

    private func outcomes(_ shop: TestShop) throws -> [String] {
        try shop.records { ledger in
            try ledger.runs(limit: 10).map(\.run.id)
                .flatMap { try ledger.outcomes(inRun: $0) }.map { "\($0)" }
        }
    }

    /// Takes every message, and loses some answers.
    private static func forgetfulReceiver() throws -> LocalReceiver {
        try LocalReceiver { request in
            switch kind(request.id) {
            case 0: .close
            case 1: .bytes(Array("what?".utf8))
            case 2: .cutOff(200)
            default: .status(200)
            }
        }
    }

    private static func kind(_ id: String) -> Int { (Int(id.suffix(2), radix: 16) ?? 0) % 12 }
    private static func isLost(_ id: String) -> Bool { kind(id) < 3 }

    private func run(
        _ shop: TestShop, _ receiver: LocalReceiver, killAt call: Int? = nil,
        meanwhile: (Int32) throws -> Void = { _ in }
    ) throws -> Command.Ending {
        var environment = ["SMS_URL": receiver.address]
        if let call {
            environment.merge(try FaultShim.environment(.kill(at: call))) { $1 }
        }
        return try Command.run(
            Command.pitch,
            ["run", shop.folder.appending(path: "shop.pitch").path, "--as-of", "2026-04-02 10:30"],
            environment: environment, meanwhile: meanwhile)
    }

    // MARK: - What the store holds

    private static func fetch<Value: DatabaseValueConvertible>(
        _ shop: TestShop, _ sql: String
    ) throws -> [Value] {
        let queue = try DatabaseQueue(path: shop.folder.appending(path: "shop.db").path)
        defer { try? queue.close() }
        return try queue.read { try Value.fetchAll($0, sql: sql) }
    }

    private static func count(_ shop: TestShop, _ condition: String) throws -> Int {
        let counts: [Int] = try fetch(shop, "SELECT count(*) FROM outbox WHERE \(condition)")
        return counts.first ?? 0
    }

    private static func lines(_ shop: TestShop, _ condition: String) throws -> Set<String> {
        let lines: [String] = try fetch(shop, "SELECT line FROM outbox WHERE \(condition)")
        return Set(lines)
    }

    /// The file channel's line of a posted body.
    private static func line(of body: String) -> String {
        "{" + (body.firstRange(of: ",").map { body[$0.upperBound...] } ?? "")
    }

    private struct Sums {
        let issued: Int
        let reserved: [Int64]
        let reservedByOutcomes: [Int64]
        let stock: Int64
        let coupons: Int64
    }

    private static func sums(_ shop: TestShop) throws -> Sums {
        let one = { (sql: String) throws -> Int64 in
            let values: [Int64] = try fetch(shop, sql)
            return values.first ?? 0
        }
        return Sums(
            issued: Int(try one("SELECT count(*) FROM ledger_outcome WHERE outcome = 'issued'")),
            reserved: [
                try one("SELECT sum(coupon_minor) FROM ledger_reserved"),
                try one("SELECT sum(message_micro) FROM ledger_reserved"),
            ],
            reservedByOutcomes: [
                try one("SELECT sum(coupon_minor) FROM ledger_outcome"),
                try one("SELECT sum(message_micro) FROM ledger_outcome"),
            ],
            stock: try one("SELECT sum(issued) FROM ledger_stock"),
            coupons: try one("SELECT count(*) FROM coupon"))
    }
}
