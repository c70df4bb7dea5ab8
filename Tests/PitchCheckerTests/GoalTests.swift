import PitchChecker
import PitchProgram
import Testing

/// Goals, themes, the history of campaigns, and what strategies leave to the optimizer.
@Suite("Goals and themes")
struct GoalTests {
    private static let offers = """
        coupon off20 { kind cash, face 20 CNY, valid 14 days }
        coupon open { kind percent, face 10%, valid 14 days }
        bundle pack { 2 x off20 }
        channel sms { to phone, consent sms_ok, file "out" }
        segment vips = tags has "vip"

        """

    private func checked(_ text: String) -> Checked { checkedAfterPreamble(Self.offers + text) }

    private func goal(_ clauses: String) throws -> Goal {
        let checked = checked("goal g { \(clauses) }")
        return try #require(checked.program?.goals.first, "\(checked.messages)")
    }

    @Test("limits, with words and with signs")
    func limits() throws {
        let goal = try goal(
            """
            maximize profit, conversion worth 120 CNY
            keep cost in vips <= 50_000 CNY
            keep roi >= 1.5
            keep coverage of vips >= 5_000
            keep coverage at most 10%
            keep rate gap by city <= 2%
            keep sends via sms <= 10_000
            keep conversion at least 5%
            """)
        #expect(goal.objective == .profit)
        #expect(goal.worthMinor == 12_000)
        #expect(goal.limits.map(\.text).first == "cost in vips <= 50_000 CNY")
        let measures = goal.limits.map { limit in
            switch limit.measure {
            case .cost(let minor): "cost \(minor) \(limit.segment != nil)"
            case .returnOnCost(let ratio): "roi \(ratio)"
            case .coverage(.count(let count), let isFloor): "coverage \(count) \(isFloor)"
            case .coverage(.share(let share), let isFloor): "coverage share \(share) \(isFloor)"
            case .rateGap(let gap, let field): "gap \(gap) \(field.type)"
            case .sends(let count, let channel): "sends \(count) \(channel)"
            case .conversion(let share): "conversion \(share)"
            }
        }
        #expect(
            measures == [
                "cost 5000000 true", "roi 1500000", "coverage 5000 true",
                "coverage share 100000 false", "gap 20000 text", "sends 10000 0",
                "conversion share(50000)",
            ])
    }

    @Test("the score with its targets")
    func score() throws {
        let goal = try goal(
            """
            maximize score
            cost near 200_000 CNY weight 0.4, conversion near 5% weight 0.6, score at least 0.1
            """)
        #expect(
            goal.score
                == ScoreTargets(
                    costMinor: 20_000_000, conversion: .share(50_000), costWeight: 400_000,
                    atLeast: 100_000))
    }

    @Test(
        "faulty goals",
        arguments: [
            ("keep cost at most 5 CNY", ["P580"]),
            ("maximize conversion, minimize cost", ["P580"]),
            ("minimize cost", ["P580"]),
            ("minimize cost, keep cost at most 5 CNY", ["P580"]),
            ("maximize profit", ["P580"]),
            ("maximize conversion, keep roi at least 2", ["P580"]),
            ("maximize score", ["P580"]),
            ("maximize conversion, cost near 5 CNY weight 1", ["P580"]),
            ("maximize score, cost near 5 CNY weight 0.5, conversion near 5% weight 0.4", ["P580"]),
            ("maximize score, cost near 0 CNY weight 0.5, conversion near 5% weight 0.5", ["P211"]),
            ("maximize score, cost near 5 CNY weight 0.5, conversion near 0% weight 0.5", ["P211"]),
            (
                "maximize score, cost near 5 CNY weight -1, conversion near 5% weight 2",
                ["P211", "P211"]
            ),
            ("maximize score, cost near 5 USD weight 0.5, conversion near 5% weight 0.5", ["P304"]),
            ("maximize conversion, keep cost at least 5 CNY", ["P581"]),
            ("maximize conversion, keep cost at most 5", ["P303"]),
            ("maximize conversion, keep cost at most 5 USD", ["P304"]),
            ("maximize conversion, keep cost via sms at most 5 CNY", ["P581"]),
            ("maximize conversion, keep sends at most 5", ["P581"]),
            ("maximize conversion, keep sends via sms at most 5%", ["P581"]),
            ("maximize conversion, keep rate gap at most 5%", ["P581"]),
            ("maximize conversion, keep rate gap by city at most 5", ["P581"]),
            ("maximize conversion, keep coverage of vip at least 5", ["P201"]),
            ("maximize conversion, keep coverage of vips in vips at least 5", ["P581"]),
            ("maximize conversion, keep coverage at least 101%", ["P211"]),
        ] as [(String, [String])])
    func faultyGoals(clauses: String, codes: [String]) {
        let checked = checked("goal g { \(clauses.replacing(", ", with: "\n")) }")
        #expect(checked.program == nil)
        #expect(checked.described.count == codes.count, "\(checked.messages)")
        #expect(checked.described.first?.prefix(2) == codes.first?.prefix(2), "\(checked.messages)")
    }

    @Test("a theme and its defaults")
    func theme() throws {
        let program = try #require(
            checked(
                """
                theme plain { about "autumn", audience vips, from off20 }
                theme full {
                    about ["autumn", "apparel"]
                    audience vips and sms_ok
                    from [off20, pack]
                    quantity 10 to 500 in 7 steps
                    similarity 70%
                    prior 2%
                    other themes weigh 50%
                    tries 5_000
                    time at most 10 seconds
                }
                """
            ).program)
        let (plain, full) = (program.themes[0], program.themes[1])
        #expect(plain.words == ["autumn"] && plain.quantity == nil && plain.steps == 10)
        #expect(plain.similarity == 800_000 && plain.prior == 50_000 && plain.tries == 1_000_000)
        #expect(full.words == ["autumn", "apparel"])
        #expect(full.candidates.count == 2 && full.quantity == 10...500 && full.steps == 7)
        #expect(full.similarity == 700_000 && full.prior == 20_000)
        #expect(full.otherThemes == 500_000 && full.tries == 5_000 && full.timeLimit == 10_000)
    }

    @Test(
        "faulty themes, histories and offers",
        arguments: [
            ("theme t { about \"\", audience vips, from off20 }", "P582"),
            ("theme t { about \"a\", audience vips, from open }", "P510"),
            ("theme t { about \"a\", audience vips, from off20, quantity 5 to 2 }", "P319"),
            ("theme t { about \"a\", audience vips, from off20, prior 0% }", "P2"),
            ("theme t { about \"a\", audience vips, from off20, time at most 2 months }", "P"),
            ("history from csv \"c\" { campaign text }", "P411"),
            (
                "history from csv \"c\" { campaign text, kind text, issued integer, "
                    + "converted integer, face number }", "P411"
            ),
            (
                "history from csv \"c\" { campaign text, kind text?, issued integer, "
                    + "converted integer }", "P411"
            ),
            (give("best of [off20, open] by g"), "P510"),
            (give("best of [off20, off20] by g"), "P2"),
            (give("best of [off20] by sms"), "P2"),
            (give("picked from g"), "P2"),
        ])
    func faults(text: String, code: String) {
        let checked = checked(text)
        #expect(checked.program == nil)
        #expect(checked.described.first?.hasPrefix(code) == true, "\(checked.messages)")
    }

    private static func give(_ offer: String) -> String {
        """
        goal g { maximize conversion }
        plan p {
            valid 2026-03-01 to 2026-05-31
            strategy s { when purchase, give \(offer), at most once }
        }
        """
    }
}
