import PitchEvaluator
import PitchProgram
import PitchSchema
import PitchTestSupport
import Testing

/// A fault planted on the columnar side: in the expression, the world or the outcomes that it is
/// given or gives, so that the product needs no hooks.
struct Mutant: Sendable, CustomTestStringConvertible {
    let name: String
    /// Of every part of the expression.
    var part: (@Sendable (Expression) -> Expression)?
    var world: (@Sendable (World) -> World)?
    var outcome: (@Sendable (Outcome) -> Outcome)?

    var testDescription: String { name }

    init(_ name: String, part: @escaping @Sendable (Expression) -> Expression) {
        self.name = name
        self.part = part
    }

    init(_ name: String, world: @escaping @Sendable (World) -> World) {
        self.name = name
        self.world = world
    }

    init(_ name: String, outcome: @escaping @Sendable (Outcome) -> Outcome) {
        self.name = name
        self.outcome = outcome
    }

    static let all: [Mutant] = comparisons + windows + logic + aggregates + calculations + worlds

    // MARK: - Comparisons

    private static let comparisons: [Mutant] = [
        Mutant("< is <=") { $0.comparing(.less, as: .lessOrEqual) },
        Mutant(">= is >") { $0.comparing(.greaterOrEqual, as: .greater) },
        Mutant("a missing element of a list is ignored") { part in
            guard case .isIn = part.node else { return part }
            return part.orElse(.truth(false))
        },
        Mutant("starts with is contains") { part in
            guard case .text(.startsWith, let text, let start) = part.node else { return part }
            return part.with(.text(.contains, text, start))
        },
    ]

    // MARK: - Windows

    private static let windows: [Mutant] = [
        Mutant("a rolling window includes its first edge") { part in
            part.windowed { window, ofDays in
                guard case .last(let period) = window else { return window }
                let present = Self.present(ofDays)
                return .between(
                    present.with(.shift(present, period, times: -1)), present)
            }
        },
        Mutant("a window ahead includes the present") { part in
            part.windowed { window, ofDays in
                guard case .next(let period) = window else { return window }
                let present = Self.present(ofDays)
                return .between(present, present.with(.shift(present, period, times: 1)))
            }
        },
        Mutant("until leaves out its last day") { part in
            part.windowed { window, _ in
                guard case .until(let bound) = window, bound.type == .date else { return window }
                return .until(bound.with(.shift(bound, Period(1, .day), times: -1)))
            }
        },
        Mutant("since begins a second late") { part in
            part.windowed { window, _ in
                guard case .since(let bound) = window, bound.type == .instant else { return window }
                return .since(bound.with(.shift(bound, Period(1, .second), times: 1)))
            }
        },
        Mutant("last month rolls") { part in
            part.windowed { window, _ in
                guard case .calendar(.month, -1) = window else { return window }
                return .last(Period(1, .month))
            }
        },
        Mutant("a month is 30 days") { part in
            part.windowed { window, _ in
                guard case .last(Period(1, .month)) = window else { return window }
                return .last(Period(30, .day))
            }
        },
    ]

    private static func present(_ ofDays: Bool) -> Expression {
        ofDays ? Expression(.today, .date) : Expression(.now, .instant)
    }

    // MARK: - Logic

    private static let logic: [Mutant] = [
        Mutant("not of unknown is true") { part in
            guard case .not(let operand) = part.node else { return part }
            return part.with(.not(operand.orElse(.truth(false))))
        },
        Mutant("and takes unknown for false") { part in
            guard case .and(let operands) = part.node else { return part }
            return part.with(.and(operands.map { $0.orElse(.truth(false)) }))
        },
        Mutant("or takes unknown for false") { part in
            guard case .or(let operands) = part.node else { return part }
            return part.with(.or(operands.map { $0.orElse(.truth(false)) }))
        },
        Mutant("an unknown condition chooses its branch") { part in
            guard case .choose(let branches, let otherwise) = part.node else { return part }
            let mutated = branches.map {
                Expression.Branch($0.condition.orElse(.truth(true)), $0.value)
            }
            return part.with(.choose(mutated, otherwise: otherwise))
        },
        Mutant("or else stays missing") { part in
            guard case .orElse(let first, _) = part.node else { return part }
            return first
        },
    ]

    // MARK: - Aggregates

    private static let aggregates: [Mutant] = [
        Mutant("a sum with a missing value is missing") { part in
            guard case .aggregate(let sum) = part.node, sum.function == .sum,
                let argument = sum.argument
            else { return part }
            let isMissing = Expression(.isMissing(argument), .truth)
            let filter = sum.filter.map { Expression(.and([$0, isMissing]), .truth) } ?? isMissing
            let holes = sum.with(.count, argument: nil, window: sum.window, filter: filter)
            let isWhole = Expression(
                .compare(
                    .equal, Expression(.aggregate(holes), .integer),
                    Expression(.constant(.integer(0)), .integer)), .truth)
            return part.with(.choose([Expression.Branch(isWhole, part)], otherwise: nil))
        },
        Mutant("an average counts missing values as zero") { part in
            part.aggregated(.avg) { avg in
                avg.with(
                    argument: avg.argument.map { $0.orElse(Value(raw: 0, as: $0.type)) },
                    window: avg.window, filter: avg.filter)
            }
        },
        Mutant("the last known value is the last") { part in
            part.aggregated(.last) { last in
                let isKnown = last.argument.map {
                    Expression(.not(Expression(.isMissing($0), .truth)), .truth)
                }
                let filters = [last.filter, isKnown].compactMap { $0 }
                return last.with(
                    argument: last.argument, window: last.window,
                    filter: Expression(.and(filters), .truth))
            }
        },
        Mutant("an unknown filter counts") { part in
            guard case .aggregate(let aggregate) = part.node, let filter = aggregate.filter else {
                return part
            }
            return part.with(
                .aggregate(
                    aggregate.with(
                        argument: aggregate.argument, window: aggregate.window,
                        filter: filter.orElse(.truth(true)))))
        },
        Mutant("nth counts from nought") { part in
            part.aggregated(.nth) { nth in
                nth.with(
                    argument: nth.argument, window: nth.window, filter: nth.filter,
                    position: nth.position + 1)
            }
        },
    ]

