import Foundation
import PitchEngine
import PitchProgram
import PitchStore
import Testing

/// `pitch run` killed at every call that changes a file, and run again.
@Suite(.serialized) struct KillTests {
    /// Kills at the first call, then at the second, and so on, until a run comes to its end.
    @Test func killedAnywhereARunRepeatsCleanly() throws {
        let start = try prepared()
        let untouched = try start.copy()
        try untouched.run(TestShop.now)
        let expected = try Picture(of: untouched)
        #expect(expected.files.count == 2)
        #expect(expected.sums.map(\.state).contains(.used))
        #expect(expected.sums.map(\.state).contains(.expired))
        #expect(expected.outcomes.contains { $0.contains("issued") })

        var call = 0
        var wasKilled = true
        while wasKilled {
            call += 1
            let shop = try start.copy()
            let ending = try Command.pitch("run", shop, .kill(at: call))
            wasKilled = ending.wasKilled
            #expect(wasKilled || ending.code == 0, "call \(call): \(ending.errors)")
            let left = try shop.files().filter { !$0.key.hasPrefix(".") }
            if wasKilled { try shop.run(TestShop.now) }
            #expect(try Picture(of: shop) == expected, "after call \(call)")
            for (name, bytes) in left {
                #expect(try shop.files()[name] == bytes, "after call \(call): \(name)")
            }
        }
        print("killed at each of \(call - 1) calls that change a file")
        #expect(call > 20)
    }

    /// What a run leaves, without the codes, which nobody can foresee.
    struct Picture: Equatable {
        var files: [String: String]
        var outcomes: [String]
        var coupons: [String]
        var reserved: Reservation?
        var waiting: Int
        /// Every coupon's state, what its use cost, and the sums by state.
        var states: [String]
        var sums: [CouponSum]

        init(of shop: TestShop) throws {
            let code = try Regex("[0-9A-Z]{22}")
            files = try shop.files().mapValues { $0.replacing(code, with: "CODE") }
            (states, sums) = try shop.records { ledger in
                let states = try ledger.coupons(of: nil, limit: 100).map {
                    "\($0.member) \($0.issuedAt) \($0.state) \($0.costMinor ?? -1)"
                }
                return (states.sorted(), try ledger.couponSums())
            }
            (outcomes, coupons, reserved, waiting) = try shop.records { ledger in
                let runs = try ledger.runs(limit: 10).map(\.run.id)
                return (
                    try runs.flatMap { try ledger.outcomes(inRun: $0) }.map { "\($0)" },
                    try runs.flatMap { try ledger.coupons(inRun: $0) }
                        .map { "\($0.coupon) \($0.lastDay)" }.sorted(),
                    try ledger.reservations()["spring"],
                    try ledger.outboxCounts().reduce(0) { $0 + $1.queued }
                )
            }
        }
    }

    private func prepared() throws -> TestShop {
        let shop = try TestShop(
            TestShop.purchases("at most 1 per 1 day"), budget: "budget 75 CNY",
            extra: """
                events redemptions from csv "redemptions.csv" {
                    scene coupon used
                    key id
                    member member_id
                    at at
                    code text
                    discount money CNY
                }
                """)
        try shop.write("redemptions.csv", "id,member_id,at,code,discount\n")
        // Two coupons from March: one was used, the other's last day is over; one row of
        // redemption data is about neither. The killed run finds all that, too.
        try shop.run("2026-03-18 10:00")
        try shop.append("orders.csv", "m0,a,2026-03-18 10:10,150,,,1")
        try shop.append("orders.csv", "m1,e,2026-03-18 10:10,150,,,1")
        try shop.run("2026-03-18 10:30")
        for coupon in try shop.records({ try $0.coupons(of: "a", limit: 1) }) {
            try shop.append(
                "redemptions.csv", "r1,a,2026-03-20 12:00,\(coupon.code),15",
                "r2,a,2026-03-20 12:01,NEVER,15")
        }
        for (index, member) in "abcdea".enumerated() {
            try shop.append(
                "orders.csv", "o\(index),\(member),2026-04-02 10:\(10 + index),150,,,1")
        }
        return shop
    }
}
