import Foundation
import PitchEngine
import PitchSchema
import Testing

/// A preview decides as the run that follows, and changes nothing.
@Suite struct PreviewTests {
    @Test func previewEqualsTheRunRowByRow() throws {
        let shop = try TestShop(
            TestShop.purchases("at most 1 per 1 day", name: "first") + "\n"
                + TestShop.purchases("for city = \"Shanghai\"", name: "second"),
            budget: "budget 90 CNY", coupon: "stock 4")
        try shop.run("2026-04-02 10:00")
        for (index, member) in "abcdeabcde".enumerated() {
            try shop.append(
                "orders.csv", "o\(index),\(member),2026-04-02 10:\(10 + index),150,,,1")
        }
        try shop.workspace("2026-04-02 10:30").load()
        let store = shop.folder.appending(path: "shop.db")
        let before = SHA256.digest(Array(try Data(contentsOf: store)))
        let names = try FileManager.default.contentsOfDirectory(atPath: shop.folder.path)
        let preview = try shop.preview("2026-04-02 10:30")
        #expect(SHA256.digest(Array(try Data(contentsOf: store))) == before)
        #expect(
            Set(try FileManager.default.contentsOfDirectory(atPath: shop.folder.path))
                == Set(names))
        let report = try shop.run("2026-04-02 10:30")
        #expect(report.outcomes == preview.outcomes)
        #expect(report.issued == preview.issuedCoupons)
        #expect(report.messages == preview.messages)
        #expect(report.outcomes.count >= 4)
        let recorded = try shop.records { ledger in
            try ledger.outcomes(inRun: report.run).map {
                [
                    $0.member, "\($0.at)", $0.outcome, $0.offer ?? "", $0.channel ?? "",
                    "\($0.couponMinor)", "\($0.messageMicro)", "\($0.trigger)",
                ]
            }
        }
        let previewed = preview.decisions.map {
            [
                $0.member, "\($0.at)", $0.outcome, $0.offer ?? "", $0.channel ?? "",
                "\($0.couponMinor)", "\($0.messageMicro)", "\($0.trigger)",
            ]
        }
        #expect(recorded == previewed)
    }

    @Test func previewEqualsTheRunCrowdByCrowd() throws {
        let shop = try TestShop(
            """
                strategy days {
                    for city = "Shanghai"
                    when every month on [2] at 10:00
                    when every month on [2] at 10:00 where sms_ok
                    if count(orders) = 0
                    give off20
                    say hello via sms
                    at most once
                }
            """)
        let instant = "2026-04-02 10:00"
        try shop.workspace(instant).load()
        let preview = try shop.preview(instant)
        let report = try shop.run(instant)
        #expect(report.outcomes == preview.outcomes)
        #expect(report.outcomes == ["issued": 2, "not in segment": 2, "not reachable": 1])
        let recorded = try shop.records { ledger in
            try ledger.crowds(inRun: report.run).map {
                "\($0.at) \($0.outcome) \($0.trigger) \($0.alsoMatched) \($0.members.rows)"
            }
        }
        let previewed = preview.crowds.map {
            "\($0.at) \($0.outcome) \($0.trigger) \($0.alsoMatched) \($0.members)"
        }
        #expect(recorded == previewed)
    }

    @Test func changedSourcesAreNamed() throws {
        let shop = try TestShop(TestShop.purchases())
        try shop.run("2026-04-02 10:00")
        #expect(try shop.preview("2026-04-02 10:30").changedSources == [])
        try shop.append("orders.csv", "o1,a,2026-04-02 10:10,150,,,1")
        let preview = try shop.preview("2026-04-02 10:30")
        #expect(preview.changedSources.contains { $0.hasSuffix("orders.csv") })
        #expect(preview.decisions.isEmpty)
    }

    /// Reading commands may look back in time; a run may not, and the preview tells.
    @Test func beforeTheLastRunARunWouldRefuse() throws {
        let shop = try TestShop(TestShop.purchases())
        try shop.run("2026-04-02 10:00")
        #expect(try shop.preview("2026-04-02 10:00").refusal == nil)
        let refusal = try #require(try shop.preview("2026-04-02 09:00").refusal)
        let error = #expect(throws: WorkspaceError.self) {
            try shop.workspace("2026-04-02 09:00").run()
        }
        #expect(error?.message == refusal)
    }

    @Test func withoutAStoreThePreviewSaysSo() throws {
        let shop = try TestShop(TestShop.purchases())
        let error = #expect(throws: WorkspaceError.self) { try shop.preview("2026-04-02") }
        #expect(error?.exitCode == 3)
    }

    @Test func unknownNameIsWrongUsage() throws {
        let shop = try TestShop(TestShop.purchases())
        try shop.run("2026-04-02 10:00")
        let workspace = try shop.workspace("2026-04-02 10:00")
        let error = #expect(throws: WorkspaceError.self) { try workspace.preview(["summer"]) }
        #expect(error?.exitCode == 2)
        #expect(try workspace.preview(["buyers"]).skipped.count == 1)
    }
}
