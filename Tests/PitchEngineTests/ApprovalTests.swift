import Foundation
import PitchEngine
import Testing

/// Plans that others must approve before they run.
@Suite struct ApprovalTests {
    private func shop() throws -> TestShop {
        try TestShop(
            TestShop.purchases("fresh for 1 day"),
            budget: "approved by \"head.crm\" and \"finance\"")
    }

    private func refusal(_ body: () throws -> Void) -> WorkspaceError? {
        do {
            try body()
            return nil
        } catch {
            return error as? WorkspaceError
        }
    }

    @Test func aPlanWaitsForAllItsApprovers() throws {
        let shop = try shop()
        try shop.workspace("2026-04-02 10:00").load()
        let before = try #require(refusal { try shop.run("2026-04-02 10:00") })
        #expect(before.kind == .nothingToRun)
        #expect(
            before.message
                == "plan 'spring' waits for the approval of 'head.crm' and 'finance'")
        #expect(try shop.preview("2026-04-02 10:00").waiting.count == 1)
        let one = try shop.workspace("2026-04-02 10:05").approve(plan: "spring", as: "finance")
        #expect(!one.isGranted && one.waitingFor == ["head.crm"])
        #expect(refusal { try shop.run("2026-04-02 10:06") }?.kind == .nothingToRun)
        let both = try shop.workspace("2026-04-02 10:10").approve(plan: "spring", as: "head.crm")
        #expect(both.isGranted)
        // Bought after the approval and before the first run: judged; before the approval: never.
        try shop.append(
            "orders.csv", "o1,a,2026-04-02 10:09,150,,,1", "o2,b,2026-04-02 10:11,150,,,1")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 1])
        #expect(try shop.outcomes("b", in: "spring.buyers") == ["issued"])
    }

    /// Layout and comments may change; anything else needs approval again.
    @Test(arguments: [
        ("    give off20\n", "    give   off20  # twenty\n\n", true),
        ("face 20 CNY", "face 21 CNY", false), ("amount >= 100 CNY", "amount >= 99 CNY", false),
    ])
    func anApprovalIsBoundToTheProgram(old: String, new: String, isKept: Bool) throws {
        let shop = try shop()
        for name in ["finance", "head.crm"] {
            _ = try shop.workspace("2026-04-02 10:00").approve(plan: "spring", as: name)
        }
        try shop.run("2026-04-02 10:10")
        let script = shop.folder.appending(path: "shop.pitch")
        let text = try String(contentsOf: script, encoding: .utf8)
        try #require(text.contains(old))
        try shop.write("shop.pitch", text.replacing(old, with: new))
        let error = refusal { try shop.run("2026-04-02 10:40") }
        #expect((error == nil) == isKept)
        if !isKept {
            #expect(error?.message.contains("because the script changed") == true)
        }
    }

    @Test func aRejectionStopsThePlan() throws {
        let shop = try shop()
        for name in ["finance", "head.crm"] {
            _ = try shop.workspace("2026-04-02 10:00").approve(plan: "spring", as: name)
        }
        let rejected = try shop.workspace("2026-04-02 10:05")
            .reject(plan: "spring", as: "finance", reason: "over budget")
        #expect(rejected.text == "rejected by 'finance': over budget")
        let error = try #require(refusal { try shop.run("2026-04-02 10:10") })
        #expect(error.message == "plan 'spring' is rejected by 'finance': over budget")
        _ = try shop.workspace("2026-04-02 10:15").approve(plan: "spring", as: "finance")
        try shop.run("2026-04-02 10:20")
    }

    @Test func onlyWhoIsNamedApproves() throws {
        let shop = try shop()
        let workspace = try shop.workspace("2026-04-02 10:00")
        for (plan, name) in [("spring", "li.na"), ("summer", "finance")] {
            let error = refusal { _ = try workspace.approve(plan: plan, as: name) }
            #expect(error?.kind == .usage)
        }
        let free = try TestShop(TestShop.purchases())
        let error = refusal {
            _ = try free.workspace("2026-04-02").approve(plan: "spring", as: "finance")
        }
        #expect(error?.message.contains("needs no approval") == true)
    }

    /// Other plans run; the one that waits is named.
    @Test func onePlanWaitsWhileAnotherRuns() throws {
        let shop = try shop()
        let script = shop.folder.appending(path: "shop.pitch")
        let text = try String(contentsOf: script, encoding: .utf8)
        try shop.write(
            "shop.pitch",
            text + "\nplan other {\nvalid 2026-01-01 to 2026-12-31\n"
                + TestShop.purchases(name: "second") + "\n}\n")
        let report = try shop.run("2026-04-02 10:00")
        #expect(report.evaluated == ["other.second"])
        let refusal = "plan 'spring' waits for the approval of 'head.crm' and 'finance'"
        #expect(report.waiting == [refusal])
    }
}
