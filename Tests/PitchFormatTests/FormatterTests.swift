import Foundation
import PitchFormat
import PitchSource
import PitchSyntax
import PitchTestSupport
import Testing

@Suite struct FormatterTests {
    private static let scripts: [(name: String, text: String)] =
        ["format", "parser", "checker"].flatMap { folder in
            Golden.inputs(folder, extension: "pitch").map { file in
                let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
                return (folder + "/" + file.lastPathComponent, text)
            }
        }

    private func tree(_ text: String) -> SyntaxTree {
        parse(SourceFile(name: "test.pitch", text: text))
    }

    @Test(arguments: Golden.inputs("format", extension: "pitch"))
    func layout(file: URL) throws {
        let text = try String(contentsOf: file, encoding: .utf8)
        let formatted = try #require(format(tree(text)))
        #expect(formatted.fault == nil)
        let name = file.deletingPathExtension().lastPathComponent
        try Golden.check(formatted.text, against: "format/\(name).formatted")
    }

    /// Nil if the text cannot be formatted; otherwise what is wrong with its layout.
    private func faultOfLayout(_ text: String) -> String? {
        guard let first = format(tree(text)) else { return nil }
        if let fault = first.fault { return fault.message }
        guard let second = format(tree(first.text)) else { return "the layout has faults" }
        return second.text == first.text ? nil : "not idempotent:\n\(first.text)\n\(second.text)"
    }

    @Test func layoutsAreIdempotent() {
        #expect(Self.scripts.count > 1)
        for script in Self.scripts {
            #expect(faultOfLayout(script.text) == nil, "\(script.name)")
        }
    }

    @Test func commentsEndWithTheirLineHoweverItEnds() {
        let script = "segment big = spent > # \r\nlow # c\r\n# d\r\nand city = \"Bern\"\r\n"
        #expect(faultOfLayout(script) == nil)
        let unix = script.replacing("\r\n", with: "\n")
        #expect(format(tree(script))?.text == format(tree(unix))?.text)
    }

    @Test func faultyScriptIsRefused() {
        #expect(format(tree("let a = ")) == nil)
    }

    /// Blanks, line ends and comments where they may stand, and often where they may not.
    @Test func fuzzedLayoutsAreIdempotent() throws {
        var random = SeededGenerator(seed: 2)
        let inserts = [
            "\n", " ", "\n\n", " # c\n", "\n# d\n", "\n    ", ",", ",\n", "## e\n", " and b",
            "(", ")", "`a`", "\t", "\r\n", " 5 days", "[a]", " -", " not ", "é",
        ].map { Array($0.utf8) }
        var valid = 0
        try Fuzz.inputs(of: "a script's layout") {
            let script = Self.scripts[Int.random(in: 0..<Self.scripts.count, using: &random)]
            var bytes = Array(script.text.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                // Not within a character: that no layout could be asked of.
                let place = Int.random(in: 0...bytes.count, using: &random)
                if place < bytes.count, bytes[place] & 0xC0 == 0x80 { continue }
                bytes.insert(contentsOf: inserts.randomElement(using: &random) ?? [], at: place)
            }
            return bytes
        } body: { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            guard format(tree(text)) != nil else { return nil }
            valid += 1
            return faultOfLayout(text)
        }
        #expect(valid > 0)
    }
}
