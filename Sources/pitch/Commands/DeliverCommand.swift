import ArgumentParser
import PitchEngine

struct DeliverCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliver", abstract: "Hand over what waits in the outbox; decide nothing.")

    @Argument(help: "The script.") var file: String

    @Flag(help: "Try dead letters again, as if they were new.") var retryFailed = false

    @Option(
        help: ArgumentHelp(
            "Send unknown messages again, which may arrive twice; how many there are.",
            valueName: "count"))
    var resendUnknown: Int?

    @OptionGroup var options: CommandOptions

    func validate() throws {
        if let resendUnknown, resendUnknown < 0 {
            throw ValidationError("the count must not be negative")
        }
    }

    func run() throws {
        let session = try Session(file, options)
        try session.deliver(
            DeliveryRecovery(retriesFailed: retryFailed, resendsUnknown: resendUnknown))
    }
}

extension Session {
    func deliver(_ recovery: DeliveryRecovery) throws {
        let report = try stoppingGently { () throws(CommandFailure) in
            try attempt { () throws(WorkspaceError) in try workspace.deliver(recovery) }
        }
        try console.answer(report.json)
        if report.isEmpty { try console.say("nothing to hand over") }
        for line in report.lines { try console.say(line) }
        warn(of: report)
        if report.exitCode != 0 { throw ExitCode(report.exitCode) }
    }

    /// Once messages are handed over, Ctrl-C or a `kill` waits for the answers under way, for a
    /// moment: what is broken off is unknown for ever. A second one stops at once.
    func stoppingGently<Result>(
        _ body: () throws(CommandFailure) -> Result
    ) throws(CommandFailure) -> Result {
        workspace.deliveryBegins = { [workspace] in
            EndSignal.listen()
            workspace.isCancelled = { EndSignal.isPending }
        }
        let isCancelled = workspace.isCancelled
        defer {
            workspace.deliveryBegins = {}
            workspace.isCancelled = isCancelled
        }
        return try EndSignal.whileListening(body)
    }

    func warn(of delivery: DeliveryReport) {
        guard !console.isJSON else { return }
        for failure in delivery.undelivered { console.warn("not delivered yet: \(failure)") }
        for channel in delivery.channels {
            let name = channel.channel
            if let note = channel.note { console.warn("channel '\(name)' stopped: \(note)") }
            if channel.failed > 0 {
                console.warn("\(plural(channel.failed, "message")) of '\(name)' failed for good")
            }
            if channel.unknown > 0 {
                console.warn(
                    "\(plural(channel.unknown, "message")) of '\(name)' may have arrived, or not")
            }
        }
        for (name, count) in delivery.waiting.sorted(by: { $0.key < $1.key }) {
            console.warn("\(plural(count, "message")) of '\(name)' waiting")
        }
        for channel in delivery.channels where !channel.reasons.isEmpty {
            console.complain("reasons of '\(channel.channel)':")
            for reason in countedReasons(channel.reasons) { console.complain("  " + reason) }
        }
    }
}

/// `12 answered 503`, the most frequent first, and how many reasons more there are.
func countedReasons(_ reasons: [String: Int]) -> [String] {
    let most = 5
    let sorted = reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    let lines = sorted.prefix(most).map { "\(grouped($0.value)) \(printable($0.key))" }
    let others = sorted.dropFirst(most).reduce(0) { $0 + $1.value }
    return others == 0 ? lines : lines + ["\(grouped(others)) for other reasons"]
}

extension DeliveryReport {
    var lines: [String] {
        var lines = files.map { "delivered \($0)" }
        lines += channels.filter { $0.delivered > 0 }.map {
            "delivered \(plural($0.delivered, "message")) by \($0.channel), "
                + "\(grouped(Int($0.rate.rounded()))) a second"
        }
        if isElsewhere { lines.append("another process is handing over what waits") }
        return lines
    }

    var json: [(String, JSONValue)] {
        [
            ("delivered", .strings(files)),
            ("channels", .array(channels.map { .object($0.members) })),
            ("waiting", .counts(waiting)), ("undelivered", .strings(undelivered)),
        ]
    }
}

extension ChannelDelivery {
    var members: [(String, JSONValue)] {
        [
            ("channel", .string(channel)), ("delivered", .int(delivered)),
            ("retried", .int(retried)), ("failed", .int(failed)), ("unknown", .int(unknown)),
            ("milliseconds", .integer(milliseconds)), ("reasons", .counts(reasons)),
            ("note", .optional(note)),
        ]
    }
}
