import Foundation
import PitchTestSupport
import Testing

/// Runs the scripts of `examples`: the commands in a script's header comment, `# $ pitch …`, give
/// what stands in the `.expected` file beside it. `UPDATE_GOLDEN=1` writes those files.
@Suite("Examples")
struct ExampleTests {
    /// Folders whose scripts show their commands; others have tests of their own.
    private static let folders = ["kinds", "consumer-finance", "coffee-chain"]

    /// `kinds/coupon`
    private static let names: [String] = folders.flatMap { folder in
        let path = Golden.root.appending(path: "examples/" + folder).path
        let files = try? FileManager.default.contentsOfDirectory(atPath: path)
        return (files ?? []).filter { $0.hasSuffix(".pitch") }
            .map { folder + "/" + $0.dropLast(6) }.sorted()
    }

    private static func folder(_ name: String) -> URL {
        Golden.root.appending(path: "examples/" + name)
    }

    @Test("an example does what it says", arguments: names)
    func example(path: String) throws {
        let parts = path.split(separator: "/").map(String.init)
        let (folder, name) = (parts[0], parts[1])
        let copy = try TemporaryFolder()
        defer { copy.remove() }
        let place = copy.url.appending(path: folder)
        try FileManager.default.copyItem(at: Self.folder(folder), to: place)
        let script = try String(contentsOf: place.appending(path: name + ".pitch"), encoding: .utf8)
        let commands = script.split(separator: "\n").filter { $0.hasPrefix("# $ ") }
            .map { String($0.dropFirst(4)) }
        #expect(!commands.isEmpty, "the header of \(name).pitch holds no '# $ pitch …'")
        var transcript = ""
        for command in commands {
            let result = try BuiltCommand.run(
                "/bin/sh", ["-c", "pitch() { \"$0\" \"$@\"; }; \(command) 2>&1", BuiltCommand.path],
                in: place)
            transcript += "$ \(command)\n\(result.output)"
            if result.exit != 0 { transcript += "(exit \(result.exit))\n" }
        }
        try compare(transcript, with: Self.folder(folder).appending(path: name + ".expected"))
    }

    private func compare(_ actual: String, with file: URL) throws {
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            try actual.write(to: file, atomically: true, encoding: .utf8)
        }
        let expected = try? String(contentsOf: file, encoding: .utf8)
        #expect(actual == expected, "differs from \(file.lastPathComponent)")
    }

    @Test("every kind of declaration has its example")
    func complete() throws {
        let kinds = [
            "project", "members", "events", "table", "segment", "field", "let", "define", "coupon",
            "bundle", "channel", "message", "plan", "strategy", "goal", "theme", "test", "import",
            "for-each",
        ]
        for kind in kinds {
            #expect(Self.names.contains("kinds/" + kind), "no examples/kinds/\(kind).pitch")
        }
    }

    @Test("no expected file stands without its script")
    func orphans() throws {
        for folder in Self.folders {
            let files = try FileManager.default.contentsOfDirectory(
                atPath: Self.folder(folder).path)
            for file in files where file.hasSuffix(".expected") {
                #expect(
                    Self.names.contains(folder + "/" + file.dropLast(9)), "\(file) is an orphan")
            }
        }
    }
}
