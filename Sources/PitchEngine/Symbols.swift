import PitchChecker
import PitchSchema

extension Symbol {
    /// A declared name, its fields and the words that it can be.
    static func all(of declared: PitchChecker.Symbol) -> [Symbol] {
        let detail = declared.title ?? declared.type.map(ValueText.name(of:)) ?? ""
        let own = Symbol(name: declared.name, kind: kind(of: declared.kind), detail: detail)
        let fields = declared.fields.flatMap { field in
            let isMember = declared.kind == .members
            let name = isMember ? field.name : "\(declared.name).\(field.name)"
            let type = field.type.map(ValueText.name(of:)) ?? ""
            return [Symbol(name: name, kind: isMember ? .field : .eventField, detail: type)]
                + words(of: field)
        }
        return [own] + fields + words(of: declared)
    }

    private static func words(of declared: PitchChecker.Symbol) -> [Symbol] {
        declared.values.map { Symbol(name: $0, kind: .choice, detail: declared.name) }
    }

    private static func kind(of kind: PitchChecker.Symbol.Kind) -> Kind {
        switch kind {
        case .memberField: .field
        case .members, .events, .table: .dataSet
        case .segment: .segment
        case .field: .definition
        case .constant, .function, .goal, .theme: .constant
        case .coupon: .coupon
        case .bundle: .bundle
        case .channel: .channel
        case .message: .message
        case .plan: .plan
        case .strategy: .strategy
        }
    }
}

extension ValueText {
    /// A type in a marketer's words.
    static func name(of type: ValueType) -> String {
        switch type {
        case .truth: "yes or no"
        case .integer: "whole number"
        case .number: "number"
        case .percent: "percent"
        case .money(let currency): currency.code
        case .text: "text"
        case .date: "date"
        case .instant: "instant"
        case .time: "time"
        case .duration: "duration"
        case .tags: "tags"
        case .choice: "one of a list"
        case .quantity(let unit): unit.symbol
        case .reference(let table): "→ \(table)"
        case .error: ""
        }
    }
}
