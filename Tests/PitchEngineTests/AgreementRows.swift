import PitchTestSupport

/// Members of a shop and what happens to them, the same in every process: files that grow from one
/// cycle to the next.
struct AgreementRows {
    /// A run, and how many rows of each kind come with it.
    struct Cycle {
        let day: Int
        let hour: Int
        let rows: Int
        let members: Int

        var instant: String { "2026-04-\(pad(day)) \(pad(hour)):00" }
    }

    /// The first run looks at everything for the first time; the last ones find coupons of the
    /// first days running out.
    static let cycles = [
        Cycle(day: 2, hour: 8, rows: 60, members: 260),
        Cycle(day: 2, hour: 12, rows: 300, members: 3),
        Cycle(day: 3, hour: 10, rows: 120, members: 6),
        Cycle(day: 5, hour: 14, rows: 80, members: 3),
        Cycle(day: 12, hour: 10, rows: 60, members: 2),
        Cycle(day: 13, hour: 9, rows: 60, members: 2),
    ]

    private(set) var memberKeys: [String] = []
    private var dice = Dice(seed: 20_260_402)
    private var number = 0
    private var lines: [String: [String]] = [
        "members.csv": ["id,city,born,phone,sms_ok"],
        "orders.csv": ["order_id,member_id,at,amount,category,basket,quantity"],
        "balances.csv": ["id,member,at,amount,balance,method"],
        "gift_cards.csv": ["id,member,at,coupon,price"],
        "redemptions.csv": ["id,member,at,coupon,discount"],
        "claims.csv": ["id,member,at,coupon"],
        "visits.csv": ["id,member,at,product,cart,old_price,price,act"],
        "weather.csv": ["place,at,condition,temperature,wind"],
        "holidays.csv": ["day,name", "2026-04-03,Good Friday", "2026-04-05,Easter", "2026-04-12,"],
    ]

    private static let towns = ["Shanghai", "Beijing", "Suzhou"]
    private static let actions = [
        "searched", "viewed", "compared", "carted", "carted", "carted", "favourited", "bought",
        "shared", "refunded", "price_changed", "restocked",
    ]

    /// The text of each file when a cycle begins.
    mutating func files(at cycle: Cycle) -> [String: String] {
        for _ in 0..<cycle.members { addMember() }
        for _ in 0..<cycle.rows { addOrder(cycle) }
        for _ in 0..<cycle.rows / 3 { addRows(cycle) }
        for town in Self.towns {
            for minutes in [170, 80, 20] {
                let row = [
                    dice.pick(["rain", "storm", "sun"]), optional("\(dice.roll(0...14))"),
                    optional("\(dice.roll(5...30))"),
                ]
                add("weather.csv", [town, time(cycle, minutes)] + row)
            }
        }
        return lines.mapValues { $0.map { $0 + "\n" }.joined() }
    }

    private mutating func addMember() {
        let key = "m" + pad(memberKeys.count, 3)
        memberKeys.append(key)
        // Birthdays in the days of the cycles, and others.
        let month = dice.chance(70) ? "04" : "02"
        let born = "\(dice.roll(1980...1999))-\(month)-\(pad(dice.roll(1...16)))"
        add("members.csv", [
            key, dice.pick(Self.towns), optional(born), optional("\(100 + memberKeys.count)"),
            dice.chance(75) ? "yes" : "no",
        ])
    }

    /// A few members do most of it; the first buys more than can be counted.
    private mutating func addOrder(_ cycle: Cycle) {
        let member = anyone()
        let category = optional(dice.pick(["tea", "coffee"]))
        let quantity = member == memberKeys[0] ? Int.max : dice.roll(1...3)
        add("orders.csv", [
            id(), member, time(cycle, dice.roll(1...170)), "\(dice.roll(1...20) * 10)", category,
            optional("k\(dice.roll(1...40))"), "\(quantity)",
        ])
    }

    private mutating func addRows(_ cycle: Cycle) {
        add("balances.csv", [
            id(), anyone(), time(cycle, dice.roll(1...170)), optional("\(dice.roll(1...9) * 10)"),
            "\(dice.roll(0...40) * 10)", dice.pick(["card", "card", "cash", "spent"]),
        ])
        add("gift_cards.csv", row(cycle) + ["card", "\(dice.roll(3...10) * 10)"])
        add("redemptions.csv", row(cycle) + [coupon(), "\(dice.roll(1...20))"])
        add("claims.csv", row(cycle) + [coupon()])
        for _ in 0..<4 {
            let price = dice.roll(5...30)
            add("visits.csv", row(cycle) + [
                dice.pick(["cake", "ham", "eel"]), optional("k\(dice.roll(1...40))"),
                optional("\(dice.roll(5...30))"), "\(price)", dice.pick(Self.actions),
            ])
        }
    }

    private mutating func row(_ cycle: Cycle) -> [String] {
        [id(), anyone(), time(cycle, dice.roll(1...170))]
    }

    private mutating func id() -> String {
        number += 1
        return "r\(number)"
    }

    private mutating func anyone() -> String {
        dice.chance(70) ? memberKeys[dice.roll(0...30)] : dice.pick(memberKeys)
    }

    private mutating func coupon() -> String { dice.pick(["off20", "gift", "none"]) }

    private mutating func optional(_ text: String) -> String { dice.chance(15) ? "" : text }

    /// Minutes before a cycle; some of it a day earlier, and some later than it.
    private mutating func time(_ cycle: Cycle, _ minutesBefore: Int) -> String {
        let day = dice.chance(10) ? cycle.day - 1 : cycle.day
        let shift = dice.chance(5) ? -2 * minutesBefore : minutesBefore
        let minutes = cycle.hour * 60 - shift
        return "2026-04-\(pad(day)) \(pad(minutes / 60)):\(pad(minutes % 60))"
    }

    private mutating func add(_ file: String, _ values: [String]) {
        lines[file, default: []].append(values.joined(separator: ","))
    }
}

private func pad(_ number: Int, _ width: Int = 2) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, width - text.count)) + text
}
