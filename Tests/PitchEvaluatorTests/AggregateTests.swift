import PitchEvaluator
import PitchProgram
import PitchSchema
import Testing

/// language.md §4 and §7: aggregates over a member's events.
@Suite struct AggregateTests {
    private static let start = Shop.at(2017, 6, 1)
    private let orders = [
        Shop.order(1, at: start, 100, "bun"), Shop.order(2, at: start + 1, nil, "ham"),
        Shop.order(3, at: start + 2, 300, nil), Shop.order(4, at: start + 2, 303, "bun"),
    ]
    private let at = Expression(.eventField(FieldID(Shop.orders, 1)), .instant)

    private func money(
        _ function: Aggregate.Function, of orders: [EventRecord], position: Int = 1
    ) -> Value? {
        evaluate(
            aggregate(function, amount, position: position, type: Shop.dollars), orders: orders)
    }

    @Test func missingArgumentsAreSkipped() {
        #expect(money(.sum, of: orders) == .money(703))
        #expect(money(.min, of: orders) == .money(100))
        #expect(money(.max, of: orders) == .money(303))
        #expect(evaluate(aggregate(.distinct, amount), orders: orders) == .integer(3))
        #expect(evaluate(aggregate(.count), orders: orders) == .integer(4))
    }

    @Test func ofNone() {
        for function in [Aggregate.Function.avg, .min, .max, .first, .last, .nth] {
            #expect(money(function, of: []) == .missing)
        }
        #expect(money(.sum, of: []) == .money(0))
        #expect(evaluate(aggregate(.count)) == .integer(0))
        #expect(evaluate(aggregate(.distinct, amount)) == .integer(0))
        #expect(evaluate(aggregate(.streak)) == .integer(0))
        #expect(money(.sum, of: [Shop.order(1, at: Self.start, nil)]) == .money(0))
        #expect(money(.avg, of: [Shop.order(1, at: Self.start, nil)]) == .missing)
    }

    @Test(
        arguments: [
            ([1, 2], Int64(2)), ([1, 4], 2), ([2, 5], 4), ([-1, -2], -2), ([-1, -4], -2),
            ([1, 1, 2], 1), ([1, 2, 2], 2),
        ] as [([Int64], Int64)])
    func averagesRoundHalfToEven(minors: [Int64], expected: Int64) {
        let orders = minors.enumerated().map { index, minor in
            Shop.order(Int64(index), at: Self.start, minor)
        }
        #expect(money(.avg, of: orders) == .money(expected))
    }

