import PitchProgram
import PitchSchema
import PitchSource
import PitchSyntax

/// A type as a field row writes it.
struct FieldType {
    var type: ValueType
    var isOptional = false
    var format = FieldFormat()

    init(_ type: ValueType, isOptional: Bool = false, format: FieldFormat = FieldFormat()) {
        self.type = type
        self.isOptional = isOptional
        self.format = format
    }
}

extension Checker {
    /// The type of a field row, whose marks stand in the type or after the value.
    func fieldType(_ row: SyntaxNode, _ clauses: Clauses) -> FieldType {
        guard let node = row.node("type") else { return FieldType(.error) }
        return fieldType(type: node, marks: row, clauses)
    }

    func fieldType(type node: SyntaxNode, marks row: SyntaxNode, _ clauses: Clauses) -> FieldType {
        var result = FieldType(type(node), isOptional: node.token("optional") != nil)
        result.format.decimalComma = clauses["decimal comma"] != nil
        if result.type == .instant { result.format.zone = zone(of: clauses) }
        for holder in row.range == node.range ? [node] : [node, row] {
            readMarks(holder, &result)
        }
        return result
    }

    /// The type that a type node names; reports an unknown currency and a faulty choice.
    func type(_ node: SyntaxNode) -> ValueType {
        if let table = node.leaf("table") { return .reference(name(table)) }
        if let unit = node.leaf("unit") {
            return Unit.named(text(unit)).map(ValueType.quantity) ?? .error
        }
        switch node.tokens("word").map(text).first ?? words(node).first {
        case "text": return .text
        case "number": return .number
        case "integer": return .integer
        case "yesno": return .truth
        case "date": return .date
        case "instant": return .instant
        case "time": return .time
        case "percent": return .percent
        case "duration": return .duration
        case "tags": return .tags
        case "one": return choice(node)
        case "money":
            return node.leaf("currency").flatMap(currency).map(ValueType.money) ?? .error
        default: return .error
        }
    }

    private func choice(_ node: SyntaxNode) -> ValueType {
        var values: [String] = []
        var seen: Set<String> = []
        for token in node.tokens("choice") {
            let value =
                token.kind == .string || token.kind == .longString ? string(token) : name(token)
            guard seen.insert(value).inserted else {
                report(.badChoice, "'\(value)' is in the list already", at: token.range)
                continue
            }
            values.append(value)
        }
        guard values.count <= Limits.fields else {
            reportTooMany("a choice", Limits.fields, "values", at: node.range)
            return .error
        }
        if values.isEmpty { report(.badChoice, "the list of values is empty", at: node.range) }
        return values.isEmpty ? .error : .choice(values)
    }

    private func readMarks(_ node: SyntaxNode, _ field: inout FieldType) {
        if let token = node.token("pattern") {
            if isFitting(token, "a pattern", field.type, [.date, .instant, .time]) {
                field.format.pattern = pattern(token, field.type)
            }
        }
        if let token = node.token("zone"), isFitting(token, "a zone", field.type, [.instant]),
            let zone = zone(token)
        {
            field.format.zone = zone
        }
        if let token = node.token("separator"), isFitting(token, "a separator", field.type, [.tags])
        {
            field.format.separator = string(token)
            if field.format.separator.isEmpty {
                report(.badFormat, "expected a separator, found nothing", at: token.range)
            }
        }
        if let token = node.token("rounded"), isDecimal(token, "'rounded'", field.type) {
            field.format.rounds = true
        }
        if let token = node.token("comma"), isDecimal(token, "'decimal comma'", field.type) {
            field.format.decimalComma = true
        }
    }

    private func isFitting(
        _ token: Token, _ mark: String, _ type: ValueType, _ types: [ValueType]
    ) -> Bool {
        if type == .error { return false }
        if types.contains(type) { return true }
        report(
            .markMisplaced, "\(mark) does not go with \(type.words)", at: token.range,
            help: "it goes with \(types.map(\.words).joined(separator: ", "))")
        return false
    }

    private func isDecimal(_ token: Token, _ mark: String, _ type: ValueType) -> Bool {
        switch type {
        case .number, .percent, .money, .quantity: return true
        case .error: return false
        default:
            report(
                .markMisplaced, "\(mark) does not go with \(type.words)", at: token.range,
                help: "it goes with numbers, percentages, amounts and measures")
            return false
        }
    }

    /// A pattern with the letters of Unicode TR35 that Pitch reads.
    private func pattern(_ token: Token, _ type: ValueType) -> String? {
        let pattern = string(token)
        var letters: Set<Character> = []
        var isQuoted = false
        for character in pattern {
            if character == "'" { isQuoted.toggle() }
            if !isQuoted, character.isASCII, character.isLetter { letters.insert(character) }
        }
        let unknown = letters.subtracting("yMdHhmsSaTZ").sorted()
        let needed: Set<Character> =
            type == .date ? ["y", "M", "d"] : type == .instant ? ["y", "M", "d"] : ["m"]
        if let first = unknown.first {
            report(
                .badFormat, "'\(first)' means nothing in a pattern", at: token.range,
                help: "y year, M month, d day, H or h hour, m minute, s second, S fraction, a half")
            return nil
        }
        guard needed.isSubset(of: letters) else {
            let missing = needed.subtracting(letters).sorted().map(String.init)
            report(
                .badFormat, "the pattern lacks \(missing.joined(separator: ", "))", at: token.range)
            return nil
        }
        return pattern
    }
}
