import PitchColumnar
import PitchProgram
import PitchSchema
import Testing

private let today = ZoneRules.utc.day(of: Shop.now)

/// The orders of a member that a window and a filter leave, oldest first.
private func orders(
    _ shop: Shop, _ member: Int, from low: Int64 = .min, to high: Int64 = Shop.now,
    where keeps: ([Value]) -> Bool = { _ in true }
) -> [[Value]] {
    shop.eventRows[1][member].map { shop.rows[1][$0] }.filter { order in
        guard let at = order[0].raw else { return false }
        return at >= low && at <= min(high, Shop.now) && keeps(order)
    }
}

@Suite struct AggregateTests {
    static let sizes = [0, 1, 64, 65, 200]

    @Test(arguments: sizes) func countsInWindowsWithFilters(size: Int) throws {
        let shop = Shop(members: size)
        let window = Window.last(Period(20, .day))
        let paid = Make.truth(
            .and([Make.order(3), Make.truth(.compare(.greater, Make.order(1), Make.money(200)))]))
        let count = Make.aggregate(
            Aggregate(.count, over: Shop.orders, window: window, filter: paid))
        let expected: [Answer] = (0..<size).map { member in
            let low = Shop.now - 20 * 86_400_000 + 1
            let left = orders(shop, member, from: low) {
                $0[3] == .truth(true) && ($0[1].raw ?? 0) > 200
            }
            return .value(.integer(Int64(left.count)))
        }
        #expect(try shop.answers(count) == expected)
        let atLeast = Make.truth(.compare(.greaterOrEqual, count, Make.integer(2)))
        let flags: [Answer] = expected.map { answer in
            guard case .value(let value) = answer else { return answer }
            return .truth((value.raw ?? 0) >= 2)
        }
        #expect(try shop.answers(atLeast) == flags)
        #expect(try shop.answers(atLeast, chunkRows: 16_384) == flags)
    }

    @Test(arguments: [Aggregate.Function.sum, .avg, .min, .max, .distinct])
    func foldsSkipMissingArguments(function: Aggregate.Function) throws {
        let shop = Shop(members: 200)
        let type = function == .distinct ? ValueType.integer : Shop.cny
        let expression = Make.aggregate(
            Aggregate(function, over: Shop.orders, argument: Make.order(1)), type)
        let expected: [Answer] = (0..<200).map { member in
            let amounts = orders(shop, member).compactMap { $0[1].raw }
            switch function {
            case .sum: return .value(.money(amounts.reduce(0, +)))
            case .avg:
                let total = Int128(amounts.reduce(0, +))
                let mean = FixedPoint.quotient(total, Int128(amounts.count))
                return .value(mean.map { .money($0) } ?? .missing)
            case .min: return .value(amounts.min().map { .money($0) } ?? .missing)
            case .max: return .value(amounts.max().map { .money($0) } ?? .missing)
            default: return .value(.integer(Int64(Set(amounts).count)))
            }
        }
        #expect(try shop.answers(expression) == expected)
    }

