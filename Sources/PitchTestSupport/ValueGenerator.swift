import PitchProgram
import PitchSchema

/// Expressions that are no truth values.
extension ExpressionGenerator {
    package mutating func value(
        _ type: ValueType, depth: Int, in scope: DataSetID? = nil
    ) -> Expression {
        if depth <= 0 || dice.chance(15) { return leaf(type, scope) }
        if scope == nil, dice.chance(30) { return aggregate(type, depth) }
        switch dice.roll(0...19) {
        case 0:
            return Expression(
                .orElse(
                    value(type, depth: depth - 1, in: scope),
                    value(type, depth: depth - 1, in: scope)),
                type)
        case 1: return choose(type, depth - 1, scope)
        case 2: return definition(type) ?? leaf(type, scope)
        case 3, 4:
            if let lookup = lookup(type, scope) { return lookup }
        default: break
        }
        return operation(type, depth - 1, scope)
    }

    private mutating func lookup(_ type: ValueType, _ scope: DataSetID?) -> Expression? {
        let fields = WorldSchema.fields(of: type, in: WorldSchema.products)
        guard !fields.isEmpty else { return nil }
        let key = leaf(WorldSchema.reference, scope)
        return Expression(
            .lookup(table: WorldSchema.products, key: key, field: dice.pick(fields).index), type)
    }

    /// An operator or function with a result of a type.
    private mutating func operation(
        _ type: ValueType, _ depth: Int, _ scope: DataSetID?
    ) -> Expression {
        switch type {
        case .integer: integerOperation(depth, scope)
        case .number: numberOperation(depth, scope)
        case .percent, .money, .duration, .quantity: amount(type, depth, scope)
        case .date:
            dice.chance(40)
                ? Expression(.convert(value(.instant, depth: depth, in: scope)), type)
                : dice.chance(30) ? Expression(.today, type) : shift(type, depth, scope)
        case .instant:
            dice.chance(15) ? Expression(.now, type) : shift(type, depth, scope)
        case .time:
            Expression(.call(.timeOfDay, [value(.instant, depth: depth, in: scope)]), type)
        default: leaf(type, scope)
        }
    }

    private mutating func shift(
        _ type: ValueType, _ depth: Int, _ scope: DataSetID?
    ) -> Expression {
        let periods =
            WorldClock.calendarPeriods + (type == .instant ? WorldClock.exactPeriods : [])
        return Expression(
            .shift(
                value(type, depth: depth, in: scope), dice.pick(periods),
                times: dice.pick([-1, 1])), type)
    }

    private mutating func integerOperation(_ depth: Int, _ scope: DataSetID?) -> Expression {
        let operand = value(.integer, depth: depth, in: scope)
        if dice.chance(20) {
            let other = value(.integer, depth: depth, in: scope)
            return Expression(
                .arithmetic(dice.pick([.add, .subtract, .multiply]), operand, other), .integer)
        }
        switch dice.roll(0...11) {
        case 0: return Expression(.negate(operand), .integer)
        case 1: return Expression(.call(.abs, [operand]), .integer)
        case 2, 3:
            return Expression(
                .call(.length, [value(.text, depth: depth, in: scope)]), .integer)
        case 4, 5:
            return Expression(
                .call(.hour, [value(.instant, depth: depth, in: scope)]), .integer)
        default:
            let function = dice.pick([Function.age, .year, .month, .day, .weekday])
            return Expression(
                .call(function, [value(.date, depth: depth, in: scope)]), .integer)
        }
    }

