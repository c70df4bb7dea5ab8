import PitchSchema

/// Expressions as text in prefix form, `(>= (sum orders amount (last 30 days)) 2000.00 CNY)`, for
/// golden files and for people who look into the engine.
package struct ProgramPrinter: Sendable {
    private let dataSets: [DataSet]
    private let definitions: [Definition]
    private let members: DataSetID?

    package init(_ program: Program) {
        dataSets = program.dataSets
        definitions = program.definitions
        members = program.members
    }

    package func text(_ expression: Expression) -> String {
        switch expression.node {
        case .constant(let value): constant(value, expression.type)
        case .memberField(let index): field(members, index)
        case .eventField(let id):
            dataSets[id.dataSet.index].name + "." + field(id.dataSet, id.index)
        case .occurrenceField(let name): "this." + name
        case .lookup(let table, let key, let index):
            list("lookup", [dataSets[table.index].name + "." + field(table, index), text(key)])
        case .definition(let id): definitions[id.index].name
        case .now: "now"
        case .today: "today"
        case .not, .and, .or, .compare, .isIn, .isWithin, .has, .isMissing, .text:
            condition(expression)
        case .orElse(let first, let second): list("or-else", [text(first), text(second)])
        case .negate(let operand): list("-", [text(operand)])
        case .arithmetic(let operation, let left, let right):
            list(operation.rawValue, [text(left), text(right)])
        case .shift(let operand, let period, let times):
            list("shift", [text(operand), (times < 0 ? "-" : "+") + period.text])
        case .convert(let operand): list("convert", [text(operand)])
        case .call(let function, let operands):
            list(function.rawValue.split(separator: " ").joined(separator: "-"), operands.map(text))
        case .choose(let branches, let otherwise):
            list(
                "choose",
                branches.map { list("if", [text($0.condition), text($0.value)]) }
                    + (otherwise.map { [text($0)] } ?? []))
        case .aggregate(let aggregate): self.aggregate(aggregate)
        }
    }

    private func condition(_ expression: Expression) -> String {
        switch expression.node {
        case .not(let operand): list("not", [text(operand)])
        case .and(let operands): list("and", operands.map(text))
        case .or(let operands): list("or", operands.map(text))
        case .compare(let comparison, let left, let right):
            list(comparison.rawValue, [text(left), text(right)])
        case .isIn(let operand, let elements):
            list("in", [text(operand), list("list", elements.map(text))])
        case .isWithin(let operand, let window): list("within", [text(operand), text(window)])
        case .has(let operand, let quantifier, let tags):
            list("has-\(quantifier.rawValue)", [text(operand)] + tags.map { "'\($0)'" })
        case .isMissing(let operand): list("missing", [text(operand)])
        case .text(let test, let left, let right):
            list(
                test.rawValue.split(separator: " ").joined(separator: "-"),
                [text(left), text(right)])
        default: ""
        }
    }

    private func aggregate(_ aggregate: Aggregate) -> String {
        var parts = [
            (aggregate.excludesOccurrence ? "other-" : "") + dataSets[aggregate.dataSet.index].name
        ]
        if let argument = aggregate.argument { parts.append(text(argument)) }
        if aggregate.function == .nth { parts.append(String(aggregate.position)) }
        if aggregate.function == .streak { parts.append("by-\(aggregate.unit.rawValue)") }
        if let window = aggregate.window { parts.append(text(window)) }
        if let filter = aggregate.filter { parts.append(list("where", [text(filter)])) }
        return list(aggregate.function.rawValue, parts)
    }

    package func text(_ window: Window) -> String {
        switch window {
        case .last(let period): list("last", [period.text])
        case .next(let period): list("next", [period.text])
        case .calendar(let unit, let offset): list(unit.rawValue, [String(offset)])
        case .since(let bound): list("since", [text(bound)])
        case .until(let bound): list("until", [text(bound)])
        case .between(let low, let high): list("from-to", [text(low), text(high)])
        }
    }

    private func list(_ head: String, _ parts: [String]) -> String {
        "(" + ([head] + parts).joined(separator: " ") + ")"
    }

    private func field(_ dataSet: DataSetID?, _ index: Int) -> String {
        guard let dataSet, dataSets[dataSet.index].fields.indices.contains(index) else {
            return "#\(index)"
        }
        return dataSets[dataSet.index].fields[index].name
    }

    private func constant(_ value: Value, _ type: ValueType) -> String {
        switch (value, type) {
        case (.missing, _): "missing"
        case (.truth(let flag), _): flag ? "yes" : "no"
        case (.integer(let count), _): String(count)
        case (.number(let count), _): FixedPoint.text(count, digits: 6, minimum: 1)
        case (.percent(let share), _): FixedPoint.text(share, digits: 4) + "%"
        case (.money(let minor), .money(let currency)):
            FixedPoint.text(minor, digits: currency.digits, minimum: currency.digits) + " "
                + currency.code
        case (.quantity(let count), .quantity(let unit)):
            FixedPoint.text(count, digits: 6) + " " + unit.symbol
        case (.text(let text), _): "'\(text)'"
        case (.date(let day), _): CivilDate(days: Int(day)).text
        case (.instant(let instant), _): "@\(instant)"
        case (.time(let time), _): "\(time) ms"
        case (.duration(let length), _): "\(length) ms"
        default: "\(value)"
        }
    }
}
