import PitchColumnar
import PitchProgram
import PitchSchema
import Testing

/// Edges: the first and the last day or instant that is in a window.
private struct Edge: Sendable {
    let window: Window
    let days: ClosedRange<Int64>
    let instants: ClosedRange<Int64>
}

@Suite struct WindowTests {
    private static let day: Int64 = 86_400_000
    private static let today = Shop.now / day

    private static func date(_ day: Int64) -> Expression {
        Expression(.constant(.date(Int32(day))), .date)
    }

    private static func instant(_ instant: Int64) -> Expression {
        Expression(.constant(.instant(instant)), .instant)
    }

    private static var edges: [Edge] {
        let now = Shop.now
        let month = CalendarUnit.month
        let first = Int64(month.start(containing: Int32(today), offset: -1, weekStart: 1))
        let next = Int64(month.start(containing: Int32(today), weekStart: 1))
        return [
            Edge(
                window: .last(Period(7, .day)), days: today - 6...today,
                instants: now - 7 * day + 1...now),
            Edge(
                window: .next(Period(3, .day)), days: today + 1...today + 3,
                instants: now + 1...now + 3 * day),
            Edge(
                window: .calendar(.day, offset: -1), days: today - 1...today - 1,
                instants: (today - 1) * day...today * day - 1),
            Edge(
                window: .calendar(.month, offset: -1), days: first...next - 1,
                instants: first * day...next * day - 1),
            Edge(
                window: .since(date(today - 4)), days: today - 4...Int64(Int32.max),
                instants: (today - 4) * day...Int64.max),
            Edge(
                window: .until(instant(now - 2 * day)), days: Int64(Int32.min)...today - 2,
                instants: Int64.min...now - 2 * day),
            Edge(
                window: .between(instant(now - 5 * day), date(today - 1)),
                days: today - 5...today - 1, instants: now - 5 * day...today * day - 1),
        ]
    }

    @Test(arguments: 0..<7) func valuesStandInWindows(index: Int) throws {
        let edge = Self.edges[index]
        let shop = Shop(members: 10)
        for (range, type) in [(edge.days, ValueType.date), (edge.instants, .instant)] {
            for edge in [range.lowerBound, range.upperBound] {
                for value in [edge &- 1, edge, edge &+ 1] {
                    if type == .date, Int32(exactly: value) == nil { continue }
                    let constant = Expression(.constant(Value(raw: value, as: type)), type)
                    let operand = Expression(.orElse(Self.none(type), constant), type)
                    let test = Make.truth(.isWithin(operand, Self.edges[index].window))
                    let expected = Answer.truth(range.contains(value))
                    #expect(try shop.answers(test) == [Answer](repeating: expected, count: 10))
                }
            }
        }
    }

    /// A column's value that is always missing: it keeps the operand from being a constant.
    private static func none(_ type: ValueType) -> Expression {
        let never = Make.truth(.and([Make.member(5), Make.truth(.not(Make.member(5)))]))
        return Expression(
            .choose([.init(never, Expression(.constant(.missing), type))], otherwise: nil), type)
    }

    @Test(arguments: 0..<7) func eventsAreCountedInWindows(index: Int) throws {
        let shop = Shop(members: 150)
        let edge = Self.edges[index]
        for (set, range, horizon) in [
            (Shop.orders, edge.instants, Shop.now), (Shop.visits, edge.days, Self.today),
        ] {
            let count = Make.aggregate(Aggregate(.count, over: set, window: edge.window))
            let expected: [Answer] = (0..<150).map { member in
                let inside = shop.eventRows[set.index][member].filter { row in
                    let at = shop.rows[set.index][row][0].raw ?? 0
                    return range.contains(at) && at <= horizon
                }
                return .value(.integer(Int64(inside.count)))
            }
            #expect(try shop.answers(count) == expected)
        }
    }

    @Test func ownBoundsMayBeMissing() throws {
        let shop = Shop(members: 150)
        let test = Make.truth(
            .isWithin(Make.member(4), .between(Make.member(3), Self.date(Self.today))))
        let expected: [Answer] = shop.rows[0].map { member in
            guard let seen = member[4].raw, let born = member[3].raw else { return .missing }
            return .truth(seen >= born * Self.day && seen < (Self.today + 1) * Self.day)
        }
        #expect(try shop.answers(test) == expected)
    }
}
