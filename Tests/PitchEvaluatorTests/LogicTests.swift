import PitchEvaluator
import PitchProgram
import PitchSchema
import Testing

@Suite struct LogicTests {
    /// Columns: left, right, `and`, `or`. T true, F false, U unknown, X failed.
    @Test(arguments: [
        "TT TT", "TF FT", "TU UT", "TX XT", "FT FT", "FF FF", "FU FU", "FX FX",
        "UT UT", "UF FU", "UU UU", "UX XX", "XT XT", "XF FX", "XU XX", "XX XX",
    ])
    func kleene(row: String) {
        let letters = Array(row)
        let operands = [operand(letters[0]), operand(letters[1])]
        #expect(letter(evaluate(truth(.and(operands)))) == letters[3])
        #expect(letter(evaluate(truth(.or(operands)))) == letters[4])
    }

    private func operand(_ letter: Character) -> Expression {
        switch letter {
        case "T": yes
        case "F": no
        case "U": unknown
        default: failed
        }
    }

    private func letter(_ value: Value?) -> Character {
        switch value {
        case .truth(true): "T"
        case .truth(false): "F"
        case .missing: "U"
        default: "X"
        }
    }

    @Test func notOfUnknownIsUnknown() {
        #expect(evaluate(truth(.not(unknown))) == .missing)
        #expect(evaluate(truth(.not(no))) == .truth(true))
        #expect(evaluate(truth(.not(failed))) == nil)
    }

    @Test func aSegmentIsItsConditionUnknownIncluded() {
        let definitions = [
            Definition(.segment, "odd", unknown), Definition(.segment, "broken", failed),
        ]
        let odd = truth(.definition(DefinitionID(0)))
        let broken = truth(.definition(DefinitionID(1)))
        #expect(evaluate(truth(.not(odd)), definitions: definitions) == .missing)
        #expect(evaluate(truth(.or([broken, yes])), definitions: definitions) == .truth(true))
        #expect(evaluate(truth(.or([broken, broken])), definitions: definitions) == nil)
    }

    @Test(arguments: Comparison.allCases)
    func comparisonsWithMissingAreUnknown(comparison: Comparison) {
        let three = integer(3)
        #expect(evaluate(truth(.compare(comparison, three, missing(.integer)))) == .missing)
        #expect(evaluate(truth(.compare(comparison, missing(.integer), three))) == .missing)
        #expect(evaluate(truth(.compare(comparison, missing(.integer), failing))) == nil)
    }

    @Test func comparisonsOrderEveryType() {
        let pairs: [(Expression, Expression)] = [
            (integer(-1), integer(0)), (number(999_999), number(1_000_000)),
            (percent(1), percent(2)), (money(-1), money(1)), (text("Z"), text("a")),
            (text(""), text("a")), (text("上海"), text("北京")), (text("\u{FF5E}"), text("\u{1F600}")),
            (date(0), date(1)), (instant(0), instant(1)),
        ]
        for (low, high) in pairs {
            let expected: [(Comparison, Bool, Bool, Bool)] = [
                (.equal, false, true, false), (.notEqual, true, false, true),
                (.less, true, false, false), (.lessOrEqual, true, true, false),
                (.greater, false, false, true), (.greaterOrEqual, false, true, true),
            ]
            for (comparison, ascending, same, descending) in expected {
                #expect(evaluate(truth(.compare(comparison, low, high))) == .truth(ascending))
                #expect(evaluate(truth(.compare(comparison, low, low))) == .truth(same))
                #expect(evaluate(truth(.compare(comparison, high, low))) == .truth(descending))
            }
        }
    }

    @Test func aMissingElementMakesANonMatchUnknown() {
        let hole = missing(.integer)
        #expect(evaluate(truth(.isIn(integer(1), [integer(1), hole]))) == .truth(true))
        #expect(evaluate(truth(.isIn(integer(1), [hole, integer(1)]))) == .truth(true))
        #expect(evaluate(truth(.isIn(integer(1), [integer(2), hole]))) == .missing)
        #expect(evaluate(truth(.isIn(integer(1), [integer(2)]))) == .truth(false))
        #expect(evaluate(truth(.isIn(hole, [integer(2)]))) == .missing)
        #expect(evaluate(truth(.isIn(hole, [hole]))) == .missing)
        #expect(evaluate(truth(.isIn(integer(1), [integer(1), failing]))) == nil)
    }

    @Test func missingIsTestedAndReplaced() {
        #expect(evaluate(truth(.isMissing(missing(.text)))) == .truth(true))
        #expect(evaluate(truth(.isMissing(text("")))) == .truth(false))
        #expect(evaluate(truth(.isMissing(failing))) == nil)
        let replaced = { (first: Expression) in
            Expression(.orElse(first, failing), .integer)
        }
        #expect(evaluate(replaced(integer(4))) == .integer(4))
        #expect(evaluate(replaced(missing(.integer))) == nil)
        #expect(evaluate(Expression(.orElse(unknown, no), .truth)) == .truth(false))
        #expect(evaluate(Expression(.orElse(failed, no), .truth)) == nil)
    }

    @Test func chooseTakesTheFirstTrueBranch() {
        func choose(_ conditions: [Expression], otherwise: Expression?) -> Value? {
            let branches = conditions.enumerated().map { index, condition in
                Expression.Branch(condition, integer(Int64(index)))
            }
            return evaluate(Expression(.choose(branches, otherwise: otherwise), .integer))
        }
        #expect(choose([unknown, no, yes, yes], otherwise: nil) == .integer(2))
        #expect(choose([unknown, no], otherwise: integer(9)) == .integer(9))
        #expect(choose([unknown, no], otherwise: nil) == .missing)
        #expect(choose([no, failed, yes], otherwise: nil) == nil)
        #expect(choose([yes, failed], otherwise: failing) == .integer(0))
    }

    @Test func textIsComparedByScalars() {
        func test(_ test: TextTest, _ whole: String, _ part: String) -> Value? {
            evaluate(truth(.text(test, text(whole), text(part))))
        }
        #expect(test(.contains, "上海市", "海") == .truth(true))
        #expect(test(.contains, "coffee", "Coffee") == .truth(false))
        #expect(test(.contains, "coffee", "") == .truth(true))
        #expect(test(.contains, "e\u{301}t", "e") == .truth(true))
        #expect(test(.startsWith, "coffee", "cof") == .truth(true))
        #expect(test(.startsWith, "coffee", "off") == .truth(false))
        #expect(test(.startsWith, "", "off") == .truth(false))
        #expect(evaluate(truth(.text(.contains, missing(.text), text("")))) == .missing)
    }

    @Test func tagsAreHadByAnyOrAll() {
        func has(_ quantifier: Quantifier, _ wanted: [String], of tags: Value = .tags(["a", "b"]))
            -> Value?
        {
            evaluate(truth(.has(constant(tags, .tags), quantifier, wanted)))
        }
        #expect(has(.any, ["x", "b"]) == .truth(true))
        #expect(has(.any, ["x"]) == .truth(false))
        #expect(has(.all, ["a", "b"]) == .truth(true))
        #expect(has(.all, ["a", "x"]) == .truth(false))
        #expect(has(.any, ["a"], of: .tags([])) == .truth(false))
        #expect(evaluate(truth(.has(missing(.tags), .all, ["a"]))) == .missing)
    }
}
