import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// `+ - * /`
extension Checker {
    func arithmetic(
        _ left: Expression, _ operation: String, _ right: SyntaxNode, _ node: SyntaxNode,
        _ context: Context
    ) -> Expression {
        guard let operation = Arithmetic(rawValue: operation) else {
            return .faulty(at: node.range)
        }
        let isSum = operation == .add || operation == .subtract
        if isSum, left.type.isTimeline, isLength(right) {
            guard let period = period(right) else { return .faulty(at: node.range) }
            return shift(left, period, operation, node)
        }
        let second = expression(right, context.deeper)
        if left.isFaulty || second.isFaulty { return .faulty(at: node.range) }
        if isSum, left.type.isTimeline, case .duration(let length)? = second.constantValue,
            let period = Period(milliseconds: length)
        {
            return shift(left, period, operation, node)
        }
        let made =
            switch operation {
            case .add, .subtract: sum(operation, left, second, node)
            case .multiply: product(left, second, node)
            case .divide: quotient(left, second, node)
            }
        if let made { return made }
        reportArithmetic(operation, left, second, node)
        return .faulty(at: node.range)
    }

    private func isLength(_ node: SyntaxNode) -> Bool {
        node.kind == .quantity
            && node.leaf("unit").flatMap { Self.periodUnit(text($0)) } != nil
    }

    private func shift(
        _ left: Expression, _ period: Period, _ operation: Arithmetic, _ node: SyntaxNode
    ) -> Expression {
        if left.type == .date, period.unit.isExact {
            report(
                .hoursOnDates, "a date has no hours: '\(period.text)' cannot be added to it",
                at: node.range, help: "add days")
            return .faulty(at: node.range)
        }
        return Expression(
            .shift(left, period, times: operation == .add ? 1 : -1), left.type, at: node.range)
    }

    private func sum(
        _ operation: Arithmetic, _ left: Expression, _ right: Expression, _ node: SyntaxNode
    ) -> Expression? {
        if operation == .subtract, left.type.isTimeline, right.type.isTimeline {
            guard let (first, second) = unify(left, right) else { return nil }
            return make(operation, first, second, .duration, node)
        }
        let mixesPercent = (left.type == .percent) != (right.type == .percent)
        guard !mixesPercent, !mixesTemperatures(left, right),
            let (first, second) = unify(left, right), first.type.isSummable
        else { return nil }
        return make(operation, first, second, first.type, node)
    }

    /// A difference of 5 °C is not 41 °F, so temperatures are added in one unit only.
    private func mixesTemperatures(_ left: Expression, _ right: Expression) -> Bool {
        guard case .quantity(let unit) = left.type, case .quantity(let other) = right.type else {
            return false
        }
        return unit.dimension == .temperature && unit != other
    }

    private func product(
        _ left: Expression, _ right: Expression, _ node: SyntaxNode
    ) -> Expression? {
        if left.type.isNumeric, right.type.isNumeric {
            if left.type == .integer, right.type == .integer {
                return make(.multiply, left, right, .integer, node)
            }
            guard let (first, second) = factors(left, right) else { return nil }
            return make(.multiply, first, second, .number, node)
        }
        if left.type.isSummable, right.type.isNumeric {
            return make(.multiply, left, right, left.type, node)
        }
        if right.type.isSummable, left.type.isNumeric {
            return make(.multiply, left, right, right.type, node)
        }
        return nil
    }

    /// Whole numbers become numbers; percentages stay.
    private func factors(_ left: Expression, _ right: Expression) -> (Expression, Expression)? {
        let first = left.type == .integer ? convert(left, to: .number) : left
        let second = right.type == .integer ? convert(right, to: .number) : right
        guard let first, let second else { return nil }
        return (first, second)
    }

    private func quotient(
        _ left: Expression, _ right: Expression, _ node: SyntaxNode
    ) -> Expression? {
        if left.type == .integer, right.type == .integer {
            return make(.divide, left, right, .number, node)
        }
        if left.type.isNumeric, right.type.isNumeric {
            guard let first = convert(left, to: .number), let second = convert(right, to: .number)
            else { return nil }
            return make(.divide, first, second, .number, node)
        }
        if left.type.isSummable, right.type.isNumeric {
            return make(.divide, left, right, left.type, node)
        }
        guard let (first, second) = unify(left, right), first.type.isSummable else { return nil }
        return make(.divide, first, second, .number, node)
    }

    private func make(
        _ operation: Arithmetic, _ left: Expression, _ right: Expression, _ type: ValueType,
        _ node: SyntaxNode
    ) -> Expression {
        Expression(.arithmetic(operation, left, right), type, at: node.range)
    }

    private func reportArithmetic(
        _ operation: Arithmetic, _ left: Expression, _ right: Expression, _ node: SyntaxNode
    ) {
        let isSum = operation == .add || operation == .subtract
        let bare = left.type.isNumeric ? left : right
        if isSum, left.type != .percent, right.type != .percent,
            reportMoney(bare, ValueTypePair(left.type, right.type))
        {
            return
        }
        if case .money = left.type, case .money = right.type, operation != .multiply,
            reportMoney(right, ValueTypePair(left.type, right.type))
        {
            return
        }
        var help: String?
        if isSum, left.type == .percent || right.type == .percent {
            help = "take the share of something: 'amount * 10%'"
        }
        report(
            .noArithmetic,
            "'\(operation.rawValue)' does not go with \(left.type.words) and \(right.type.words)",
            at: node.range, help: help)
    }
}
