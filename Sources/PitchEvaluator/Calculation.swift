import PitchProgram
import PitchSchema

/// Operators and functions whose result is a number, an amount or a time.
extension MemberEvaluation {
    typealias Operand = (value: Value, type: ValueType)

    func calculate(
        _ operation: Arithmetic, _ left: Operand, _ right: Operand, _ expression: Expression
    ) throws(EvaluationError) -> Value {
        guard let leftRaw = left.value.raw, let rightRaw = right.value.raw else {
            return .missing
        }
        let leftCount = Int128(leftRaw)
        let rightCount = Int128(rightRaw)
        switch operation {
        case .add:
            return try fit(Int64(exactly: leftCount + rightCount), expression)
        case .subtract:
            let step = Int128(left.type == .date ? millisecondsPerDay : 1)
            return try fit(Int64(exactly: (leftCount - rightCount) * step), expression)
        case .multiply:
            // The steps of a product are the products of the operands' steps: money × number
            // counts millionths of minor units.
            let steps = left.type.scale * right.type.scale / expression.type.scale
            return try fit(
                FixedPoint.quotient(leftCount * rightCount, Int128(steps)), expression)
        case .divide:
            if rightCount == 0 { return .missing }
            let numerator = leftCount * Int128(right.type.scale * expression.type.scale)
            return try fit(
                FixedPoint.quotient(numerator, rightCount * Int128(left.type.scale)), expression)
        }
    }

    func negate(_ value: Value, _ expression: Expression) throws(EvaluationError) -> Value {
        guard let count = value.raw else { return .missing }
        return try fit(Int64(exactly: -Int128(count)), expression)
    }

    func convert(_ value: Value, _ expression: Expression) throws(EvaluationError) -> Value {
        switch (value, expression.type) {
        case (.integer(let count), .number):
            try fit(Int64(exactly: Int128(count) * Int128(expression.type.scale)), expression)
        case (.instant(let instant), .date): .date(evaluator.moment.zone.day(of: instant))
        case (.percent(let millionths), .number): .number(millionths)
        case (.number(let millionths), .percent): .percent(millionths)
        default: value
        }
    }

    func shift(_ value: Value, by period: Period, times: Int) -> Value {
        switch value {
        case .date(let day): .date(period.shift(day: day, times: times))
        case .instant(let instant):
            .instant(period.shift(instant: instant, times: times, in: evaluator.moment.zone))
        default: .missing
        }
    }

    func call(
        _ function: Function, _ arguments: [Expression], _ expression: Expression,
        _ event: EventRecord?
    ) throws(EvaluationError) -> Value {
        guard let argument = arguments.first else { return .missing }
        let value = try value(of: argument, event)
        switch value {
        case .date(let day): return calendar(function, of: day)
        case .instant(let instant):
            let time = evaluator.moment.zone.time(of: instant)
            return function == .hour ? .integer(time / 3_600_000) : .time(Int32(time))
        case .text(let text): return .integer(Int64(text.unicodeScalars.count))
        default:
            guard let count = value.raw else { return .missing }
            return try fit(Int64(exactly: count.magnitude), expression)
        }
    }

    private func calendar(_ function: Function, of day: Int32) -> Value {
        let date = CivilDate(days: Int(day))
        return switch function {
        case .age: .integer(Int64(completedYears(since: date)))
        case .year: .integer(Int64(date.year))
        case .month: .integer(Int64(date.month))
        case .day: .integer(Int64(date.day))
        case .weekday: .integer(Int64(date.weekday))
        default: .missing
        }
    }

    /// A 29 February is 28 February in common years; below zero for a date after today.
    private func completedYears(since date: CivilDate) -> Int {
        let today = CivilDate(days: Int(evaluator.today))
        let years = today.year - date.year
        return date.adding(months: years * 12) <= today ? years : years - 1
    }

    /// A count as a value of the expression's type; nil is an overflow.
    func fit(_ count: Int64?, _ expression: Expression) throws(EvaluationError) -> Value {
        guard let count else { throw EvaluationError(.overflow, at: expression.range) }
        return Value(raw: count, as: expression.type)
    }
}
