import ArgumentParser
import PitchEngine

struct StatisticsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statistics",
        abstract: "Count what was issued, claimed and used, and who the members are.",
        discussion: """
            Coupons are counted by 'coupon', or by what '--by' lists: theme, template, plan, \
            strategy, coupon, day, week, month. '--members' counts members instead, by segments \
            and fields: those that '--by' lists, or all segments and all fields with a list of \
            values.
            """)

    @Argument(help: "The script.") var file: String
    @Option(help: ArgumentHelp("What to count by, separated by commas.", valueName: "names"))
    var by: String?
    @Flag(help: "Count members.") var members = false
    @OptionGroup var options: CommandOptions

    func run() throws {
        let names = by.map(splitList) ?? []
        let session = try Session(file, options)
        try members ? session.population(of: names) : session.statistics(by: names)
    }
}

extension Session {
    func statistics(by names: [String]) throws {
        let keys = try (names.isEmpty ? ["coupon"] : names).map { name throws(CommandFailure) in
            guard let key = StatisticsKey(rawValue: name) else {
                let all = StatisticsKey.allCases.map(\.rawValue).joined(separator: ", ")
                throw CommandFailure(
                    .usage, "coupons are not counted by '\(printable(name))': there are \(all)")
            }
            return key
        }
        let (rows, currency) = try attempt { () throws(WorkspaceError) in
            try workspace.statistics(by: keys)
        }
        try console.answer([
            ("by", .strings(keys.map(\.rawValue))),
            ("rows", .array(rows.map { $0.json(values, currency) })),
        ])
        if rows.isEmpty { return try console.tell("no coupon was issued") }
        var table = TextTable(
            keys.map { .init($0.rawValue) } + [
                .init("issued", right: true), .init("claimed", right: true),
                .init("used", right: true), .init("conversion", right: true),
                .init("cost", right: true), .init("cost per use", right: true),
            ])
        for row in rows {
            let perUse = row.used > 0
                ? amount(Double(row.costMinor) / Double(row.used), currency) : "–"
            table.add(
                row.keys + [
                    grouped(row.issued), grouped(row.claimed), grouped(row.used),
                    percent(row.conversion), values.amount(row.costMinor, currency), perUse,
                ])
        }
        try console.tell(table.lines)
    }

    func population(of names: [String]) throws {
        let rows = try attempt { () throws(WorkspaceError) in
            try workspace.population(of: names)
        }
        try console.answer([
            ("population", .array(rows.map { row in
                .object([
                    ("name", .string(row.name)), ("value", .string(row.value)),
                    ("members", .int(row.members)),
                ])
            }))
        ])
        if rows.isEmpty { return try console.tell("nothing to count by: name a field with '--by'") }
        let totals = Dictionary(rows.map { ($0.name, $0.members) }, uniquingKeysWith: +)
        var table = TextTable([
            .init("by"), .init("value"), .init("members", right: true), .init("share", right: true),
        ])
        for row in rows {
            table.add([
                row.name, row.value, grouped(row.members),
                share(row.members, of: totals[row.name] ?? 0),
            ])
        }
        try console.tell(table.lines)
    }
}

extension StatisticsRow {
    fileprivate func json(_ values: AnswerText, _ currency: String) -> JSONValue {
        .object([
            ("keys", .strings(keys)), ("issued", .int(issued)), ("claimed", .int(claimed)),
            ("used", .int(used)), ("conversion", .decimal("\(conversion)")),
            ("cost", values.json(amount: costMinor, currency)),
        ])
    }
}
