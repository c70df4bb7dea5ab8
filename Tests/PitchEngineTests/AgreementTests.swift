import Foundation
import PitchEngine
import Testing

/// Whatever a `when` line waits for, a run, which selects by the files of columns, decides what a
/// preview without these files decides, and what `why` decides of each member alone, which walks
/// the tree over the member's rows.
@Suite struct AgreementTests {
    /// A strategy: what it waits for, for whom, and on what condition.
    private struct Line {
        let when: [String]
        var audience = ""
        var condition = ""
        var clauses = "no limit"

        init(_ when: String..., for audience: String, if condition: String) {
            self.when = when
            self.audience = audience
            self.condition = condition
        }

        func with(_ clauses: String) -> Line {
            var line = self
            line.clauses = clauses
            return line
        }

        func strategy(_ name: String) -> String {
            """
            strategy \(name) {
                for \(audience)
                \(when.map { "when " + $0 }.joined(separator: "\n    "))
                if \(condition)
                give off20
                every 30 minutes
                \(clauses)
            }

            """
        }
    }

    private static let events = [
        Line(
            "purchase where amount >= 60 CNY and city in [\"Shanghai\", \"Suzhou\"]",
            for: "not spenders", if: "this.amount < 150 CNY or this.category = \"tea\""
        ).with("say hello via sms\nno limit\nhold out 20%\nfresh for 3 hours"),
        Line(
            "purchase per basket where amount >= 100 CNY", for: "often",
            if: "this.quantity >= 3 and count(other orders in last 1 day) >= 1"
        ).with("at most 1 per 2 days"),
        Line(
            "first purchase where category = \"tea\" and amount >= 40 CNY", for: "young",
            if: "this.amount >= 50 CNY and sum(orders.amount) < 700 CNY"),
        Line("purchase number 3", for: "bulk", if: "avg(orders.amount) > this.amount"),
        Line(
            "every 5th purchase where amount < 150 CNY", for: "often or young",
            if: "this.category is known and distinct(orders.category) >= 2"),
        Line("every 2nd purchase", "purchase per basket", for: "often", if: "this.amount > 50 CNY"),
        Line(
            "topup where amount >= 50 CNY and method = card", for: "young",
            if: "this.balance > 100 CNY and count(balances where method = this.method) >= 1"),
        Line("first topup where method = cash", for: "sms_ok", if: "this.amount is known"),
        Line(
            "topup number 2", "every 2nd topup where amount is known", for: "not young",
            if: "max(balances.balance) >= this.balance"),
        Line(
            "topup per method where balance >= 100 CNY and member.city != \"Suzhou\"",
            for: "young", if: "this.amount > 20 CNY"),
        Line(
            "balance idle for 5 days where balance >= 50 CNY", for: "spenders or sms_ok",
            if: "this.balance < 300 CNY and this.method != spent"
        ).with("no limit\nfresh for 6 days"),
        Line(
            "coupon bought where price >= 50 CNY", for: "often", if: "this.price < 90 CNY"),
        Line(
            "coupon used where discount > 5 CNY and coupon != \"none\"", for: "young",
            if: "this.coupon = \"off20\" and count(redemptions) <= 4"),
        Line("coupon claimed", for: "bulk", if: "this.coupon != \"none\" and city != \"Suzhou\""),
        Line(
            "coupon off20 expiring in 3 days where sms_ok", for: "young or spenders",
            if: "this.expires > 2026-04-15 or born < 1995-01-01"),
        Line(
            "product viewed where product.department = \"pastry\"", "product searched",
            for: "often", if: "this.product.department = \"pastry\" or count(visits) >= 3"),
        Line(
            "product price changed where price < old_price", for: "sms_ok",
            if: "this.old_price >= 20 CNY"),
        Line(
            "product compared", "product favourited", "product bought", "product shared",
            "product refunded", "product restocked", for: "not often",
            if: "this.product = \"cake\" and this.price >= 10 CNY"),
    ]

