import PitchProgram
import PitchSchema
import Testing

@testable import PitchColumnar

/// Rules that are asked again look at those who may have changed; what they say is held against
/// everybody's answer in `Tests/Differential`.
@Suite struct StandingRulesTests {
    private static let members = 20_000
    private let shop = Shop(members: members, seed: 4)

    private func runtime(_ now: Int64 = Shop.now) -> ColumnarRuntime {
        ColumnarRuntime(
            program: shop.program, moment: Moment(now: now, zone: .utc), source: shop)
    }

    private static let age = Make.truth(.compare(.greater, Make.member(0), Make.integer(40)))
    private static let recent = Make.truth(
        .isWithin(Make.member(3), .last(Period(400, .day))))
    private static let bought = Make.truth(
        .compare(
            .greaterOrEqual,
            Make.aggregate(Aggregate(.count, over: Shop.visits, window: .last(Period(3, .day)))),
            Make.integer(1)))
    private static let monthOfBirth = Make.truth(
        .compare(
            .equal, Expression(.call(.month, [Make.member(3)]), .integer),
            Expression(.call(.month, [Expression(.today, .date)]), .integer)))

    @Test func onlyChangedMembersWhileTheClockStands() throws {
        var rules = StandingRules([Self.age, Self.bought])
        let first = try rules.ask(runtime(), changed: [])
        #expect(first.map(\.path) == [.everybodyAtFirst, .everybodyAtFirst])
        #expect(first.allSatisfy { $0.left.isEmpty && !$0.entered.isEmpty })
        let again = try rules.ask(runtime(), changed: [3, 70, 19_999])
        #expect(again.allSatisfy { $0.path == .some(changed: 3, passed: 0) })
        #expect(again.allSatisfy { $0.entered.isEmpty && $0.left.isEmpty })
    }

    @Test func alsoThoseWhoCameIntoAWindowOrLeftOne() throws {
        let predicates = [Self.age, Self.recent]
        var rules = StandingRules(predicates)
        _ = try rules.ask(runtime(), changed: [])
        let before = rules.selections
        let later = runtime(Shop.now + 3 * 86_400_000)
        let changes = try rules.ask(later, changed: [5])
        let expected = try later.select(predicates)
        #expect(rules.selections == expected)
        guard case .some(1, let passed) = changes[1].path else {
            Issue.record("asked by \(changes[1].path)")
            return
        }
        #expect(passed > 0 && passed < 50)
        #expect(changes[0].entered.isEmpty && changes[0].left.isEmpty)
        let left = before[1].isTrue - rules.selections[1].isTrue
        #expect(!left.isEmpty && changes[1].left == left.rows)
    }

    @Test func everybodyWhereThatIsNoMore() throws {
        var rules = StandingRules([Self.age, Self.bought])
        _ = try rules.ask(runtime(), changed: [])
        let later = runtime(Shop.now + 86_400_000)
        let changes = try rules.ask(later, changed: [])
        // A third of the members have a visit of the two days.
        guard case .everybodyForMost(let members) = changes[0].path else {
            Issue.record("asked by \(changes[0].path)")
            return
        }
        #expect(members > Self.members / 8)
        let expected = try later.select([Self.age, Self.bought])
        #expect(rules.selections == expected)
    }

    @Test func everybodyWhereTheClockIsReadOtherwise() throws {
        var rules = StandingRules([Self.age, Self.monthOfBirth])
        _ = try rules.ask(runtime(), changed: [])
        let later = runtime(Shop.now + 40 * 86_400_000)
        let changes = try rules.ask(later, changed: [9])
        #expect(changes.map(\.path) == [.some(changed: 1, passed: 0), .everybodyForClock])
        let expected = try later.select([Self.age, Self.monthOfBirth])
        #expect(rules.selections == expected)
        #expect(!changes[1].left.isEmpty || !changes[1].entered.isEmpty)
    }
}
