import PitchColumnar
import PitchProgram
import PitchSchema
import Testing

func holds(_ comparison: Comparison, _ left: Int64, _ right: Int64) -> Bool {
    switch comparison {
    case .equal: left == right
    case .notEqual: left != right
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    }
}

@Suite struct ComparisonTests {
    static let sizes = [1, 63, 64, 65, 130]

    @Test(arguments: Comparison.allCases, sizes)
    func countsWithConstantsAndColumns(comparison: Comparison, size: Int) throws {
        let shop = Shop(members: size)
        for constant in [Int64.min, -1, 0, 7, .max] {
            let number = Make.integer(constant)
            let right = Make.truth(.compare(comparison, Make.member(8), number))
            let left = Make.truth(.compare(comparison, number, Make.member(8)))
            let values = shop.rows[0].map { $0[8].raw ?? 0 }
            #expect(
                try shop.answers(right) == values.map { .truth(holds(comparison, $0, constant)) })
            #expect(
                try shop.answers(left) == values.map { .truth(holds(comparison, constant, $0)) })
        }
        let pair = Make.truth(.compare(comparison, Make.member(0), Make.member(8)))
        #expect(
            try shop.answers(pair)
                == shop.rows[0].map { member in
                    .truth(member[0].raw.map { holds(comparison, $0, member[8].raw ?? 0) })
                })
    }

    @Test(arguments: [Comparison.equal, .notEqual])
    func truthsAreEqualWhereBothAreKnown(comparison: Comparison) throws {
        let shop = Shop(members: 150)
        let old = Make.truth(.compare(.greater, Make.member(0), Make.integer(40)))
        let same = Make.truth(.compare(comparison, Make.member(5), old))
        let expected: [Answer] = shop.rows[0].map { member in
            guard let sms = member[5].raw, let age = member[0].raw else { return .missing }
            return .truth(((sms == 1) == (age > 40)) == (comparison == .equal))
        }
        #expect(try shop.answers(same) == expected)
    }

    @Test func aMissingElementMakesANonMatchUnknown() throws {
        let shop = Shop(members: 200)
        let elements = [Make.integer(20), Make.integer(55), Make.member(0)]
        let constants = Make.truth(.isIn(Make.member(8), [Make.integer(7), Make.integer(.max)]))
        let mixed = Make.truth(.isIn(Make.member(8), elements))
        #expect(
            try shop.answers(constants)
                == shop.rows[0].map { .truth([7, .max].contains($0[8].raw ?? 0)) })
        #expect(
            try shop.answers(mixed)
                == shop.rows[0].map { member in
                    let value = member[8].raw ?? 0
                    if value == 20 || value == 55 { return .truth(true) }
                    return .truth(member[0].raw.map { $0 == value })
                })
    }

    @Test func aFailingElementFailsEvenAMatch() throws {
        let shop = Shop(members: 200)
        let grown = Expression(.arithmetic(.add, Make.member(8), Make.integer(1)), .integer)
        let test = Make.truth(.isIn(Make.member(8), [Make.member(8), grown]))
        let expected: [Answer] = shop.rows[0].map { $0[8].raw == .max ? .failed : .truth(true) }
        #expect(try shop.answers(test) == expected)
    }
}

@Suite struct TextTests {
    static let parts = ["", "S", "上", "Beijing", "ij", "São", "zz"]

    @Test(arguments: Comparison.allCases, parts)
    func textsAreOrderedByScalars(comparison: Comparison, part: String) throws {
        let shop = Shop(members: 130)
        let test = Make.truth(.compare(comparison, Make.member(2), Make.text(part)))
        let expected: [Answer] = shop.rows[0].map { member in
            guard case .text(let city) = member[2] else { return .missing }
            let order =
                city == part
                ? 0 : city.unicodeScalars.lexicographicallyPrecedes(part.unicodeScalars) ? -1 : 1
            return .truth(holds(comparison, Int64(order), 0))
        }
        #expect(try shop.answers(test) == expected)
        let mirrored = Make.truth(.compare(comparison, Make.text(part), Make.member(2)))
        let other: Comparison =
            switch comparison {
            case .less: .greater
            case .lessOrEqual: .greaterOrEqual
            case .greater: .less
            case .greaterOrEqual: .lessOrEqual
            default: comparison
            }
        let swapped = Make.truth(.compare(other, Make.member(2), Make.text(part)))
        #expect(try shop.answers(mirrored) == shop.answers(swapped))
    }

