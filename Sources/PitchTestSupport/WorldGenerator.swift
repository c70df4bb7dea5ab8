import PitchEvaluator
import PitchProgram
import PitchSchema

/// Makes a world from a seed: members with values of every type, some missing, some extreme, and
/// events at and one millisecond around the edges of windows.
package struct WorldGenerator {
    private var dice: Dice
    private let clock: WorldClock
    private let edges: [Int64]
    private let edgeDays: [Int32]
    private var nextRow: Int64 = 1

    package static func world(seed: UInt64) -> World {
        var generator = WorldGenerator(seed: seed)
        return generator.make()
    }

    private init(seed: UInt64) {
        dice = Dice(seed: seed)
        clock = WorldClock(&dice)
        edges = clock.edges
        edgeDays = clock.edgeDays
    }

    private mutating func make() -> World {
        let count = dice.pick([130, 131, 150, 191, 192, 193, 200, 256, 400])
        let members = (0..<count).map { member(number: $0) }
        let program = Program(
            project: Project(
                name: "World", zone: clock.moment.zone.name, currency: WorldSchema.currency,
                store: "world.db", weekStart: clock.moment.weekStart),
            dataSets: WorldSchema.dataSets)
        let products = Self.skus.dropLast(2).map { sku in
            World.TableRow(key: sku, values: row(of: WorldSchema.products, key: sku))
        }
        return World(
            program: program, moment: clock.moment, members: members,
            tables: [WorldSchema.products.index: products])
    }

    private mutating func member(number: Int) -> MemberRecord {
        let key = "m" + String(number)
        var events: [Int: [EventRecord]] = [:]
        for dataSet in [WorldSchema.orders, WorldSchema.visits] {
            events[dataSet.index] = self.events(of: dataSet)
        }
        return MemberRecord(
            key: key, values: row(of: WorldSchema.members, key: key), events: events)
    }

    private mutating func events(of dataSet: DataSetID) -> [EventRecord] {
        let count = dice.pick(weighted: [
            (25, 0), (50, dice.roll(1...6)), (20, dice.roll(7...15)), (5, dice.roll(16...40)),
        ])
        let records = (0..<count).map { _ in
            nextRow += 1
            return EventRecord(row: nextRow, values: row(of: dataSet, key: "k\(1000 + nextRow)"))
        }
        // Ties on `at` stay in the order of their keys.
        return records.sorted { ($0.values[1].raw ?? 0, $0.row) < ($1.values[1].raw ?? 0, $1.row) }
    }

    private mutating func row(of dataSet: DataSetID, key: String) -> [Value] {
        let fields = WorldSchema.dataSets[dataSet.index].fields
        return fields.enumerated().map { index, field in
            if index == 0 { return .text(key) }
            if field.isOptional, dice.chance(12) { return .missing }
            return value(of: field.type)
        }
    }

    // MARK: - Values

    package static let skus = ["bun", "ham", "tea", "茶", "豆腐", "gone", "lost"]
    package static let texts = [
        "", "a", "A", "coffee", "Coffee", "cof", "上海", "上海市", "北京", "\u{FF5E}", "\u{1F600}",
        "caf\u{E9}", "z", "beauty",
    ]
    package static let tags = ["beauty", "sale", "茶", "vip"]

    private mutating func value(of type: ValueType) -> Value {
        switch type {
        case .truth: .truth(dice.chance(50))
        case .integer: .integer(extreme(or: dice.roll(-3...12)))
        case .number:
            .number(extreme(or: dice.roll(Int64(-20)...60) * dice.pick([250_000, 333_333])))
        case .percent: .percent(dice.roll(Int64(0)...20) * 25_000)
        case .money: .money(extreme(or: dice.roll(Int64(-50)...500) * dice.pick([1, 5, 100])))
        case .text: .text(dice.pick(Self.texts))
        case .choice(let words): .text(dice.pick(words))
        case .reference: .text(dice.pick(Self.skus))
        case .date: .date(day())
        case .instant: .instant(instant())
        case .time: .time(Int32(dice.roll(0...95) * 900_000))
        case .duration: .duration(dice.roll(Int64(-4)...40) * dice.pick([1, 1000, 3_600_000]))
        case .tags: .tags(Self.tags.filter { _ in dice.chance(40) })
        case .quantity: .quantity(dice.roll(Int64(-10)...40) * 500_000)
        case .error: .missing
        }
    }

    private mutating func extreme(or usual: Int64) -> Int64 {
        dice.chance(2) ? dice.pick([.max, .min, .max / 2, .max / 1_000_000]) : usual
    }

    private mutating func day() -> Int32 {
        if dice.chance(60) { return dice.pick(edgeDays) + dice.pick([-1, 0, 0, 1]) }
        return clock.moment.today + Int32(dice.roll(-400...5))
    }

    private mutating func instant() -> Int64 {
        if dice.chance(60) { return dice.pick(edges) + dice.pick([-1, 0, 0, 1]) }
        if dice.chance(10) { return dice.pick(edges) + dice.pick([-3_600_000, 3_600_000]) }
        return clock.moment.now - dice.roll(Int64(0)...400)
            * dice.pick([3_600_000, millisecondsPerDay])
    }
}
