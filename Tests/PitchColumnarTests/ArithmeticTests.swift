import PitchColumnar
import PitchProgram
import PitchSchema
import Testing

@Suite struct ArithmeticTests {
    /// A wrapped value as an answer: nil fails.
    private func checked(_ pair: (partialValue: Int64, overflow: Bool)) -> Answer {
        pair.overflow ? .failed : .value(.integer(pair.partialValue))
    }

    @Test(arguments: Arithmetic.allCases) func wholeNumbers(operation: Arithmetic) throws {
        let shop = Shop(members: 200)
        let type: ValueType = operation == .divide ? .number : .integer
        let expression = Expression(
            .arithmetic(operation, Make.member(8), Make.member(0)), type)
        let expected: [Answer] = shop.rows[0].map { member in
            guard let left = member[8].raw, let right = member[0].raw else { return .missing }
            switch operation {
            case .add: return checked(left.addingReportingOverflow(right))
            case .subtract: return checked(left.subtractingReportingOverflow(right))
            case .multiply: return checked(left.multipliedReportingOverflow(by: right))
            case .divide:
                let quotient = FixedPoint.quotient(Int128(left) * 1_000_000, Int128(right))
                return quotient.map { .value(.number($0)) } ?? .failed
            }
        }
        #expect(try shop.answers(expression) == expected)
    }

    @Test func productsAndQuotientsRoundOnceAndZeroIsUnknown() throws {
        let shop = Shop(members: 200)
        let product = Expression(
            .arithmetic(.multiply, Make.member(1), Make.member(7)), Shop.cny)
        let quotient = Expression(.arithmetic(.divide, Make.member(1), Make.member(8)), Shop.cny)
        let share = Expression(
            .arithmetic(
                .divide, Make.member(1),
                Expression(.arithmetic(.subtract, Make.member(1), Make.member(1)), Shop.cny)),
            .number)
        let products: [Answer] = shop.rows[0].map { member in
            guard let money = member[1].raw, let ratio = member[7].raw else { return .missing }
            let value = FixedPoint.quotient(Int128(money) * Int128(ratio), 1_000_000)
            return value.map { .value(.money($0)) } ?? .failed
        }
        let quotients: [Answer] = shop.rows[0].map { member in
            guard let money = member[1].raw, let by = member[8].raw, by != 0 else {
                return .missing
            }
            return FixedPoint.quotient(Int128(money), Int128(by)).map { .value(.money($0)) }
                ?? .failed
        }
        #expect(try shop.answers(product) == products)
        #expect(try shop.answers(quotient) == quotients)
        #expect(try shop.answers(share) == shop.rows[0].map { _ in .missing })
    }

    @Test func signsFailOnlyAtTheLeastCount() throws {
        let shop = Shop(members: 100)
        let negated = Expression(.negate(Make.member(8)), .integer)
        let size = Expression(.call(.abs, [Make.member(8)]), .integer)
        let number = Expression(.convert(Make.member(8)), .number)
        let values = shop.rows[0].map { $0[8].raw ?? 0 }
        #expect(
            try shop.answers(negated)
                == values.map { $0 == .min ? .failed : .value(.integer(-$0)) })
        #expect(
            try shop.answers(size)
                == values.map { $0 == .min ? .failed : .value(.integer(abs($0))) })
        #expect(
            try shop.answers(number)
                == values.map {
                    abs($0.magnitude.leadingZeroBitCount) < 20
                        ? .failed : .value(.number($0 * 1_000_000))
                })
    }

    @Test func failureComesBeforeUnknown() throws {
        let shop = Shop(members: 200)
        let grown = Expression(.arithmetic(.add, Make.member(8), Make.integer(1)), .integer)
        let sum = Expression(.arithmetic(.add, grown, Make.member(0)), .integer)
        let expected: [Answer] = shop.rows[0].map { member in
            guard let value = member[8].raw, value != .max else { return .failed }
            return member[0].raw.map { .value(.integer(value + 1 + $0)) } ?? .missing
        }
        #expect(try shop.answers(sum) == expected)
        let missing = Make.truth(.isMissing(sum))
        #expect(
            try shop.answers(missing)
                == expected.map { $0 == .failed ? .failed : .truth($0 == .missing) })
    }
}

@Suite struct TimeTests {
    /// Two hours east in the summer of 2025, one hour otherwise.
    static let zone = ZoneRules(
        name: "Europe/Berlin", starts: [.min, 1_743_296_400_000, 1_761_440_400_000],
        offsets: [3_600_000, 7_200_000, 3_600_000])

