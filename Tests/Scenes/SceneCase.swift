import PitchTestSupport

/// A world, and strategies that wait for what happens in it.
struct SceneCase {
    var world: World
    var strategies: [SceneStrategy]

    init(seed: UInt64) {
        var dice = Dice(seed: seed)
        let world = World(&dice)
        self.world = world
        strategies = (1...4).map { SceneStrategy("s\($0)", in: world, &dice) }
    }

    var script: String {
        let feeds = world.feeds.map(\.declaration).joined()
        let segments = strategies.map(\.segments).joined()
        return """
            pitch 1
            project "Scenes" {
                timezone "\(LocalClock.name)"
                currency CNY
                store "shop.db"
            }
            members from csv "members.csv" {
                key id
                city text?
                points integer?
                born date?
                joined date?
            }
            \(feeds)
            table holidays from csv "holidays.csv" {
                key day date
            }
            coupon off20 "20 off" {
                kind cash
                face 20 CNY
                valid \(Self.couponDays) days
            }
            \(segments)
            plan all "All" {
                valid 2025-01-01 to 2029-12-31
            \(strategies.map(\.text).joined(separator: "\n"))
            }

            """
    }

    static let couponDays = 3

    /// The script, and what comes with which cycle.
    var text: String {
        let clock = LocalClock()
        var text = script
        for (number, cycle) in world.cycles.enumerated() {
            text += "\n=== cycle \(number) at \(clock.text(day: cycle.day, minute: cycle.minute))\n"
            for member in world.members where member.arrives == number {
                text += "members: " + member.csv(clock)
            }
            for row in world.rows where row.arrives == number {
                text += "\(row.feed.rawValue): " + row.csv(clock)
            }
        }
        return text + "\nholidays: \(world.holidays.map { clock.text(day: $0) })\n"
    }
}

/// One strategy.
struct SceneStrategy {
    let name: String
    var lines: [WhenLine]
    var segment: Condition?
    /// Of lines with `enters`.
    let entered: Condition
    var condition: Condition?
    let every: Span
    let freshFor: Span?
    let lookBack: Span?
    let catchUpDays: Int

    init(_ name: String, in world: World, _ dice: inout Dice) {
        self.name = name
        let generator = LineGenerator(world: world)
        let lines = (1...dice.pick([1, 1, 2, 3])).map { _ in generator.line(&dice) }
        self.lines = lines
        let members = ConditionScope(hasMember: true, hasOrders: true)
        segment = dice.chance(35) ? members.condition(&dice) : nil
        entered = members.condition(&dice) ?? .isMissing(.member("city"))
        var scope = members
        let money = lines.map { Set($0.money) }
        scope.thisMoney = money.dropFirst().reduce(money[0]) { $0.intersection($1) }.sorted()
        scope.hasOthers = !world.hasReceipts && lines.allSatisfy(\.isAboutPurchases)
        condition = dice.chance(35) ? scope.condition(&dice) : nil
        every = dice.pick([.minutes(30), .minutes(30), .minutes(30), .minutes(360), .days(1)])
        freshFor = dice.pick([nil, nil, .minutes(120), .days(3), .days(30)])
        lookBack = dice.pick([nil, nil, nil, .minutes(180), .days(1), .days(2)])
        catchUpDays = dice.pick([0, 0, 1, 2])
    }

    var segments: String {
        "segment in_\(name) = \(entered.text)\n"
            + (segment.map { "segment for_\(name) = \($0.text)\n" } ?? "")
    }

    var text: String {
        let clauses =
            (segment == nil ? [] : ["for for_\(name)"])
            + lines.map { "when " + $0.text.replacing("SEGMENT", with: "in_\(name)") }
            + (condition.map { ["if \($0.text)"] } ?? [])
            + ["give off20", "every \(every.text)", "no limit"]
            + (freshFor.map { ["fresh for \($0.text)"] } ?? [])
            + (lookBack.map { ["look back \($0.text)"] } ?? [])
            + (catchUpDays == 0 ? [] : ["catch up \(Span.days(catchUpDays).text)"])
        return "strategy \(name) {\n    " + clauses.joined(separator: "\n    ") + "\n}"
    }

    /// The forms that it shows.
    var words: [String] {
        lines.flatMap(\.words) + (segment == nil ? [] : ["for"])
            + (condition == nil ? [] : ["if"]) + (freshFor == nil ? [] : ["fresh"])
            + (lookBack == nil ? [] : ["look back"]) + (catchUpDays == 0 ? [] : ["catch up"])
            + (lines.count == 1 ? [] : ["several lines"])
    }

    static let required =
        WhenLine.required + ["for", "if", "fresh", "look back", "catch up", "several lines"]
}

extension WhenLine {
    /// The events that `this` shows.
    private var shown: Events? {
        switch source {
        case .event(let events, _), .count(let events, _): events
        case .sequence(let sequence): sequence.isAbsence ? sequence.first : sequence.second
        case .idle: Events(scene: "topup")
        default: nil
        }
    }

    /// The fields of `this` that are money.
    fileprivate var money: [String] {
        switch shown?.scene {
        case "purchase", "topup": ["amount"]
        case "coupon bought": ["price"]
        case "coupon used": ["discount"]
        default: []
        }
    }

    fileprivate var isAboutPurchases: Bool { shown?.scene == "purchase" }
}