    private mutating func numberOperation(_ depth: Int, _ scope: DataSetID?) -> Expression {
        let isNumeric: [ValueType] = [.number, .percent]
        let all =
            [.integer, .percent, .number, .money(WorldSchema.currency), .duration] as [ValueType]
        switch dice.roll(0...6) {
        case 0:
            return Expression(
                .convert(value(dice.pick([.integer, .percent]), depth: depth, in: scope)), .number)
        case 1: return amount(.number, depth, scope)
        case 2, 3:
            let left = value(dice.pick(isNumeric), depth: depth, in: scope)
            let right = value(dice.pick(isNumeric), depth: depth, in: scope)
            return Expression(.arithmetic(.multiply, left, right), .number)
        case 4:
            let left = value(dice.pick(isNumeric), depth: depth, in: scope)
            let right = value(dice.pick(isNumeric), depth: depth, in: scope)
            return Expression(.arithmetic(.divide, left, right), .number)
        default:
            let type = dice.pick(all.filter { $0 != .percent })
            let left = value(type, depth: depth, in: scope)
            let right = value(type, depth: depth, in: scope)
            return Expression(.arithmetic(.divide, left, right), .number)
        }
    }

    /// Sums, shares and signs of percentages, amounts, lengths of time, measures and numbers.
    private mutating func amount(
        _ type: ValueType, _ depth: Int, _ scope: DataSetID?
    ) -> Expression {
        let operand = value(type, depth: depth, in: scope)
        let isScalar = type == .percent || type == .number
        switch dice.roll(0...11) {
        case 0: return Expression(.negate(operand), type)
        case 1: return Expression(.call(.abs, [operand]), type)
        case 2 where type == .percent:
            return Expression(.convert(value(.number, depth: depth, in: scope)), type)
        case 3 where type == .duration:
            let times = dice.pick([ValueType.date, .instant])
            return Expression(
                .arithmetic(
                    .subtract, value(times, depth: depth, in: scope),
                    value(times, depth: depth, in: scope)), type)
        case 4...8 where !isScalar:
            let factor = value(
                dice.pick([.integer, .number, .percent]), depth: depth, in: scope)
            if dice.chance(40) { return Expression(.arithmetic(.divide, operand, factor), type) }
            return dice.chance(50)
                ? Expression(.arithmetic(.multiply, operand, factor), type)
                : Expression(.arithmetic(.multiply, factor, operand), type)
        default:
            let other = value(type, depth: depth, in: scope)
            return Expression(.arithmetic(dice.pick([.add, .subtract]), operand, other), type)
        }
    }

    // MARK: - Aggregates

    /// An aggregate with a result of a type.
    private mutating func aggregate(_ type: ValueType, _ depth: Int) -> Expression {
        let dataSet = dice.pick([WorldSchema.orders, WorldSchema.visits])
        var function = dice.pick([Aggregate.Function.first, .last, .nth])
        var argumentType = type
        switch type {
        case .integer:
            function = dice.pick([
                .count, .count, .count, .distinct, .distinct, .streak, .streak, .sum, .max,
                function,
            ])
            if function == .distinct {
                argumentType = dice.pick(WorldSchema.types.filter { $0 != .tags })
            }
        case .number:
            function = dice.pick([.avg, .avg, .sum, .min, function])
            if function == .avg, dice.chance(50) { argumentType = .integer }
        case .percent, .money, .duration, .quantity:
            function = dice.pick([.sum, .sum, .avg, .min, .max, function])
        case .date, .instant, .time, .text: function = dice.pick([.min, .max, function])
        default: break
        }
        let takesNone = function == .count || function == .streak
        let argument =
            takesNone ? nil : value(argumentType, depth: min(depth - 1, 1), in: dataSet)
        let isDated = dataSet == WorldSchema.visits
        return Expression(
            .aggregate(
                Aggregate(
                    function, over: dataSet, argument: argument,
                    window: dice.chance(60) ? window(ofDays: isDated, depth) : nil,
                    filter: dice.chance(50) ? predicate(depth: depth - 1, in: dataSet) : nil,
                    position: function == .nth ? dice.roll(1...4) : 1,
                    unit: function == .streak ? dice.pick(CalendarUnit.allCases) : .day)),
            type)
    }
}
