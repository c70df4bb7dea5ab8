import Foundation
import PitchEngine
import PitchSchema
import PitchTestSupport
import Testing

/// What a run leaves, to the letter; only the codes are masked.
@Suite struct RunGoldenTests {
    @Test func messagesAndOutcomes() throws {
        let shop = try TestShop(
            TestShop.purchases("at most once").replacing("give off20", with: "give pack"))
        try shop.write(
            "members.csv",
            TestShop.members + "=1+1,\"上海 \"\"q\"\" \\ \u{1}\",1990-01-01,600,yes\n")
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,150,,,1", "o2,=1+1,2026-04-02 10:11,150,,,1",
            "o3,a,2026-04-02 10:12,150,,,1", "o4,c,2026-04-02 10:13,150,,,1")
        let report = try shop.run("2026-04-02 10:30")
        let code = try Regex("[0-9A-Z]{22}")
        var text = report.outcomes.sorted { $0.key < $1.key }
            .map { "\($0.key): \($0.value)\n" }.joined()
        for (name, content) in try shop.files().sorted(by: { $0.key < $1.key }) {
            text += "--- \(name)\n" + content.replacing(code, with: "CODE")
        }
        try Golden.check(text, against: "run/messages.txt")
    }
}

/// A channel that cannot be written keeps its messages for the next run.
@Suite struct DeliveryTests {
    @Test func failedDeliveryIsRepeated() throws {
        let shop = try TestShop(TestShop.purchases())
        try shop.run("2026-04-02 10:00")
        try shop.append("orders.csv", "o1,a,2026-04-02 10:10,150,,,1")
        try shop.write("out", "a file where the folder should be")
        let failed = try shop.run("2026-04-02 10:30")
        #expect(failed.exitCode == 4)
        #expect(failed.undelivered.count == 1)
        #expect(try shop.workspace("2026-04-02 10:30").status().queued == 1)
        try shop.remove("out")
        let repeated = try shop.run("2026-04-02 10:45")
        #expect(repeated.exitCode == 0)
        #expect(repeated.issued == 0)
        #expect(repeated.delivered.count == 1)
        #expect(try shop.files().keys.sorted() == ["run-000002-sms.ndjson"])
        #expect(try shop.workspace("2026-04-02 11:00").status().delivered == 1)
    }

    /// Whatever stands in the way: the file is named, and what is delivered later is the same.
    @Test(arguments: [
        ("out", "out"), ("out/run-000002-sms.ndjson/x", "run-000002-sms.ndjson"),
        ("out/.run-000002-sms.ndjson.part/x", ".run-000002-sms.ndjson.part"),
    ])
    func whatIsDeliveredLaterIsTheSame(obstacle: String, named: String) throws {
        let shop = try TestShop(TestShop.purchases())
        try shop.run("2026-04-02 10:00")
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:10,150,,,1", "o2,b,2026-04-02 10:11,150,,,1")
        let file = shop.folder.appending(path: obstacle)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try shop.write(obstacle, "in the way")
        let failed = try shop.run("2026-04-02 10:30")
        #expect(failed.exitCode == 4)
        #expect(failed.undelivered.count == 1)
        #expect(failed.undelivered[0].contains("/" + named + "'"), "\(failed.undelivered)")
        let queued = try shop.records { ledger in
            var lines = ""
            for file in try ledger.waitingFiles() {
                try ledger.forEachLine(of: file) { lines += $0 + "\n" }
            }
            return lines
        }
        #expect(queued.filter { $0 == "\n" }.count == 2)
        try shop.remove(String(obstacle.prefix { $0 != "/" }))
        #expect(try shop.run("2026-04-02 11:00").delivered.count == 1)
        #expect(try shop.files() == ["run-000002-sms.ndjson": queued])
    }

    /// A channel may have any name between back-ticks; its file stays in the folder.
    @Test(arguments: [
        ("a/b c", "a%2Fb%20c"), ("../up", "%2E%2E%2Fup"), ("微信", "%E5%BE%AE%E4%BF%A1"),
        ("100%", "100%25"), ("x_-9", "x_-9"),
        (
            String(repeating: "信", count: 90),
            String(repeating: "%E4%BF%A1", count: 11) + "%"
                + SHA256.digest(Array(String(repeating: "信", count: 90).utf8))
                .map { String(format: "%02X", $0) }.joined()
        ),
    ])
    func filesOfOddlyNamedChannels(channel: String, name: String) throws {
        let shop = try TestShop(TestShop.purchases())
        let script = try String(
            contentsOf: shop.folder.appending(path: "shop.pitch"), encoding: .utf8)
        try shop.write(
            "shop.pitch",
            script.replacing("channel sms {", with: "channel `\(channel)` {")
                .replacing("via sms", with: "via `\(channel)`")
                .replacing("sms \"Hello", with: "`\(channel)` \"Hello"))
        try shop.run("2026-04-02 10:00")
        try shop.append("orders.csv", "o1,a,2026-04-02 10:10,150,,,1")
        let report = try shop.run("2026-04-02 10:30")
        #expect(report.undelivered == [])
        #expect(try shop.files().keys.sorted() == ["run-000002-\(name).ndjson"])
    }
}

/// From an event to the hand-over of its message.
@Suite struct DelayTests {
    @Test func statusTellsHowLongHandOversTook() throws {
        let shop = try TestShop(TestShop.purchases("fresh for 1 day"))
        try shop.run("2026-04-02 10:00")
        #expect(try shop.workspace("2026-04-02 10:00").status().delay == nil)
        for minute in 10..<20 {
            try shop.append("orders.csv", "o\(minute),a,2026-04-02 10:\(minute),150,,,1")
        }
        try shop.run("2026-04-02 10:30")
        let delay = try #require(try shop.workspace("2026-04-02 10:31").status().delay)
        #expect(delay.handedOver.messages == 10)
        // Nearest rank of 11, 12, … 20 minutes.
        #expect(delay.decided.half == 15 * 60_000 && delay.decided.most == 20 * 60_000)
        #expect((15 * 60_000..<16 * 60_000).contains(delay.handedOver.half))
        #expect((20 * 60_000..<21 * 60_000).contains(delay.handedOver.most))
    }

    /// A row arrives with the load that takes it, which may be long before the run.
    @Test func statusTellsHowLongAfterItsLoadARowWasAnswered() throws {
        let shop = try TestShop(TestShop.purchases("fresh for 1 day"))
        try shop.run("2026-04-02 10:00")
        for minute in 10..<15 {
            try shop.append("orders.csv", "o\(minute),a,2026-04-02 10:\(minute),150,,,1")
        }
        try shop.workspace("2026-04-02 10:15").load()
        for minute in 15..<20 {
            try shop.append("orders.csv", "o\(minute),a,2026-04-02 10:\(minute),150,,,1")
        }
        // A row from the future arrives before its time.
        try shop.append("orders.csv", "o20,a,2026-04-02 10:40,150,,,1")
        try shop.run("2026-04-02 10:30")
        try shop.run("2026-04-02 11:00")
        let delay = try #require(try shop.workspace("2026-04-02 11:01").status().delay)
        let (arrived, since) = (try #require(delay.arrived), try #require(delay.sinceArrival))
        // 0, 1 … 5 and 11 … 15 minutes.
        #expect(arrived.half == 5 * 60_000 && arrived.most == 15 * 60_000)
        // Five at once, five after 15 minutes, one after 20.
        #expect(since.messages == 11)
        #expect((15 * 60_000..<16 * 60_000).contains(since.half))
        #expect((20 * 60_000..<21 * 60_000).contains(since.most))
    }
}
