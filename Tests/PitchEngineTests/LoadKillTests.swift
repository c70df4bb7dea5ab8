import Foundation
import Testing

/// `pitch load` killed at calls that change a file, and after times that grow; then loaded again.
@Suite(.serialized) struct LoadKillTests {
    @Test func killedAnywhereALoadRepeatsCleanly() throws {
        let untouched = try TestShop.withOrders()
        let count = untouched.folder.appending(path: "calls")
        #expect(try load(untouched, ["KILL_COUNT": count.path]).code == 4)
        let expected = try untouched.loadedTables()
        #expect(expected["rows_2"]?.count == 600)
        #expect(expected["quarantine"]?.count == 1)
        let calls = try #require(Int(try String(contentsOf: count, encoding: .utf8)))
        try #require(calls > 20)
        for place in 1...calls where place < 20 || place.isMultiple(of: max(1, calls / 40)) {
            let shop = try TestShop.withOrders()
            #expect(try load(shop, ["KILL_AT": String(place)]).wasKilled, "call \(place)")
            try expectRepeat(shop, expected, "after call \(place) of \(calls)")
        }
    }

    /// A kill between two calls, also before the store is there and after all is done.
    @Test func killedAtAnyTimeALoadRepeatsCleanly() throws {
        let untouched = try TestShop.withOrders()
        #expect(try load(untouched).code == 4)
        let expected = try untouched.loadedTables()
        for milliseconds in stride(from: 0, to: 120, by: 10) {
            let shop = try TestShop.withOrders()
            let script = shop.folder.appending(path: "shop.pitch").path
            _ = try Command.run(
                "/usr/bin/env",
                [
                    "timeout", "--signal=KILL", "\(Double(milliseconds + 1) / 1000)",
                    Command.pitch, "load", script,
                ])
            try expectRepeat(shop, expected, "after \(milliseconds) ms")
        }
    }

    private func expectRepeat(
        _ shop: TestShop, _ expected: [String: [String]], _ when: Comment
    ) throws {
        let again = try load(shop)
        // 0: all was loaded before the kill, the bad row reported then.
        #expect([0, 4].contains(again.code), "\(when): \(again.errors)")
        #expect(try shop.loadedTables() == expected, when)
    }

    private func load(
        _ shop: TestShop, _ environment: [String: String] = [:]
    ) throws -> Command.Ending {
        var environment = environment
        if !environment.isEmpty { environment["LD_PRELOAD"] = try KillShim.library.get().path }
        return try Command.run(
            Command.pitch, ["load", shop.folder.appending(path: "shop.pitch").path],
            environment: environment)
    }
}
