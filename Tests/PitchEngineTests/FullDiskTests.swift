import Foundation
import PitchEngine
import PitchStore
import Testing

/// A disk without room, or that cannot be written at all, under the built command.
@Suite struct FullDiskTests {
    /// Files may grow to so many KiB; the limit rises until the command comes through.
    @Test func anyLimitOnFilesLosesNothing() throws {
        let untouched = try TestShop.withOrders()
        #expect(try Self.pitch("load", untouched).code == 4)
        let expectedRows = try untouched.loadedTables()
        #expect(try Self.pitch("run", untouched).code == 0)
        let expected = try KillTests.Picture(of: untouched)
        #expect(expected.files.count == 1)

        let shop = try TestShop.withOrders()
        let loadFailures = try Self.raiseLimit("load", shop)
        #expect(try shop.loadedTables() == expectedRows)
        let runFailures = try Self.raiseLimit("run", shop)
        // With room for the decisions but not for their delivery, the messages wait for a run.
        #expect(try Self.pitch("run", shop).code == 0)
        #expect(try KillTests.Picture(of: shop) == expected)
        #expect(loadFailures > 10 && runFailures > 5, "\(loadFailures) \(runFailures)")
    }

    /// - Returns: how often it failed before it came through (4: with a row in quarantine).
    ///   What was full may have been the last write of all, after every row was there.
    private static func raiseLimit(_ verb: String, _ shop: TestShop) throws -> Int {
        for (failures, kibibytes) in stride(from: 0, to: 4096, by: 8).enumerated() {
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
        let shop = try TestShop.withOrders()
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
                "--as-of", "2026-04-02 10:30",
            ])
    }
}