    // MARK: - Calculations

    private static let calculations: [Mutant] = [
        Mutant("a half rounds away from even") { part in
            guard case .arithmetic(.divide, let left, let right) = part.node,
                right.type == .integer, left.type == part.type
            else { return part }
            return part.roundingHalfUp(left, right)
        },
        Mutant("a quotient by zero is zero") { part in
            guard case .arithmetic(.divide, _, let right) = part.node else { return part }
            let zero = Expression(.constant(Value(raw: 0, as: right.type)), right.type)
            let isZero = Expression(.compare(.equal, right, zero), .truth)
            let none = Expression(.constant(Value(raw: 0, as: part.type)), part.type)
            return part.with(
                .choose([Expression.Branch(isZero, none)], otherwise: part))
        },
        Mutant("a birthday comes a day early") { part in
            guard case .call(.age, let arguments) = part.node, let born = arguments.first else {
                return part
            }
            return part.with(
                .call(.age, [born.with(.shift(born, Period(1, .day), times: -1))]))
        },
        Mutant("an instant's day is an hour late") { part in
            guard case .convert(let operand) = part.node, operand.type == .instant else {
                return part
            }
            return part.with(
                .convert(operand.with(.shift(operand, Period(1, .hour), times: -1))))
        },
        Mutant("overflow is unknown") { (outcome: Outcome) in
            outcome == .failed ? .value(.missing) : outcome
        },
    ]

    // MARK: - Worlds

    private static let worlds: [Mutant] = [
        Mutant("summer time is ignored") { (world: World) in
            let zone = world.moment.zone
            let flat = ZoneRules(name: zone.name, starts: [.min], offsets: [zone.offsets[0]])
            return world.at(
                Moment(now: world.moment.now, zone: flat, weekStart: world.moment.weekStart))
        },
        Mutant("the week starts a day later") { (world: World) in
            let moment = world.moment
            return world.at(
                Moment(now: moment.now, zone: moment.zone, weekStart: moment.weekStart % 7 + 1))
        },
        Mutant("the present is a millisecond later") { (world: World) in
            let moment = world.moment
            return world.at(
                Moment(now: moment.now + 1, zone: moment.zone, weekStart: moment.weekStart))
        },
        Mutant("ties on at are in reverse") { (world: World) in
            var mutated = world
            mutated.members = world.members.map { member in
                let events = member.events.mapValues { events in
                    events.sorted {
                        ($0.values[1].raw ?? 0, $1.row) < ($1.values[1].raw ?? 0, $0.row)
                    }
                }
                return MemberRecord(key: member.key, values: member.values, events: events)
            }
            return mutated
        },
    ]
}

extension World {
    fileprivate func at(_ moment: Moment) -> World {
        var world = self
        world.moment = moment
        return world
    }
}

extension Expression {
    fileprivate func with(_ node: Node) -> Expression { Expression(node, type, at: range) }

    fileprivate func orElse(_ value: Value) -> Expression {
        with(.orElse(self, with(.constant(value))))
    }

    fileprivate func comparing(_ comparison: Comparison, as other: Comparison) -> Expression {
        guard case .compare(comparison, let left, let right) = node else { return self }
        return with(.compare(other, left, right))
    }

    fileprivate func windowed(_ change: (Window, _ ofDays: Bool) -> Window) -> Expression {
        switch node {
        case .isWithin(let operand, let window):
            return with(.isWithin(operand, change(window, operand.type == .date)))
        case .aggregate(let aggregate):
            let isDated = aggregate.dataSet == WorldSchema.visits
            return with(
                .aggregate(
                    aggregate.with(
                        argument: aggregate.argument,
                        window: aggregate.window.map { change($0, isDated) },
                        filter: aggregate.filter)))
        default: return self
        }
    }

    fileprivate func aggregated(
        _ function: Aggregate.Function, _ change: (Aggregate) -> Aggregate
    ) -> Expression {
        guard case .aggregate(let aggregate) = node, aggregate.function == function else {
            return self
        }
        return with(.aggregate(change(aggregate)))
    }

    /// `left ÷ right` by a whole number; where half a step is left over, one step more.
    fileprivate func roundingHalfUp(_ left: Expression, _ right: Expression) -> Expression {
        func amount(_ node: Node) -> Expression { with(node) }
        let step = amount(.constant(Value(raw: 1, as: type)))
        let rest = amount(
            .arithmetic(.subtract, left, amount(.arithmetic(.multiply, self, right))))
        let isHalf = Expression(
            .compare(
                .equal, amount(.arithmetic(.add, rest, rest)),
                amount(.arithmetic(.multiply, step, right))), .truth)
        return with(
            .choose(
                [Branch(isHalf, amount(.arithmetic(.add, self, step)))], otherwise: self))
    }
}