    private func values(_ shop: Shop, _ expression: Expression) throws -> [Value?] {
        let runtime = ColumnarRuntime(
            program: shop.program, moment: Moment(now: Shop.now, zone: Self.zone), source: shop)
        return try runtime.values(expression, for: (0..<Int32(shop.memberCount)).map(\.self))
            .map { try? $0.get() }
    }

    @Test func localDaysAndTimes() throws {
        let shop = Shop(members: 150)
        let seen = Make.member(4)
        func mapped(_ make: (Int64) -> Value) -> [Value?] {
            shop.rows[0].map { $0[4].raw.map(make) ?? .missing }
        }
        let day = Expression(.convert(seen), .date)
        let hour = Expression(.call(.hour, [seen]), .integer)
        let time = Expression(.call(.timeOfDay, [seen]), .time)
        let shifted = Expression(.shift(seen, Period(5, .month), times: -1), .instant)
        #expect(try values(shop, day) == mapped { .date(Self.zone.day(of: $0)) })
        #expect(
            try values(shop, hour) == mapped { .integer(Self.zone.time(of: $0) / 3_600_000) })
        #expect(try values(shop, time) == mapped { .time(Int32(Self.zone.time(of: $0))) })
        #expect(
            try values(shop, shifted)
                == mapped {
                    .instant(Period(5, .month).shift(instant: $0, times: -1, in: Self.zone))
                })
    }

    @Test func partsOfDates() throws {
        let shop = Shop(members: 150)
        let today = CivilDate(days: Int(Self.zone.day(of: Shop.now)))
        func expect(_ function: Function, _ make: (CivilDate) -> Int) throws {
            let expression = Expression(.call(function, [Make.member(3)]), .integer)
            let expected: [Value?] = shop.rows[0].map { member in
                member[3].raw.map { .integer(Int64(make(CivilDate(days: Int($0))))) } ?? .missing
            }
            #expect(try values(shop, expression) == expected)
        }
        try expect(.year) { $0.year }
        try expect(.month) { $0.month }
        try expect(.day) { $0.day }
        try expect(.weekday) { $0.weekday }
        try expect(.age) { born in
            var years = today.year - born.year
            let last = CivilDate.days(inMonth: born.month, of: today.year)
            if (today.month, today.day) < (born.month, min(born.day, last)) { years -= 1 }
            return years
        }
    }

    @Test func daysApartAreMilliseconds() throws {
        let shop = Shop(members: 100)
        let since = Expression(
            .arithmetic(.subtract, Expression(.today, .date), Make.member(3)), .duration)
        let today = Int64(Self.zone.day(of: Shop.now))
        #expect(
            try values(shop, since)
                == shop.rows[0].map {
                    $0[3].raw.map { .duration((today - $0) * 86_400_000) } ?? .missing
                })
    }
}

@Suite struct MonotoneTests {
    /// In the second zone the clock goes back from 00:01, into the day before.
    static let zones = [
        TimeTests.zone,
        ZoneRules(
            name: "Going Back", starts: [.min, 1_775_000_000_000 - 86_400_000 * 2],
            offsets: [86_400_000 - 1_775_000_000_000 % 86_400_000 + 60_000, -9_000_000]),
    ]

    @Test(arguments: 0..<2, Comparison.allCases)
    func rangesOfFunctionsEqualFunctionsOfRows(zone: Int, comparison: Comparison) throws {
        let shop = Shop(members: 200)
        let runtime = ColumnarRuntime(
            program: shop.program, moment: Moment(now: Shop.now, zone: Self.zones[zone]),
            source: shop)
        let functions: [(Expression, ValueType)] = [
            (Expression(.call(.age, [Make.member(3)]), .integer), .integer),
            (Expression(.call(.year, [Make.member(3)]), .integer), .integer),
            (Expression(.convert(Make.member(4)), .date), .date),
        ]
        let members = (0..<Int32(200)).map(\.self)
        for (function, type) in functions {
            let values = try runtime.values(function, for: members).map { try? $0.get().raw }
            for constant in Set(values.compactMap(\.self)).union([-40_000, 400_000]) {
                let value = Expression(.constant(Value(raw: constant, as: type)), type)
                let selection = try runtime.select(
                    Make.truth(.compare(comparison, function, value)))
                for row in 0..<200 {
                    #expect(selection.isKnown[row] == (values[row] != nil))
                    let isTrue = values[row].map { holds(comparison, $0, constant) } ?? false
                    #expect(selection.isTrue[row] == isTrue)
                }
            }
        }
    }
}
