import PitchSchema
import PitchSource

/// A name that a script declares, for messages, completion and names typed at the prompt.
package struct Symbol: Sendable {
    package enum Kind: String, Sendable, CaseIterable {
        case memberField = "member field"
        case members, events, table
        case segment, field
        case constant = "let"
        case function = "define"
        case coupon, bundle, channel, message, plan, strategy, goal, theme

        /// Whether the name stands for a value of one member.
        var isValue: Bool {
            switch self {
            case .memberField, .segment, .field, .constant: true
            default: false
            }
        }
    }

    package let name: String
    package let kind: Kind
    package var title: String?
    /// The `##` comment before the declaration.
    package var doc: String?
    /// Where the name is declared.
    package let range: SourceRange
    /// Of names that stand for a value, and of fields; nil until it is known.
    package var type: ValueType?
    /// Of data sets: their fields, computed ones included.
    package var fields: [Symbol] = []

    /// Of a strategy its name without the plan's; of others the name.
    package var shortName: String {
        guard kind == .strategy, let dot = name.lastIndex(of: ".") else { return name }
        return String(name[name.index(after: dot)...])
    }

    /// The words that the value can be, where it is one of a list.
    package var values: [String] {
        if case .choice(let words)? = type { words } else { [] }
    }
}

/// All names of a program, in the order of the script.
package struct Symbols: Sendable {
    package internal(set) var all: [Symbol] = []
    private var indices: [String: Int] = [:]
    /// Strategies by their short names; nil where two plans share one.
    private var strategies: [String: Int?] = [:]

    package init() {}

    /// The symbol of a name; strategies are also found by their short name while it is unique.
    package func named(_ name: String) -> Symbol? {
        (index(of: name) ?? strategies[name] ?? nil).map { all[$0] }
    }

    func index(of name: String) -> Int? { indices[name] }

    /// Adds a symbol; nil, and the one that stands already, when the name is taken.
    mutating func add(_ symbol: Symbol) -> Result<Int, Taken> {
        if let other = indices[symbol.name] { return .failure(Taken(index: other)) }
        all.append(symbol)
        indices[symbol.name] = all.count - 1
        if symbol.kind == .strategy {
            let isTaken = strategies[symbol.shortName] != nil
            strategies.updateValue(isTaken ? nil : all.count - 1, forKey: symbol.shortName)
        }
        return .success(all.count - 1)
    }

    mutating func describe(_ index: Int, type: ValueType) { all[index].type = type }
    mutating func describe(_ index: Int, fields: [Symbol]) { all[index].fields = fields }

    /// A name that is declared already.
    struct Taken: Error { let index: Int }
}
