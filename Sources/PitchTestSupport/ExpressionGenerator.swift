import PitchEvaluator
import PitchProgram
import PitchSchema

/// Makes typed expressions over a world's fields. Constants are taken from what the other operand
/// is for some member, so that comparisons split the population.
package struct ExpressionGenerator {
    /// The world, with the definitions that this generator has made.
    package private(set) var world: World
    var dice: Dice
    private var evaluator: Evaluator
    private let edges: [Int64]
    private let edgeDays: [Int32]

    package init(_ world: World, seed: UInt64) {
        self.world = world
        dice = Dice(seed: seed)
        evaluator = world.evaluator
        let clock = WorldClock(at: world.moment)
        edges = clock.edges
        edgeDays = clock.edgeDays
    }

    /// Adds segments and fields that later expressions refer to.
    package mutating func declareDefinitions() {
        for number in 1...3 {
            declare(Definition(.segment, "segment\(number)", predicate(depth: 3)))
            let type = dice.pick(
                [
                    .integer, .number, .money(WorldSchema.currency), .date, .text, .instant,
                ] as [ValueType])
            declare(Definition(.field, "field\(number)", value(type, depth: 2)))
        }
    }

    private mutating func declare(_ definition: Definition) {
        world.program.definitions.append(definition)
        evaluator = world.evaluator
    }

    /// An expression of a type, of a depth where chance and the type allow it.
    package mutating func expression(_ type: ValueType, depth: Int) -> Expression {
        var best = anything(type, depth, nil)
        for _ in 0..<12 where best.depth != depth {
            let next = anything(type, depth, nil)
            if abs(next.depth - depth) < abs(best.depth - depth) { best = next }
        }
        return best
    }

    // MARK: - Constants

    /// What an expression is for some member or event; a usual constant where it has no value.
    mutating func sample(_ expression: Expression, _ scope: DataSetID?) -> Expression {
        for _ in 0..<4 {
            let member = dice.pick(world.members)
            var event: EventRecord?
            if let scope {
                guard let events = member.events[scope.index], !events.isEmpty else { continue }
                event = dice.pick(events)
            }
            let value = try? evaluator.evaluate(expression, for: member, event: event)
            if let value, !value.isMissing {
                return Expression(.constant(value), expression.type)
            }
        }
        return constant(expression.type)
    }

    mutating func constant(_ type: ValueType) -> Expression {
        let value: Value =
            switch type {
            case .truth: .truth(dice.chance(50))
            case .integer: .integer(dice.roll(-2...6))
            case .number: .number(dice.roll(Int64(-3)...6) * dice.pick([500_000, 333_333]))
            case .percent: .percent(dice.roll(Int64(0)...8) * 125_000)
            case .money: .money(dice.roll(Int64(-2)...40) * dice.pick([1, 5, 100]))
            case .text: .text(dice.pick(WorldGenerator.texts))
            case .choice(let words): .text(dice.pick(words))
            case .reference: .text(dice.pick(WorldGenerator.skus))
            case .date: .date(dice.pick(edgeDays) + dice.pick([-1, 0, 0, 1]))
            case .instant: .instant(dice.pick(edges) + dice.pick([-1, 0, 0, 1]))
            case .time: .time(Int32(dice.roll(0...95) * 900_000))
            case .duration: .duration(dice.roll(Int64(-4)...40) * 3_600_000)
            case .tags: .tags([dice.pick(WorldGenerator.tags)])
            case .quantity: .quantity(dice.roll(Int64(-4)...20) * 500_000)
            case .error: .missing
            }
        return Expression(.constant(value), type)
    }

    // MARK: - Predicates

    package mutating func predicate(depth: Int, in scope: DataSetID? = nil) -> Expression {
        let inner = depth - 1
        let kinds: [(Int, PredicateKind)] =
            depth <= 1
            ? [(60, .compare), (8, .isMissing), (8, .has), (10, .flag), (8, .text), (10, .isIn)]
            : PredicateKind.weights
        switch dice.pick(weighted: kinds) {
        case .and: return truth(.and(predicates(inner, scope)))
        case .or: return truth(.or(predicates(inner, scope)))
        case .not: return truth(.not(predicate(depth: inner, in: scope)))
        case .compare: return comparison(inner, scope)
        case .isIn: return membership(inner, scope)
        case .isWithin: return within(inner, scope)
        case .has: return has(inner, scope)
        case .isMissing:
            return truth(.isMissing(value(dice.pick(WorldSchema.types), depth: inner, in: scope)))
        case .text: return textTest(inner, scope)
        case .orElse:
            return truth(
                .orElse(
                    predicate(depth: inner, in: scope),
                    dice.chance(60) ? constant(.truth) : predicate(depth: inner, in: scope)))
        case .choose: return choose(.truth, inner, scope)
        case .definition: return definition(.truth) ?? comparison(inner, scope)
        case .flag: return leaf(.truth, scope)
        }
    }

    private enum PredicateKind {
        case and, or, not, compare, isIn, isWithin, has, isMissing, text, orElse, choose
        case definition, flag

        static let weights: [(Int, Self)] = [
            (13, .and), (12, .or), (8, .not), (28, .compare), (7, .isIn), (10, .isWithin),
            (4, .has), (5, .isMissing), (5, .text), (4, .orElse), (4, .choose), (4, .definition),
            (2, .flag),
        ]
    }

    func truth(_ node: Expression.Node) -> Expression { Expression(node, .truth) }

    private mutating func predicates(_ depth: Int, _ scope: DataSetID?) -> [Expression] {
        (0..<dice.pick(weighted: [(70, 2), (25, 3), (5, 5)])).map { _ in
            predicate(depth: depth, in: scope)
        }
    }

    /// Whole numbers more often: most functions and aggregates make them.
    private static let compared =
        WorldSchema.types.filter { $0 != .tags }
        + [.integer, .integer, .integer, .integer, .number, .money(WorldSchema.currency)]

    private mutating func comparison(_ depth: Int, _ scope: DataSetID?) -> Expression {
        let type =
            dice.chance(5) ? .truth : dice.pick(Self.compared)
        let left =
            type == .truth
            ? predicate(depth: depth, in: scope) : value(type, depth: depth, in: scope)
        let right =
            type != .truth && dice.chance(25)
            ? value(type, depth: depth, in: scope) : sample(left, scope)
        let equality: [Comparison] = [.equal, .notEqual]
        let comparison = dice.pick(
            type.isOrdered ? Comparison.allCases + [.less, .greaterOrEqual] : equality)
        return dice.chance(85)
            ? truth(.compare(comparison, left, right))
            : truth(.compare(comparison, right, left))
    }

    private mutating func membership(_ depth: Int, _ scope: DataSetID?) -> Expression {
        let type = dice.pick(WorldSchema.types.filter { $0 != .tags })
        let operand = value(type, depth: depth, in: scope)
        let elements = (0..<dice.pick(weighted: [(30, 1), (60, 3), (10, 9)])).map { _ in
            dice.chance(75) ? sample(operand, scope) : value(type, depth: depth - 1, in: scope)
        }
        return truth(.isIn(operand, elements))
    }

    private mutating func within(_ depth: Int, _ scope: DataSetID?) -> Expression {
        let type: ValueType = dice.chance(50) ? .date : .instant
        let operand = value(type, depth: depth, in: scope)
        return truth(.isWithin(operand, window(ofDays: type == .date, depth)))
    }

    private mutating func has(_ depth: Int, _ scope: DataSetID?) -> Expression {
        let wanted = (0..<dice.roll(1...3)).map { _ in
            dice.pick(WorldGenerator.tags + ["never"])
        }
        return truth(
            .has(value(.tags, depth: depth, in: scope), dice.pick(Quantifier.allCases), wanted))
    }

    private mutating func textTest(_ depth: Int, _ scope: DataSetID?) -> Expression {
        let part =
            dice.chance(70)
            ? Expression(
                .constant(.text(dice.pick(["", "c", "cof", "上", "海", "a", "\u{E9}"]))), .text)
            : value(.text, depth: depth - 1, in: scope)
        return truth(
            .text(dice.pick(TextTest.allCases), value(.text, depth: depth, in: scope), part))
    }

    mutating func choose(_ type: ValueType, _ depth: Int, _ scope: DataSetID?) -> Expression {
        let branches = (0..<dice.roll(1...2)).map { _ in
            Expression.Branch(
                predicate(depth: depth, in: scope), anything(type, depth, scope))
        }
        let otherwise = dice.chance(75) ? anything(type, depth, scope) : nil
        return Expression(.choose(branches, otherwise: otherwise), type)
    }

    private mutating func anything(_ type: ValueType, _ depth: Int, _ scope: DataSetID?)
        -> Expression
    {
        type == .truth
            ? predicate(depth: depth - 1, in: scope) : value(type, depth: depth - 1, in: scope)
    }

    /// A segment or field of a type, if one has been declared.
    mutating func definition(_ type: ValueType) -> Expression? {
        let fitting = world.program.definitions.indices.filter {
            world.program.definitions[$0].expression.type == type
        }
        return fitting.isEmpty
            ? nil : Expression(.definition(DefinitionID(dice.pick(fitting))), type)
    }

    /// A field, or a constant.
    mutating func leaf(_ type: ValueType, _ scope: DataSetID?) -> Expression {
        let own = scope.map { WorldSchema.fields(of: type, in: $0) } ?? []
        if !own.isEmpty, dice.chance(75) {
            return Expression(.eventField(dice.pick(own)), type)
        }
        let fields = WorldSchema.fields(of: type, in: WorldSchema.members)
        guard !fields.isEmpty, dice.chance(90) else { return constant(type) }
        return Expression(.memberField(dice.pick(fields).index), type)
    }

    // MARK: - Windows

    /// A window whose bounds do not depend on an event.
    mutating func window(ofDays: Bool, _ depth: Int) -> Window {
        let periods =
            WorldClock.calendarPeriods + (ofDays ? [] : WorldClock.exactPeriods)
        switch dice.roll(0...9) {
        case 0, 1: return .last(dice.pick(periods))
        case 2, 3: return .next(dice.pick(periods))
        case 4, 5: return .calendar(dice.pick(CalendarUnit.allCases), offset: dice.roll(-1...1))
        case 6, 7: return .since(bound(depth))
        case 8: return .until(bound(depth))
        default: return .between(bound(depth), bound(depth))
        }
    }

    private mutating func bound(_ depth: Int) -> Expression {
        let type: ValueType = dice.chance(50) ? .date : .instant
        return dice.chance(50) ? constant(type) : value(type, depth: min(depth - 1, 1))
    }
}
