import PitchSchema

extension ValueType {
    /// The type in a marketer's words, with its article: `an amount in CNY`.
    package var words: String {
        switch self {
        case .truth: "yes or no"
        case .integer: "a whole number"
        case .number: "a number"
        case .percent: "a percentage"
        case .money(let currency): "an amount in \(currency.code)"
        case .text: "text"
        case .date: "a date"
        case .instant: "a date with a time"
        case .time: "a time of day"
        case .duration: "a length of time"
        case .tags: "a set of tags"
        case .choice(let values): "one of [\(Self.shortened(values))]"
        case .quantity(let unit): "a \(unit.dimension.rawValue) in \(unit.symbol)"
        case .reference(let table): "a row of '\(table)'"
        case .error: "unknown"
        }
    }

    private static func shortened(_ values: [String]) -> String {
        values.prefix(5).joined(separator: ", ") + (values.count > 5 ? ", …" : "")
    }

    var isNumeric: Bool {
        switch self {
        case .integer, .number, .percent: true
        default: false
        }
    }

    /// What can be added up and scaled.
    var isSummable: Bool {
        switch self {
        case .integer, .number, .percent, .money, .duration, .quantity: true
        default: false
        }
    }

    var isTimeline: Bool { self == .date || self == .instant }
}
