import ArgumentParser
import PitchEngine

struct LoadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Read what is new from every source.")

    @Argument(help: "The script.") var file: String
    @Flag(help: "Verify the files of columns beside the store; write damaged ones anew.")
    var verify = false
    @OptionGroup var options: CommandOptions

    func run() throws {
        let session = try Session(file, options)
        let summary = try session.load(verifies: verify)
        try session.console.answer(summary.json)
        for line in summary.lines { try session.console.say(line) }
        session.warnOfQuarantine(summary)
        session.warnOfConflicts(summary.coupons)
        if summary.exitCode != 0 { throw ExitCode(summary.exitCode) }
    }
}

extension Session {
    /// Loads with a progress line.
    func load(verifies: Bool = false) throws(CommandFailure) -> LoadSummary {
        let progress = ProgressLine(console)
        defer { progress.end() }
        return try attempt { () throws(WorkspaceError) in
            try workspace.load(verifies: verifies) { progress.show($0.text) }
        }
    }

    func warnOfQuarantine(_ summary: LoadSummary) {
        if let fault = summary.columnsFault {
            console.warn("\(fault); questions read the store itself until the next load")
        }
        guard !console.isJSON else { return }
        for dataSet in summary.dataSets where dataSet.conflict > 0 {
            console.warn(
                "\(plural(dataSet.conflict, "row")) of '\(dataSet.name)' with a known key and other "
                    + "values; what came first stays")
        }
        if summary.quarantined > 0 {
            console.warn("\(plural(summary.quarantined, "row")) quarantined")
        }
        for reason in summary.reasons.prefix(10) {
            console.complain("  " + printable(reason.text))
        }
        if summary.untaken > min(10, summary.reasons.count) {
            console.complain("  …")
        }
    }
}

extension LoadStep {
    var text: String { "\(dataSet): \(grouped(rows)) rows of \(file)" }
}

extension LoadSummary.Reason {
    var text: String {
        "\(file):\(line): \(field) '\(printable(value))': \(printable(reason))"
    }

    var json: JSONValue {
        .object([
            ("file", .string(file)), ("line", .int(line)), ("field", .string(field)),
            ("value", .string(value)), ("reason", .string(reason)),
        ])
    }
}

extension LoadSummary {
    /// A line for each data set: what came of its rows.
    var lines: [String] {
        var table = TextTable([
            .init("loaded"), .init("files", right: true), .init("new", right: true),
            .init("changed", right: true), .init("unchanged", right: true),
            .init("conflict", right: true), .init("quarantined", right: true),
        ])
        // Between two runs mostly nothing comes; a row of zeros tells nobody anything.
        let read = dataSets.filter { $0.files > 0 }
        for set in read {
            let counts = [
                set.files, set.new, set.changed, set.unchanged, set.conflict, set.quarantined,
            ]
            table.add([set.name] + counts.map { grouped($0) })
        }
        return (read.isEmpty ? ["loaded nothing new"] : table.lines)
            + [coupons.line, columnsLine].compactMap { $0 }
    }

    private var columnsLine: String? {
        columnsWereWhole.map {
            $0 ? "the files of columns are whole"
                : "the files of columns were damaged, and are written anew"
        }
    }

    var json: [(String, JSONValue)] {
        [
            ("data", .array(dataSets.map { set in
                .object([
                    ("name", .string(set.name)), ("files", .int(set.files)), ("new", .int(set.new)),
                    ("changed", .int(set.changed)), ("unchanged", .int(set.unchanged)),
                    ("conflict", .int(set.conflict)), ("quarantined", .int(set.quarantined)),
                ])
            })),
            ("quarantined", .int(quarantined)),
            ("reasons", .array(reasons.map(\.json))),
            ("coupons", coupons.json),
        ] + (columnsWereWhole.map { [("columns_whole", .bool($0))] } ?? [])
    }
}
