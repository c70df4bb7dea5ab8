import PitchColumnar
import PitchProgram
import PitchSchema
import Testing

@Suite struct RuntimeTests {
    private static let old = Make.truth(.compare(.greater, Make.member(0), Make.integer(40)))
    private static let spent = Make.aggregate(
        Aggregate(.sum, over: Shop.orders, argument: Make.order(1)), Shop.cny)
    private static let definitions = [
        Definition(.segment, "old", old),
        Definition(.field, "spent", spent),
        Definition(
            .segment, "rich",
            Make.truth(
                .and([
                    Make.truth(.definition(DefinitionID(0))),
                    Make.truth(
                        .compare(
                            .greater, Expression(.definition(DefinitionID(1)), Shop.cny),
                            Make.money(500))),
                ]))),
        Definition(.field, "town", Make.member(2)),
    ]
    private static let inlined = Make.truth(
        .and([old, Make.truth(.compare(.greater, spent, Make.money(500)))]))

    private func runtime(_ shop: Shop, chunkRows: Int = 64) -> ColumnarRuntime {
        ColumnarRuntime(
            program: shop.program, moment: Moment(now: Shop.now, zone: .utc), source: shop,
            chunkRows: chunkRows)
    }

    @Test(arguments: [0, 1, 64, 65, 200]) func aNameMeansItsBody(size: Int) throws {
        let shop = Shop(members: size, definitions: Self.definitions)
        let named = Make.truth(.not(Make.truth(.definition(DefinitionID(2)))))
        let written = Make.truth(.not(Self.inlined))
        #expect(try shop.answers(named) == shop.answers(written))
        #expect(try shop.gathered(named) == shop.answers(written))
        let town = Expression(.definition(DefinitionID(3)), .text)
        #expect(try shop.answers(town) == shop.answers(Make.member(2)))
    }

    @Test func eventsReadDefinitionsOfTheirMember() throws {
        let shop = Shop(members: 150, definitions: Self.definitions)
        let ofRich = Make.aggregate(
            Aggregate(
                .count, over: Shop.orders, filter: Make.truth(.definition(DefinitionID(2)))))
        let written = Make.aggregate(
            Aggregate(.count, over: Shop.orders, filter: Self.inlined))
        #expect(try shop.answers(ofRich) == shop.answers(written))
        #expect(try shop.gathered(ofRich) == shop.answers(written))
    }

    @Test func chainsOfDefinitionsDoNotRecurse() throws {
        var chain = [Definition(.segment, "s0", Self.old)]
        for index in 1..<1000 {
            let before = Make.truth(.definition(DefinitionID(index - 1)))
            let both = Make.truth(.and([before, before]))
            chain.append(Definition(.segment, "s\(index)", both))
        }
        let shop = Shop(members: 70, definitions: chain)
        let last = Make.truth(.definition(DefinitionID(999)))
        #expect(try shop.answers(last) == shop.answers(Self.old))
        #expect(try shop.gathered(last) == shop.answers(Self.old))
    }

    @Test func onlyTouchedColumnsAreAskedFor() throws {
        let shop = Shop(members: 70, definitions: Self.definitions)
        let rich = Make.truth(.definition(DefinitionID(2)))
        let touched: Set = [
            FieldID(DataSetID(0), 0), FieldID(Shop.orders, 0), FieldID(Shop.orders, 1),
        ]
        let runtime = runtime(shop)
        #expect(runtime.touchedFields(rich) == touched)
        _ = try runtime.select(rich)
        #expect(shop.asked == touched)
    }

    @Test func someMembersInTheirOrder() throws {
        let shop = Shop(members: 150, definitions: Self.definitions)
        let rich = Make.truth(.definition(DefinitionID(2)))
        let members: [Int32] = [149, 0, 64, 63, 64, 7]
        let all = try runtime(shop).select(rich)
        let some = try runtime(shop).select(rich, among: members)
        for (index, member) in members.enumerated() {
            #expect(some.isTrue[index] == all.isTrue[Int(member)])
            #expect(some.isKnown[index] == all.isKnown[Int(member)])
        }
        #expect(try runtime(shop).values(rich, for: []).isEmpty)
    }

    @Test func theCheapAndSelectiveConditionRunsFirst() throws {
        let shop = Shop(members: 1500)
        let rare = Make.truth(.compare(.equal, Make.member(1), Make.money(77)))
        let many = Make.truth(.compare(.greater, Self.spent, Make.money(0)))
        let explanation = try runtime(shop).explain(Make.truth(.and([many, rare])))
        #expect(explanation.steps.map(\.position) == [1, 0])
        #expect(explanation.steps[0].selectivity < explanation.steps[1].selectivity)
        #expect(explanation.steps[0].columns == [FieldID(DataSetID(0), 1)])
        #expect(explanation.columns.count == 3)
    }

    @Test func theOccurrenceIsTheEvaluators() throws {
        let shop = Shop(members: 10)
        let this = Expression(.occurrenceField("amount"), Shop.cny)
        let others = Make.aggregate(
            Aggregate(.count, over: Shop.orders, excludesOccurrence: true))
        #expect(throws: ColumnarError.needsOccurrence) {
            try shop.answers(Make.truth(.isMissing(this)))
        }
        #expect(throws: ColumnarError.needsOccurrence) {
            try shop.answers(Make.truth(.compare(.equal, others, Make.integer(0))))
        }
    }
}
