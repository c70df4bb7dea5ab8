import PitchProgram
import PitchSchema
import Testing

@testable import PitchColumnar

/// Means and extremes against constants: told by counts and totals, they are what is told by
/// looking at each member's own numbers.
@Suite struct JoinedTestsTests {
    private static let members = 3000
    private let shop = Shop(members: members, seed: 33)
    private static let comparisons: [Comparison] = [
        .less, .lessOrEqual, .equal, .notEqual, .greaterOrEqual, .greater,
    ]

    private func runtime() -> ColumnarRuntime {
        ColumnarRuntime(
            program: shop.program, moment: Moment(now: Shop.now, zone: .utc), source: shop)
    }

    /// The numbers of a member's orders of some days, with and without those that are paid.
    private func numbers(_ field: Int, of member: Int, days: Int64, paidOnly: Bool) -> [Int64] {
        let low = Shop.now - days * 86_400_000 + 1
        return shop.eventRows[1][member].map { shop.rows[1][$0] }.filter { order in
            guard let at = order[0].raw, at >= low, at <= Shop.now else { return false }
            return !paidOnly || order[3] == .truth(true)
        }.compactMap { $0[field].raw }
    }

    private static func folded(_ function: Aggregate.Function, _ numbers: [Int64]) -> Int64? {
        switch function {
        case .min: numbers.min()
        case .max: numbers.max()
        default:
            FixedPoint.quotient(
                numbers.reduce(Int128(0)) { $0 + Int128($1) }, Int128(numbers.count))
        }
    }

    private static func holds(_ comparison: Comparison, _ left: Int64, _ right: Int64) -> Bool {
        switch comparison {
        case .less: left < right
        case .lessOrEqual: left <= right
        case .equal: left == right
        case .notEqual: left != right
        case .greaterOrEqual: left >= right
        case .greater: left > right
        }
    }

    @Test(arguments: [Aggregate.Function.avg, .min, .max], [false, true])
    func areWhatEachMembersOwnNumbersSay(function: Aggregate.Function, paidOnly: Bool) throws {
        let runtime = runtime()
        for days: Int64 in [5, 60] {
            let folded = (0..<Self.members).map {
                Self.folded(function, numbers(1, of: $0, days: days, paidOnly: paidOnly))
            }
            // A number that some member has, its neighbours, and what nobody reaches.
            let some = folded.compactMap(\.self).sorted()
            let middle = try #require(some.dropFirst(some.count / 2).first)
            for constant in [middle - 1, middle, middle + 1, 0, -5, .max, .min] {
                for comparison in Self.comparisons {
                    let aggregate = Aggregate(
                        function, over: Shop.orders, argument: Make.order(1),
                        window: .last(Period(days, .day)), filter: paidOnly ? Make.order(3) : nil)
                    let test = Make.truth(
                        .compare(
                            comparison, Make.aggregate(aggregate, Shop.cny), Make.money(constant)))
                    let found = try runtime.select(test)
                    for (member, number) in folded.enumerated() {
                        let expected = number.map { Self.holds(comparison, $0, constant) }
                        let isTrue = found.isTrue[member]
                        #expect(
                            found.isKnown[member] == (expected != nil)
                                && isTrue == (expected ?? false),
                            "\(function) \(comparison) \(constant), member \(member)")
                    }
                }
            }
        }
    }

    @Test func areTakenInThePassOfAllWindows() throws {
        let mean = Aggregate(
            .avg, over: Shop.orders, argument: Make.order(1), window: .last(Period(9, .day)))
        let test = Make.truth(
            .compare(.greater, Make.aggregate(mean, Shop.cny), Make.money(100)))
        #expect(try runtime().explain(test).steps.map(\.path) == [.eventsInPlace])
        // Numbers of 64 bits have no total that surely fits.
        let greatest = Aggregate(
            .avg, over: Shop.orders, argument: Make.order(4), window: .last(Period(9, .day)))
        let wide = Make.truth(
            .compare(
                .greater, Make.aggregate(greatest, .number),
                Expression(.constant(.number(1)), .number)))
        #expect(try runtime().explain(wide).steps.map(\.path) == [.operators])
    }
}
