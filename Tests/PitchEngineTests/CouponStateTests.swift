import Foundation
import PitchEngine
import PitchProgram
import PitchStore
import PitchTestSupport
import Testing

/// A shop that gives 20 off, and the till's files on what became of it.
private struct Till {
    let shop: TestShop

    static let extra = """
        table products from csv "products.csv" {
            key id
            department text
        }
        events claims from csv "claims.csv" {
            scene coupon claimed
            key id
            member member_id
            at at
            code text?
        }
        events redemptions from csv "redemptions.csv" {
            scene coupon used
            key id
            member member_id
            at at
            code text?
            discount money CNY?
            order_amount money CNY?
            product text?
        }
        events returns from csv "returns.csv" {
            scene coupon returned
            key id
            member member_id
            at at
            code text?
        }
        """

    init(budget: String = "budget 1000 CNY", coupon: String = "expect use 10%") throws {
        shop = try TestShop(
            TestShop.purchases(), budget: budget, coupon: coupon, extra: Self.extra)
        try shop.write("claims.csv", "id,member_id,at,code\n")
        try shop.write("returns.csv", "id,member_id,at,code\n")
        try shop.write(
            "redemptions.csv", "id,member_id,at,code,discount,order_amount,product\n")
        try shop.write("products.csv", "id,department\np1,bakery\np2,toys\n")
    }

    /// One coupon for each member, on 2 April 2026; their codes by member.
    func issue(to members: String = "ab") throws -> [String: String] {
        try shop.run("2026-04-02 10:00")
        for member in members {
            try shop.append("orders.csv", "o\(member),\(member),2026-04-02 10:10,150,,,1")
        }
        try shop.run("2026-04-02 10:30")
        let coupons = try shop.records { try $0.coupons(of: nil, limit: 100) }
        #expect(coupons.count == members.count)
        return Dictionary(coupons.map { ($0.member, $0.code) }) { $1 }
    }

    func cost(_ asOf: String) throws -> PlanCost {
        try shop.workspace(asOf).status().plans[0].cost
    }

    func state(of code: String?) throws -> CouponState? {
        try shop.records { try $0.coupons(of: [code ?? ""]) }.values.first?.state
    }
}

