import PitchProgram
import PitchSchema
import Testing

@testable import PitchColumnar

/// Rules that share conditions, over more members than a block: however they are run, they say what
/// each says by itself in the smallest chunks.
@Suite struct PlanTests {
    private static let members = 40_000
    private let shop = Shop(members: members, seed: 21)
    /// Each by itself, in the smallest chunks and the simplest kernels.
    private let alone: [Selection]

    init() throws {
        let runtime = Self.runtime(shop, chunkRows: 64)
        runtime.family = .portable
        alone = try Self.rules.map { try runtime.select($0) }
    }

    private static func runtime(_ shop: Shop, chunkRows: Int? = nil) -> ColumnarRuntime {
        ColumnarRuntime(
            program: shop.program, moment: Moment(now: Shop.now, zone: .utc), source: shop,
            chunkRows: chunkRows)
    }

    // MARK: - The rules

    private static func recent(_ days: Int64) -> Window {
        .last(Period(days, .day))
    }

    private static func count(
        _ days: Int64, _ filter: Expression? = nil, atLeast: Int64
    ) -> Expression {
        let count = Aggregate(.count, over: Shop.orders, window: recent(days), filter: filter)
        return Make.truth(
            .compare(.greaterOrEqual, Make.aggregate(count), Make.integer(atLeast)))
    }

    private static func total(_ days: Int64, above: Int64) -> Expression {
        let sum = Aggregate(
            .sum, over: Shop.orders, argument: Make.order(1), window: recent(days), filter: paid)
        return Make.truth(.compare(.greater, Make.aggregate(sum, Shop.cny), Make.money(above)))
    }

    private static let paid = Make.truth(
        .and([
            Make.order(3), Make.truth(.compare(.greater, Make.order(1), Make.money(100))),
        ]))
    private static let dear = Make.truth(.compare(.greater, Make.order(1), Make.money(400)))
    private static let old = Make.truth(.compare(.greater, Make.member(0), Make.integer(40)))
    private static let rich = Make.truth(.compare(.greater, Make.member(1), Make.money(4900)))
    private static let there = Make.truth(
        .isIn(Make.member(2), [Make.text("Shanghai"), Make.text("上海"), Make.text("nowhere")]))
    private static let beauty = Make.truth(.has(Make.member(6), .any, ["beauty"]))
    private static let all = Make.truth(.has(Make.member(6), .all, ["vip", "staff"]))

    private static let rules: [Expression] = [
        Make.truth(.and([old, there, beauty, rich])),
        Make.truth(.and([rich, count(7, dear, atLeast: 2)])),
        Make.truth(.or([Make.truth(.not(old)), count(30, dear, atLeast: 1), all])),
        Make.truth(.not(Make.truth(.and([count(7, dear, atLeast: 1), count(30, atLeast: 3)])))),
        Make.truth(.and([total(7, above: 500), Make.truth(.not(beauty))])),
        Make.truth(.or([total(30, above: 1500), total(7, above: 500)])),
        Make.truth(.and([count(1, atLeast: 1), Make.member(5)])),
        count(30, Make.truth(.isMissing(Make.order(1))), atLeast: 1),
        Make.truth(.compare(.greater, Make.member(0), Make.member(8))),
    ]

    // MARK: - Ways to run them

    @Test(arguments: KernelFamily.available, [1, 2])
    func allAtOnce(_ family: KernelFamily, threads: Int) throws {
        let runtime = Self.runtime(shop)
        runtime.family = family
        runtime.threads = threads
        // Asked often enough, events are put in order by time; until then they stay as they lie.
        var found: [Selection] = []
        for _ in 0..<3 {
            found = try runtime.select(Self.rules)
            #expect(found == alone)
        }
        for index in Self.rules.indices {
            let known = found[index].isKnown.population
            let isTrue = found[index].isTrue.population
            #expect(isTrue > 0 && isTrue < known, "rule \(index) tells nothing")
        }
    }

