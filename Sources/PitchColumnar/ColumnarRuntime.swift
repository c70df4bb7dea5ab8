import PitchProgram
import PitchSchema
import PitchSource

/// What a predicate says of every member: one bit each in three masks.
package struct Selection: Sendable, Equatable {
    package var isTrue: Bitmap
    /// True or false.
    package var isKnown: Bitmap
    /// The predicate could not be computed: neither true nor known.
    package var failed: Bitmap

    package init(isTrue: Bitmap, isKnown: Bitmap, failed: Bitmap) {
        self.isTrue = isTrue
        self.isKnown = isKnown
        self.failed = failed
    }
}

/// What the columnar runtime cannot do; never raised by a script of ordinary segments.
package enum ColumnarError: Error, Hashable, Sendable {
    /// The expression reads `this` or leaves out the occurrence: only the evaluator knows one.
    case needsOccurrence
    /// The expression reads a field of an event that is not in scope, or mixes storage types.
    case malformed(String)
}

/// How a predicate was compiled.
package struct Explanation: Sendable {
    /// One operand of the outermost `and` or `or` (or the whole predicate), in running order.
    package struct Step: Sendable {
        /// Its place in the script, counted from 0.
        package let position: Int
        package let range: SourceRange
        /// Which kernel runs: `range on integers`, `codes`, `aggregate count`.
        package let kernel: String
        /// Share of a sample of members for which it is true.
        package let selectivity: Double
        /// Estimated nanoseconds a member.
        package let cost: Double
        package let columns: [FieldID]
    }

    package let steps: [Step]
    package let columns: Set<FieldID>
}

/// Evaluates the expressions of one program at one moment over all members. Columns are asked for
/// when the first expression that touches them is compiled; definitions are computed once.
package final class ColumnarRuntime {
    private let program: Program
    private let moment: Moment
    private let source: any ColumnSource
    private let chunkRows: Int

    /// - Parameter chunkRows: members a batch, a multiple of 64.
    package init(
        program: Program, moment: Moment, source: any ColumnSource, chunkRows: Int = 16_384
    ) {
        precondition(chunkRows > 0 && chunkRows % 64 == 0, "chunks are whole words")
        self.program = program
        self.moment = moment
        self.source = source
        self.chunkRows = chunkRows
    }

    /// A predicate for the whole population.
    package func select(_ predicate: Expression) throws -> Selection {
        throw ColumnarError.malformed("not compiled")
    }

    /// A predicate for some members, in their order: bit i is `members[i]`.
    package func select(_ predicate: Expression, among members: [Int32]) throws -> Selection {
        throw ColumnarError.malformed("not compiled")
    }

    /// An expression's value for some members, in their order.
    package func values(
        _ expression: Expression, for members: [Int32]
    ) throws -> [Result<Value, EvaluationError>] {
        throw ColumnarError.malformed("not compiled")
    }

    package func explain(_ predicate: Expression) throws -> Explanation {
        throw ColumnarError.malformed("not compiled")
    }

    /// Every stored field that an expression reads, through definitions too.
    package func touchedFields(_ expression: Expression) -> Set<FieldID> { [] }
}
