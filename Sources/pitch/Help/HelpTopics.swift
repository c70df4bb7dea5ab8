import ArgumentParser
import PitchEngine
import PitchFormat
import PitchSchema
import PitchSource

/// Help from the tables that drive the language: nothing is told here that they do not say.
package enum HelpTopics {
    private static var commands: [any ParsableCommand.Type] { Pitch.configuration.subcommands }

    /// Every code of every layer, by id.
    package static let codes =
        (LanguageReference.codes + DiagnosticCode.formatCodes).sorted { $0.id < $1.id }

    /// Everything that can be asked about, sorted.
    package static var names: [String] {
        let clauses = ClauseTables.declarations.flatMap(\.clauses).map(\.name)
        let all = commands.compactMap { $0.configuration.commandName }
            + ClauseTables.declarations.map(\.keyword) + clauses
            + (LanguageReference.items + LanguageReference.functions).map(\.name)
            + (LanguageReference.sequences + LanguageReference.holes).map(\.name)
            + LanguageReference.sceneWords
            + codes.map(\.id)
        return Set(all).sorted()
    }

    static var overview: [String] {
        var lines = [
            "Pitch: campaign strategies that marketers write, run on real customer data.", "",
            "Commands",
        ]
        lines += rows(
            commands.map { ($0.configuration.commandName ?? "", $0.configuration.abstract) })
        lines += ["", "Declarations"]
        lines += rows(ClauseTables.declarations.map { ($0.keyword, $0.doc) })
        lines += rows(LanguageReference.items.map { ($0.name, $0.doc) })
        lines += ["", "Functions"]
        lines += rows(LanguageReference.functions.map { ($0.name, $0.doc) })
        return lines + [
            "", "'pitch help TOPIC' explains each of these, every clause, and every code such as P101.",
            "Exit codes: 0 done, 1 the script has errors, 2 wrong usage, 3 a file, the store or a channel",
            "failed, 4 partly done, 5 no plan is valid that day, 6 a check failed, 70 a bug in Pitch,",
            "75 another run is at work. Ctrl-C ends a command at once, by its signal (a shell says 130), and",
            "leaves the store consistent.",
        ]
    }

    package static func lines(_ topic: String) throws -> [String] {
        let folded = topic.lowercased()
        if let code = codes.first(where: { $0.id.lowercased() == folded }) {
            return lines(code)
        }
        var found: [[String]] = []
        if let command = commands.first(where: { $0.configuration.commandName == topic }) {
            found.append(
                Pitch.helpMessage(for: command).split(
                    separator: "\n", omittingEmptySubsequences: false
                ).map(String.init))
        }
        if let declaration = ClauseTables.declaration(topic) { found.append(lines(declaration)) }
        for declaration in ClauseTables.declarations {
            for row in declaration.clauses
            where row.name == topic || row.name.hasPrefix(topic + " ") {
                found.append(lines(row, of: declaration))
            }
        }
        let forms = occurrences(with: topic)
        if !forms.isEmpty { found.append(["After 'when':"] + forms) }
        let rows =
            LanguageReference.items + LanguageReference.functions + LanguageReference.sequences
            + LanguageReference.holes
        if let function = rows.first(where: { $0.name == topic }) {
            found.append([function.form, "    " + function.doc])
        }
        if found.isEmpty { throw unknown(topic) }
        return Array(found.joined(separator: [""]))
    }

    private static func unknown(_ topic: String) -> CommandFailure {
        let meant = Spelling.nearest(to: topic, among: names).map { "; did you mean '\($0)'?" }
        return CommandFailure(
            .usage, "there is no help on '\(printable(topic))'" + (meant ?? "; try 'pitch help'"))
    }

    private static func lines(_ code: DiagnosticCode) -> [String] {
        let lines = ["\(code.id): \(code.title)", "", code.explanation]
        if code.example.isEmpty { return lines }
        return lines + ["", "This has the fault:", ""] + indented(code.example)
            + ["", "This repairs it:", ""] + indented(code.repair)
    }

    private static func lines(_ declaration: DeclarationRow) -> [String] {
        let header = declaration.header.text.isEmpty ? "" : " " + readable(declaration.header.text)
        let body = switch declaration.body {
        case .clauses: " { clauses }"
        case .fields: " { clauses, and a row 'name type' for each field }"
        case .items: " { 2 x coupon, coupon }"
        case .value: " = expression"
        case .valueOrCases: " = expression, or one of [a, b] { a if condition, b otherwise }"
        case .texts: " { clauses, and a row 'channel \"text\"' for each channel }"
        case .test: " { members, events, expect }"
        case .none: ""
        }
        var lines = ["\(declaration.keyword)\(header)\(body)", "    \(declaration.doc)"]
        if !declaration.isExecuted { lines.append("    It is checked, but not executed yet.") }
        if !declaration.clauses.isEmpty { lines += ["", "Clauses"] }
        for row in declaration.clauses {
            lines += indented(self.lines(row).joined(separator: "\n"))
        }
        if declaration.keyword == "coupon" {
            let kinds = CouponKinds.rows.flatMap(self.lines)
            lines += ["", "Kinds"] + indented(kinds.joined(separator: "\n"))
        }
        if declaration.body == .texts {
            let holes = LanguageReference.holes.flatMap { [$0.form, "    " + $0.doc] }
            lines += ["", "In the holes of a text stand the member's values, and"]
                + indented(holes.joined(separator: "\n"))
        }
        if !declaration.nested.isEmpty {
            lines += ["", "Inside stand: " + declaration.nested.joined(separator: ", ")]
        }
        return lines
    }

    private static func lines(_ kind: CouponKindRow) -> [String] {
        let needs = kind.needs.isEmpty ? "" : "needs " + kind.needs.joined(separator: ", ")
        let more = kind.mayHave.isEmpty ? "" : "may have " + kind.mayHave.joined(separator: ", ")
        let clauses = [needs, more].filter { !$0.isEmpty }.joined(separator: "; ")
        return ["kind \(kind.words)", "    \(kind.doc) (\(clauses))"]
    }

    private static func lines(_ row: ClauseRow, of declaration: DeclarationRow) -> [String] {
        let lines = ["In '\(declaration.keyword)':"]
            + indented(self.lines(row).joined(separator: "\n"))
        guard row.forms.contains(where: { $0.text.contains(":occurrence>") }) else { return lines }
        let sequences = LanguageReference.sequences.flatMap { [$0.form, "    " + $0.doc] }
        return lines + ["", "It waits for one of these, with 'where' if need be:"]
            + occurrences(with: nil) + ["", "or for what follows an event, or fails to:"]
            + indented(sequences.joined(separator: "\n"))
    }

    /// What a `when` line can wait for.
    /// - Parameter word: only the forms that hold this word of a scene; nil: all.
    private static func occurrences(with word: String?) -> [String] {
        if let word, !LanguageReference.sceneWords.contains(word) { return [] }
        return ClauseTables.occurrences.filter { row in
            word.map { row.form.text.split(separator: " ").contains(Substring($0)) } ?? true
        }.flatMap { row in
            indented([readable(row.form.text), "    " + row.doc].joined(separator: "\n"))
        }
    }

    private static func lines(_ row: ClauseRow) -> [String] {
        var marks: [String] = []
        if row.presence != .optional { marks.append(row.presence.rawValue) }
        if let text = row.defaultText { marks.append("default: \(text)") }
        if !row.isExecuted { marks.append("not executed yet") }
        let suffix = marks.isEmpty ? "" : " (\(marks.joined(separator: "; ")))"
        return row.forms.map { readable($0.text) } + ["    \(row.doc)\(suffix)"]
    }

    /// `<face:expression>` as a reader wants it: `<face>`.
    private static func readable(_ pattern: String) -> String {
        pattern.replacing(#/<(\w+):\w+>/#) { "<\($0.1)>" }
    }

    private static func indented(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0.isEmpty ? "" : "    " + $0
        }
    }

    private static func rows(_ rows: [(String, String)]) -> [String] {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { name, doc in
            "  " + name + String(repeating: " ", count: width - name.count + 2) + doc
        }
    }
}