    @Test func theAverageOfIntegersIsANumber() {
        let length = Expression(
            .call(.length, [Expression(.eventField(FieldID(Shop.orders, 0)), .text)]), .integer)
        let orders = [1, 22, 333].map { Shop.order($0, at: Self.start) }
        #expect(
            evaluate(aggregate(.avg, length, type: .number), orders: orders)
                == .number(2_000_000))
        #expect(
            evaluate(aggregate(.avg, length, type: .number), orders: Array(orders.prefix(2)))
                == .number(1_500_000))
    }

    /// Order is the data set's: by `at`, then key; the last event's value counts even if missing.
    @Test func firstLastAndNthTakeTheEventNotTheValue() {
        #expect(money(.first, of: orders) == .money(100))
        #expect(money(.last, of: orders) == .money(303))
        #expect(money(.nth, of: orders, position: 2) == .missing)
        #expect(money(.nth, of: orders, position: 3) == .money(300))
        #expect(money(.nth, of: orders, position: 4) == .money(303))
        #expect(money(.nth, of: orders, position: 5) == .missing)
        #expect(money(.last, of: Array(orders.prefix(2))) == .missing)
        #expect(
            evaluate(aggregate(.last, at, type: .instant), orders: orders)
                == .instant(Self.start + 2))
    }

    @Test func onlyTrueFiltersCount() {
        let big = truth(.compare(.greater, amount, PitchEvaluatorTests.money(200)))
        #expect(evaluate(aggregate(.count, where: big), orders: orders) == .integer(2))
        let notBig = truth(.not(big))
        #expect(evaluate(aggregate(.count, where: notBig), orders: orders) == .integer(1))
        let overflowing = truth(
            .compare(
                .greater,
                Expression(
                    .arithmetic(.multiply, amount, integer(.max)), Shop.dollars),
                PitchEvaluatorTests.money(0)))
        #expect(evaluate(aggregate(.count, where: overflowing), orders: orders) == nil)
        let before = Window.until(instant(Self.start - 1))
        #expect(
            evaluate(aggregate(.count, in: before, where: overflowing), orders: orders)
                == .integer(0))
    }

    @Test func referencesReadThroughTables() {
        let product = Expression(.eventField(FieldID(Shop.orders, 3)), .reference("products"))
        let department = Expression(.lookup(table: Shop.products, key: product, field: 1), .text)
        let pastry = truth(.compare(.equal, department, text("PASTRY")))
        #expect(evaluate(aggregate(.count, where: pastry), orders: orders) == .integer(2))
        let unclear = truth(.isMissing(department))
        #expect(evaluate(aggregate(.count, where: unclear), orders: orders) == .integer(2))
        let lost = truth(.isMissing(product))
        let more = orders + [Shop.order(9, at: Self.start, 100, "no such product")]
        #expect(evaluate(aggregate(.count, where: lost), orders: orders) == .integer(1))
        #expect(evaluate(aggregate(.count, where: lost), orders: more) == .integer(2))
    }

    @Test func totalsOverflowOnlyAtTheEnd() {
        let huge = [Int64.max, 1, -1].enumerated().map {
            Shop.order(Int64($0.offset), at: Self.start, $0.element)
        }
        #expect(money(.sum, of: huge) == .money(.max))
        #expect(money(.sum, of: Array(huge.prefix(2))) == nil)
        #expect(money(.avg, of: Array(huge.prefix(2))) == .money(1 << 62))
        let total = aggregate(.sum, amount, type: Shop.dollars)
        let rich = truth(.compare(.greater, total, PitchEvaluatorTests.money(0)))
        #expect(evaluate(truth(.and([rich, no])), orders: Array(huge.prefix(2))) == .truth(false))
        #expect(evaluate(truth(.or([rich, yes])), orders: Array(huge.prefix(2))) == .truth(true))
        #expect(evaluate(truth(.or([rich, unknown])), orders: Array(huge.prefix(2))) == nil)
    }

    @Test func otherOrdersLeavesTheOccurrenceOut() {
        let basket = Occurrence(fields: [:], dataSet: Shop.orders, rows: [1, 3])
        let others = aggregate(.count, other: true)
        #expect(evaluate(others, orders: orders, occurrence: basket) == .integer(2))
        #expect(evaluate(aggregate(.count), orders: orders, occurrence: basket) == .integer(4))
        #expect(evaluate(others, orders: orders) == .integer(4))
        let elsewhere = Occurrence(fields: [:], dataSet: Shop.visits, rows: [1, 3])
        #expect(evaluate(others, orders: orders, occurrence: elsewhere) == .integer(4))
    }

    @Test func thisReadsTheOccurrence() {
        let basket = Occurrence(fields: ["amount": .money(700)])
        let this = Expression(.occurrenceField("amount"), Shop.dollars)
        #expect(evaluate(this, occurrence: basket) == .money(700))
        #expect(
            evaluate(Expression(.occurrenceField("at"), .instant), occurrence: basket)
                == .missing)
    }

    @Test(
        arguments: [
            ([0, 1, 2, 4], 3), ([1, 2, 3], 3), ([2, 3], 0), ([0], 1), ([1], 1), ([0, 2], 1),
            ([0, 0, 1, 1], 2),
        ] as [([Int], Int64)])
    func streaksOfDays(daysAgo: [Int], expected: Int64) {
        let today = Shop.day(2017, 6, 15)
        let visits = daysAgo.sorted(by: >).map { Shop.visit(Int64($0), on: today - Int32($0)) }
        #expect(
            evaluate(aggregate(.streak, over: Shop.visits), visits: visits) == .integer(expected))
    }

    @Test func streaksOfOtherUnits() {
        func streak(_ unit: CalendarUnit, _ days: [Int32], weekStart: Int = 1) -> Value? {
            evaluate(
                aggregate(.streak, over: Shop.visits, by: unit), weekStart: weekStart,
                visits: days.sorted().map { Shop.visit(Int64($0), on: $0) })
        }
        // 11 June 2017 is a Sunday: with weeks from Monday it is in the week before.
        let sunday = Shop.day(2017, 6, 11)
        #expect(streak(.week, [sunday, sunday - 7, sunday + 1]) == .integer(3))
        #expect(streak(.week, [sunday, sunday - 7, sunday + 1], weekStart: 7) == .integer(2))
        let months = [Shop.day(2017, 5, 31), Shop.day(2017, 4, 1), Shop.day(2017, 2, 28)]
        #expect(streak(.month, months) == .integer(2))
        #expect(streak(.quarter, months) == .integer(2))
        #expect(streak(.year, months + [Shop.day(2015, 1, 1)]) == .integer(1))
    }

    @Test func streaksOfInstantsAreOfLocalDays() {
        // 23:30 and 00:30 New York time around midnight: two days, though one day in UTC.
        let orders = [
            Shop.order(1, at: Shop.at(2017, 6, 14, 23, 30)),
            Shop.order(2, at: Shop.at(2017, 6, 15, 0, 30)),
        ]
        #expect(evaluate(aggregate(.streak), orders: orders) == .integer(2))
    }
}
