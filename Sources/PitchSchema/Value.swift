/// One value at run time. Its type is known from the program; `missing` stands for unknown as well.
package enum Value: Hashable, Sendable {
    case missing
    case truth(Bool)
    case integer(Int64)
    /// Millionths.
    case number(Int64)
    /// Millionths of one.
    case percent(Int64)
    /// Minor units.
    case money(Int64)
    /// Also choices and references.
    case text(String)
    /// Days since 1970-01-01.
    case date(Int32)
    /// Milliseconds since 1970-01-01T00:00:00Z.
    case instant(Int64)
    /// Milliseconds since midnight.
    case time(Int32)
    /// Milliseconds.
    case duration(Int64)
    case tags([String])
    /// Millionths of the type's unit.
    case quantity(Int64)

    package var isMissing: Bool { if case .missing = self { true } else { false } }

    /// The 64-bit count behind a value of integer storage; nil for missing, text and tags.
    package var raw: Int64? {
        switch self {
        case .missing, .text, .tags: nil
        case .truth(let flag): flag ? 1 : 0
        case .integer(let count), .number(let count), .percent(let count), .money(let count),
            .instant(let count), .duration(let count), .quantity(let count):
            count
        case .date(let day): Int64(day)
        case .time(let milliseconds): Int64(milliseconds)
        }
    }

    /// The value of a type with integer storage for a raw count; text and tags are never made this
    /// way.
    package init(raw count: Int64, as type: ValueType) {
        switch type {
        case .truth: self = .truth(count != 0)
        case .integer: self = .integer(count)
        case .number: self = .number(count)
        case .percent: self = .percent(count)
        case .money: self = .money(count)
        case .date: self = .date(Int32(clamping: count))
        case .instant: self = .instant(count)
        case .time: self = .time(Int32(clamping: count))
        case .duration: self = .duration(count)
        case .quantity: self = .quantity(count)
        case .text, .choice, .reference, .tags, .error: self = .missing
        }
    }
}