    private static let sequences = [
        Line(
            "product carted then purchase where amount >= 50 CNY within 2 hours", for: "young",
            if: "this.amount >= 80 CNY or count(visits) > 2"),
        Line(
            "product carted where cart is known then no purchase within 2 hours", for: "not often",
            if: "this.product.department = \"meat\""),
        Line(
            "topup then no topup with same method within 1 hour", for: "sms_ok",
            if: "this.amount >= 30 CNY"),
        Line(
            "coupon claimed then purchase where amount >= 100 CNY within 3 days", for: "often",
            if: "this.category is known"),
        Line(
            "every 2nd purchase where amount >= 40 CNY then no purchase within 1 hour",
            for: "spenders", if: "this.amount > 60 CNY"),
    ]

    private static let days = [
        Line(
            "birthday where count(orders) >= 1", "anniversary of born",
            for: "sms_ok", if: "this.month = 4 and not spenders"),
        Line("3 days before birthday", for: "not often", if: "this.weekday in [4, 5, 7]"),
        Line(
            "every month on [3, 12]", "every month on [31]", for: "spenders", if: "this.day > born"),
        Line("every week on [friday, saturday] at 10:00", for: "young", if: "this.weekday = 5"),
        Line("every weekday where city is known", for: "often", if: "this.month = 4"),
        Line("every thursday at 09:30", for: "bulk", if: "count(orders in last 1 day) < 3"),
        Line("once at 2026-04-03 10:00", for: "spenders", if: "this.day = 2026-04-03"),
        Line(
            "every day in holidays where sms_ok", for: "young",
            if: "this.holiday = \"Easter\" or this.holiday is missing and often"
        ).with("say hello via sms\nat most 1 per 2 days\ncatch up 2 days"),
        Line(
            "every day at 09:00 where last(orders.at) after 2 days ago", for: "not young",
            if: "this.weekday < 6"
        ).with("hold out 30%\nquiet 11:00 to 13:00 and defer\nno limit"),
        Line(
            "weather in city where condition in [rain, storm] and temperature < 10 C",
            "weather in city where wind > 20 mps", for: "young or often",
            if: "this.temperature > 2 C and this.place = city or this.wind is missing"
        ).with("no limit\nquiet 11:00 to 13:00 and defer"),
        Line("member joined where sms_ok", for: "not spenders", if: "city != \"Suzhou\""),
        Line("member enters often where born is known", for: "sms_ok", if: "count(orders) < 9"),
        Line("member enters spenders", for: "not bulk", if: "count(visits) >= 0"),
    ]

    private static let declarations = """
        events weather from csv "weather.csv" {
            scene weather
            key [place, at]
            place place
            at at
            condition one of [rain, storm, sun]
            temperature C?
            wind mps?
        }
        table holidays from csv "holidays.csv" {
            key day date
            name text?
        }
        segment often = count(orders in last 2 days where amount >= 20 CNY) >= 2
        segment young = born >= 1990-01-01
        segment spenders = sum(orders.amount in last 7 days) >= 200 CNY and sms_ok
        segment bulk = sum(orders.quantity) >= 3
        """

