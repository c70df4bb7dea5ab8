import Foundation
import PitchEngine
import PitchTestSupport
import Testing

/// Whatever the order in which rows arrive, each is judged once, late ones too.
@Suite struct ArrivalOrderTests {
    private struct Order {
        let id: String
        let member: Character
        let minute: Int
        let basket: Int
        var row: String {
            "\(id),\(member),\(ArrivalOrderTests.time(minute)),10,tea,k\(basket)\(member),1"
        }
    }

    private struct Visit {
        let id: String
        let member: Character
        let minute: Int
        var row: String { "\(id),\(member),\(ArrivalOrderTests.time(minute)),cake,,,,carted" }
    }

    private static func time(_ minute: Int) -> String {
        let minutes = minute % 60 < 10 ? "0\(minute % 60)" : "\(minute % 60)"
        return "2026-04-02 \(10 + minute / 60):\(minutes)"
    }

    /// How long after the carts something is waited for, in minutes.
    private static let wait = 20

    @Test(arguments: 1...16)
    func eachRowOnce(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let orders = (0..<18).map { number in
            Order(
                id: "o\(number)", member: dice.pick(Array("abc")), minute: dice.roll(1...200),
                basket: dice.roll(0...5))
        }
        let visits = (0..<8).map { number in
            Visit(id: "v\(number)", member: dice.pick(Array("abc")), minute: dice.roll(1...200))
        }
        let shop = try TestShop.withScenes(
            "purchase", "purchase per basket", "first purchase", "every 3rd purchase",
            "product carted then purchase within \(Self.wait) minutes",
            "product carted then no purchase within \(Self.wait) minutes",
            clauses: "no limit\nfresh for 30 days")
        try shop.run("2026-04-02 10:00")
        try arrive(orders, visits, at: shop, &dice)
        try check(shop, orders, visits, seed)
    }

    /// In a random order, in random portions between runs, also before their time.
    private func arrive(
        _ orders: [Order], _ visits: [Visit], at shop: TestShop, _ dice: inout Dice
    ) throws {
        var rows = orders.map { ("orders.csv", $0.row) } + visits.map { ("visits.csv", $0.row) }
        for place in rows.indices.reversed() { rows.swapAt(place, dice.roll(0...place)) }
        var clock = 30
        while !rows.isEmpty {
            for _ in 0..<min(rows.count, dice.roll(1...9)) {
                let (file, row) = rows.removeLast()
                try shop.append(file, row)
            }
            try shop.run(Self.time(clock))
            clock += 30
        }
        // An order after everything shows that all is loaded.
        try shop.append("orders.csv", "z,d,2026-04-03 08:00,10,tea,,1")
        try shop.run("2026-04-03 09:00")
        #expect(try shop.run("2026-04-03 09:30").audience == 0)
    }

    private func check(
        _ shop: TestShop, _ orders: [Order], _ visits: [Visit], _ seed: UInt64
    ) throws {
        for member in "abc" {
            let own = orders.filter { $0.member == member }
            let carts = visits.filter { $0.member == member }
            let decided = try (1...6).map { number in
                try shop.decided(String(member), in: "spring.s\(number)")
            }
            for outcomes in decided {
                #expect(Set(outcomes).count == outcomes.count, "twice, seed \(seed)")
                #expect(outcomes.allSatisfy { $0.hasSuffix(" issued") }, "seed \(seed)")
            }
            #expect(Set(decided[0]) == Set(own.map { "orders \($0.id) issued" }), "seed \(seed)")
            #expect(decided[1].count == Set(own.map(\.basket)).count, "seed \(seed)")
            #expect(decided[2].count == min(1, own.count), "seed \(seed)")
            #expect(decided[3].count <= own.count / 3, "seed \(seed)")
            #expect(own.count < 3 || !decided[3].isEmpty, "seed \(seed)")
            let answered = carts.filter { cart in
                own.contains { (cart.minute...cart.minute + Self.wait).contains($0.minute) }
            }
            #expect(
                Set(decided[4].map(Self.cart)) == Set(answered.map(\.id)), "seed \(seed) \(member)")
            // What was answered may have seemed not to be, while its order was under way.
            let missed = Set(carts.map(\.id)).subtracting(answered.map(\.id))
            #expect(Set(decided[5].map(Self.cart)).isSuperset(of: missed), "seed \(seed) \(member)")
        }
    }

    /// `visits v3 then … issued`
    private static func cart(_ decided: String) -> String {
        String(decided.split(separator: " ")[1])
    }
}

/// What a run decides by columns, and `why` decides by rows of one member, is the same.
@Suite struct OneMemberTests {
    @Test(arguments: [
        "first purchase where amount >= 100 CNY and member.city != \"Beijing\"",
        "every 2nd purchase",
        "purchase per basket where count(orders) > 1",
        "product carted then purchase within 10 minutes",
        "product carted then no purchase where amount >= 100 CNY within 10 minutes",
        "topup where amount > 0 CNY", "balance idle for 10 minutes",
    ])
    func whyDecidesAsTheRunDoes(line: String) throws {
        // Only an occurrence that is an order can be left out of the orders.
        let isOrder = !line.contains("then no") && line.contains("purchase")
        let shop = try TestShop.withScenes(
            line,
            clauses: "no limit\nfor city = \"Shanghai\" or sum(orders.amount) > 800 CNY\n"
                + "if count(\(isOrder ? "other " : "")orders in last 1 hour) <= 3")
        try shop.run("2026-04-02 10:00")
        var dice = Dice(seed: 7)
        for number in 0..<40 {
            let member = dice.pick(Array("abcde"))
            let time = "2026-04-02 1\(dice.roll(0...1)):\(dice.roll(10...59))"
            try shop.append(
                "orders.csv",
                "o\(number),\(member),\(time),\(dice.roll(50...150)),,k\(dice.roll(0...9)),1")
            try shop.append("visits.csv", "v\(number),\(member),\(time),cake,,,,carted")
            try shop.append(
                "balances.csv", "t\(number),\(member),\(time),\(dice.roll(0...2)),9,card")
        }
        let workspace = try shop.workspace("2026-04-02 11:45")
        try workspace.load()
        let preview = try workspace.preview()
        #expect(Set(preview.decisions.map(\.outcome)).count > 1)
        for member in "abcde" {
            let expected = preview.decisions.filter { $0.member == String(member) }.map(\.outcome)
            guard case .strategy(_, _, let now) = try workspace.why(String(member), "s1") else {
                Issue.record("no strategy")
                continue
            }
            let value = now.first?.value ?? ""
            #expect(
                value == expected.joined(separator: ", ")
                    || (expected.isEmpty && value.hasPrefix("nothing: no new")), "\(member)")
        }
    }
}
