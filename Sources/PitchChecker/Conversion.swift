import PitchProgram
import PitchSchema
import PitchSource

/// Bringing two operands to one type. Nothing else is ever coerced.
extension Checker {
    /// The expression as a value of a type, where that loses nothing; nil when it cannot be.
    func convert(_ expression: Expression, to type: ValueType) -> Expression? {
        if expression.type == type { return expression }
        if let constant = convertConstant(expression, to: type) { return constant }
        switch (expression.type, type) {
        case (.integer, .number), (.percent, .number), (.instant, .date):
            return Expression(.convert(expression), type, at: expression.range)
        default:
            return nil
        }
    }

    private func convertConstant(_ expression: Expression, to type: ValueType) -> Expression? {
        guard let value = expression.constantValue else { return nil }
        switch (value, expression.type, type) {
        case (.integer(let count), _, .number):
            let (millionths, isOver) = count.multipliedReportingOverflow(by: 1_000_000)
            return isOver
                ? nil : Expression(.constant(.number(millionths)), type, at: expression.range)
        case (.percent(let share), _, .number):
            return Expression(.constant(.number(share)), type, at: expression.range)
        case (.quantity(let count), .quantity(let unit), .quantity(let wanted)):
            return unit.convert(count, to: wanted).map {
                Expression(.constant(.quantity($0)), type, at: expression.range)
            }
        case (.text(let text), .text, .choice(let values)):
            return values.contains(text)
                ? Expression(.constant(value), type, at: expression.range) : nil
        case (.text, .text, .reference):
            return Expression(.constant(value), type, at: expression.range)
        default:
            return nil
        }
    }

    /// Both operands in one type: the wider of two numbers, the day of a date and an instant, the
    /// unit of the one that is not a literal. Nil when they do not go together.
    func unify(_ left: Expression, _ right: Expression) -> (Expression, Expression)? {
        if left.type == right.type { return (left, right) }
        if let converted = convert(right, to: left.type) { return (left, converted) }
        if let converted = convert(left, to: right.type) { return (converted, right) }
        return nil
    }

    /// A list of expressions in one type; nil when they do not go together.
    func unify(all expressions: [Expression], with first: Expression) -> (Expression, [Expression])?
    {
        var target = first
        for expression in expressions {
            guard let (wider, _) = unify(target, expression) else { return nil }
            target = wider
        }
        var converted: [Expression] = []
        for expression in expressions {
            guard let element = convert(expression, to: target.type) else { return nil }
            converted.append(element)
        }
        return (target, converted)
    }

    /// The expression as a value of a declared type; reports when it cannot be.
    func require(_ type: ValueType, _ expression: Expression, for what: String) -> Expression {
        if expression.isFaulty || type == .error { return .faulty(at: expression.range) }
        if let converted = convert(expression, to: type) { return converted }
        reportMismatch(type, expression, for: what)
        return .faulty(at: expression.range)
    }

    private func reportMismatch(_ type: ValueType, _ expression: Expression, for what: String) {
        let written = scope.sources.text(of: expression.range)
        if type == .truth, let named = titled(expression.constantValue) {
            report(
                .conditionExpected, "expected a condition for \(what), found a title",
                at: expression.range, help: "'\(named)' is its name",
                fixIts: [FixIt("write '\(named)'", replace: expression.range, with: named)])
        } else if type == .truth {
            report(
                .conditionExpected,
                "expected a condition for \(what), found \(expression.type.words)",
                at: expression.range,
                help: expression.constantValue == nil
                    ? "compare it: '\(Self.shortened(written)) = …'"
                    : "several values stand in a list: '… in [\(Self.shortened(written)), …]'")
        } else if case .choice(let values) = type, case .text(let word)? = expression.constantValue
        {
            reportChoice(word, values, at: expression.range)
        } else if !reportMoney(expression, ValueTypePair(type, expression.type)) {
            report(
                .typesDiffer, "expected \(type.words) for \(what), found \(expression.type.words)",
                at: expression.range)
        }
    }

    /// The segment that has a text as its title.
    private func titled(_ value: Value?) -> String? {
        guard case .text(let title)? = value else { return nil }
        return scope.symbols.all.first { $0.kind == .segment && $0.title == title }?.name
    }

    static func shortened(_ text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).joined(separator: " ")
        return line.count <= 40 ? line : line.prefix(39) + "…"
    }

    func reportChoice(_ word: String, _ values: [String], at range: SourceRange) {
        let near = suggestion(for: word, among: values)
        report(
            .noSuchChoice,
            "expected one of [\(values.prefix(12).joined(separator: ", "))], found '\(word)'",
            at: range, help: near.map { "did you mean '\($0)'?" },
            fixIts: near.map { [FixIt("write '\($0)'", replace: range, with: $0)] } ?? [])
    }

    /// Reports money beside a bare number or another currency; false for other pairs.
    func reportMoney(_ expression: Expression, _ pair: ValueTypePair) -> Bool {
        switch (pair.first, pair.second) {
        case (.money(let left), .money(let right)):
            report(
                .currenciesDiffer, "\(left.code) and \(right.code) do not mix",
                at: expression.range,
                help: "there is no exchange rate in a script")
            return true
        case (.money(let currency), .integer), (.money(let currency), .number),
            (.integer, .money(let currency)), (.number, .money(let currency)):
            var fixIts: [FixIt] = []
            if expression.constantValue != nil, expression.type.isNumeric {
                let written = scope.sources.text(of: expression.range)
                fixIts = [
                    FixIt(
                        "write '\(written) \(currency.code)'", replace: expression.range,
                        with: "\(written) \(currency.code)")
                ]
            }
            report(
                .moneyAndNumber, "expected an amount in \(currency.code), found a bare number",
                at: expression.range, fixIts: fixIts)
            return true
        default:
            return false
        }
    }
}

/// Two types that were found side by side.
struct ValueTypePair {
    let first: ValueType
    let second: ValueType
    init(_ first: ValueType, _ second: ValueType) {
        self.first = first
        self.second = second
    }
}
