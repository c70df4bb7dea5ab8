import ArgumentParser
import PitchEngine

struct ApproveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve a plan as the script is now.",
        discussion: """
            A plan with 'approved by' runs once everybody named there has approved it. A change of \
            the script, other than of its layout and comments, needs their approval again.
            """)

    @Argument(help: "The script.") var file: String
    @Argument(help: "The plan.") var plan: String
    @Option(help: ArgumentHelp("Who approves it.", valueName: "name")) var `as`: String
    @OptionGroup var options: CommandOptions

    func run() throws {
        let session = try Session(file, options)
        try session.tell(
            try session.attempt { () throws(WorkspaceError) in
                try session.workspace.approve(plan: plan, as: `as`)
            })
    }
}

struct RejectCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reject", abstract: "Reject a plan, or take an approval back.")

    @Argument(help: "The script.") var file: String
    @Argument(help: "The plan.") var plan: String
    @Option(help: ArgumentHelp("Who rejects it.", valueName: "name")) var `as`: String
    @Option(help: ArgumentHelp("Why.", valueName: "text")) var reason: String?
    @OptionGroup var options: CommandOptions

    func run() throws {
        let session = try Session(file, options)
        try session.tell(
            try session.attempt { () throws(WorkspaceError) in
                try session.workspace.reject(plan: plan, as: `as`, reason: reason)
            })
    }
}

struct PlansCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plans", abstract: "Show plans, when they are valid, and who approved them.")

    @Argument(help: "The script.") var file: String
    @OptionGroup var options: CommandOptions

    func run() throws {
        try Session(file, options).plans()
    }
}

extension Session {
    fileprivate func tell(_ approval: PlanApproval) throws {
        try console.answer([
            ("plan", .string(approval.plan)), ("approval", approval.json(values)),
        ])
        try console.say("\(approval.plan): \(approval.text)")
    }

    func plans() throws {
        let plans = try attempt { () throws(WorkspaceError) in try workspace.plans() }
        try console.answer([
            ("plans", .array(plans.map { plan, approval in
                .object([
                    ("name", .string(plan.name)), ("title", .optional(plan.title)),
                    ("first_day", .string(values.day(plan.firstDay))),
                    ("last_day", .string(values.day(plan.lastDay))),
                    ("team", .optional(plan.team)), ("owner", .optional(plan.owner)),
                    ("strategies", .strings(plan.strategies.map(\.name))),
                    ("approval", approval.json(values)),
                ])
            }))
        ])
        if plans.isEmpty { return try console.tell(["the script has no plan"]) }
        var table = TextTable([
            .init("plan"), .init("title"), .init("from"), .init("to"), .init("owner"),
            .init("approval"),
        ])
        for (plan, approval) in plans {
            table.add([
                plan.name, plan.title ?? "–", values.day(plan.firstDay), values.day(plan.lastDay),
                plan.owner ?? "–", approval.text.isEmpty ? "not needed" : approval.text,
            ])
        }
        try console.tell(table.lines)
    }
}

extension PlanApproval {
    func json(_ values: AnswerText) -> JSONValue {
        .object([
            ("granted", .bool(isGranted)), ("waiting_for", .strings(waitingFor)),
            ("decisions", .array(words.map { word in
                .object([
                    ("approver", .string(word.approver)),
                    ("decision", .string(word.isApproval ? "approved" : "rejected")),
                    ("at", .string(values.isoInstant(word.at))),
                    ("reason", .optional(word.reason)),
                ])
            })),
        ])
    }
}
