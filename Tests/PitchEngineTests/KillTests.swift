import Foundation
import PitchEngine
import PitchStore
import Testing

/// `pitch run` killed at every call that changes a file, and run again.
@Suite(.serialized) struct KillTests {
    @Test func killedAnywhereARunRepeatsCleanly() throws {
        let untouched = try prepared()
        #expect(try run(untouched).code == 0)
        let expected = try Picture(of: untouched)
        #expect(expected.files.count == 1)
        #expect(expected.outcomes.contains { $0.contains("issued") })

        let calls = try countedCalls()
        try #require(calls > 20)
        // Every call of the delivery, which is at the end; a sample of the many writes before.
        for place in 1...calls where place > calls - 30 || place.isMultiple(of: 5) {
            let shop = try prepared()
            let killed = try run(shop, killAt: place)
            #expect(killed.wasKilled, "call \(place) of \(calls)")
            let left = try shop.files().filter { !$0.key.hasPrefix(".") }
            let again = try run(shop)
            #expect(again.code == 0, "after call \(place): \(again.errors)")
            let picture = try Picture(of: shop)
            #expect(picture == expected, "after call \(place)")
            for (name, bytes) in left {
                #expect(try shop.files()[name] == bytes, "after call \(place): \(name)")
            }
        }
    }

    /// What a run leaves, without the codes, which nobody can foresee.
    struct Picture: Equatable {
        var files: [String: String]
        var outcomes: [String]
        var coupons: [String]
        var reserved: Reservation?
        var waiting: Int

        init(of shop: TestShop) throws {
            let code = try Regex("[0-9A-Z]{22}")
            files = try shop.files().mapValues { $0.replacing(code, with: "CODE") }
            (outcomes, coupons, reserved, waiting) = try shop.records { ledger in
                let runs = try ledger.runs(limit: 10).map(\.run.id)
                return (
                    try runs.flatMap { try ledger.outcomes(inRun: $0) }.map { "\($0)" },
                    try runs.flatMap { try ledger.coupons(inRun: $0) }
                        .map { "\($0.coupon) \($0.lastDay)" }.sorted(),
                    try ledger.reservations()["spring"], try ledger.outboxCounts().queued
                )
            }
        }
    }

    private func prepared() throws -> TestShop {
        let shop = try TestShop(
            TestShop.purchases("at most 1 per 1 day"), budget: "budget 90 CNY")
        try shop.run("2026-04-02 10:00")
        for (index, member) in "abcdea".enumerated() {
            try shop.append(
                "orders.csv", "o\(index),\(member),2026-04-02 10:\(10 + index),150,,,1")
        }
        return shop
    }

    private func run(_ shop: TestShop, killAt place: Int? = nil, count: URL? = nil) throws
        -> Command.Ending
    {
        var environment: [String: String] = [:]
        if place != nil || count != nil {
            environment["LD_PRELOAD"] = try KillShim.library.get().path
        }
        environment["KILL_AT"] = place.map(String.init)
        environment["KILL_COUNT"] = count?.path
        return try Command.run(
            Command.pitch,
            ["run", shop.folder.appending(path: "shop.pitch").path, "--as-of", "2026-04-02 10:30"],
            environment: environment)
    }

    private func countedCalls() throws -> Int {
        let shop = try prepared()
        let count = shop.folder.appending(path: "calls")
        #expect(try run(shop, count: count).code == 0)
        return try #require(Int(try String(contentsOf: count, encoding: .utf8)))
    }
}
