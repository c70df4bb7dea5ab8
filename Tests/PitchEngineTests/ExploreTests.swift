import PitchEngine
import PitchSource
import Testing

/// Questions about the loaded members.
@Suite struct ExploreTests {
    let shop: TestShop

    init() throws {
        shop = try TestShop(
            TestShop.purchases(),
            extra: """
                segment shanghai = city = "Shanghai"
                segment buyers_there = shanghai and count(orders) >= 1 and sms_ok
                segment young = born >= 1991-01-01
                field spent = sum(orders.amount)
                """)
        try shop.append(
            "orders.csv", "o1,a,2026-04-01 10:00,150,,,1", "o2,b,2026-04-01 10:00,50,,,1",
            "o3,a,2026-04-01 11:00,10,,,1")
        try shop.workspace("2026-04-02").load()
    }

    @Test(arguments: [
        ("shanghai", 3, 0), ("buyers_there", 1, 0), ("young", 2, 1),
        ("not young", 2, 1), ("spent > 100 CNY", 1, 0), ("phone is missing", 1, 0),
    ])
    func count(condition: String, selected: Int, unknown: Int) throws {
        let result = try shop.workspace("2026-04-02").count(condition)
        #expect(result.selected == selected)
        #expect(result.unknown == unknown)
        #expect(result.failed == 0)
        #expect(result.total == 5)
    }

    @Test func showGivesKeyAndFields() throws {
        let table = try shop.workspace("2026-04-02")
            .show("shanghai", fields: ["phone", "spent"], limit: 2)
        #expect(table.columns.map(\.name) == ["id", "phone", "spent"])
        #expect(
            table.rows == [
                [.text("a"), .text("100"), .money(16_000)], [.text("c"), .missing, .money(0)],
            ])
        #expect(table.selected == 3)
    }

    @Test func funnelCountsWhatEachConditionRemoves() throws {
        let funnel = try shop.workspace("2026-04-02").funnel("buyers_there")
        #expect(funnel.total == 5)
        #expect(funnel.steps.map(\.text) == ["shanghai", "count(orders) >= 1", "sms_ok"])
        #expect(funnel.steps.map(\.left) == [3, 1, 1])
        #expect(funnel.steps.map(\.removed) == [2, 2, 0])
        #expect(funnel.steps.map(\.nearMisses) == [1, 2, 0])
    }

    @Test func whyShowsTheMembersOwnValues() throws {
        let result = try shop.workspace("2026-04-02").why("b", "buyers_there")
        guard case .condition(let tree) = result else {
            Issue.record("expected a condition")
            return
        }
        #expect(tree.verdict == .no)
        let texts = tree.flattened.map { "\($0.text): \($0.verdict.rawValue) \($0.value)" }
        #expect(texts.contains("city: value Beijing"))
        #expect(texts.contains { $0.hasPrefix("count(orders): value 1") })
    }

    @Test func whyOfAStrategyShowsItsOutcome() throws {
        try shop.run("2026-04-02 10:00")
        try shop.append("orders.csv", "o9,a,2026-04-02 10:10,150,,,1")
        try shop.run("2026-04-02 10:30")
        let result = try shop.workspace("2026-04-02 11:00").why("a", "buyers")
        guard case .strategy(let name, let outcomes, let now) = result else {
            Issue.record("expected a strategy")
            return
        }
        #expect(name == "spring.buyers")
        #expect(outcomes.map(\.outcome) == ["issued"])
        #expect(outcomes.map(\.occurrence) == ["orders o9"])
        #expect(now.first?.value == "nothing: no new occurrence matches a 'when' line")
    }

    @Test func explainNamesTheColumns() throws {
        let explanation = try shop.workspace("2026-04-02").explain("buyers_there")
        #expect(explanation.columns.contains("members.city"))
        #expect(explanation.filed.contains("members.city"))
        #expect(!explanation.steps.isEmpty)
        #expect(explanation.steps.allSatisfy { !$0.path.isEmpty })
        let phone = try shop.workspace("2026-04-02").explain("phone is known")
        #expect(phone.unfiled == ["members.phone"] || phone.filed == ["members.phone"])
    }

    @Test(arguments: ["shanghai and", "nobody", "count(orders)"])
    func faultyConditionIsRefused(text: String) throws {
        let workspace = try shop.workspace("2026-04-02")
        let error = #expect(throws: WorkspaceError.self) { try workspace.count(text) }
        #expect(error.map { [1, 2].contains($0.exitCode) } == true)
    }

    @Test func unknownMemberIsWrongUsage() throws {
        let workspace = try shop.workspace("2026-04-02")
        let error = #expect(throws: WorkspaceError.self) { try workspace.why("zz", "shanghai") }
        #expect(error?.exitCode == 2)
    }

    @Test func entriesAtThePromptReplaceEachOther() throws {
        let workspace = try shop.workspace("2026-04-02")
        #expect(workspace.define("let big = 100 CNY").isEmpty)
        #expect(try workspace.count("spent > big").selected == 1)
        #expect(workspace.define("let big = 20 CNY").isEmpty)
        #expect(try workspace.count("spent > big").selected == 2)
        #expect(!workspace.define("let small = nothing_here").isEmpty)
        #expect(try workspace.count("spent > big").selected == 2)
        #expect(workspace.symbols.contains { $0.name == "big" })
        #expect(workspace.symbols.contains { $0.name == "orders.amount" })
    }

    @Test(arguments: [
        ("2026-04-02", "2026-04-02 00:00"), ("2026-04-02T08:30:15+02:00", "2026-04-02 08:30:15"),
        ("2026-04-02T06:30:00.250Z", "2026-04-02 08:30:00.250"),
    ])
    func instantsAreRead(text: String, local: String) throws {
        let moment = try shop.workspace(text).moment()
        #expect(ValueText.instant(moment.now, zone: moment.zone) == local)
    }

    @Test(arguments: ["2026-02-30", "yesterday", "2026-04-02 24:00", "2026-04-02 10:00 x", ""])
    func wrongInstantIsWrongUsage(text: String) throws {
        let error = #expect(throws: WorkspaceError.self) {
            try shop.workspace(text).count("shanghai")
        }
        #expect(error?.exitCode == 2)
    }
}

extension TraceNode {
    fileprivate var flattened: [TraceNode] { [self] + children.flatMap(\.flattened) }
}
