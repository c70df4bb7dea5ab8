import PitchProgram
import PitchSchema
import PitchSource

/// Where an expression stands: which names it can see beside the program's.
struct Context {
    /// The row whose fields can be named.
    enum Row {
        case none
        /// An event: inside an aggregate, or in a `when` line.
        case event(DataSetID)
        /// A row of a data set, in the expression of a computed field.
        case columns(DataSetID, RowBase)
    }

    /// How a field of the row in hand is read.
    enum RowBase {
        case member
        case event
        /// The occurrence, `this`.
        case occurrence
        case lookup(key: Expression)
    }

    var row: Row = .none
    /// Parameters of `define`, and names of `for each`.
    var locals: [String: Expression] = [:]
    var isInsideAggregate = false
    /// The fields of `this`; nil where there is no occurrence.
    var occurrence: [String: ValueType]?
    /// The events that `this` is a row of, when all `when` lines read the same.
    var occurrenceEvents: DataSetID?
    var depth = 0
    /// Computed fields that are being written out, to find cycles.
    var expanding: [FieldName] = []

    struct FieldName: Hashable {
        let dataSet: DataSetID
        let name: String
    }

    /// The context of an operand.
    var deeper: Context {
        var inner = self
        inner.depth += 1
        return inner
    }

    func with(row: Row) -> Context {
        var inner = self
        inner.row = row
        return inner
    }
}

extension Expression {
    /// Stands for what is already reported.
    static func faulty(at range: SourceRange) -> Expression {
        Expression(.constant(.missing), .error, at: range)
    }

    var isFaulty: Bool { type == .error }

    /// The value of a constant.
    var constantValue: Value? {
        if case .constant(let value) = node { value } else { nil }
    }
}