    @Test(arguments: TextTest.allCases, parts)
    func partsAreFound(test: TextTest, part: String) throws {
        let shop = Shop(members: 130)
        let expression = Make.truth(.text(test, Make.member(2), Make.text(part)))
        let expected: [Answer] = shop.rows[0].map { member in
            guard case .text(let city) = member[2] else { return .missing }
            if test == .startsWith { return .truth(city.hasPrefix(part)) }
            return .truth(part.isEmpty || city.contains(part))
        }
        #expect(try shop.answers(expression) == expected)
    }

    @Test(arguments: Comparison.allCases)
    func columnsWithDictionariesOfTheirOwnCompare(comparison: Comparison) throws {
        let shop = Shop(members: 150)
        let last = Expression(
            .aggregate(Aggregate(.last, over: Shop.orders, argument: Make.order(2))), .text)
        let test = Make.truth(.compare(comparison, Make.member(2), last))
        let starts = Make.truth(.text(.startsWith, Make.member(2), last))
        let lasts = try shop.answers(last)
        let expected: [Answer] = zip(shop.rows[0], lasts).map { member, last in
            guard case .text(let city) = member[2], case .value(.text(let product)) = last else {
                return .missing
            }
            let isBefore = city.unicodeScalars.lexicographicallyPrecedes(product.unicodeScalars)
            return .truth(holds(comparison, city == product ? 0 : isBefore ? -1 : 1, 0))
        }
        #expect(try shop.answers(test) == expected)
        #expect(
            try shop.answers(starts)
                == zip(shop.rows[0], lasts).map { member, last in
                    guard case .text(let city) = member[2], case .value(.text(let product)) = last
                    else { return .missing }
                    return .truth(city.hasPrefix(product))
                })
    }

    @Test func membershipAndLength() throws {
        let shop = Shop(members: 150)
        let isIn = Make.truth(.isIn(Make.member(2), [Make.text("上海"), Make.text("")]))
        let length = Expression(.call(.length, [Make.member(2)]), .integer)
        #expect(
            try shop.answers(isIn)
                == shop.rows[0].map { member in
                    member[2].isMissing
                        ? .missing : .truth(member[2] == .text("上海") || member[2] == .text(""))
                })
        #expect(
            try shop.answers(length)
                == shop.rows[0].map { member in
                    guard case .text(let city) = member[2] else { return .missing }
                    return .value(.integer(Int64(city.unicodeScalars.count)))
                })
    }

    @Test(
        arguments: Quantifier.allCases, [["vip"], ["vip", "staff"], ["nobody"], ["vip", "vip"]])
    func tagsAreSets(quantifier: Quantifier, asked: [String]) throws {
        let shop = Shop(members: 150)
        let test = Make.truth(.has(Make.member(6), quantifier, asked))
        let expected: [Answer] = shop.rows[0].map { member in
            guard case .tags(let tags) = member[6] else { return .missing }
            let found = Set(asked).intersection(tags)
            return .truth(quantifier == .any ? !found.isEmpty : found.count == Set(asked).count)
        }
        #expect(try shop.answers(test) == expected)
        #expect(try shop.gathered(test) == expected)
        let last = Expression(
            .aggregate(Aggregate(.last, over: Shop.orders, argument: Make.order(5))), .tags)
        let marks = try shop.answers(last)
        let late = Make.truth(.has(last, .any, ["late"]))
        #expect(
            try shop.answers(late)
                == marks.map { answer in
                    guard case .value(.tags(let tags)) = answer else { return .missing }
                    return .truth(tags.contains("late"))
                })
    }
}
