import Foundation
import PitchEngine
import PitchStore
import Testing

/// `give best of […] by GOAL`: who gets what, within which limits.
@Suite struct ChoiceTests {
    private let day = "2026-04-02 10:00"

    private func choice(_ report: RunReport) throws -> ChoiceReport {
        try #require(report.choices.first)
    }

    @Test func previewChoosesAsTheRunThatFollows() throws {
        let shop = try ThemeShop(
            ThemeShop.once("best of [off10, off20, off50] by capped"),
            goals: "goal capped { maximize conversion, keep cost at most 50 CNY }")
        try shop.workspace(day).load()
        let preview = try shop.workspace(day).preview()
        let report = try shop.run(day)
        let choice = try choice(report)
        #expect(preview.choices == report.choices)
        // A trial of what was given says the same, but for the rounding of amounts.
        let trial = try #require(preview.trials.first?.numbers)
        #expect(abs(trial.conversion * Double(trial.audience) - choice.conversions) < 1e-9)
        #expect(abs(Double(trial.costMinor) - choice.costMinor) <= 1)
        #expect(preview.outcomes == report.outcomes)
        #expect(choice.costMinor <= 5000 && choice.costMinor > 4000)
        #expect(choice.value <= choice.bound * (1 + 1e-9))
        let limit = try #require(choice.limits.first)
        #expect(limit.binds && limit.perExtra > 0)
        #expect(report.issued == choice.chosen.reduce(0) { $0 + $1.members })
        #expect(report.outcomes["not chosen"] ?? 0 == 60 - report.issued)
        #expect(report.exitCode == 0)
    }

