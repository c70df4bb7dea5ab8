import Foundation
import PitchEngine
import PitchStore
import Testing

/// Themes to numbered templates, and what is picked of them.
@Suite struct TemplateTests {
    private let day = "2026-04-02 10:00"
    private static let theme = """
        theme autumn {
            about "apparel"
            audience vips or others
            from [off10, off20, off50]
            quantity 0 to 40
        }
        goal capped { maximize conversion, keep cost at most 60 CNY }
        """

    private func shop(_ goals: String = theme, plan: String = "") throws -> ThemeShop {
        let shop = try ThemeShop(ThemeShop.once("picked from autumn"), goals: goals, plan: plan)
        try shop.workspace("2026-04-01 08:00").load()
        return shop
    }

    @Test func templatesAreNumberedRankedAndKept() throws {
        let shop = try shop()
        let report = try shop.workspace("2026-04-01 09:00").optimize(theme: "autumn", for: "capped")
        #expect(report.end == .proven)
        let ranked = report.found.filter { $0.place > 0 }
        #expect(ranked.map(\.place) == Array(1...ranked.count))
        #expect(report.found.map(\.number) == (1...Int64(report.found.count)).map { $0 })
        let values = ranked.map(\.trial.numbers.conversion)
        #expect(values == values.sorted(by: >))
        #expect(ranked.allSatisfy { $0.trial.numbers.costMinor <= 6000 })
        let listed = try shop.workspace("2026-04-01 09:00").templates().templates
        #expect(listed.map(\.number) == report.found.map(\.number).sorted())
    }

