import GRDB

/// A value bound to a parameter of a ledger statement.
enum LedgerBinding {
    case integer(Int64)
    case text(String)
    case bytes([UInt8])
    case null
}

extension RawStatement {
    /// Nil is a missing value.
    func bind(_ parameter: Int, _ count: Int64?) {
        if let count { bind(parameter, count) } else { bindMissing(parameter) }
    }

    /// Nil is a missing value.
    func bind(_ parameter: Int, _ text: String?) {
        if let text { bind(parameter, text) } else { bindMissing(parameter) }
    }

    /// Binds the parameters in order.
    func bind(_ bindings: [LedgerBinding]) {
        for (index, binding) in bindings.enumerated() {
            switch binding {
            case .integer(let count): bind(index + 1, count)
            case .text(let text): bind(index + 1, text)
            case .bytes(let bytes): bind(index + 1, bytes: bytes)
            case .null: bindMissing(index + 1)
            }
        }
    }

    /// Binds the parameters in order and runs the statement, which yields no rows.
    func run(_ bindings: LedgerBinding...) throws { try run(bindings) }

    func run(_ bindings: [LedgerBinding]) throws {
        bind(bindings)
        try run()
    }
}