    /// All ways to give so many of each offer to each group, by their sums.
    @Test(arguments: [12.0, 37, 61, 140, 400])
    func equalsTheBestOfAllWays(cap: Double) throws {
        let shop = try ThemeShop(
            ThemeShop.once("best of [off10, off50] by capped"),
            goals: "goal capped { maximize conversion, keep cost at most \(Int(cap)) CNY }",
            members: 12)
        try shop.workspace(day).load()
        let choice = try #require(shop.workspace(day).preview().choices.first)
        // What one member brings and costs, by group and offer.
        let trials = try ["vips", "others"].map { group in
            try ["off10", "off50"].map { offer in
                try #require(
                    shop.workspace(day).trial(of: offer, on: group).trials.first?.numbers)
            }
        }
        var best = 0.0
        let ways = (0...6).flatMap { one in (0...(6 - one)).map { (one, $0) } }
        for vips in ways {
            for others in ways {
                let counts = [[vips.0, vips.1], [others.0, others.1]]
                var (cost, value) = (0.0, 0.0)
                for group in 0..<2 {
                    for offer in 0..<2 {
                        let trial = trials[group][offer]
                        cost += Double(counts[group][offer]) * Double(trial.costMinor) / 6
                        value += Double(counts[group][offer]) * trial.conversion
                    }
                }
                // The optimizer counts hundredths of a minor unit, a trial of six members sixths.
                if cost <= cap * 100 - 2 { best = max(best, value) }
            }
        }
        #expect(choice.gap == 0)
        #expect(choice.value >= best - 1e-6, "\(choice.value) \(best)")
        #expect(choice.costMinor <= cap * 100)
    }

    @Test func limitsAreOfAllCyclesTogether() throws {
        let shop = try ThemeShop(
            """
            strategy s {
                when every day at 10:00
                give best of [off10, off20] by capped
                no limit
            }
            """, goals: "goal capped { maximize conversion, keep cost at most 30 CNY }")
        let first = try choice(shop.run(day))
        let second = try shop.run("2026-04-03 10:00").choices.first
        #expect(first.costMinor > 0)
        let limit = try #require(second?.limits.first)
        #expect(limit.used <= 3000.5, "\(limit)")
        #expect(limit.used >= first.costMinor - 0.5)
    }

    @Test func stockBudgetAndSegmentsAreKept() throws {
        let shop = try ThemeShop(
            ThemeShop.once("best of [off10, off20, pack] by wide"),
            goals: """
                goal wide {
                    maximize conversion
                    keep coverage of others at least 9
                    keep cost in vips at most 20 CNY
                    keep coverage at most 40
                }
                """,
            plan: "budget 500 CNY", stock: "stock 7")
        let report = try shop.run(day)
        let choice = try choice(report)
        #expect(choice.isReached)
        let holders = try shop.holders()
        #expect(holders.count <= 40)
        let others = holders.keys.filter { (Int($0.dropFirst()) ?? 0) % 2 == 1 }
        #expect(others.count >= 9)
        let coupons = holders.values.flatMap { $0 }
        #expect(coupons.count { $0 == "off20" } <= 7)
        let worst = coupons.reduce(0) { $0 + ($1 == "off20" ? 2000 : 1000) }
        #expect(worst <= 50_000)
        #expect(report.outcomes["budget"] == nil && report.outcomes["stock"] == nil)
    }

    @Test func whatCannotBeReachedGivesNothingAndNamesTheLimits() throws {
        let shop = try ThemeShop(
            ThemeShop.once("best of [off10, off20] by never"),
            goals: """
                goal never {
                    maximize conversion
                    keep cost at most 2 CNY
                    keep coverage of vips at least 20
                }
                """)
        let report = try shop.run(day)
        let choice = try choice(report)
        let conflict = try #require(choice.conflict)
        #expect(report.exitCode == 4)
        #expect(report.outcomes == ["goal out of reach": 60])
        #expect(
            Set(conflict.limits) == ["cost at most 2 CNY", "coverage of vips at least 20"])
        #expect(!conflict.relaxations.isEmpty)
        #expect(try shop.holders().isEmpty)
        let relaxation = try #require(conflict.relaxations.first)
        if relaxation.unit == "money" {
            try shop.replace(
                "at most 2 CNY", with: "at most \(Int(200 + relaxation.by.rounded(.up))) CNY")
        }
    }

    @Test func aFloorForMembersWhoAreNotThereIsOutOfReach() throws {
        let shop = try ThemeShop(
            ThemeShop.once("best of [off10] by empty"),
            goals: """
                segment nobody = tags has "nobody"
                goal empty { maximize conversion, keep coverage of nobody at least 5 }
                """)
        let conflict = try #require(choice(shop.run(day)).conflict)
        #expect(conflict.limits == ["coverage of nobody at least 5"])
        #expect(conflict.relaxations.map(\.by) == [5])
        #expect(try shop.holders().isEmpty)
    }

    @Test func sharesOfTooManyValuesAreNotCompared() throws {
        func shop(_ members: Int) throws -> ThemeShop {
            let shop = try ThemeShop(
                ThemeShop.once("best of [off10] by fair"),
                goals: "goal fair { maximize conversion, keep rate gap by name at most 5% }")
            try shop.replace("key id, tags tags", with: "key id, tags tags, name text")
            let rows = (0..<members).map { "m\($0),,n\($0)\n" }
            try shop.write("members.csv", "id,tags,name\n" + rows.joined())
            return shop
        }
        let many = try shop(251)
        let error = #expect(throws: WorkspaceError.self) { try many.run(day) }
        #expect(error?.message.contains("have 251 values: at most 250") == true)
        #expect(try many.holders().isEmpty)
        let choice = try choice(shop(250).run(day))
        #expect(choice.chosen.map(\.members) == [250])
    }

    @Test func theReturnIsKeptAndProfitIsInMoney() throws {
        let shop = try ThemeShop(
            ThemeShop.once("best of [off10, off20, off50] by sound"),
            goals: """
                goal sound {
                    maximize profit
                    conversion worth 60 CNY
                    keep roi at least 4
                    keep cost at most 30 CNY
                }
                """)
        let choice = try choice(shop.run(day))
        let roi = try #require(choice.limits.first { $0.unit == "ratio" })
        #expect(roi.used >= 4 - 1e-9)
        #expect(abs(roi.used - 6000 * choice.conversions / choice.costMinor) < 1e-6)
        #expect(abs(choice.value - (6000 * choice.conversions - choice.costMinor)) < 1e-6)
        let cost = try #require(choice.limits.first { $0.name.hasPrefix("cost") })
        // A hundred yuan more cannot bring less than nothing, or more than all are worth.
        #expect(cost.perExtra >= 0 && cost.perExtra < 60 * 6000)
    }

    @Test func theLeastCostReachesItsFloor() throws {
        let shop = try ThemeShop(
            ThemeShop.once("best of [off10, off20, off50] by cheap"),
            goals: "goal cheap { minimize cost, keep conversion at least 2 }")
        let choice = try choice(shop.run(day))
        #expect(choice.conversions >= 2 - 1e-9)
        #expect(choice.costMinor + 1e-6 >= choice.bound)
        #expect(choice.gap < 0.05)
    }

    @Test func theScoreIsRefusedBelowItsThreshold() throws {
        func goals(_ least: String) -> String {
            """
            goal balanced {
                maximize score
                cost near 40 CNY weight 0.5
                conversion near 3% weight 0.5
                score at least \(least)
            }
            """
        }
        let offer = ThemeShop.once("best of [off10, off20, off50] by balanced")
        let good = try choice(ThemeShop(offer, goals: goals("0")).run(day))
        #expect(good.isReached && good.value >= 0)
        let shop = try ThemeShop(offer, goals: goals("5"))
        let report = try shop.run(day)
        #expect(try abs(#require(choice(report).scoreTooLow) - good.value) < 1e-9)
        #expect(report.outcomes == ["goal out of reach": 60] && report.exitCode == 4)
    }

    @Test func upliftNeedsMembersWhoGotNothing() throws {
        let shop = try ThemeShop(
            ThemeShop.once("best of [off10, off50] by more"),
            goals: "goal more { maximize uplift, keep cost at most 60 CNY }")
        let error = #expect(throws: WorkspaceError.self) { try shop.run(day) }
        #expect(error?.message.contains("rows of kind 'none'") == true)
        let history = try shop.read("history.csv")
        try shop.write("history.csv", history + "c0,apparel,none,,,5000,50,\n")
        let choice = try choice(shop.run(day))
        #expect(choice.value > 0 && choice.value < choice.conversions)
    }

    @Test func heldOutMembersAreNotChosenAndHistoryOfNothingIsRefused() throws {
        let shop = try ThemeShop(
            """
            strategy s {
                when once at 2026-04-02 10:00
                give best of [off10] by all
                no limit
                hold out 30%
            }
            """, goals: "goal all { maximize conversion }")
        let report = try shop.run(day)
        let held = try #require(report.outcomes["held out"])
        #expect(held > 5 && report.issued == 60 - held)
        let broken = try ThemeShop(
            ThemeShop.once("best of [off10] by all"), goals: "goal all { maximize conversion }")
        try broken.replace(",1000,40,", with: ",1000,4000,", in: "history.csv")
        let error = #expect(throws: WorkspaceError.self) { try broken.run(day) }
        #expect(error?.message.contains("4000 of 1000 members converted") == true)
        #expect(try broken.holders().isEmpty)
    }
}