    @Test func likeTemplatesAreUpdatedAndOthersAdded() throws {
        let shop = try shop()
        let first = try shop.workspace("2026-04-01 09:00").optimize(theme: "autumn", for: "capped")
        let again = try shop.workspace("2026-04-01 10:00").optimize(theme: "autumn", for: "capped")
        #expect(again.found.map(\.number) == first.found.map(\.number))
        let (old, new) = (try #require(first.found.first), try #require(again.found.first))
        #expect(abs(new.weight / old.weight - 1.9) < 1e-9)
        #expect(abs(new.conversion - old.conversion) < 1e-12)
        try shop.replace("quantity 0 to 40", with: "quantity 0 to 40\n similarity 100%")
        let third = try shop.workspace("2026-04-01 11:00").optimize(theme: "autumn", for: "capped")
        let known = Set(first.found.map(\.number))
        #expect(third.found.allSatisfy { !known.contains($0.number) })
        #expect(third.found.map(\.number).min() == (known.max() ?? 0) + 1)
    }

    @Test func historiesThatDifferOnlyInThemeWordsGiveDifferentTemplates() throws {
        func firstOffer(_ cash: String, _ gift: String) throws -> String? {
            let shop = try shop(
                Self.theme.replacing("[off10, off20, off50]", with: "[off10, mug]")
                    .replacing("at most 60 CNY", with: "at most 20 CNY"))
            var rows = "campaign,theme,kind,face,segment,issued,converted,cost\n"
            for (number, theme) in ["apparel", "food"].enumerated() {
                for campaign in 0..<4 {
                    // Whoever shops for one uses cash, whoever shops for the other wants a gift.
                    let converted = [theme == cash ? 90 : 20, theme == gift ? 90 : 20]
                    rows += "c\(number)\(campaign),\(theme),cash,10.00,,1000,\(converted[0]),\n"
                    rows += "c\(number)\(campaign),\(theme),gift,10.00,,1000,\(converted[1]),\n"
                }
            }
            try shop.write("history.csv", rows)
            try shop.workspace("2026-04-01 08:30").load()
            let report = try shop.workspace("2026-04-01 09:00").optimize(
                theme: "autumn", for: "capped")
            return report.found.first?.items.max { $0.quantity < $1.quantity }?.offer
        }
        #expect(try firstOffer("apparel", "food") == "off10")
        #expect(try firstOffer("food", "apparel") == "mug")
    }

    @Test func aPickIsRefusedWhenWhatItWasTriedOnChanged() throws {
        func refusal(_ change: (ThemeShop) throws -> Void) throws -> String {
            let shop = try shop()
            _ = try shop.workspace("2026-04-01 09:00").optimize(theme: "autumn", for: "capped")
            try change(shop)
            let error = #expect(throws: WorkspaceError.self) {
                _ = try shop.workspace("2026-04-01 10:00").pick(1, for: "s")
            }
            let picks = try shop.records { try $0.picks() }
            #expect(picks.isEmpty)
            #expect(error?.kind == .usage)
            return error?.message ?? ""
        }
        #expect(
            try refusal { try $0.replace("about \"apparel\"", with: "about \"shoes\"") }
                .hasPrefix("the theme changed"))
        #expect(
            try refusal { try $0.replace("face 50 CNY", with: "face 55 CNY") }
                .hasPrefix("a coupon of the theme changed"))
        #expect(
            try refusal { shop in
                try shop.write("members.csv", try shop.read("members.csv") + "new,vip\n")
                try shop.workspace("2026-04-01 09:30").load()
            }.hasPrefix("the audience or the history changed"))
        #expect(
            try refusal { shop in
                let rows = try shop.read("history.csv")
                try shop.write("history.csv", rows + "late,apparel,cash,20.00,vips,10,1,20.00\n")
                try shop.workspace("2026-04-01 09:30").load()
            }.hasPrefix("the audience or the history changed"))
        #expect(
            try refusal { shop in
                try shop.replace("give picked from autumn", with: "give off10")
            }.contains("lacks 'give picked from"))
    }

    @Test func unknownNumbersAndNamesAreRefused() throws {
        let shop = try shop()
        let workspace = try shop.workspace("2026-04-01 09:00")
        func message(_ body: () throws -> Void) -> String {
            (#expect(throws: WorkspaceError.self) { try body() })?.message ?? ""
        }
        #expect(message { _ = try workspace.pick(1, for: "s") }.contains("'pitch optimize'"))
        _ = try workspace.optimize(theme: "autumn", for: "capped")
        #expect(message { _ = try workspace.pick(99, for: "s") } == "there is no template 99")
        #expect(message { _ = try workspace.pick(1, for: "t") } == "there is no strategy 't'")
        #expect(
            message { _ = try workspace.optimize(theme: "x", for: "capped") }
                == "there is no theme 'x'")
        #expect(
            message { _ = try workspace.optimize(theme: "autumn", for: "x") }
                == "there is no goal 'x'")
        #expect(message { _ = try workspace.trial(of: "x") }.hasPrefix("there is no coupon"))
        #expect(message { _ = try workspace.trial(of: "99") } == "there is no template 99")
    }

    @Test func whatIsPickedIsIssuedToThoseWhomItFits() throws {
        let shop = try shop()
        #expect(try shop.run("2026-04-01 08:30").skipped.map(\.reason) == [
            "nothing is picked from 'autumn'"
        ])
        let report = try shop.workspace("2026-04-01 09:00").optimize(theme: "autumn", for: "capped")
        let best = try #require(report.found.first)
        let pick = try shop.workspace("2026-04-01 09:10").pick(best.number, for: "s")
        #expect(pick.template == best.number)
        let run = try shop.run(day)
        let quantity = best.items.reduce(0) { $0 + $1.quantity }
        #expect(run.issued == min(60, quantity))
        let holders = try shop.holders()
        for item in best.items {
            #expect(holders.values.flatMap { $0 }.count { $0 == item.offer } <= item.quantity)
        }
        // VIPs convert twice as often: they are served first.
        let vips = holders.keys.count { (Int($0.dropFirst()) ?? 0).isMultiple(of: 2) }
        #expect(vips == min(30, quantity))
        let listed = try shop.workspace(day).templates().templates
        let record = try #require(listed.first { $0.number == best.number })
        #expect(record.pickedFor == ["spring.s"] && record.actual?.issued == run.issued)
        let again = try shop.run("2026-04-02 11:00")
        #expect(again.issued == 0)
    }

    /// Killed at the first call that changes a file, then at the second, and so on.
    @Test func killedAnywhereNumbersAreGivenOnce() throws {
        let untouched = try shop()
        let expected = try untouched.workspace("2026-04-01 09:00").optimize(
            theme: "autumn", for: "capped").found.map(\.number)
        var (call, wasKilled, kept) = (0, true, 0)
        while wasKilled {
            call += 1
            let shop = try shop()
            let script = shop.folder.appending(path: "shop.pitch").path
            let ending = try Command.run(
                Command.pitch,
                [
                    "optimize", script, "autumn", "--for", "capped", "--as-of",
                    "2026-04-01 09:00",
                ], environment: try FaultShim.environment(.kill(at: call)))
            wasKilled = ending.wasKilled
            #expect(wasKilled || ending.code == 0, "call \(call): \(ending.errors)")
            let left = try shop.records { try $0.templates() }.map(\.number)
            #expect(left.isEmpty || left == expected.sorted(), "after call \(call)")
            if !left.isEmpty { kept += 1 }
            let again = try shop.workspace("2026-04-01 10:00").optimize(
                theme: "autumn", for: "capped")
            #expect(again.found.map(\.number) == expected, "after call \(call)")
        }
        #expect(call > 3 && kept > 0)
    }

    @Test func decliningAllIsRecorded() throws {
        let shop = try shop()
        _ = try shop.workspace("2026-04-01 09:00").optimize(theme: "autumn", for: "capped")
        _ = try shop.workspace("2026-04-01 09:05").pick(1, for: "s")
        _ = try shop.workspace("2026-04-01 09:10").pick(nil, for: "spring.s")
        #expect(try shop.records { try $0.picks() }.map(\.template) == [1, nil])
        let run = try shop.run(day)
        #expect(run.skipped.map(\.reason) == ["all templates of 'autumn' were declined"])
        #expect(run.issued == 0)
    }

    @Test func whatIsPickedIsPartOfWhatIsApproved() throws {
        let shop = try shop(plan: "approved by \"boss\"")
        _ = try shop.workspace("2026-04-01 09:00").optimize(theme: "autumn", for: "capped")
        _ = try shop.workspace("2026-04-01 09:05").pick(1, for: "s")
        let granted = try shop.workspace("2026-04-01 09:10").approve(plan: "spring", as: "boss")
        #expect(granted.isGranted)
        _ = try shop.workspace("2026-04-01 09:15").pick(2, for: "s")
        let approval = try shop.workspace("2026-04-01 09:20").plans().first?.approval
        #expect(approval?.isGranted == false)
        #expect(approval?.text.contains("changed after it was approved") == true)
        _ = try shop.workspace("2026-04-01 09:25").pick(1, for: "s")
        #expect(try shop.workspace("2026-04-01 09:30").plans().first?.approval.isGranted == true)
    }

    @Test func actualsFlowBackWhenCouponsAreOver() throws {
        let shop = try shop()
        let first = try shop.workspace("2026-04-01 09:00").optimize(theme: "autumn", for: "capped")
        #expect(first.own == 0)
        _ = try shop.workspace("2026-04-01 09:10").pick(first.found[0].number, for: "s")
        try shop.run(day)
        let before = try #require(shop.workspace(day).trial(of: "off20").trials.first)
        // Everybody uses what they got, at half its worth.
        let coupons = try shop.records { try $0.coupons(of: nil, limit: 1000) }
        let rows = coupons.enumerated().map { number, coupon in
            "r\(number),\(coupon.code),\(coupon.member),2026-04-03 12:00,"
                + "\(coupon.coupon.dropFirst(3)).00\n"
        }
        try shop.write(
            "uses.csv", "row,code,member,at,discount\n" + rows.joined())
        try shop.workspace("2026-04-04 09:00").load()
        let after = try #require(shop.workspace("2026-04-04 09:00").trial(of: "off20").trials.first)
        #expect(after.numbers.conversion > before.numbers.conversion * 1.2)
        let listed = try shop.workspace("2026-04-04 09:00").templates().templates
        let picked = try #require(listed.first { $0.number == first.found[0].number })
        #expect(picked.actual?.used == coupons.count)
        let again = try shop.workspace("2026-04-04 10:00").optimize(theme: "autumn", for: "capped")
        #expect(again.own > 0)
    }

    @Test(arguments: [
        ("goal g { maximize profit, conversion worth 5 CNY }", "is none for templates"),
        (
            "goal g { maximize conversion, keep coverage at least 5 }",
            "and not by 'coverage at least 5'"
        ),
    ])
    func goalsThatTemplatesDoNotHave(goal: String, message: String) throws {
        let shop = try shop(Self.theme + "\n" + goal.replacing(", ", with: "\n"))
        let error = #expect(throws: WorkspaceError.self) {
            _ = try shop.workspace("2026-04-01 09:00").optimize(theme: "autumn", for: "g")
        }
        #expect(error?.message.contains(message) == true)
    }

    @Test func anAudienceOfNobodyIsRefusedAndAGoalOutOfReachIsSaid() throws {
        let shop = try shop(
            Self.theme + "\ngoal high { minimize cost, keep conversion at least 90% }")
        let report = try shop.workspace("2026-04-01 09:00").optimize(theme: "autumn", for: "high")
        #expect(report.end == .unreachable && report.found.allSatisfy { $0.place == 0 })
        try shop.replace("audience vips or others", with: "audience tags has \"nobody\"")
        let error = #expect(throws: WorkspaceError.self) {
            _ = try shop.workspace("2026-04-01 09:00").optimize(theme: "autumn", for: "capped")
        }
        #expect(error?.message == "no member is in the audience of theme 'autumn'")
    }
}
