import PitchEvaluator
import PitchProgram
import PitchSchema
import Testing

@Suite struct TraceTests {
    private func trace(_ expression: Expression, orders: [EventRecord] = []) -> Trace {
        var program = Shop.program
        let big = truth(
            .compare(.greater, Expression(.memberField(1), .integer), integer(10)))
        program.definitions = [Definition(.segment, "big", big)]
        let now = Shop.at(2017, 6, 15, 12)
        let evaluator = Evaluator(
            program: program, moment: Moment(now: now, zone: Shop.newYork), tables: Products())
        let member = MemberRecord(
            key: "m", values: [.text("m"), .integer(7)], events: [Shop.orders.index: orders])
        return evaluator.trace(expression, for: member)
    }

    @Test func everyPartHasItsOwnValue() throws {
        let orders = [1, 2, 3].map { Shop.order($0, at: Shop.at(2017, 6, Int($0)), $0 * 100) }
        let counted = aggregate(
            .count, where: truth(.compare(.greater, amount, money(100))))
        let many = truth(.compare(.greaterOrEqual, counted, integer(5)))
        let segment = truth(.definition(DefinitionID(0)))
        let product = Expression(
            .arithmetic(.multiply, Expression(.memberField(1), .integer), integer(.max)), .integer)
        let broken = truth(.compare(.equal, product, integer(0)))
        let tree = trace(truth(.and([segment, truth(.not(many)), broken])), orders: orders)
        #expect(tree.outcome == .success(.truth(false)))
        try #require(tree.children.count == 3)
        #expect(tree.children[0].outcome == .success(.truth(false)))
        #expect(tree.children[0].children[0].children[0].outcome == .success(.integer(7)))
        let count = tree.children[1].children[0].children[0]
        #expect(count.outcome == .success(.integer(2)))
        #expect(count.countedEvents == 2)
        #expect(tree.children[2].outcome == .failure(EvaluationError(.overflow, at: .none)))
    }

    @Test func constantsAreLeftOut() {
        let field = Expression(.memberField(1), .integer)
        let sum = Expression(.arithmetic(.add, integer(1), integer(2)), .integer)
        let tree = trace(truth(.compare(.less, field, sum)))
        #expect(tree.children.count == 1)
    }
}
