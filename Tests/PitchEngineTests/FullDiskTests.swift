import Foundation
import PitchEngine
import PitchStore
import Testing

/// A disk without room, or that cannot be written at all, under the built command.
@Suite struct FullDiskTests {
    /// Without room from the first call on that needs any, then from the second, and so on, until
    /// a load comes through.
    @Test func withoutRoomAtAnyCallALoadLosesNothing() throws {
        let start = try TestShop.withOrders(30)
        let whole = try start.copy()
        try whole.workspace(TestShop.now).load()
        let expected = try whole.loadedTables()
        try fillUp("load", start) { ending, shop, place in
            // With its last row in the log, a load is done: the log is folded in later.
            #expect(ending.code == 3 || ending.code == 4, place)
            let isDone = ending.code == 4
            #expect(isDone || Self.saysWhy(ending), "\(place) \(ending.errors)")
            if isDone { #expect(try shop.loadedTables() == expected, place) }
            try shop.workspace(TestShop.now).load()
            #expect(try shop.loadedTables() == expected, place)
            return isDone
        }
    }

    @Test func withoutRoomAtAnyCallARunLosesNothing() throws {
        let start = try TestShop.withOrders(30)
        try start.workspace(TestShop.now).load()
        let whole = try start.copy()
        try whole.run(TestShop.now)
        let expected = try KillTests.Picture(of: whole)
        #expect(expected.files.count == 1 && !expected.coupons.isEmpty)
        try fillUp("run", start) { ending, shop, place in
            // 4: decided, but not delivered; 0: only the log could not be folded in.
            #expect([0, 3, 4].contains(ending.code), place)
            let isSaid =
                switch ending.code {
                case 0: true
                case 3: Self.saysWhy(ending)
                default: ending.errors.contains("not delivered yet: ")
                }
            #expect(isSaid, "\(place) \(ending.errors)")
            try shop.run(TestShop.now)
            #expect(try KillTests.Picture(of: shop) == expected, place)
            return ending.code == 0
        }
    }

    /// Checks what each full disk left.
    /// - Parameter check: returns whether the command did all it had to.
    private func fillUp(
        _ verb: String, _ start: TestShop,
        _ check: (Command.Ending, TestShop, Comment) throws -> Bool
    ) throws {
        var (call, failures) = (0, 0)
        while true {
            call += 1
            let shop = try start.copy()
            let ending = try Command.pitch(verb, shop, .full(from: call))
            guard ending.errors.contains(FaultShim.sign) else { break }
            let place: Comment = "\(verb) without room from call \(call) on:"
            do {
                failures += try check(ending, shop, place) ? 0 : 1
                let store = try Store(
                    path: shop.folder.appending(path: "shop.db").path, access: .readWrite)
                #expect(try store.integrityFaults() == [])
                store.close()
            } catch {
                Issue.record("\(place) \(error)")
                return
            }
        }
        print("\(verb): the disk was full from each of \(call - 1) calls on, \(failures) failed")
        #expect(failures > 20)
    }

    private static func saysWhy(_ ending: Command.Ending) -> Bool {
        let reasons = ["the disk is full", "the disk failed to", "the file cannot be opened"]
        return ending.errors.contains("shop.db'")
            && reasons.contains { ending.errors.contains("': \($0)") }
    }

    /// Files may grow to so many KiB, by the system's own limit; it rises until the command comes
    /// through.
    @Test func anyLimitOnFilesLosesNothing() throws {
        let start = try TestShop.withOrders()
        let whole = try start.copy()
        try whole.workspace(TestShop.now).load()
        try whole.run(TestShop.now)
        let expected = try KillTests.Picture(of: whole)
        let loadFailures = try Self.raiseLimit("load", start)
        let runFailures = try Self.raiseLimit("run", start)
        // With room for the decisions but not for their delivery, the messages wait for a run.
        try start.run(TestShop.now)
        #expect(try KillTests.Picture(of: start) == expected)
        #expect(loadFailures > 3 && runFailures > 1, "\(loadFailures) \(runFailures)")
    }

    /// - Returns: how often it failed before it came through (4: with a row in quarantine).
    private static func raiseLimit(_ verb: String, _ shop: TestShop) throws -> Int {
        for (failures, kibibytes) in stride(from: 0, to: 4096, by: 32).enumerated() {
            let ending = try pitch(verb, shop, limit: kibibytes)
            if [0, 4].contains(ending.code) { return failures }
            #expect(ending.code == 3, "\(verb) with \(kibibytes) KiB: \(ending.errors)")
            #expect(ending.errors.contains("shop.db"), "\(ending.errors)")
            guard ending.code == 3 else { return failures }
        }
        Issue.record("\(verb) never came through")
        return 0
    }

    @Test func whatCannotBeWrittenIsSaid() throws {
        let shop = try TestShop.withOrders(30)
        let folder = shop.folder.path
        defer { chmod(folder, 0o755) }
        guard try Self.pitch("check", shop, asNobody: true).code == 0 else {
            print("read-only stores: skipped, the command cannot run as another user here")
            return
        }
        chmod(folder, 0o555)
        try expectRefusal("load", shop)
        chmod(folder, 0o755)
        #expect(try Self.pitch("load", shop).code == 4)
        let store = folder + "/shop.db"
        let before = try Data(contentsOf: URL(filePath: store))
        chmod(store, 0o444)
        for mode: mode_t in [0o555, 0o777] {
            chmod(folder, mode)
            for verb in ["load", "run"] { try expectRefusal(verb, shop) }
            #expect(try Self.pitch("status", shop, asNobody: true).code == 0)
        }
        #expect(try Data(contentsOf: URL(filePath: store)) == before)
    }

    private func expectRefusal(_ verb: String, _ shop: TestShop) throws {
        let ending = try Self.pitch(verb, shop, asNobody: true)
        #expect(ending.code == 3, "\(verb): \(ending.errors)")
        #expect(ending.errors.contains("shop.db"), "\(verb): \(ending.errors)")
    }

    /// - Parameters:
    ///   - limit: of the size of files, in KiB.
    ///   - asNobody: without the rights of root, whom no mode of a file stops.
    private static func pitch(
        _ verb: String, _ shop: TestShop, limit: Int? = nil, asNobody: Bool = false
    ) throws -> Command.Ending {
        let script = shop.folder.appending(path: "shop.pitch").path
        let limiting = limit.map { "ulimit -f \($0); " } ?? ""
        let changing =
            asNobody && getuid() == 0
            ? "setpriv --reuid=65534 --regid=65534 --clear-groups " : ""
        return try Command.run(
            "/bin/bash",
            [
                "-c", "\(limiting)exec \(changing)\"$0\" \"$@\"", Command.pitch, verb, script,
                "--as-of", TestShop.now,
            ])
    }
}
