import ArgumentParser
import PitchEngine

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the members who satisfy a condition.")

    @Argument(help: "The script.") var file: String
    @Argument(help: "A segment's name or any condition.") var expression: [String]

    @Option(help: ArgumentHelp("How many rows at most.", valueName: "count"))
    var limit = 20

    @Option(
        help: ArgumentHelp("Fields or expressions, with commas between.", valueName: "a,b"))
    var fields: String?

    @OptionGroup var options: CommandOptions

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("the limit must not be negative") }
    }

    func run() throws {
        let session = try Session(file, options)
        try session.show(
            expression.joined(separator: " "), fields: splitList(fields ?? ""), limit: limit)
    }
}

extension Session {
    func show(_ expression: String, fields: [String], limit: Int) throws {
        let result = try attempt { () throws(WorkspaceError) in
            try workspace.show(expression, fields: fields, limit: limit)
        }
        try console.answer([
            ("count", .int(result.selected)),
            ("columns", .strings(result.columns.map(\.name))),
            ("rows", .array(result.rows.map { row in
                .array(zip(row, result.columns).map { values.json($0, $1.type) })
            })),
        ])
        try console.tell(lines(result))
    }

    private func lines(_ result: MemberTable) -> [String] {
        if result.rows.isEmpty { return ["no members"] }
        var table = TextTable(result.columns.map { .init($0.name, right: $0.type.isNumeric) })
        for row in result.rows {
            table.add(zip(row, result.columns).map { values.text($0, $1.type) })
        }
        var lines = table.lines
        lines[0] = console.strong(lines[0])
        let rest = result.selected - result.rows.count
        if rest > 0 { lines.append(console.faint("… and \(plural(rest, "more member"))")) }
        return lines
    }
}

/// Splits at commas outside brackets and quotes: `name, sum(orders.amount in last 30 days)`.
func splitList(_ text: String) -> [String] {
    var parts = [""]
    var depth = 0
    var quote: Character?
    for character in text {
        if let open = quote {
            if character == open { quote = nil }
        } else if character == "\"" || character == "'" || character == "`" {
            quote = character
        } else if "([{".contains(character) {
            depth += 1
        } else if ")]}".contains(character) {
            depth -= 1
        } else if character == ",", depth == 0 {
            parts.append("")
            continue
        }
        parts[parts.count - 1].append(character)
    }
    return parts.map(trimmed).filter { !$0.isEmpty }
}

func trimmed(_ text: some StringProtocol) -> String {
    var rest = Substring(text)
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
}