    /// Asked for often enough, counts and totals become columns.
    @Test(arguments: KernelFamily.available, [1, 2])
    func aggregatesAreKept(_ family: KernelFamily, threads: Int) throws {
        let columns = ColumnCache(shop)
        let moment = Moment(now: Shop.now, zone: .utc)
        for _ in 0..<5 {
            let runtime = ColumnarRuntime(program: shop.program, moment: moment, columns: columns)
            (runtime.family, runtime.threads) = (family, threads)
            #expect(try runtime.select(Self.rules) == alone)
            let some = stride(from: 5, to: Int32(Self.members), by: 11).map(\.self)
            let found = try runtime.select(Self.rules, among: some)
            #expect(
                found.map(\.isTrue) == alone.map { $0.isTrue.gathered(at: some[...]) })
        }
        let compiler = Compiler(program: shop.program, moment: moment, columns: columns)
        let rules = try Self.rules.map { try compiler.truth($0, in: []) }
        let plan = Planner(columns, blockRows: 16_384, kept: columns.kept).plan(rules)
        #expect(plan.groups.allSatisfy { $0.windows.isEmpty })
        #expect(plan.atoms.atoms.filter { $0.isKept }.count == 8)
        // Some rules are decided in one pass; those with a condition that no kernel has are walked.
        #expect(plan.programs.contains { $0 != nil })
        #expect(plan.programs.contains { $0 == nil })
    }

    @Test func explainTellsTheWay() throws {
        let runtime = Self.runtime(shop)
        let count = Self.count(7, Self.dear, atLeast: 2)
        #expect(try runtime.explain(count).steps.map(\.path) == [.eventsInPlace])
        #expect(try runtime.explain(Self.there).steps.map(\.path) == [.bits])
        #expect(try runtime.explain(Self.rules[8]).steps.map(\.path) == [.operators])
        let numbers = try runtime.explain(Self.old).steps.map(\.path)
        #expect(numbers == [.numbers(zoned: 0)])
        _ = try runtime.select(Self.rules)
        _ = try runtime.select(Self.rules)
        #expect(try runtime.explain(count).steps.map(\.path) == [.eventsByTime])
        for _ in 0..<3 { _ = try runtime.select(Self.rules) }
        #expect(try runtime.explain(count).steps.map(\.path) == [.kept])
        // Few are left when the last is asked.
        let rare = Expression(
            .and([Self.rules[0], Self.rules[0], Self.rules[8], Self.rich]), .truth)
        #expect(try runtime.explain(rare).steps.map(\.asked).min().map { $0 < 1.0 / 32 } == true)
    }

    @Test(arguments: KernelFamily.available)
    func eachByItself(_ family: KernelFamily) throws {
        let runtime = Self.runtime(shop)
        runtime.family = family
        for index in Self.rules.indices {
            #expect(try runtime.select(Self.rules[index]) == alone[index], "rule \(index)")
        }
    }

    /// Few are picked; of most members the answers of all are taken.
    @Test(arguments: [3, 11] as [Int32]) func someMembersAtOnce(oneOf: Int32) throws {
        let some = (0..<Int32(Self.members)).filter { $0 % oneOf == 1 }
        let found = try Self.runtime(shop).select(Self.rules, among: some)
        for index in Self.rules.indices {
            let expected = alone[index]
            #expect(found[index].isTrue == expected.isTrue.gathered(at: some[...]))
            #expect(found[index].isKnown == expected.isKnown.gathered(at: some[...]))
            #expect(found[index].failed == expected.failed.gathered(at: some[...]))
        }
    }

    @Test func alikeConditionsAreComputedOnce() throws {
        let columns = ColumnCache(shop)
        let compiler = Compiler(
            program: shop.program, moment: Moment(now: Shop.now, zone: .utc),
            columns: columns)
        let rules = try Self.rules.map { try compiler.truth($0, in: []) }
        let plan = Planner(columns, blockRows: 64).plan(rules)
        let uses = plan.atoms.atoms.map(\.uses)
        #expect(uses.reduce(0, +) == 19)
        #expect(plan.atoms.atoms.count == 15)
        // Counts with one filter share a pass, and so do totals.
        #expect(plan.groups.map(\.windows.count).sorted() == [1, 2, 2, 2])
    }
}
