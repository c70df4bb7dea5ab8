import PitchChecker
import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// UTC for every zone that looks like one; no zone otherwise.
@Sendable func testZone(_ name: String) -> ZoneRules? {
    name == "UTC" || name.contains("/") ? ZoneRules(name: name, starts: [.min], offsets: [0]) : nil
}

func checked(_ text: String) -> Checked {
    check([parse(SourceFile(name: "test.pitch", text: text))], zone: testZone)
}

/// A script with declarations behind the common preamble.
func checkedAfterPreamble(_ text: String) -> Checked {
    checked(DiagnosticCode.preamble + text + "\n")
}

extension Checked {
    var described: [String] { diagnostics.map(\.code.id) }

    /// One diagnostic a paragraph: place, severity, code and words.
    var messages: String {
        diagnostics.map { diagnostic in
            let file = sources.file(of: diagnostic.range)
            let place =
                file.map { $0.place(of: Int(diagnostic.range.start)) } ?? (line: 0, column: 0)
            var lines = [
                """
                \(place.line):\(place.column) \(diagnostic.severity.rawValue) \
                \(diagnostic.code.id) \(diagnostic.message)
                """,
                "    at: \(sources.text(of: diagnostic.range).split(separator: "\n").first ?? "")",
            ]
            if let help = diagnostic.help { lines.append("    help: \(help)") }
            for note in diagnostic.notes {
                let place = file?.place(of: Int(note.range.start)) ?? (line: 0, column: 0)
                lines.append("    note: \(place.line):\(place.column) \(note.message)")
            }
            for fixIt in diagnostic.fixIts {
                lines.append("    fix-it: \(fixIt.message): '\(fixIt.replacement)'")
            }
            return lines.joined(separator: "\n") + "\n"
        }.joined()
    }
}