    @Test func totalsAreExactOnTheWayAndFailBeyond64Bits() throws {
        let shop = Shop(members: 200)
        let sum = Make.aggregate(Aggregate(.sum, over: Shop.orders, argument: Make.order(4)))
        let mean = Make.aggregate(
            Aggregate(.avg, over: Shop.orders, argument: Make.order(4)), .number)
        let values = (0..<200).map { orders(shop, $0).compactMap { $0[4].raw } }
        let totals = values.map { $0.reduce(Int128(0)) { $0 + Int128($1) } }
        #expect(
            try shop.answers(sum)
                == totals.map { Int64(exactly: $0).map { .value(.integer($0)) } ?? .failed })
        #expect(
            try shop.answers(mean)
                == zip(values, totals).map { values, total in
                    if values.isEmpty { return .missing }
                    let mean = FixedPoint.quotient(total * 1_000_000, Int128(values.count))
                    return mean.map { .value(.number($0)) } ?? .failed
                })
    }

    @Test func firstLastAndNthTakeTheEventEvenIfMissing() throws {
        let shop = Shop(members: 200)
        for (function, position) in [(Aggregate.Function.first, 1), (.last, 1), (.nth, 3)] {
            for field in [1, 2, 3] {
                let argument = Make.order(field)
                let expression = Make.aggregate(
                    Aggregate(
                        function, over: Shop.orders, argument: argument, position: position),
                    argument.type)
                let expected: [Answer] = (0..<200).map { member in
                    let all = orders(shop, member)
                    switch function {
                    case .first: return .value(shop.read(field, of: all.first))
                    case .last: return .value(shop.read(field, of: all.last))
                    default: return .value(shop.read(field, of: all.count >= 3 ? all[2] : nil))
                    }
                }
                #expect(try shop.answers(expression) == expected)
            }
        }
    }

    @Test func textsHaveALeastAndAGreatest() throws {
        let shop = Shop(members: 150)
        for function in [Aggregate.Function.min, .max] {
            let expression = Make.aggregate(
                Aggregate(function, over: Shop.orders, argument: Make.order(2)), .text)
            let expected: [Answer] = (0..<150).map { member in
                let texts = orders(shop, member).compactMap { order -> String? in
                    guard case .text(let text) = shop.read(2, of: order) else { return nil }
                    return text
                }
                let text = function == .min ? texts.min() : texts.max()
                return .value(text.map { .text($0) } ?? .missing)
            }
            #expect(try shop.answers(expression) == expected)
        }
    }

    @Test func aFailingFilterFailsOnlyItsMembers() throws {
        let shop = Shop(members: 150)
        let grown = Expression(.arithmetic(.add, Make.order(4), Make.integer(1)), .integer)
        let filter = Make.truth(.compare(.greater, grown, Make.integer(0)))
        let window = Window.last(Period(10, .day))
        let count = Make.aggregate(
            Aggregate(.count, over: Shop.orders, window: window, filter: filter))
        let expected: [Answer] = (0..<150).map { member in
            let all = orders(shop, member, from: Shop.now - 10 * 86_400_000 + 1)
            if all.contains(where: { $0[4].raw == .max }) { return .failed }
            let positive = all.filter { ($0[4].raw ?? 0) + 1 > 0 }
            return .value(.integer(Int64(positive.count)))
        }
        #expect(try shop.answers(count) == expected)
    }

    @Test func boundsMayBeTheMembersOwn() throws {
        let shop = Shop(members: 150)
        for isSince in [true, false] {
            let seen = Make.member(4)
            let count = Make.aggregate(
                Aggregate(
                    .count, over: Shop.orders, window: isSince ? .since(seen) : .until(seen)))
            let expected: [Answer] = (0..<150).map { member in
                guard let bound = shop.rows[0][member][4].raw else { return .missing }
                let left =
                    isSince
                    ? orders(shop, member, from: bound) : orders(shop, member, to: bound)
                return .value(.integer(Int64(left.count)))
            }
            #expect(try shop.answers(count) == expected)
        }
    }

    @Test func eventsReadTheirMember() throws {
        let shop = Shop(members: 150)
        let filter = Make.truth(.compare(.greater, Make.order(1), Make.member(1)))
        let count = Make.aggregate(Aggregate(.count, over: Shop.orders, filter: filter))
        let expected: [Answer] = (0..<150).map { member in
            let spent = shop.rows[0][member][1].raw
            let left = orders(shop, member) { order in
                guard let spent, let amount = order[1].raw else { return false }
                return amount > spent
            }
            return .value(.integer(Int64(left.count)))
        }
        #expect(try shop.answers(count) == expected)
    }

    @Test func aggregatesNest() throws {
        let shop = Shop(members: 150)
        let mean = Make.aggregate(
            Aggregate(.avg, over: Shop.orders, argument: Make.order(1)), Shop.cny)
        let above = Make.truth(.compare(.greater, Make.order(1), mean))
        let count = Make.aggregate(Aggregate(.count, over: Shop.orders, filter: above))
        let sameDay = Make.truth(
            .compare(
                .equal, Make.visit(0), Expression(.convert(Make.order(0)), .date)))
        let visits = Make.aggregate(Aggregate(.count, over: Shop.visits, filter: sameDay))
        let visited = Make.truth(.compare(.greater, visits, Make.integer(0)))
        let inVisits = Make.aggregate(Aggregate(.count, over: Shop.orders, filter: visited))
        var (means, days): ([Answer], [Answer]) = ([], [])
        for member in 0..<150 {
            let all = orders(shop, member)
            let amounts = all.compactMap { $0[1].raw }
            let mean = FixedPoint.quotient(
                Int128(amounts.reduce(0, +)), Int128(amounts.count))
            let above = amounts.filter { amount in mean.map { amount > $0 } ?? false }
            means.append(.value(.integer(Int64(above.count))))
            let visitDays = shop.eventRows[2][member].compactMap { shop.rows[2][$0][0].raw }
                .filter { $0 <= Int64(today) }
            let left = all.filter { visitDays.contains(($0[0].raw ?? 0) / 86_400_000) }
            days.append(.value(.integer(Int64(left.count))))
        }
        #expect(try shop.answers(count) == means)
        #expect(try shop.answers(inVisits) == days)
    }

    @Test func streaksRunBackFromTodayOrYesterday() throws {
        let shop = Shop(members: 200)
        let streak = Make.aggregate(Aggregate(.streak, over: Shop.visits, unit: .day))
        let expected: [Answer] = (0..<200).map { member in
            let days = Set(
                shop.eventRows[2][member].compactMap { shop.rows[2][$0][0].raw }
                    .filter { $0 <= Int64(today) })
            var day = Int64(today)
            if !days.contains(day) { day -= 1 }
            var length: Int64 = 0
            while days.contains(day) {
                length += 1
                day -= 1
            }
            return .value(.integer(length))
        }
        #expect(try shop.answers(streak) == expected)
    }

    @Test func lookUpsReadThroughReferences() throws {
        let shop = Shop(members: 150)
        let department = Expression(
            .lookup(table: Shop.products, key: Make.order(2), field: 0), .text)
        let price = Expression(
            .lookup(table: Shop.products, key: Make.order(2), field: 1), Shop.cny)
        let bakery = Make.truth(.compare(.equal, department, Make.text("bakery")))
        let other = Make.truth(.not(bakery))
        func value(_ order: [Value], _ field: Int) -> Value {
            guard case .text(let key) = order[2], let row = shop.productKeys.firstIndex(of: key)
            else { return .missing }
            return shop.rows[3][row][field]
        }
        for (filter, isBakery) in [(bakery, true), (other, false)] {
            let sum = Make.aggregate(
                Aggregate(.sum, over: Shop.orders, argument: price, filter: filter), Shop.cny)
            let expected: [Answer] = (0..<150).map { member in
                let prices = orders(shop, member).filter { order in
                    let department = value(order, 0)
                    return !department.isMissing && (department == .text("bakery")) == isBakery
                }.compactMap { value($0, 1).raw }
                return .value(.money(prices.reduce(0, +)))
            }
            #expect(try shop.answers(sum) == expected)
        }
    }
}

extension Shop {
    /// A field of an order; a reference to a product that there is not is missing.
    fileprivate func read(_ field: Int, of order: [Value]?) -> Value {
        guard let value = order?[field] else { return .missing }
        if field == 2, case .text(let key) = value, !productKeys.contains(key) { return .missing }
        return value
    }
}
