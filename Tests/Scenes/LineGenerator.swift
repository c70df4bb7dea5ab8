import PitchTestSupport

/// Draws `when` lines for a world.
struct LineGenerator {
    let world: World

    private var firstDay: Int { world.cycles[0].day }

    func line(_ dice: inout Dice) -> WhenLine {
        let days = ConditionScope(hasMember: true, hasOrders: true)
        let source = source(&dice)
        guard dice.chance(55) else { return WhenLine(source: source) }
        let scope =
            switch source {
            case .event(let events, _): rows(events, hasMember: true)
            // What counts may not change with the member: positions would move.
            case .count(let events, _): rows(events, hasMember: false)
            case .sequence(let sequence): rows(sequence.first, hasMember: false)
            case .idle: rows(WhenLine.Events(scene: "topup"), hasMember: false)
            case .weather:
                ConditionScope(columns: Feed.weather.columns)
            case .day, .joined, .enters, .expiring: days
            }
        return WhenLine(source: source, filter: scope.condition(&dice))
    }

    private func rows(_ events: WhenLine.Events, hasMember: Bool) -> ConditionScope {
        let feeds = events.feeds(of: world)
        let columns = (feeds.first?.columns ?? []).filter { $0.name != "action" }
        return ConditionScope(columns: columns, hasMember: hasMember, hasOrders: hasMember)
    }

    private func source(_ dice: inout Dice) -> WhenLine.Source {
        switch dice.pick(weighted: Self.weights) {
        case 0: return .event(events(&dice), isPerBasket: false)
        case 1: return .event(WhenLine.Events(scene: "purchase"), isPerBasket: true)
        case 2:
            let scene = dice.pick(["purchase", "purchase", "topup"])
            return .count(WhenLine.Events(scene: scene), position(&dice))
        case 3: return .sequence(sequence(&dice))
        case 4: return .idle(dice.pick([.minutes(60), .minutes(600), .days(1)]))
        case 5: return .day(days(&dice), minute: dice.pick([nil, nil, 0, 150, 720, 1200]))
        case 6: return .weather
        case 7: return .joined
        case 8: return .enters
        default: return .expiring(days: dice.roll(1...2))
        }
    }

    private static let weights = [
        (22, 0), (8, 1), (14, 2), (20, 3), (5, 4), (26, 5), (8, 6), (5, 7), (6, 8), (5, 9),
    ]

    private func events(_ dice: inout Dice) -> WhenLine.Events {
        let scene = dice.pick(["purchase", "topup", "coupon bought", "coupon used",
            "coupon claimed", "product", "product", "product"])
        return WhenLine.Events(
            scene: scene, action: scene == "product" ? dice.pick(World.actions) : nil)
    }

    private func position(_ dice: inout Dice) -> WhenLine.Position {
        switch dice.roll(0...2) {
        case 0: WhenLine.Position(number: 1, repeats: false)
        case 1: WhenLine.Position(number: dice.roll(2...4), repeats: false)
        default: WhenLine.Position(number: dice.roll(2...3), repeats: true)
        }
    }

    private func sequence(_ dice: inout Dice) -> WhenLine.Sequence {
        let first = dice.chance(50) ? WhenLine.Events(scene: "purchase") : events(&dice)
        let second = dice.chance(50) ? WhenLine.Events(scene: "purchase") : events(&dice)
        let isCounted = ["purchase", "topup"].contains(first.scene) && dice.chance(40)
        let hasProduct = [first, second].allSatisfy { ["purchase", "product"].contains($0.scene) }
        let isDated = [first, second].contains { $0.feeds(of: world).contains(where: \.isDated) }
        let spans: [Span] = isDated ? [.days(1), .days(2)] : [.minutes(20), .minutes(180), .days(1)]
        return WhenLine.Sequence(
            first: first, position: isCounted ? position(&dice) : nil, second: second,
            secondFilter: dice.chance(30)
                ? rows(second, hasMember: false).condition(&dice, depth: 0) : nil,
            isAbsence: dice.chance(50), isSameProduct: hasProduct && dice.chance(60),
            within: dice.pick(spans))
    }

    private func days(_ dice: inout Dice) -> WhenLine.Days {
        let clock = LocalClock()
        let near = { (dice: inout Dice) in firstDay + dice.roll(0...5) }
        switch dice.roll(0...14) {
        case 0, 1: return .yearly(field: "born", before: 0)
        case 2: return .yearly(field: "born", before: dice.roll(1...3))
        case 3, 10: return .yearly(field: "joined", before: 0)
        case 11, 14: return .yearly(field: "joined", before: dice.roll(1...2))
        case 4:
            let days = [clock.date(near(&dice)).day, dice.pick([1, 29, 30, 31])]
            return .monthly(Set(days).sorted())
        case 5: return .weekly([clock.date(near(&dice)).weekday])
        case 6: return .weekly(Set([dice.roll(1...7), dice.roll(1...7), 3]).sorted())
        case 7: return .weekdays
        case 12: return .daily
        case 8, 13: return .holidays
        default: return .once(near(&dice))
        }
    }
}
