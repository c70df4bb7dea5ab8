import PitchSchema

/// The rows of the demo shop. A member's row and orders follow from the seed and the member's
/// number alone, so that a larger shop begins with the members of a smaller one.
struct DemoRows {
    let shop: DemoShop

    static let membersHeader = "member_id,name,city,born,joined,phone,wechat_id,tags,sms_ok\n"
    static let ordersHeader = "order_id,member_id,ordered_at,total,category,channel\n"

    /// Appends the row of a member and those of the member's orders.
    /// - Returns: how many orders there are; they are numbered from `firstOrder`.
    func append(
        member number: Int, firstOrder: Int, to members: inout [UInt8], orders: inout [UInt8]
    ) -> Int {
        var dice = Dice(seed: shop.seed, stream: UInt64(number))
        let key = 10_000 + number
        let joined = Int(shop.today) - dice.below(1095)
        appendMember(key, joined: joined, &dice, to: &members)
        // One member in 400 has just filled a big basket; one in nine has never bought.
        let isFresh = number % 400 == 7
        let count = isFresh ? 2 + dice.below(6) : dice.below(9) == 0 ? 0 : dice.skewed(19)
        for index in 0..<count {
            let isBig = isFresh && index == count - 1
            let age = isBig
                ? Int64(dice.below(300) + 1) * 60_000
                : age(upTo: joined, lastIsOld: number % 5 == 0, &dice)
            let order = Order(
                number: firstOrder + index, member: key, at: shop.now - age,
                cents: isBig
                    ? 35_000 + dice.below(20_000)
                    : 900 + dice.skewed(60) * 1_000 + dice.below(1_000))
            append(order, &dice, to: &orders)
        }
        return count
    }

    private struct Order {
        let number: Int
        let member: Int
        let at: Int64
        let cents: Int
    }

    /// How long ago an order was, in milliseconds: after the member joined, mostly recent; for one
    /// member in five more than 60 days.
    private func age(upTo joined: Int, lastIsOld: Bool, _ dice: inout Dice) -> Int64 {
        let days = max(1, Int(shop.today) - joined)
        let least = lastIsOld && days > 70 ? 61 : 0
        let day = min(days - 1, least + dice.skewed(max(1, days - least)))
        return Int64(max(0, day)) * 86_400_000 + Int64(1 + dice.below(86_399)) * 1000
    }

    private func appendMember(
        _ key: Int, joined: Int, _ dice: inout Dice, to row: inout [UInt8]
    ) {
        row.append(decimal: key)
        row.append(text: ",")
        row.append(text: dice.pick(Self.familyNames))
        row.append(text: dice.pick(Self.givenNames))
        row.append(text: ",")
        row.append(text: dice.pick(Self.cities))
        row.append(text: ",")
        if dice.percent(92) { row.append(day: Int(shop.today) - 18 * 365 - dice.below(57 * 365)) }
        row.append(text: ",")
        row.append(day: joined)
        row.append(text: ",")
        if dice.percent(85) {
            row.append(text: "13")
            row.append(decimal: dice.below(1_000_000_000), width: 9)
        }
        row.append(text: ",")
        if dice.percent(70) {
            row.append(text: "wx-")
            row.append(decimal: key)
        }
        row.append(text: ",")
        appendTags(&dice, to: &row)
        row.append(text: dice.percent(80) ? ",yes\n" : ",no\n")
    }

    private func appendTags(_ dice: inout Dice, to row: inout [UInt8]) {
        var isFirst = true
        for tag in Self.tags where dice.percent(25) {
            if !isFirst { row.append(text: "|") }
            row.append(text: tag)
            isFirst = false
        }
    }

    private func append(_ order: Order, _ dice: inout Dice, to row: inout [UInt8]) {
        row.append(text: "A")
        row.append(decimal: order.number, width: 7)
        row.append(text: ",")
        row.append(decimal: order.member)
        row.append(text: ",")
        row.append(instant: order.at)
        row.append(text: ",")
        row.append(decimal: order.cents / 100)
        row.append(text: ".")
        row.append(decimal: order.cents % 100, width: 2)
        row.append(text: ",")
        row.append(text: dice.pick(Self.categories))
        row.append(text: ",")
        row.append(text: dice.pick(Self.channels))
        row.append(text: "\n")
    }

    private static let familyNames: [StaticString] = [
        "李", "王", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴",
    ]
    private static let givenNames: [StaticString] = [
        "娜", "伟", "芳", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "涛", "明", "超",
    ]
    private static let cities: [StaticString] = [
        "Shanghai", "Beijing", "Hangzhou", "Chengdu", "Shenzhen", "Nanjing", "西安", "厦门",
    ]
    private static let tags: [StaticString] = ["beauty", "coffee", "baby", "books", "sports"]
    private static let categories: [StaticString] = [
        "coffee", "bakery", "fruit", "dairy", "skin care", "household", "snacks",
    ]
    private static let channels: [StaticString] = ["web", "app", "store", "store"]
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same rows for the same seed on every machine.
struct Dice {
    private var state: UInt64

    init(seed: UInt64, stream: UInt64) {
        state = seed ^ (stream &* 0xD6E8_FEB8_6659_FD93)
        _ = next()
    }

    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// 0..<bound. - Precondition: `bound` is above 0.
    mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    /// 0..<bound, small numbers more often: the smaller of two throws.
    mutating func skewed(_ bound: Int) -> Int { min(below(bound), below(bound)) }

    mutating func percent(_ share: Int) -> Bool { below(100) < share }

    mutating func pick(_ words: [StaticString]) -> StaticString { words[below(words.count)] }
}

extension [UInt8] {
    fileprivate mutating func append(text: StaticString) {
        text.withUTF8Buffer { append(contentsOf: $0) }
    }

    /// - Precondition: `number` is not negative.
    fileprivate mutating func append(decimal number: Int, width: Int = 1) {
        var divisor = 1
        for _ in 1..<Swift.max(1, width) { divisor *= 10 }
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }

    fileprivate mutating func append(day: Int) {
        let date = CivilDate(days: day)
        append(decimal: date.year, width: 4)
        append(text: "-")
        append(decimal: date.month, width: 2)
        append(text: "-")
        append(decimal: date.day, width: 2)
    }

    /// The shop's wall clock, to the second.
    fileprivate mutating func append(instant: Int64) {
        append(day: Int(DemoShop.zone.day(of: instant)))
        append(text: "T")
        let seconds = Int(DemoShop.zone.time(of: instant) / 1000)
        append(decimal: seconds / 3600, width: 2)
        append(text: ":")
        append(decimal: seconds / 60 % 60, width: 2)
        append(text: ":")
        append(decimal: seconds % 60, width: 2)
    }
}
