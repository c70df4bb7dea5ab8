/// One node of a compiled expression. It runs over a whole frame at once.
protocol Operator<Output> {
    associatedtype Output: Batch
    /// Estimated nanoseconds a row.
    var cost: Double { get }
    /// What runs, for `explain`.
    var kernel: String { get }
    func run(_ frame: Frame) -> Output
}

/// One value for every row; also missing or failed for every row.
struct Constant<Output: Batch>: Operator {
    enum State {
        case value(Output.Scalar)
        case missing
        case failed
    }

    let state: State
    var cost: Double { 0.05 }
    var kernel: String { "a constant" }

    init(_ state: State) { self.state = state }

    func run(_ frame: Frame) -> Output {
        switch state {
        case .value(let scalar): Output(repeating: scalar, count: frame.count)
        case .missing: Output(unknown: frame.count)
        case .failed: Output(failing: frame.count)
        }
    }
}

/// The value of an operator that has one for every row.
func constantValue(_ operation: any Operator<NumberBatch>) -> Int64? {
    guard let constant = operation as? Constant<NumberBatch>,
        case .value(let value) = constant.state
    else { return nil }
    return value
}

/// A column of the members or of the events in scope.
struct ColumnRead<Output: Batch>: Operator {
    let column: Output
    let isEvent: Bool
    var name = "column"
    var cost: Double { 0.2 }
    var kernel: String { name }

    func run(_ frame: Frame) -> Output {
        if isEvent, let scope = frame.scope { return scope.rows.read(column) }
        return frame.members.read(column)
    }
}

/// A value of an outer frame's rows, for the events of each.
struct Broadcast<Output: Batch>: Operator {
    let body: any Operator<Output>
    var cost: Double { 1 + body.cost * 0.2 }
    var kernel: String { body.kernel }

    func run(_ frame: Frame) -> Output {
        guard let scope = frame.scope else { return body.run(frame) }
        return body.run(scope.outer).gathered(at: scope.owner[...])
    }
}

/// A segment or named field. `column` holds it once it was computed for every member.
final class DefinitionRead<Output: Batch>: Operator {
    let index: Int
    let body: any Operator<Output>
    var column: Output?

    init(index: Int, body: any Operator<Output>) {
        self.index = index
        self.body = body
    }

    /// Of reading it; its body is computed once whatever the order of the operands.
    var cost: Double { 0.2 }
    var kernel: String { "a definition" }

    func run(_ frame: Frame) -> Output {
        if let column { return frame.members.read(column) }
        return frame.definition(index) { body.run($0) }
    }
}

/// The first where it is known, otherwise the second.
struct OrElse<Output: Batch>: Operator {
    let first: any Operator<Output>
    let second: any Operator<Output>
    var cost: Double { first.cost + second.cost }
    var kernel: String { "a value or its stand-in" }

    func run(_ frame: Frame) -> Output {
        var result = first.run(frame)
        guard let missing = result.missing, !missing.isEmpty else { return result }
        result.replace(where: missing, with: second.run(frame))
        return result
    }
}

/// The value of the first branch whose condition is true.
struct Choose<Output: Batch>: Operator {
    let branches: [(condition: any Operator<TruthBatch>, value: any Operator<Output>)]
    let otherwise: (any Operator<Output>)?
    var cost: Double {
        branches.reduce(otherwise?.cost ?? 0) { $0 + $1.condition.cost + $1.value.cost }
    }
    var kernel: String { "cases" }

    func run(_ frame: Frame) -> Output {
        var result = Output(unknown: frame.count)
        var pending = Bitmap(count: frame.count, filledWith: true)
        for branch in branches where !pending.isEmpty {
            let condition = branch.condition.run(frame)
            if let failed = condition.failed {
                result.fail(where: failed & pending)
                pending = pending - failed
            }
            let taken = pending & condition.isTrue
            if taken.isEmpty { continue }
            result.replace(where: taken, with: branch.value.run(frame))
            pending = pending - taken
        }
        if let otherwise, !pending.isEmpty {
            result.replace(where: pending, with: otherwise.run(frame))
        }
        return result
    }
}

/// Whether a value is missing; never unknown itself.
struct IsMissing<Operand: Batch>: Operator {
    let operand: any Operator<Operand>
    var cost: Double { operand.cost }
    var kernel: String { "what is missing" }

    func run(_ frame: Frame) -> TruthBatch {
        let batch = operand.run(frame)
        guard let missing = batch.missing else {
            return TruthBatch(repeating: false, count: frame.count)
        }
        return TruthBatch(
            isTrue: missing, known: batch.failed?.complement, failed: batch.failed)
    }
}
