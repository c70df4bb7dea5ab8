import Foundation
import GRDB
import PitchProgram
import PitchSchema
import PitchStore
import Testing

@Suite struct FaultTests {
    private func fill(_ shop: Shop) throws {
        var text = "order_id,total,member_id,at,channel\n"
        for number in 0..<400 {
            text +=
                "order-\(number),\(number).5,m\(number % 9),2026-03-01 09:\(10 + number % 50),web\n"
        }
        try shop.write("orders.csv", text)
        try shop.write(
            "members.csv",
            "member_id,city,born,tags\n" + (0..<9).map { "m\($0),C,,a|b\n" }.joined())
    }

    private func events(_ shop: Shop) throws -> [StoredEvent] {
        let store = try shop.open(.readOnly)
        defer { store.close() }
        return try (0..<9).flatMap { try store.events(of: $0, in: DataSetID(1), Shop.program()) }
    }

    /// Every page that a load asks for is once the one that the disk no longer has.
    @Test func aFullDiskLosesNothing() throws {
        let whole = try Shop()
        try fill(whole)
        try whole.load()
        let expected = try events(whole)
        let shop = try Shop()
        try fill(shop)
        var failures = 0
        var isLoaded = false
        // A `where` would go on counting for ever after the load came through.
        for pages in 1... {
            if isLoaded { break }
            do {
                let store = try Store(path: shop.storePath, access: .readWrite, pageLimit: pages)
                defer { store.close() }
                _ = try store.load(Shop.program(), folder: shop.folder, at: 0)
                isLoaded = true
            } catch let error as StoreError {
                #expect(error.kind == .full, "\(error)")
                failures += 1
            }
            let store = try shop.open()
            #expect(try store.integrityFaults() == [])
            store.close()
        }
        #expect(failures > 5)
        try shop.load()
        #expect(try events(shop) == expected)
    }

    /// A copy of the files while a transaction is open is what a killed load leaves behind.
    @Test func aKilledLoadIsContinued() throws {
        let whole = try Shop()
        try fill(whole)
        let killed = try Shop()
        try fill(killed)
        let store = try whole.open()
        _ = try store.load(Shop.program(), folder: whole.folder, at: 0) { progress in
            guard progress.dataSet == "orders" else { return }
            for suffix in ["", "-wal"] {
                try? FileManager.default.copyItem(
                    atPath: whole.storePath + suffix, toPath: killed.storePath + suffix)
            }
        }
        store.close()
        let report = try killed.load()
        #expect(report.files[0].isSkipped == false || report.files[0].rows == 0)
        #expect(report.files[1].new == 400)
        #expect(try events(killed) == events(whole))
    }

    @Test func readingChangesNoByteAndLeavesNoFile() throws {
        let shop = try Shop()
        try fill(shop)
        try shop.load()
        let before = try shop.bytes("shop.db")
        let names = try FileManager.default.contentsOfDirectory(atPath: shop.folder).sorted()
        let store = try shop.open(.readOnly)
        _ = try store.snapshot(of: Shop.program()).column(FieldID(DataSetID(1), 3))
        #expect(throws: StoreError.self) {
            try store.write { db in try db.execute(sql: "DELETE FROM data_file") }
        }
        let during = try FileManager.default.contentsOfDirectory(atPath: shop.folder).sorted()
        store.close()
        #expect(during == names)
        #expect(try shop.bytes("shop.db") == before)
        let error = #expect(throws: StoreError.self) {
            let reader = try shop.open(.readOnly)
            defer { reader.close() }
            let membersAlone = Shop.program([Shop.members()], zone: "UTC")
            _ = try reader.load(membersAlone, folder: shop.folder, at: 0)
            try shop.write("members.csv", "member_id,city,born,tags\n")
            _ = try reader.load(Shop.program(), folder: shop.folder, at: 0)
        }
        #expect(error?.kind == .readOnly)
    }

    @Test func aStoreThatIsNotThereIsNotMadeByReading() throws {
        let shop = try Shop()
        let error = #expect(throws: StoreError.self) { try shop.open(.readOnly) }
        #expect(error?.kind == .missing)
        #expect(!FileManager.default.fileExists(atPath: shop.storePath))
    }

    @Test func otherFilesAreRefusedAndLeftAlone() throws {
        let shop = try Shop()
        try shop.write("shop.db", "some text that is no database")
        let text = #expect(throws: StoreError.self) { try shop.open() }
        #expect(text?.kind == .notAStore)
        try FileManager.default.removeItem(atPath: shop.storePath)
        let other = try DatabaseQueue(path: shop.storePath)
        try other.write { db in try db.execute(sql: "CREATE TABLE mine (a)") }
        try other.close()
        let before = try shop.bytes("shop.db")
        let foreign = #expect(throws: StoreError.self) { try shop.open() }
        #expect(foreign?.kind == .notAStore)
        #expect(try shop.bytes("shop.db") == before)
    }

    @Test(arguments: [Store.Access.readWrite, .readOnly])
    func aNewerStoreIsRefused(access: Store.Access) throws {
        let shop = try Shop()
        let store = try shop.open()
        try store.write { db in
            try db.execute(sql: "INSERT INTO grdb_migrations VALUES ('999 later')")
        }
        store.close()
        let error = #expect(throws: StoreError.self) { try shop.open(access) }
        #expect(error?.kind == .newer)
    }

    @Test func oneRunAtATime() throws {
        let shop = try Shop()
        let first = try RunLease(store: shop.storePath)
        let error = #expect(throws: StoreError.self) { try RunLease(store: shop.storePath) }
        #expect(error?.kind == .busy)
        first.release()
        _ = try RunLease(store: shop.storePath)
    }

    @Test func aKeyDeclaredOtherwiseIsRefused() throws {
        let shop = try Shop()
        try fill(shop)
        try shop.load()
        var orders = Shop.orders()
        orders.key = [0, 1]
        let error = #expect(throws: StoreError.self) {
            try shop.load(Shop.program([Shop.members(), orders]))
        }
        #expect(error?.kind == .incompatible)
    }
}
