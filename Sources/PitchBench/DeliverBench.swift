import ArgumentParser
import Foundation
import PitchStore
import PitchTestSupport

/// Draining an outbox to a server of this process, with leases and commits as in production: the
/// store's `synchronous` is FULL. The server's processor time is part of the wall time.
struct DeliverBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deliver",
        abstract: "Drain outboxes of 10,000 and more messages to a local server.")

    @Option(help: "Messages in the large outbox.") var messages = 1_000_000
    @Option(help: "The pitch binary; beside this one if left out.") var pitch: String?
    @Option(help: "Where to work; a temporary folder that is removed if left out.")
    var folder: String?

    private static let small = 10_000

    func run() throws {
        let place = folder ?? NSTemporaryDirectory() + "pitch-bench-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: place, withIntermediateDirectories: true)
        defer { if folder == nil { try? FileManager.default.removeItem(atPath: place) } }
        let receiver = try LocalReceiver(keepsRequests: false)
        defer { receiver.stop() }
        let small = try drain(Self.small, in: place, receiver)
        let large = try drain(messages, in: place, receiver)
        let growth = large.peakMegabytes - small.peakMegabytes
        Figure.print([
            figure("deliver, \(Self.small) messages", Self.small, small, ""),
            figure(
                "deliver, \(messages) messages", messages, large,
                String(format: ", %+.0f MB", growth)),
        ])
    }

    private func figure(
        _ name: String, _ count: Int, _ usage: Usage, _ note: String
    ) -> Figure {
        Figure(
            name: name,
            value: String(format: "%.2f s cpu, %.2f s wall", usage.cpuSeconds, usage.wallSeconds),
            note: String(
                format: "%.0f a second, synchronous FULL, %.0f MB at most",
                Double(count) / usage.wallSeconds, usage.peakMegabytes) + note)
    }

    /// Queues messages, and drains them by the command.
    private func drain(_ count: Int, in place: String, _ receiver: LocalReceiver) throws -> Usage {
        let folder = place + "/\(count)"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try Self.script(receiver.address).write(
            toFile: folder + "/bench.pitch", atomically: true, encoding: .utf8)
        // By a process of its own: a process begins with the memory of the one that starts it, and
        // that would count as the command's.
        let bench = URL(filePath: CommandLine.arguments[0])
        _ = try measure(
            [bench.path, "queue", String(count), folder + "/bench.db"], in: folder)
        let binary =
            pitch
            ?? bench.deletingLastPathComponent().appending(path: "pitch").path
        let before = receiver.takenCount
        let usage = try measure(
            [binary, "deliver", "bench.pitch", "--as-of", "2026-04-02 10:00"], in: folder)
        let arrived = receiver.takenCount - before
        precondition(arrived == count, "\(arrived) of \(count) messages arrived")
        return usage
    }

    private static func script(_ address: String) -> String {
        """
        pitch 1
        project "Bench" {
            timezone "UTC"
            currency CNY
            store "bench.db"
        }
        members from csv "members.csv" {
            key id
            phone text
        }
        channel sms { to phone, webhook "\(address)" }

        """
    }
}

/// Fills the outbox of a new store, as runs do.
struct QueueMessages: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "queue", abstract: "Queue messages for 'deliver'.", shouldDisplay: false)

    @Argument var messages: Int
    @Argument var path: String

    func run() throws {
        let store = try Store(path: path, access: .readWrite)
        defer { store.close() }
        let ledger = Ledger(store)
        let now: Int64 = 1_775_000_000_000
        let run = try ledger.begin(asOf: now, zone: "UTC")
        for start in stride(from: 0, to: messages, by: 50_000) {
            let items = (start..<min(messages, start + 50_000)).map { Self.item($0, run, now) }
            try ledger.record(
                StrategyRecord(
                    run: run, plan: "bench",
                    state: LedgerStrategy(
                        id: 1, name: "bench.all", startedAt: now, judgedAt: now, daysDone: 0,
                        salt: "holdout/bench.all"),
                    feeds: [], insiders: [], missedDays: [], days: [], items: items, crowds: [],
                    reserved: Reservation()))
        }
        try ledger.finish(run: run, RunWork())
    }

    private static func item(_ number: Int, _ run: Int64, _ now: Int64) -> StrategyRecord.Item {
        let outcome = LedgerOutcome(
            strategy: 1, member: "m\(number)", feed: "orders", occurrence: Int64(number + 1),
            at: now, run: run, judgedAt: now, outcome: "issued", trigger: 0, alsoMatched: [],
            offer: nil, channel: "sms", couponMinor: 0, messageMicro: 0, successUntil: nil)
        let line = """
            {"run":\(run),"plan":"bench","strategy":"all","member":"m\(number)","channel":"sms",\
            "to":"138\(10_000_000 + number)","text":"Your pack waits until 16 April.","coupons":[]}
            """
        return StrategyRecord.Item(
            outcome: outcome, coupons: [],
            message: QueuedMessage(channel: "sms", form: .webhook, folder: "", line: line))
    }
}
