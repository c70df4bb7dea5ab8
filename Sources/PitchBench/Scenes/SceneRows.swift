import PitchTestSupport

/// The members of a coffee chain and what they did: a history of 400 days up to noon of the
/// baseline day, and the news of the two hours after it. A member's rows follow from the member's
/// number alone.
struct SceneRows {
    let members: Int

    /// 2026-04-01, in days since 1970-01-01.
    static let today = 20_544
    static let baseline = "2026-04-01 12:00"
    /// In the slot of the baseline: nothing is due.
    static let pause = "2026-04-01 12:01"
    static let next = "2026-04-01 14:30"
    static let newEvents = 50_000
    static let membersWithNews = 10_000
    static let eventSets: [SceneFiles.Name] = [
        .orders, .topups, .claims, .redemptions, .giftCards, .browsing,
    ]

    private static let cities = (1...36).map { "City \($0)" }
    private static let products: [(title: String, family: String, price: Int)] = [
        ("Espresso", "coffee", 18), ("Flat white", "coffee", 28), ("Oat latte", "coffee", 32),
        ("Cold brew", "coffee", 30), ("Jasmine tea", "tea", 22), ("Croissant", "food", 16),
        ("Cheesecake", "food", 34), ("House beans", "beans", 78), ("Yirgacheffe", "beans", 118),
    ]

    // MARK: - History

    /// - Returns: how many rows there are.
    func writeHistory(to folder: String) throws -> Int {
        let files = try SceneFiles(SceneFiles.Name.allCases, in: folder)
        for (number, product) in Self.products.enumerated() {
            try files.add(
                .products, .number(number), .text(product.title), .text(product.family),
                .cents(product.price * 100))
        }
        try files.add(.feasts, .day(Self.today + 4), .text("Qingming"))
        try files.add(.feasts, .day(Self.today + 30), .text("Labour Day"))
        for member in 0..<members {
            var past = MemberPast(number: member, files: files)
            try past.write()
        }
        for day in Self.today - 30...Self.today {
            for hour in [7, 10, 13, 16] where day < Self.today || hour < 12 {
                try addWeather(at: day * 86_400 + hour * 3600, to: files) { city in
                    day < Self.today && (day + city) % 3 == 0
                }
            }
        }
        try files.close()
        return files.rows
    }

    /// An observation in each city: 9 °C and rain, or 17 °C and sun.
    private func addWeather(
        at instant: Int, to files: SceneFiles, isWet: (Int) -> Bool
    ) throws {
        for (number, city) in Self.cities.enumerated() {
            let isWet = isWet(number)
            try files.add(
                .weather, .text(city), .instant(instant), .text(isWet ? "rain" : "sun"),
                .number(isWet ? 9 : 17), .text(isWet ? "85%" : "55%"), .number(number % 8))
        }
    }

    // MARK: - News

    /// 50,000 events of 10,000 members, five each, and an observation in each city: it rains in
    /// one.
    /// - Returns: how many rows there are.
    func writeNews(to folder: String) throws -> Int {
        let files = try SceneFiles(Self.eventSets + [.weather], in: folder, suffix: "-news")
        for place in 0..<Self.membersWithNews {
            let member = place * (members / Self.membersWithNews)
            var news = MemberNews(number: member, place: place, files: files)
            try news.write()
        }
        try addWeather(at: Self.today * 86_400 + 13 * 3600, to: files) { $0 == 0 }
        try files.close()
        return files.rows
    }

    fileprivate static func city(_ dice: inout Dice) -> String { dice.pick(cities) }

    fileprivate static func product(_ dice: inout Dice) -> (number: Int, price: Int) {
        let number = dice.roll(0...products.count - 1)
        return (number, products[number].price)
    }
}

/// What all rows of a member have in common.
private protocol MemberRows {
    var number: Int { get }
    var files: SceneFiles { get }
    var dice: Dice { get set }
}

extension MemberRows {
    var key: CsvRowFile.Cell { .key("M", number, 0) }

    mutating func addBasket(_ basket: Int, lines: Int, at: Int, cart: Int? = nil) throws {
        for line in 0..<lines {
            let product = SceneRows.product(&dice)
            let quantity = dice.chance(15) ? 2 : 1
            try files.add(
                .orders, .key("L", number, basket * 10 + line), .key("B", number, basket), key,
                .instant(at), .number(product.number), .number(quantity),
                .cents(product.price * quantity * 100), .text(cart == nil ? "store" : "app"),
                cart.map { .key("K", number, $0) } ?? .text(""))
        }
    }

    mutating func addTopup(_ change: Int, amount: Int, balance: Int, at: Int) throws {
        try files.add(
            .topups, .key("T", number, change), key, .instant(at), .cents(amount * 100),
            .cents(balance * 100), .text(dice.chance(50) ? "app" : "till"))
    }

    mutating func addClaim(_ claim: Int, at: Int) throws {
        try files.add(
            .claims, .key("C", number, claim), key, .instant(at), .text("weekday cup"))
    }

