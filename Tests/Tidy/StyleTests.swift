import Foundation
import Testing

@Suite("Style")
struct StyleTests {
    @Test("files, functions and lines stay short", arguments: Repository.swiftFiles)
    func sizes(file: TextFile) {
        #expect(file.lines.count <= 600, "\(file.path) has \(file.lines.count) lines, 600 at most")
        var isInText = false
        for (number, line) in zip(1..., file.lines) {
            // A long literal is one thing: a clause's form, a sentence. It cannot be broken.
            let isText = isInText || line.drop(while: { $0 == " " }).hasPrefix("\"")
            if line.ranges(of: "\"\"\"").count == 1 { isInText.toggle() }
            guard line.count > 100, !isText else { continue }
            Issue.record("\(file.path):\(number): \(line.count) columns, 100 at most")
        }
        for function in SwiftOutline(file).functions where function.length > 70 {
            Issue.record(
                "\(file.path):\(function.firstLine): '\(function.name)' has \(function.length) lines, 70 at most"
            )
        }
    }

    /// Written in two halves, so that this file does not hold them.
    private static let bannedWords: [String] = [
        "TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK", "try" + "!", "fatal" + "Error(",
        "nonisolated" + "(unsafe)", ".dis" + "abled(", "XCT" + "Skip", "as" + "! ",
    ]

    @Test("no banned word stands in the code or its comments", arguments: Repository.swiftFiles)
    func words(file: TextFile) {
        for (number, line) in zip(1..., file.lines) {
            for word in Self.bannedWords where line.contains(word) {
                Issue.record("\(file.path):\(number): '\(word)' is banned")
            }
        }
    }

    /// Each with the reason, which must stand on the line above the use as well.
    private static let uncheckedSendable: Set<String> = [
        // Bytes that never change, kept by whoever owns them.
        "Sources/PitchColumnar/ColumnBytes.swift",
        // A plan that no thread changes, and masks in which every thread has words of its own.
        "Sources/PitchColumnar/Plan/Morsels.swift",
        // An array in which every thread has entries of its own.
        "Sources/PitchOptimizer/Allocation/Chunks.swift",
        // Columns that no thread changes.
        "Sources/PitchOptimizer/Allocation/OfferTable.swift",
    ]

    @Test(
        "unchecked Sendable is used only where its reason is listed",
        arguments: Repository.swiftFiles)
    func unchecked(file: TextFile) {
        let word = "@unchecked" + " Sendable"
        for (number, line) in zip(1..., file.lines) where line.contains(word) {
            #expect(
                Self.uncheckedSendable.contains(file.path),
                "\(file.path):\(number): unchecked without a reason in this test")
        }
    }

    private static let typeWords = ["struct ", "class ", "enum ", "actor ", "protocol "]

    @Test("type names say what a thing is", arguments: Repository.swiftFiles)
    func typeNames(file: TextFile) {
        let pattern = #/
            \b(?:struct|class|enum|actor|protocol)\s+
            (\w*(?:Manager|Helpers?|Utils?|Handler|Processor|Info|Data))\b
            /#
        for (number, line) in zip(1..., SwiftOutline(file).code) {
            guard Self.typeWords.contains(where: line.contains) else { continue }
            if let match = line.firstMatch(of: pattern) {
                Issue.record("\(file.path):\(number): '\(match.1)' is a vague name")
            }
        }
    }

    @Test("no path of a machine stands in a file that is kept")
    func machinePaths() throws {
        let kept = Repository.swiftFiles.map(\.path)
            + ["Sources", "Tests", "examples", "grammar", ".ci"].flatMap(Repository.paths(in:))
            + ["README.md", "Package.swift"]
        let paths = ["/ho" + "me/", "/ro" + "ot/", "/wo" + "rk/", "/Us" + "ers/"]
        for path in Set(kept) {
            guard let text = Repository.file(path)?.text else { continue }
            for machine in paths where text.contains(machine) {
                Issue.record("\(path) holds '\(machine)'")
            }
        }
    }

    @Test("the top level holds only what is agreed")
    func topLevel() throws {
        let agreed: Set<String> = [
            "Package.swift", "Package.resolved", "Sources", "Tests", "examples", "grammar",
            "README.md", "LICENSE",
        ]
        let entries = try FileManager.default.contentsOfDirectory(atPath: Repository.root.path)
        let others = entries.filter { !$0.hasPrefix(".") && !agreed.contains($0) }
        #expect(others.isEmpty, "the top level also holds \(others)")
    }

    @Test("the map of the sources is short and there")
    func map() throws {
        let map = try #require(Repository.file("Sources/README.md"))
        #expect(map.lines.count <= 150)
        for target in Repository.targets {
            #expect(map.text.contains("`\(target)`"), "Sources/README.md does not name '\(target)'")
        }
    }
}
