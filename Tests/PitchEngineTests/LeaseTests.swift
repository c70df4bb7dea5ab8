import Foundation
import PitchEngine
import PitchStore
import Testing

/// One run at a time holds a store, and none holds it after its end, however it ended.
@Suite struct LeaseTests {
    @Test func whatFailsLeavesTheStoreFree() throws {
        let shop = try TestShop(TestShop.purchases())
        let path = shop.folder.appending(path: "shop.db").path
        let orders = try String(
            contentsOf: shop.folder.appending(path: "orders.csv"), encoding: .utf8)
        try shop.run("2026-04-02 10:00")
        let fails = { (kind: WorkspaceError.Kind, body: () throws -> Void) in
            let error = #expect(throws: WorkspaceError.self) { try body() }
            #expect(error?.kind == kind, "\(error?.message ?? "")")
            let lease = try RunLease(store: path)
            lease.release()
        }
        try fails(.world) { try shop.run("2026-04-02 09:00") }
        try fails(.nothingToRun) { try shop.run("2027-04-02 09:00") }
        try shop.remove("orders.csv")
        try fails(.world) { try shop.run("2026-04-02 10:30") }
        try fails(.world) { try shop.workspace("2026-04-02 10:30").load() }
        try shop.write("orders.csv", orders.replacing("amount", with: "price"))
        try fails(.world) { try shop.run("2026-04-02 10:30") }
        try shop.write("orders.csv", orders)
        #expect(try shop.run("2026-04-02 10:30").exitCode == 0)
        try shop.write("shop.db", String(repeating: "no store ", count: 4000))
        try fails(.world) { try shop.run("2026-04-02 11:00") }
    }

    @Test func aHeldStoreIsBusy() throws {
        let shop = try TestShop(TestShop.purchases())
        try shop.run("2026-04-02 10:00")
        let lease = try RunLease(store: shop.folder.appending(path: "shop.db").path)
        let error = #expect(throws: WorkspaceError.self) { try shop.run("2026-04-02 10:30") }
        #expect(error?.exitCode == 75)
        #expect(error?.message.contains("\n") == false)
        #expect(try shop.workspace("2026-04-02 10:30").count("true").total == 5)
        lease.release()
        #expect(try shop.run("2026-04-02 10:30").exitCode == 0)
    }
}
