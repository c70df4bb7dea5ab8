import Foundation
import PitchEngine
import Testing

/// `pitch load` killed at every call that changes a file, and after times that grow; then loaded
/// again.
@Suite(.serialized) struct LoadKillTests {
    /// Kills at the first call, then at the second, and so on, until a load comes to its end.
    @Test func killedAnywhereALoadRepeatsCleanly() throws {
        let start = try TestShop.withOrders(30)
        let expected = try tables(afterLoading: start.copy())
        #expect(expected["rows_2"]?.count == 30 && expected["quarantine"]?.count == 1)
        var call = 0
        var wasKilled = true
        while wasKilled {
            call += 1
            let shop = try start.copy()
            let ending = try Command.pitch("load", shop, .kill(at: call))
            wasKilled = ending.wasKilled
            #expect(wasKilled || ending.code == 4, "call \(call): \(ending.errors)")
            #expect(try tables(afterLoading: shop) == expected, "after call \(call)")
        }
        print("a load killed at each of \(call - 1) calls that change a file")
        #expect(call > 100)
    }

    /// A kill between two calls, also before the store is there and after all is done.
    @Test func killedAtAnyTimeALoadRepeatsCleanly() throws {
        let start = try TestShop.withOrders()
        let expected = try tables(afterLoading: start.copy())
        for milliseconds in stride(from: 0, to: 120, by: 10) {
            let shop = try start.copy()
            let script = shop.folder.appending(path: "shop.pitch").path
            _ = try Command.run(
                "/usr/bin/env",
                [
                    "timeout", "--signal=KILL", "\(Double(milliseconds + 1) / 1000)",
                    Command.pitch, "load", script,
                ])
            #expect(try tables(afterLoading: shop) == expected, "after \(milliseconds) ms")
        }
    }

    private func tables(afterLoading shop: TestShop) throws -> [String: [String]] {
        try shop.workspace(TestShop.now).load()
        let again = try shop.workspace(TestShop.now).load()
        #expect(again.dataSets.allSatisfy { $0.new == 0 && $0.changed == 0 })
        let filed = try answers(shop)
        for name in ["shop.db-columns", "shop.db-changes"] {
            try? FileManager.default.removeItem(at: shop.folder.appending(path: name))
        }
        #expect(try answers(shop) == filed, "the files of columns are those of the rows")
        return try shop.loadedTables()
    }

    /// How many members have bought for so much.
    private func answers(_ shop: TestShop) throws -> [Int] {
        let workspace = try shop.workspace(TestShop.now)
        return try [0, 90, 500, 700, 900].map {
            try workspace.count("sum(orders.amount) >= \($0) CNY").selected
        }
    }
}
