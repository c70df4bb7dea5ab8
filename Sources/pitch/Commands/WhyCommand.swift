import ArgumentParser
import PitchEngine

struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Show why a member is selected or not, or what a strategy decided.")

    @Argument(help: "The script.") var file: String
    @Argument(help: "The member's key.") var member: String
    @Argument(help: "A segment, any condition, or a strategy.") var subject: [String]
    @OptionGroup var options: CommandOptions

    func run() throws {
        let session = try Session(file, options)
        try session.why(member, subject.joined(separator: " "))
    }
}

extension Session {
    func why(_ member: String, _ subject: String) throws {
        let result = try attempt { () throws(WorkspaceError) in
            try workspace.why(member, subject)
        }
        switch result {
        case .condition(let tree):
            try console.answer([("member", .string(member)), ("trace", tree.json)])
            try console.tell(lines(tree))
        case .strategy(let name, let outcomes, let now):
            try console.answer([
                ("member", .string(member)), ("strategy", .string(name)),
                ("outcomes", .array(outcomes.map { $0.json(values) })),
                ("now", .array(now.map(\.json))),
            ])
            try console.tell(strategyLines(name, outcomes, now))
        }
    }

    private func strategyLines(_ name: String, _ outcomes: [Decision], _ now: [TraceNode])
        -> [String]
    {
        var lines = [console.strong(name)]
        if outcomes.isEmpty { lines.append("  nothing was decided yet") }
        for decision in outcomes {
            let occurrence = printable(decision.occurrence)
            let offer = decision.offer.map { ": \($0)" } ?? ""
            lines.append(
                "  \(values.instant(decision.at))  \(occurrence)  \(decision.outcome)\(offer)"
                    + console.faint(credit(decision)))
        }
        if !now.isEmpty { lines.append("as of now:") }
        return lines + now.flatMap { self.lines($0, depth: 1) }
    }

    /// `  (by 'when' line 1; also matched: 3)`, where more than one matched.
    private func credit(_ decision: Decision) -> String {
        if decision.alsoMatched.isEmpty { return "" }
        let others = decision.alsoMatched.map { String($0 + 1) }.joined(separator: ", ")
        return "  (by 'when' line \(decision.trigger + 1); also matched: \(others))"
    }

    private func lines(_ node: TraceNode, depth: Int = 0) -> [String] {
        let indent = String(repeating: "  ", count: depth)
        let verdict = switch node.verdict {
        case .yes: console.green("yes    ")
        case .no: console.red("no     ")
        case .unknown: console.yellow("unknown")
        case .failed: console.red("failed ")
        case .value: "       "
        }
        var line = "\(indent)\(verdict)  \(oneLine(node.text))"
        if !node.value.isEmpty { line += console.faint(" = ") + printable(node.value) }
        if node.holds == true { line += console.strong("  ← this case") }
        return [line] + node.children.flatMap { lines($0, depth: depth + 1) }
    }
}

extension TraceNode {
    var json: JSONValue {
        .object([
            ("text", .string(text)), ("verdict", .string(verdict.rawValue)),
            ("value", value.isEmpty ? .null : .string(value)),
        ] + (holds.map { [("holds", .bool($0))] } ?? []) + [
            ("children", .array(children.map(\.json))),
        ])
    }
}
