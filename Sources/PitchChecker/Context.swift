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
    /// Parameters of `define`.
    var locals: [String: Expression] = [:]
    /// Whether the parameters stand for nothing yet: the body is looked at by itself.
    var isOpen = false
    var isInsideAggregate = false
    /// What `this` is; nil where there is no occurrence.
    var occurrence: OccurrenceShape?
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

/// What all occurrences of a strategy have in common.
struct OccurrenceShape {
    struct Field: Equatable {
        let type: ValueType
        /// It may be missing.
        let isOptional: Bool
    }

    var fields: [String: Field] = [:]
    /// The events of which an occurrence may be one; nil among them: a day, or what has no row.
    var sources: Set<DataSetID?> = [nil]
    /// A `when` line is faulty, so that more may be there.
    var isPartial = false
    /// An occurrence may be made of several rows: of most fields each has a value of its own.
    private(set) var isBasket = false

    /// The events of which every occurrence is one, when all are of one data set.
    var events: DataSetID? { sources.count == 1 ? sources.first ?? nil : nil }

    /// The same for rows that are one occurrence together.
    /// - Parameter own: the fields that it has as a whole.
    mutating func gather(own: Set<String>) {
        isBasket = true
        fields = fields.filter { own.contains($0.key) }
    }

    /// The same for one line more.
    mutating func narrow(to other: OccurrenceShape) {
        sources.formUnion(other.sources)
        isPartial = isPartial || other.isPartial
        isBasket = isBasket || other.isBasket
        fields = fields.reduce(into: [:]) { shared, field in
            guard let known = other.fields[field.key], known.type == field.value.type
            else { return }
            shared[field.key] = Field(
                type: known.type, isOptional: known.isOptional || field.value.isOptional)
        }
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
