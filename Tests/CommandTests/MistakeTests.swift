import Foundation
import PitchTestSupport
import Testing

/// What people get wrong with files and arguments, and what they are then told.
@Suite("Mistakes")
struct MistakeTests {
    @Test(
        "an instant that is none is refused by every command, before anything is done",
        arguments: ["check", "load", "run", "preview", "status", "log"],
        ["now", "2026-13-01", "2026-04-02 25:00", "-1", "0000-01-01"])
    func instant(verb: String, text: String) throws {
        let shop = try Shop()
        let result = try shop.command.run([verb, "shop.pitch", "--as-of=\(text)"])
        #expect(result.exit == 2, "\(result.errors)")
        #expect(result.errors.contains("expected an instant") && result.errors.contains(text))
        let store = shop.folder.url.appending(path: "shop.db").path
        #expect(!FileManager.default.fileExists(atPath: store))
    }

    @Test("a script that is no file, or cannot be read, exits 3 with the reason")
    func script() throws {
        let shop = try Shop()
        let folder = shop.folder.url
        try FileManager.default.createDirectory(
            at: folder.appending(path: "folder.pitch"), withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: folder.appending(path: "loop.pitch").path,
            withDestinationPath: "loop.pitch")
        #expect(mkfifo(folder.appending(path: "pipe.pitch").path, 0o644) == 0)
        for (name, reason) in [
            ("folder.pitch", "it is a folder"), ("pipe.pitch", "it is not a file"),
            ("loop.pitch", "too many levels of symbolic links"),
            ("none.pitch", "no such file or directory"), ("/dev/zero", "it is not a file"),
        ] {
            let result = try shop.command.run(["check", name], seconds: 20)
            #expect(result.exit == 3, "\(name): \(result.errors)")
            #expect(result.errors == "error: could not read '\(name)': \(reason)\n")
        }
    }

    @Test("data that is a pipe or a folder exits 3, and is not waited for")
    func data() throws {
        let shop = try Shop()
        let orders = shop.folder.url.appending(path: "orders.csv")
        for make in [{ mkfifo($0, 0o644) }, { mkdir($0, 0o755) }] as [(String) -> Int32] {
            try FileManager.default.removeItem(at: orders)
            #expect(make(orders.path) == 0)
            let result = try shop.command.run(["load", "shop.pitch"], seconds: 20)
            #expect(result.exit == 3 && !result.wasKilled, "\(result.errors)")
            #expect(result.errors == "error: could not read 'orders.csv': it is not a file\n")
        }
    }

    @Test(
        "a store that cannot be one exits 3 with the reason",
        arguments: [
            ("folder", "open the store", "it is not a file"),
            ("loop", "open the store", "too many levels of symbolic links"),
            ("pipe", "open the store", "it is not a file"),
            ("none/shop.db", "take the store", "no such file or directory"),
            ("members.csv", "open the store", "the file is not a Pitch store"),
        ])
    func store(name: String, action: String, reason: String) throws {
        let shop = try Shop()
        let folder = shop.folder.url
        #expect(mkdir(folder.appending(path: "folder").path, 0o755) == 0)
        #expect(mkfifo(folder.appending(path: "pipe").path, 0o644) == 0)
        #expect(symlink("loop", folder.appending(path: "loop").path) == 0)
        let result = try shop.command.run(
            ["load", "shop.pitch", "--store", name], seconds: 20)
        #expect(result.exit == 3, "\(result.errors)")
        #expect(result.errors == "error: could not \(action) '\(name)': \(reason)\n")
    }

    @Test("a new project does not take the place of a file")
    func new() throws {
        let shop = try Shop()
        let result = try shop.command.run(["new", "shop.pitch"])
        #expect(result.exit == 3)
        #expect(result.errors == "error: 'shop.pitch' is not a folder\n")
    }

    @Test("it needs no home, no locale, no zone and no terminal")
    func environment() throws {
        let shop = try Shop()
        let folder = shop.folder.url
        _ = try shop.run("load")
        let show = ["show", "shop.pitch", "city = \"Beijing\"", "--as-of", Shop.now]
        let usual = try shop.command.run(show)
        #expect(usual.output.contains("王伟"))
        let bare = try BuiltCommand.run(
            "/usr/bin/env", ["-i", "LC_ALL=C", "TZ=rubbish", BuiltCommand.path] + show, in: folder)
        #expect(bare.exit == 0 && bare.output == usual.output, "\(bare.errors)")
        for home in ["HOME=/nonexistent", "-uHOME"] {
            let prompt = try BuiltCommand.run(
                "/usr/bin/env", [home, BuiltCommand.path, "repl", "shop.pitch"], in: folder)
            #expect(prompt.exit == 0 && prompt.errors.isEmpty, "\(prompt.errors)")
        }
    }
}
