import PitchColumnar
import PitchProgram
import PitchSchema
import Testing

/// Sizes that end before, at and after words and chunks.
private let sizes = [0, 1, 63, 64, 65, 127, 128, 129, 200]

/// Conditions that are true, false, unknown and failed for different members.
private let operands: [Expression] = [
    Make.member(5),
    Make.truth(.compare(.greater, Make.member(0), Make.integer(40))),
    Make.truth(
        .compare(
            .greater,
            Expression(.arithmetic(.add, Make.member(8), Make.integer(1)), .integer),
            Make.integer(0))),
    Make.truth(.isMissing(Make.member(2))),
]

private func state(_ shop: Shop, _ operand: Int, _ row: Int) -> Answer {
    let member = shop.rows[0][row]
    switch operand {
    case 0: return .value(member[5])
    case 1: return .truth(member[0].raw.map { $0 > 40 })
    case 2: return member[8].raw == .max ? .failed : .truth((member[8].raw ?? 0) + 1 > 0)
    default: return .truth(member[2].isMissing)
    }
}

private func joined(_ states: [Answer], isAnd: Bool) -> Answer {
    if states.contains(.truth(!isAnd)) { return .truth(!isAnd) }
    if states.contains(.failed) { return .failed }
    return states.contains(.missing) ? .missing : .truth(isAnd)
}

@Suite struct LogicTests {
    @Test(arguments: sizes, [true, false]) func junctionsAreKleene(size: Int, isAnd: Bool) throws {
        let shop = Shop(members: size)
        for chosen in [[0], [0, 1], [0, 1, 2], [2, 3], [3, 2, 1, 0], [1, 1, 2]] {
            let parts = chosen.map { operands[$0] }
            let expression = Make.truth(isAnd ? .and(parts) : .or(parts))
            let expected = (0..<size).map { row in
                joined(chosen.map { state(shop, $0, row) }, isAnd: isAnd)
            }
            #expect(try shop.answers(expression) == expected)
            #expect(try shop.answers(expression, chunkRows: 16_384) == expected)
            #expect(try shop.gathered(expression) == expected)
        }
    }

    @Test func notKeepsUnknownAndFailed() throws {
        let shop = Shop(members: 150)
        for operand in operands.indices {
            let expected = (0..<150).map { row in
                let answer = state(shop, operand, row)
                guard case .value(.truth(let flag)) = answer else { return answer }
                return .truth(!flag)
            }
            #expect(try shop.answers(Make.truth(.not(operands[operand]))) == expected)
        }
    }

    @Test func fewUndecidedRowsAreGathered() throws {
        let shop = Shop(members: 1500)
        let rare = Make.truth(.compare(.equal, Make.member(1), Make.money(77)))
        let expression = Make.truth(.and([rare, operands[2], operands[0]]))
        let expected = (0..<1500).map { row in
            let first = Answer.truth(shop.rows[0][row][1].raw.map { $0 == 77 })
            return joined([first, state(shop, 2, row), state(shop, 0, row)], isAnd: true)
        }
        #expect(try shop.answers(expression, chunkRows: 1024) == expected)
    }

    @Test func theFirstTrueBranchIsTaken() throws {
        let shop = Shop(members: 150)
        let choice = Expression(
            .choose(
                [.init(operands[0], Make.text("a")), .init(operands[2], Make.member(2))],
                otherwise: nil), .text)
        let expected: [Answer] = (0..<150).map { row in
            if state(shop, 0, row) == .truth(true) { return .value(.text("a")) }
            if state(shop, 2, row) == .failed { return .failed }
            return state(shop, 2, row) == .truth(true) ? .value(shop.rows[0][row][2]) : .missing
        }
        #expect(try shop.answers(choice) == expected)
    }

    @Test func orElseFillsWhatIsMissing() throws {
        let shop = Shop(members: 150)
        let city = Expression(.orElse(Make.member(2), Make.text("nowhere")), .text)
        let age = Expression(.orElse(Make.member(0), Make.member(8)), .integer)
        let sms = Make.truth(.orElse(Make.member(5), Make.truth(.constant(.truth(false)))))
        let tags = Expression(
            .orElse(Make.member(6), Expression(.constant(.tags(["none"])), .tags)), .tags)
        #expect(
            try shop.answers(city)
                == shop.rows[0].map { .value($0[2].isMissing ? .text("nowhere") : $0[2]) })
        #expect(
            try shop.answers(age) == shop.rows[0].map { .value($0[0].isMissing ? $0[8] : $0[0]) })
        #expect(
            try shop.answers(sms)
                == shop.rows[0].map { .value($0[5].isMissing ? .truth(false) : $0[5]) })
        let expected: [Answer] = shop.rows[0].map { member in
            guard case .tags(let tags) = member[6] else { return .value(.tags(["none"])) }
            return .value(.tags(tags.sorted()))
        }
        #expect(try shop.answers(tags) == expected)
    }
}
