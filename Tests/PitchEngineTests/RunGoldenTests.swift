import PitchEngine
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
}
