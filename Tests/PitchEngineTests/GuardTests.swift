import PitchEngine
import Testing

/// What is shared out: at most, budget and stock.
@Suite struct GuardTests {
    private func buy(_ shop: TestShop, _ members: String, at time: String) throws {
        for member in members {
            try shop.append(
                "orders.csv", "o-\(member)-\(time),\(member),2026-04-\(time),150,,,1")
        }
    }

    @Test func atMostOncePerPeriod() throws {
        let shop = try TestShop(TestShop.purchases("at most 1 per 2 days"))
        try shop.run("2026-04-02 10:00")
        try buy(shop, "ab", at: "02 10:10")
        try shop.append("orders.csv", "x1,a,2026-04-02 10:11,150,,,1")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 2, "at most": 1])
        try buy(shop, "a", at: "04 10:20")
        #expect(try shop.run("2026-04-04 10:29").outcomes == ["at most": 1])
        try buy(shop, "a", at: "04 10:21")
        #expect(try shop.run("2026-04-04 10:30").outcomes == ["issued": 1])
    }

    @Test func atMostOnceIsForEver() throws {
        let shop = try TestShop(TestShop.purchases("at most once"))
        try shop.run("2026-04-02 10:00")
        try buy(shop, "a", at: "02 10:10")
        try shop.run("2026-04-02 10:30")
        try buy(shop, "a", at: "20 10:10")
        #expect(try shop.run("2026-04-20 10:30").outcomes == ["at most": 1])
    }

    @Test func stockIsSharedByDraw() throws {
        let shop = try TestShop(TestShop.purchases(), coupon: "stock 2")
        try shop.run("2026-04-02 10:00")
        try buy(shop, "abe", at: "02 10:10")
        let preview = try loadedPreview(shop, "2026-04-02 10:30")
        #expect(try shop.run("2026-04-02 10:30").outcomes == ["issued": 2, "stock": 1])
        let issued = try shop.records { try $0.outcomes(inRun: 2) }
            .filter { $0.outcome == "issued" }.map(\.member).sorted()
        #expect(
            issued == preview.decisions.filter { $0.outcome == "issued" }.map(\.member).sorted())
        try buy(shop, "abe", at: "02 10:40")
        #expect(try shop.run("2026-04-02 11:00").outcomes == ["stock": 3])
    }

    /// A coupon of fixed dates is given up to its last day.
    @Test(arguments: [("01", "issued"), ("02", "coupon ended")])
    func aCouponWhoseDatesAreOverIsNotGiven(day: String, outcome: String) throws {
        let old = """
            coupon spring20 "Spring" {
                kind cash
                face 20 CNY
                valid 2026-03-01 to 2026-04-01
            }
            """
        let strategy = TestShop.purchases().replacing("give off20", with: "give spring20")
        let shop = try TestShop(strategy, budget: "budget 100 CNY", extra: old)
        try shop.run("2026-04-\(day) 10:00")
        try buy(shop, "ab", at: "\(day) 10:10")
        let report = try shop.run("2026-04-\(day) 10:30")
        #expect(report.outcomes == [outcome: 2])
        let coupons = try shop.records { try $0.coupons(of: nil, limit: 100) }
        #expect(coupons.count == (outcome == "issued" ? 2 : 0))
    }

    /// A draw by hash does not favour the first of the file: over many instants, each wins.
    @Test func drawIsFairAcrossInstants() throws {
        var winners: Set<String> = []
        for minute in 30..<50 where winners.count < 3 {
            let shop = try TestShop(TestShop.purchases(), coupon: "stock 1")
            try shop.run("2026-04-02 10:00")
            try buy(shop, "abe", at: "02 10:10")
            try shop.run("2026-04-02 10:\(minute)")
            winners.formUnion(
                try shop.records { try $0.outcomes(inRun: 2) }
                    .filter { $0.outcome == "issued" }.map(\.member))
        }
        #expect(winners == ["a", "b", "e"])
    }

    @Test func budgetCountsTheWorstCaseAndTheMessage() throws {
        // Two packs of 2 × 20 CNY and two messages of 0.05 CNY are 80.10 CNY.
        for (budget, issued) in [("80.10 CNY", 2), ("80.09 CNY", 1)] {
            let shop = try TestShop(
                TestShop.purchases().replacing("give off20", with: "give pack"),
                budget: "budget \(budget)")
            try shop.run("2026-04-02 10:00")
            try buy(shop, "abe", at: "02 10:10")
            let report = try shop.run("2026-04-02 10:30")
            #expect(report.outcomes == ["issued": issued, "budget": 3 - issued])
            #expect(report.issued == issued * 2)
        }
    }

    @Test func sumsOfTheLedgerAgree() throws {
        let shop = try TestShop(
            TestShop.purchases().replacing("give off20", with: "give pack"),
            budget: "budget 1000 CNY", coupon: "stock 3")
        try shop.run("2026-04-02 10:00")
        try buy(shop, "abe", at: "02 10:10")
        try shop.run("2026-04-02 10:30")
        try shop.records { ledger in
            let outcomes = try ledger.outcomes(inRun: 2)
            let coupons = try ledger.coupons(inRun: 2)
            let reserved = try ledger.reservations()["spring"]
            #expect(coupons.count == 2)
            #expect(Set(coupons.map(\.code)).count == 2)
            #expect(coupons.allSatisfy { $0.code.utf8.count == 22 })
            #expect(reserved?.couponMinor == coupons.reduce(0) { $0 + ($1.worstMinor ?? 0) })
            #expect(reserved?.couponMinor == outcomes.reduce(0) { $0 + $1.couponMinor })
            #expect(reserved?.messageMicro == outcomes.reduce(0) { $0 + $1.messageMicro })
            #expect(try ledger.issuedCoupons()["off20"] == 2)
        }
    }

    @Test func percentWithoutCapIsRefusedUnderABudget() throws {
        let extra = "coupon tenth { kind percent, face 10%, valid 7 days }"
        let clauses = TestShop.purchases().replacing("give off20", with: "give tenth")
        let shop = try TestShop(clauses, budget: "budget 100 CNY", extra: extra)
        let workspace = try Workspace(
            script: shop.folder.appending(path: "shop.pitch").path, asOf: "2026-04-02", clock: 0)
        if workspace.program != nil {
            let error = #expect(throws: WorkspaceError.self) { try workspace.run() }
            #expect(error?.exitCode == 1)
        }
        let free = try TestShop(clauses, extra: extra)
        #expect(try free.run("2026-04-02 10:00").audience == 0)
    }

    @Test func priorityGoesFirst() throws {
        let shop = try TestShop(
            TestShop.purchases(name: "later") + "\n"
                + TestShop.purchases("priority 5", name: "sooner"), coupon: "stock 1")
        try shop.run("2026-04-02 10:00")
        try buy(shop, "a", at: "02 10:10")
        try shop.run("2026-04-02 10:30")
        #expect(try shop.outcomes("a", in: "spring.sooner") == ["issued"])
        #expect(try shop.outcomes("a", in: "spring.later") == ["stock"])
    }

    /// The store loaded by another shop's run must not be needed: load first, then look.
    private func loadedPreview(_ shop: TestShop, _ asOf: String) throws -> PreviewResult {
        try shop.workspace(asOf).load()
        return try shop.preview(asOf)
    }
}

