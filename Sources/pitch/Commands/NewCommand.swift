import ArgumentParser
import PitchEngine

struct NewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Make a working project with a demo shop.")

    @Argument(help: "The folder; it must not exist yet, or be empty.")
    var folder: String

    @Option(help: ArgumentHelp("How many members to make up.", valueName: "count"))
    var members = 2000

    @Option(help: ArgumentHelp("Another seed gives other people.", valueName: "number"))
    var seed: UInt64 = 1

    @OptionGroup var options: CommandOptions

    func validate() throws {
        guard (1...100_000_000).contains(members) else {
            throw ValidationError("members must be between 1 and 100,000,000, not \(members)")
        }
        guard !folder.isEmpty else { throw ValidationError("the folder has no name") }
    }

    func run() throws {
        let console = options.console
        var now = clockNow()
        if let text = options.asOf {
            guard let instant = InstantText.parse(text, zone: DemoShop.zone) else {
                throw CommandFailure(
                    .usage, "expected an instant such as '2026-03-01 09:30', found '\(text)'")
            }
            now = instant
        }
        let shop = DemoShop(memberCount: members, seed: seed, now: now)
        let progress = ProgressLine(console)
        let orders = try shop.write(to: folder) { written in
            progress.show("\(grouped(written)) of \(plural(members, "member"))")
        }
        progress.end()
        let script = folder + "/shop.pitch"
        try console.answer([
            ("folder", .string(folder)), ("script", .string(script)),
            ("members", .int(members)), ("orders", .int(orders)),
        ])
        try console.say(
            "\(script): a shop with \(plural(members, "member")) and \(plural(orders, "order"))",
            "next: pitch run \(script)")
    }
}
