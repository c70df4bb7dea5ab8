import PitchSchema

/// Writes expressions as Pitch text that the parser and the checker read back as the same
/// expression. What no script can say is written as near as possible: durations below a second,
/// constant sets of tags, `choose` without `otherwise`.
package struct ExpressionPrinter {
    /// How tightly an operator holds its operands, loosest first.
    enum Level: Int {
        case choice, or, and, not, comparison, orElse, sum, product, unary, postfix

        var tighter: Level { Level(rawValue: rawValue + 1) ?? .postfix }
    }

    private let program: Program

    package init(_ program: Program) { self.program = program }

    package func text(of expression: Expression) -> String {
        text(expression, in: .choice, nil)
    }

    /// - Parameters:
    ///   - level: looser operators are put into brackets.
    ///   - scope: the events whose fields stand before the member's names.
    func text(_ expression: Expression, in level: Level, _ scope: DataSetID?) -> String {
        let (text, own) = bare(expression, scope)
        return own.rawValue < level.rawValue ? "(\(text))" : text
    }

    private func bare(_ expression: Expression, _ scope: DataSetID?) -> (String, Level) {
        switch expression.node {
        case .constant(let value):
            let text = ConstantText.text(of: value, as: expression.type)
            return (text, text.hasPrefix("-") ? .unary : .postfix)
        case .memberField, .eventField, .occurrenceField, .lookup, .definition:
            return (name(expression.node, scope), .postfix)
        case .now: return ("now", .postfix)
        case .today: return ("today", .postfix)
        case .not(let operand): return not(operand, scope)
        case .and(let operands): return (joined(operands, " and ", .not, scope), .and)
        case .or(let operands): return (joined(operands, " or ", .and, scope), .or)
        case .isMissing(let operand):
            return (text(operand, in: .orElse, scope) + " is missing", .comparison)
        case .compare, .isIn, .isWithin, .has, .text: return comparison(expression.node, scope)
        case .orElse(let first, let second):
            return (infix(first, "or else", second, .orElse, scope), .orElse)
        case .negate(let operand): return ("-" + text(operand, in: .postfix, scope), .unary)
        case .arithmetic(let operation, let left, let right):
            let isSum = operation == .add || operation == .subtract
            let level: Level = isSum ? .sum : .product
            return (infix(left, operation.rawValue, right, level, scope), level)
        case .shift(let operand, let period, let times): return shift(operand, period, times, scope)
        case .convert(let operand): return bare(operand, scope)
        case .call(let function, let arguments):
            let word = function == .timeOfDay ? "time" : function.rawValue
            return (word + "(" + joined(arguments, ", ", .choice, scope) + ")", .postfix)
        case .choose(let branches, let otherwise):
            return (choose(branches[...], otherwise, scope), .choice)
        case .aggregate(let aggregate):
            return (self.aggregate(aggregate, scope), .postfix)
        }
    }

    // MARK: - Names

    private func name(_ node: Expression.Node, _ scope: DataSetID?) -> String {
        switch node {
        case .memberField(let index):
            let fields = program.members.map { program.dataSets[$0.index].fields } ?? []
            return ofMember(fields[index].name, scope)
        case .definition(let id): return ofMember(program.definitions[id.index].name, scope)
        case .eventField(let field):
            let dataSet = program.dataSets[field.dataSet.index]
            return Self.quoted(dataSet.name) + "." + Self.quoted(dataSet.fields[field.index].name)
        case .occurrenceField(let name): return "this." + Self.quoted(name)
        case .lookup(let table, let key, let field):
            let column = program.dataSets[table.index].fields[field].name
            return text(key, in: .postfix, scope) + "." + Self.quoted(column)
        default: return ""
        }
    }

    /// Where an event's field has the same name, the member's is qualified.
    private func ofMember(_ name: String, _ scope: DataSetID?) -> String {
        let isHidden = scope.map { program.dataSets[$0.index].field(named: name) != nil } ?? false
        return (isHidden ? "member." : "") + Self.quoted(name)
    }

    /// A name, between back-ticks where it would not be read as one.
    static func quoted(_ name: String) -> String {
        let isPlain =
            name.unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isXIDContinue }
            && name.unicodeScalars.first?.properties.isXIDStart == true
        return isPlain && name != "not" ? name : "`\(name)`"
    }

    // MARK: - Operators

    private func joined(
        _ operands: [Expression], _ separator: String, _ level: Level, _ scope: DataSetID?
    ) -> String {
        operands.map { text($0, in: level, scope) }.joined(separator: separator)
    }

    /// Operators of one level lean to the left.
    private func infix(
        _ left: Expression, _ word: String, _ right: Expression, _ level: Level,
        _ scope: DataSetID?
    ) -> String {
        "\(text(left, in: level, scope)) \(word) \(text(right, in: level.tighter, scope))"
    }

    private func not(_ operand: Expression, _ scope: DataSetID?) -> (String, Level) {
        guard case .isMissing(let inner) = operand.node else {
            return ("not " + text(operand, in: .not, scope), .not)
        }
        return (text(inner, in: .orElse, scope) + " is known", .comparison)
    }

    private func comparison(_ node: Expression.Node, _ scope: DataSetID?) -> (String, Level) {
        let operand: Expression
        let rest: String
        switch node {
        case .compare(let comparison, let left, let right):
            operand = left
            rest = comparison.rawValue + " " + text(right, in: .orElse, scope)
        case .isIn(let left, let elements):
            operand = left
            rest = "in [" + joined(elements, ", ", .choice, scope) + "]"
        case .isWithin(let left, let window):
            operand = left
            rest = self.window(window, scope)
        case .has(let left, let quantifier, let wanted):
            operand = left
            let words = wanted.map { ConstantText.text(of: .text($0), as: .text) }
            let list = "[" + words.joined(separator: ", ") + "]"
            rest = "has \(quantifier.rawValue) of \(list)"
        case .text(let test, let left, let right):
            operand = left
            rest = test.rawValue + " " + text(right, in: .orElse, scope)
        default: return ("", .comparison)
        }
        return (text(operand, in: .orElse, scope) + " " + rest, .comparison)
    }

    private func shift(
        _ operand: Expression, _ period: Period, _ times: Int, _ scope: DataSetID?
    ) -> (String, Level) {
        if case .now = operand.node {
            return (period.text + (times < 0 ? " ago" : " from now"), .postfix)
        }
        let sign = times < 0 ? "-" : "+"
        return ("\(text(operand, in: .sum, scope)) \(sign) \(period.text)", .sum)
    }

    private func choose(
        _ branches: ArraySlice<Expression.Branch>, _ otherwise: Expression?, _ scope: DataSetID?
    ) -> String {
        guard let branch = branches.first else {
            return otherwise.map { text($0, in: .or, scope) } ?? "missing"
        }
        let value = text(branch.value, in: .or, scope)
        let condition = text(branch.condition, in: .or, scope)
        let rest = choose(branches.dropFirst(), otherwise, scope)
        return "\(value) if \(condition) otherwise "
            + (branches.count > 1 ? "(\(rest))" : rest)
    }

    // MARK: - Aggregates

    private func aggregate(_ aggregate: Aggregate, _ scope: DataSetID?) -> String {
        let dataSet = aggregate.dataSet
        let events = Self.quoted(program.dataSets[dataSet.index].name)
        var words = [aggregate.argument.map { text($0, in: .sum, dataSet) } ?? events]
        if aggregate.excludesOccurrence { words.insert("other", at: 0) }
        if aggregate.function == .nth { words[words.count - 1] += ", \(aggregate.position)" }
        if let window = aggregate.window { words.append(self.window(window, scope)) }
        if aggregate.function == .streak { words.append("by \(aggregate.unit.rawValue)") }
        if let filter = aggregate.filter {
            words.append("where " + text(filter, in: .choice, dataSet))
        }
        return aggregate.function.rawValue + "(" + words.joined(separator: " ") + ")"
    }

    private func window(_ window: Window, _ scope: DataSetID?) -> String {
        func bound(_ expression: Expression) -> String { text(expression, in: .sum, scope) }
        switch window {
        case .last(let period): return "in last \(period.text)"
        case .next(let period): return "in next \(period.text)"
        case .calendar(.day, let offset):
            return offset == 0 ? "today" : offset < 0 ? "yesterday" : "next day"
        case .calendar(let unit, let offset):
            return (offset == 0 ? "this " : offset < 0 ? "last " : "next ") + unit.rawValue
        case .since(let low): return "since \(bound(low))"
        case .until(let high): return "until \(bound(high))"
        case .between(let low, let high):
            // 'from now' would be read as in '3 days from now'.
            let start = bound(low)
            let first = start.hasPrefix("now") ? "(\(start))" : start
            return "from \(first) to \(bound(high))"
        }
    }
}