    @Test func runPreviewByRowsAndWhyDecideTheSame() throws {
        let lines = Self.events + Self.sequences + Self.days
        let names = lines.indices.map { "s\($0 + 1)" }
        let shop = try TestShop.withScenes(
            strategies: zip(lines, names).map { $0.strategy($1) }.joined(),
            extra: Self.declarations)
        var rows = AgreementRows()
        var decided: [String: Set<String>] = [:]
        for cycle in AgreementRows.cycles {
            for (name, text) in rows.files(at: cycle) { try shop.write(name, text) }
            for one in try decisions(shop, cycle.instant, rows.memberKeys, names) {
                decided[one.strategy, default: []].insert(one.outcome)
            }
        }
        for (name, line) in zip(names, lines) {
            #expect(decided[name]?.contains("issued") == true, "nothing by \(line.when)")
            #expect((decided[name]?.count ?? 0) > 1, "all alike by \(line.when)")
        }
        let outcomes = decided.values.reduce(into: Set<String>()) { $0.formUnion($1) }
        #expect(
            outcomes.isSuperset(of: [
                "issued", "not in segment", "condition not met", "unknown", "failed", "too late",
                "no consent", "not reachable", "at most", "deferred", "held out",
            ]))
    }

    /// What all three decide.
    private func decisions(
        _ shop: TestShop, _ instant: String, _ members: [String], _ strategies: [String]
    ) throws -> [Verdict] {
        try shop.workspace(instant).load()
        let before = try shop.copy()
        for file in ["shop.db-columns", "shop.db-changes"] { try? before.remove(file) }
        let recorded = try recorded(shop, shop.run(instant), members)
        let workspace = try before.workspace(instant)
        let decisions = decisions(of: try workspace.preview(), members)
        let differences = Set(recorded.map(\.text)).symmetricDifference(decisions.map(\.text))
        #expect(differences.sorted().prefix(5) == [], "at \(instant)")
        #expect(recorded.count == decisions.count, "at \(instant)")
        let alone = Dictionary(grouping: decisions) { "\($0.member) \($0.strategy)" }
        // To most members nothing happened: some of them are asked about.
        let others = members.prefix(10).flatMap { member in strategies.map { "\(member) \($0)" } }
        for one in Set(alone.keys).union(others) {
            let words = (alone[one] ?? []).map { ($0.at, $0.outcome) }
                .sorted { $0.0 < $1.0 }.map(\.1).joined(separator: ", ")
            let value = try why(one, workspace)
            #expect(value == (words.isEmpty ? Self.nothing : words), "\(one) at \(instant)")
        }
        return decisions
    }

    private static let nothing = "nothing: no new occurrence matches a 'when' line"

    /// - Parameter one: a member and a strategy.
    private func why(_ one: String, _ workspace: Workspace) throws -> String {
        let names = one.split(separator: " ").map(String.init)
        guard case .strategy(_, _, let now) = try workspace.why(names[0], names[1])
        else { return "" }
        return now.first?.value ?? ""
    }

    /// What was decided about one occurrence of one member.
    private struct Verdict {
        let strategy: String
        let member: String
        let at: Int64
        let outcome: String
        let lines: [Int]
        var effect = ""

        var text: String { "\(strategy) \(member) \(at) \(lines) \(outcome) \(effect)" }
    }

    private func decisions(of preview: PreviewResult, _ members: [String]) -> [Verdict] {
        preview.decisions.map {
            Verdict(
                strategy: $0.strategy, member: $0.member, at: $0.at, outcome: $0.outcome,
                lines: [$0.trigger] + $0.alsoMatched,
                effect: "\($0.offer ?? "") \($0.channel ?? "") \($0.couponMinor)")
        } + preview.crowds.flatMap { crowd in
            crowd.members.map {
                Verdict(
                    strategy: crowd.strategy, member: members[Int($0)], at: crowd.at,
                    outcome: crowd.outcome, lines: [crowd.trigger] + crowd.alsoMatched)
            }
        }
    }

    private func recorded(
        _ shop: TestShop, _ run: RunReport, _ members: [String]
    ) throws -> [Verdict] {
        try shop.records { ledger in
            var names: [Int64: String] = [:]
            for name in run.evaluated {
                guard let known = try ledger.strategy(named: name) else { continue }
                names[known.id] = String(name.dropFirst("spring.".count))
            }
            return try ledger.outcomes(inRun: run.run).map {
                Verdict(
                    strategy: names[$0.strategy] ?? "", member: $0.member, at: $0.at,
                    outcome: $0.outcome, lines: [$0.trigger] + $0.alsoMatched,
                    effect: "\($0.offer ?? "") \($0.channel ?? "") \($0.couponMinor)")
            } + ledger.crowds(inRun: run.run).flatMap { crowd in
                crowd.members.rows.map {
                    Verdict(
                        strategy: names[crowd.strategy] ?? "", member: members[Int($0)],
                        at: crowd.at, outcome: crowd.outcome,
                        lines: [crowd.trigger] + crowd.alsoMatched)
                }
            }
        }
    }
}
