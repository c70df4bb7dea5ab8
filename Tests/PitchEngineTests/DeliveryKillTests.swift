import Foundation
import GRDB
import PitchEngine
import PitchStore
import PitchTestSupport
import Testing

/// `pitch run` killed at every call that changes a file, sends or receives, against a real server
/// that also loses answers; and run again.
@Suite(.serialized) struct DeliveryKillTests {
    private static let messages = 12

    @Test func killedAnywhereNothingIsSentTwice() throws {
        let start = try prepared()
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
            try expectSound(shop, receiver, inFlight, when)
            #expect(try self.outcomes(shop) == outcomes, when)
        }
        print("killed at each of \(call - 1) calls that change a file, send or receive;",
            "at most \(mostUnknown) of \(Self.messages) messages unknown")
        #expect(call > 40)
        #expect(mostUnknown > 0)
    }

    /// The properties that hold after every ending.
    private func expectSound(
        _ shop: TestShop, _ receiver: LocalReceiver, _ inFlight: Int, _ when: Comment
    ) throws {
        #expect(receiver.taken.values.allSatisfy { $0 == 1 }, when)
        let seen = Set(receiver.requests.map { Self.line(of: $0.body) })
        let delivered = try Self.lines(shop, "state = 'delivered'")
        #expect(seen.isSuperset(of: delivered), when)
        let lost = receiver.requests.count { Self.isLost($0.id) }
        let unknown = try Self.count(shop, "state = 'unknown'")
        #expect(unknown <= inFlight + lost, when)
        let sum = try Self.count(shop, "state IN ('delivered', 'failed', 'unknown', 'queued')")
        let ledger = try Self.sums(shop)
        #expect(sum == Self.messages && ledger.issued == Self.messages, when)
        #expect(ledger.reserved == ledger.reservedByOutcomes, when)
        #expect(ledger.stock == ledger.coupons, when)
        let store = try Store(path: shop.folder.appending(path: "shop.db").path, access: .readOnly)
        defer { store.close() }
        #expect(try store.integrityFaults() == [], when)
    }

    // MARK: - The shop and its server

    private func prepared() throws -> TestShop {
        let shop = try TestShop(
            TestShop.purchases("at most 100 per 1 day"), budget: "budget 9_000 CNY",
            coupon: "stock 500")
        try shop.run("2026-04-02 10:00")
        try shop.rewrite("file \"out\"", as: "webhook env \"SMS_URL\"")
        try shop.buy(Self.messages)
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
        _ shop: TestShop, _ receiver: LocalReceiver, killAt call: Int? = nil
    ) throws -> Command.Ending {
        var environment = ["SMS_URL": receiver.address]
        if let call {
            environment.merge(try FaultShim.environment(.kill(at: call))) { $1 }
        }
        return try Command.run(
            Command.pitch,
            ["run", shop.folder.appending(path: "shop.pitch").path, "--as-of", "2026-04-02 10:30"],
            environment: environment)
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