@Suite("States of coupons")
struct CouponStateTests {
    @Test("issued, claimed, used, returned, each once, and what it costs on the way")
    func wholeLife() throws {
        let till = try Till()
        let codes = try till.issue()
        let (a, shop) = (try #require(codes["a"]), till.shop)
        // Two coupons of 20.00 and two messages of 0.05.
        var cost = try till.cost("2026-04-02 10:30")
        #expect((cost.reservedMinor, cost.committedMinor, cost.realisedMinor) == (4000, 0, 10))
        #expect(cost.expectedMinor == 400)
        #expect(cost.leftMinor == 95_990)

        try shop.append("claims.csv", "c1,a,2026-04-02 11:00,\(a)")
        #expect(try shop.run("2026-04-02 11:00").load.coupons.claimed == 1)
        cost = try till.cost("2026-04-02 11:00")
        #expect((cost.reservedMinor, cost.committedMinor, cost.realisedMinor) == (2000, 2000, 10))
        #expect(cost.expectedMinor == 400)

        try shop.append("redemptions.csv", "r1,a,2026-04-03 09:00,\(a),15,200,")
        #expect(try shop.run("2026-04-03 10:00").load.coupons.used == 1)
        cost = try till.cost("2026-04-03 10:00")
        #expect((cost.reservedMinor, cost.committedMinor, cost.realisedMinor) == (2000, 0, 1510))
        #expect(cost.expectedMinor == 200)
        #expect(cost.leftMinor == 96_490)

        try shop.append("returns.csv", "t1,a,2026-04-04 09:00,\(a)")
        #expect(try shop.run("2026-04-04 10:00").load.coupons.returned == 1)
        cost = try till.cost("2026-04-04 10:00")
        #expect((cost.reservedMinor, cost.committedMinor, cost.realisedMinor) == (2000, 0, 10))
        #expect(try till.state(of: a) == .returned)

        let again = try shop.run("2026-04-04 10:30")
        #expect(again.load.coupons.isEmpty)
        #expect(try till.cost("2026-04-04 10:30") == cost)
    }

    @Test("a load alone matches, and loading again changes nothing")
    func load() throws {
        let till = try Till()
        let a = try #require(try till.issue()["a"])
        try till.shop.append("redemptions.csv", "r1,a,2026-04-03 09:00,\(a),,,")
        #expect(try till.shop.workspace("2026-04-03 10:00").load().coupons.used == 1)
        #expect(try till.shop.workspace("2026-04-03 11:00").load().coupons.isEmpty)
        #expect(try till.shop.run("2026-04-03 11:00").load.coupons.isEmpty)
        // Nothing is known of the order: the worst case.
        #expect(try till.cost("2026-04-03 11:00").realisedMinor == 2010)
    }

    @Test("a row dated in the future waits for its time")
    func future() throws {
        let till = try Till()
        let a = try #require(try till.issue()["a"])
        try till.shop.append("redemptions.csv", "r1,a,2026-04-03 09:00,\(a),,,")
        #expect(try till.shop.run("2026-04-02 11:00").load.coupons.isEmpty)
        #expect(try till.shop.run("2026-04-03 08:59").load.coupons.isEmpty)
        #expect(try till.shop.run("2026-04-03 09:00").load.coupons.used == 1)
    }

    @Test("a load at an instant before the last one matches nothing, and nothing twice")
    func backInTime() throws {
        let till = try Till()
        let codes = try till.issue()
        let (a, b) = (try #require(codes["a"]), try #require(codes["b"]))
        try till.shop.append("redemptions.csv", "r1,a,2026-04-03 09:00,\(a),,,")
        #expect(try till.shop.run("2026-04-05 10:00").load.coupons.used == 1)
        try till.shop.append("redemptions.csv", "r2,b,2026-04-04 09:00,\(b),,,")
        #expect(try till.shop.workspace("2026-04-04 10:00").load().coupons.isEmpty)
        #expect(try till.shop.run("2026-04-05 10:30").load.coupons.used == 1)
    }

    @Test(
        "what does not fit is a recorded conflict with its place, and changes nothing",
        arguments: [
            ("redemptions", "x,a,2026-04-03 09:00,NEVER,,,", "unknown code"),
            ("redemptions", "x,b,2026-04-03 09:00,A,,,", "of another member"),
            ("redemptions", "x,a,2026-04-01 09:00,A,,,", "not yet valid"),
            ("redemptions", "x,a,2026-04-17 00:00,A,,,", "past its last day"),
            ("redemptions", "x,a,2026-04-03 09:00,A,20.01,,", "more than it can cost"),
            ("redemptions", "x,a,2026-04-03 09:00,A,,99.99,", "below the threshold"),
            ("redemptions", "x,a,2026-04-03 09:00,A,,,p2", "not for this product"),
            ("returns", "x,a,2026-04-03 09:00,A", "not used"),
            ("claims", "x,a,2026-04-17 09:00,A", "past its last day"),
        ])
    func conflicts(file: String, row: String, reason: String) throws {
        let till = try Till(
            coupon: "expect use 10%\nthreshold 100 CNY\napplies to department = \"bakery\"")
        let a = try #require(try till.issue()["a"])
        let fields = row.split(separator: ",", omittingEmptySubsequences: false)
            .map { $0 == "A" ? a : String($0) }
        try till.shop.append(file + ".csv", fields.joined(separator: ","))
        // The expiry of 17 April takes both coupons; the row is matched before.
        let report = try till.shop.workspace("2026-04-17 10:00").load()
        #expect(report.coupons.conflicts == [reason: 1])
        let example = try #require(report.coupons.examples.first)
        #expect((example.dataSet, example.key, example.reason) == (file, "x", reason))
        #expect(try till.state(of: a) == .issued)
        let status = try till.shop.workspace("2026-04-16 23:59").status()
        #expect(status.conflicts == [reason: 1])
        #expect(status.plans[0].cost.reservedMinor == 4000)
    }

    @Test("a row without a code is about a coupon that another issued, and no conflict")
    func notOurs() throws {
        let till = try Till()
        let a = try #require(try till.issue()["a"])
        try till.shop.append(
            "redemptions.csv", "r1,a,2026-04-03 09:00,,5,50,", "r2,a,2026-04-03 09:01,\(a),,,",
            "r3,c,2026-04-03 09:02,,,,", "r4,c,2026-04-05 09:00,,,,")
        let report = try till.shop.run("2026-04-03 10:00").load.coupons
        #expect((report.used, report.notOurs) == (1, 2))
        #expect(report.conflicts == [:] && report.examples == [])
        #expect(try till.shop.workspace("2026-04-03 10:00").status().conflicts == [:])
        // Each is counted once, and when its time has come.
        #expect(try till.shop.run("2026-04-03 10:30").load.coupons.isEmpty)
        #expect(try till.shop.run("2026-04-05 10:00").load.coupons.notOurs == 1)
    }

    @Test("a use that is replaced by a later one is matched once")
    func datedAnew() throws {
        let till = try Till()
        let script = till.shop.folder.appending(path: "shop.pitch")
        try till.shop.write(
            "shop.pitch",
            String(contentsOf: script, encoding: .utf8)
                .replacing("code text?", with: "code text?\non change replace"))
        let a = try #require(try till.issue()["a"])
        try till.shop.append("redemptions.csv", "r1,a,2026-04-03 09:00,\(a),5,,")
        #expect(try till.shop.run("2026-04-03 10:00").load.coupons.used == 1)
        try till.shop.append("redemptions.csv", "r1,a,2026-04-03 11:00,\(a),5,,")
        for time in ["2026-04-03 12:00", "2026-04-03 13:00"] {
            #expect(try till.shop.run(time).load.coupons.isEmpty)
        }
        #expect(try till.state(of: a) == .used)
    }

    @Test("a row whose code is missing and must not be is quarantined")
    func blankCode() throws {
        let till = try Till()
        let script = till.shop.folder.appending(path: "shop.pitch")
        try till.shop.write(
            "shop.pitch",
            String(contentsOf: script, encoding: .utf8).replacing("code text?", with: "code text"))
        _ = try till.issue()
        try till.shop.append("redemptions.csv", "r1,a,2026-04-03 09:00,,,,")
        let load = try till.shop.run("2026-04-03 10:00").load
        #expect(load.quarantined == 1 && load.coupons.isEmpty)
    }

    @Test(
        "a product that is none of ours, or unknown, is the till's to judge",
        arguments: ["p1", "p9", ""])
    func products(product: String) throws {
        let till = try Till(coupon: "applies to department = \"bakery\"")
        let a = try #require(try till.issue()["a"])
        try till.shop.append("redemptions.csv", "r1,a,2026-04-03 09:00,\(a),,,\(product)")
        #expect(try till.shop.run("2026-04-03 10:00").load.coupons.used == 1)
    }

    @Test("nothing is used, claimed or returned twice")
    func twice() throws {
        let till = try Till()
        let a = try #require(try till.issue()["a"])
        try till.shop.append(
            "claims.csv", "c1,a,2026-04-02 11:00,\(a)", "c2,a,2026-04-02 11:01,\(a)")
        try till.shop.append(
            "redemptions.csv", "r1,a,2026-04-02 12:00,\(a),,,", "r2,a,2026-04-02 12:01,\(a),,,")
        try till.shop.append(
            "returns.csv", "t1,a,2026-04-02 13:00,\(a)", "t2,a,2026-04-02 13:01,\(a)")
        let report = try till.shop.run("2026-04-02 14:00").load.coupons
        #expect((report.claimed, report.used, report.returned) == (1, 1, 1))
        #expect(
            report.conflicts == ["already claimed": 1, "already used": 1, "already returned": 1])
    }

    /// 16 April is the 14th local day after issue; summer time began on 29 March, so the last
    /// instant is 21:59:59 UTC.
    @Test("it is valid to the end of its last local day")
    func lastDay() throws {
        let till = try Till()
        let codes = try till.issue()
        let (a, b) = (try #require(codes["a"]), try #require(codes["b"]))
        try till.shop.append(
            "redemptions.csv", "r1,a,2026-04-16T21:59:59Z,\(a),,,",
            "r2,b,2026-04-16T22:00:00Z,\(b),,,")
        let report = try till.shop.workspace("2026-04-17 10:00").load().coupons
        #expect(report.used == 1)
        #expect(report.conflicts == ["past its last day": 1])
    }

    @Test("expiry frees what is reserved, on the day after the last one")
    func expiry() throws {
        let till = try Till(budget: "budget 40.20 CNY", coupon: "expect use 10%")
        _ = try till.issue()
        try till.shop.append("orders.csv", "oe,e,2026-04-16 23:50,150,,,1")
        let before = try till.shop.run("2026-04-16 23:59")
        #expect(before.expired == 0)
        #expect(before.outcomes == ["budget": 1])
        try till.shop.append("orders.csv", "of,e,2026-04-17 00:05,150,,,1")
        try till.shop.workspace("2026-04-17 00:30").load()
        let preview = try till.shop.preview("2026-04-17 00:30")
        #expect(preview.outcomes == ["issued": 1])
        let after = try till.shop.run("2026-04-17 00:30")
        #expect(after.costs == preview.costs)
        #expect(after.expired == 2)
        #expect(after.outcomes == ["issued": 1])
        let cost = try till.cost("2026-04-17 00:30")
        #expect((cost.reservedMinor, cost.realisedMinor) == (2000, 15))
    }

    @Test("a use within its days that is loaded late takes the expiry back")
    func late() throws {
        let till = try Till()
        let a = try #require(try till.issue()["a"])
        #expect(try till.shop.run("2026-04-18 10:00").expired == 2)
        #expect(try till.state(of: a) == .expired)
        #expect(try till.cost("2026-04-18 10:00").reservedMinor == 0)
        try till.shop.append("redemptions.csv", "r1,a,2026-04-16 12:00,\(a),18,,")
        #expect(try till.shop.run("2026-04-18 11:00").load.coupons.used == 1)
        #expect(try till.state(of: a) == .used)
        #expect(try till.cost("2026-04-18 11:00").realisedMinor == 1810)
    }

    @Test("whatever rows come, the sums are those of the coupons", arguments: 0..<6)
    func sums(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let till = try Till()
        let codes = try till.issue(to: "abe")
        let pool = codes.values.sorted() + ["NEVER"]
        for day in 3...20 {
            for number in 0..<dice.roll(0...4) {
                let code = dice.pick(pool)
                let at = "2026-04-\(day < 10 ? "0" : "")\(day) 08:0\(number)"
                let member = codes.first { $0.value == code }?.key ?? "a"
                let id = "\(day)-\(number)"
                switch dice.roll(0...2) {
                case 0: try till.shop.append("claims.csv", "\(id),\(member),\(at),\(code)")
                case 1:
                    try till.shop.append(
                        "redemptions.csv",
                        "\(id),\(member),\(at),\(code),\(dice.pick(["", "5", "20", "21"])),,")
                default: try till.shop.append("returns.csv", "\(id),\(member),\(at),\(code)")
                }
            }
            if dice.chance(60) { try check(till, at: "2026-04-\(day < 10 ? "0" : "")\(day) 10:00") }
        }
        try check(till, at: "2026-04-21 10:00")
    }

    private func check(_ till: Till, at asOf: String) throws {
        try till.shop.run(asOf)
        try till.shop.records { ledger in
            let coupons = try ledger.coupons(of: nil, limit: 1000)
            var bound: Int64 = 0
            for state in CouponState.allCases {
                let these = coupons.filter { $0.state == state }
                let sums = try ledger.couponSums().filter { $0.state == state }
                #expect(sums.reduce(0) { $0 + $1.coupons } == Int64(these.count))
                #expect(
                    sums.reduce(0) { $0 + $1.heldMinor } == these.reduce(0) { $0 + $1.heldMinor })
                let cost = these.reduce(0) { $0 + ($1.costMinor ?? 0) }
                #expect(sums.reduce(0) { $0 + $1.costMinor } == cost)
                bound += state.isOpen ? these.reduce(0) { $0 + $1.heldMinor } : cost
            }
            #expect(try ledger.reservations()["spring"]?.couponMinor == bound)
        }
    }
}