    mutating func addRedemption(_ use: Int, at: Int) throws {
        try files.add(
            .redemptions, .key("U", number, use), key, .instant(at), .text("weekday cup"),
            .cents(1000), .cents(dice.pick([28, 60, 96, 150]) * 100))
    }

    mutating func addGiftCard(_ sale: Int, at: Int) throws {
        try files.add(
            .giftCards, .key("G", number, sale), key, .instant(at), .text("gift card"),
            .cents(dice.pick([50, 100, 200]) * 100), .number(1))
    }

    mutating func addBrowsing(_ event: Int, _ action: String, at: Int) throws {
        let product = SceneRows.product(&dice)
        try files.add(
            .browsing, .key("E", number, event), key, .instant(at), .text(action),
            .number(product.number), action == "carted" ? .key("K", number, event) : .text(""),
            action == "price_changed" ? .cents(product.price * 125) : .text(""),
            .cents(product.price * 100))
    }
}

/// A member, with about five order lines, a top-up and two other events in 400 days.
private struct MemberPast: MemberRows {
    let number: Int
    let files: SceneFiles
    var dice: Dice

    init(number: Int, files: SceneFiles) {
        self.number = number
        self.files = files
        dice = Dice(seed: UInt64(number))
    }

    mutating func write() throws {
        try files.add(
            .members, key, .key("Member ", number, 0), .text(SceneRows.city(&dice)),
            dice.chance(80) ? .day(dice.roll(200...13_000)) : .text(""),
            .day(SceneRows.today - dice.roll(1...1300)),
            dice.chance(85) ? .key("138", number, 0) : .text(""),
            dice.chance(70) ? .key("app", number, 0) : .text(""),
            .text(dice.chance(75) ? "yes" : "no"))
        for basket in 0..<dice.roll(0...5) {
            try addBasket(basket, lines: dice.pick([1, 1, 2, 2, 3, 3]), at: instant())
        }
        try writeTopups()
        try writeCoupons()
        try writeBrowsing()
    }

    private mutating func writeTopups() throws {
        guard dice.chance(40) else { return }
        var balance = 0
        let instants = (0..<dice.roll(1...4)).map { _ in instant() }.sorted()
        for (change, at) in instants.enumerated() {
            let spends = balance > 100 && dice.chance(60)
            let amount = dice.pick(spends ? [-28, -46, -64, -92] : [100, 200, 300, 500])
            balance += amount
            try addTopup(change, amount: amount, balance: balance, at: at)
        }
    }

    private mutating func writeCoupons() throws {
        guard dice.chance(30) else { return }
        for claim in 0..<dice.roll(1...3) {
            try addClaim(claim, at: instant())
            if dice.chance(50) { try addRedemption(claim, at: instant()) }
            if dice.chance(20) { try addGiftCard(claim, at: instant()) }
        }
    }

    private mutating func writeBrowsing() throws {
        guard dice.chance(40) else { return }
        for event in 0..<dice.roll(1...4) {
            let action = dice.pick(
                ["searched", "viewed", "favourited", "carted", "carted", "price_changed"])
            let at = instant()
            try addBrowsing(event, action, at: at)
            if action == "carted", dice.chance(66) {
                try addBasket(100 + event, lines: 1, at: at + dice.roll(5...55) * 60, cart: event)
            }
        }
    }

    /// In opening hours of the last 400 days, mostly recent; today before 11:00.
    private mutating func instant() -> Int {
        let age = min(dice.roll(0...399), dice.roll(0...399))
        let second = age == 0 ? dice.roll(25_200...39_600) : dice.roll(25_200...75_600)
        return (SceneRows.today - age) * 86_400 + second
    }
}

/// Five events of a member after the baseline: a basket of two lines, and three others.
private struct MemberNews: MemberRows {
    let number: Int
    /// Among the members with news.
    let place: Int
    let files: SceneFiles
    var dice: Dice

    init(number: Int, place: Int, files: SceneFiles) {
        self.number = number
        self.place = place
        self.files = files
        dice = Dice(seed: UInt64(number) + 1 << 40)
    }

    mutating func write() throws {
        try addBasket(200, lines: 2, at: instant())
        if place % 2 == 0 {
            try addTopup(50, amount: dice.pick([100, 200, 300, 500]), balance: 600, at: instant())
        } else {
            try addClaim(50, at: instant())
        }
        // Two hours later, before the next cycle, nobody has bought what is in these carts.
        try addBrowsing(50, dice.pick(["carted", "favourited"]), at: start + dice.roll(0...600))
        switch place % 4 {
        case 0: try addRedemption(50, at: instant())
        case 1: try addGiftCard(50, at: instant())
        case 2: try addBrowsing(51, "price_changed", at: instant())
        default: try addBasket(201, lines: 1, at: instant())
        }
    }

    /// 12:05 of the baseline day.
    private var start: Int { SceneRows.today * 86_400 + 43_500 }

    private mutating func instant() -> Int { start + dice.roll(0...8_100) }
}
