import PitchProgram

/// A number within a constant range.
struct InRange: Operator {
    let operand: any Operator<NumberBatch>
    let test: RangeTest
    var cost: Double { operand.cost + 0.5 }
    var kernel: String { operand.kernel }

    func run(_ frame: Frame) -> TruthBatch {
        let batch = operand.run(frame)
        return TruthBatch(
            isTrue: rangeMask(batch.values, test), known: batch.known, failed: batch.failed)
    }
}

/// A number among constants.
struct InSet: Operator {
    let operand: any Operator<NumberBatch>
    let sorted: [Int64]
    var cost: Double { operand.cost + 4 }
    var kernel: String { operand.kernel }

    func run(_ frame: Frame) -> TruthBatch {
        let batch = operand.run(frame)
        return TruthBatch(
            isTrue: membershipMask(batch.values, in: sorted), known: batch.known,
            failed: batch.failed)
    }
}

/// Two numbers of one type.
struct CompareNumbers: Operator {
    let left: any Operator<NumberBatch>
    let comparison: Comparison
    let right: any Operator<NumberBatch>
    var cost: Double { left.cost + right.cost + 1 }
    var kernel: String { "two values" }

    func run(_ frame: Frame) -> TruthBatch {
        let left = left.run(frame)
        let right = right.run(frame)
        return TruthBatch(
            isTrue: comparisonMask(left.values, comparison, right.values),
            known: strictKnown(left, right), failed: union(left.failed, right.failed))
    }
}

/// `=` and `!=` of truth values: both must be known.
struct CompareTruths: Operator {
    let left: any Operator<TruthBatch>
    let isEqual: Bool
    let right: any Operator<TruthBatch>
    var cost: Double { left.cost + right.cost }
    var kernel: String { "two conditions" }

    func run(_ frame: Frame) -> TruthBatch {
        let left = left.run(frame)
        let right = right.run(frame)
        let differs = left.isTrue ^ right.isTrue
        return TruthBatch(
            isTrue: isEqual ? differs.complement : differs, known: strictKnown(left, right),
            failed: union(left.failed, right.failed))
    }
}

/// `x in [a, b]` whose equality tests were made: a match is true even beside missing elements; a
/// failure anywhere fails; a missing `x` makes every test missing.
struct AnyMatch<Operand: Batch>: Operator {
    let operand: any Operator<Operand>
    let tests: [any Operator<TruthBatch>]
    var cost: Double { tests.reduce(operand.cost) { $0 + $1.cost } }
    var kernel: String { "a list" }

    func run(_ frame: Frame) -> TruthBatch {
        let operand = operand.run(frame)
        var result = TruthBatch(repeating: false, count: frame.count)
        var failed = operand.failed
        for test in tests {
            let match = test.run(frame)
            failed = union(failed, match.failed)
            result = result || match
        }
        result.forget(where: operand.missing)
        result.fail(where: failed)
        return result
    }
}

/// A date or an instant between bounds, both ends included; nil: open.
struct InBounds: Operator {
    let operand: any Operator<NumberBatch>
    let lower: (any Operator<NumberBatch>)?
    let upper: (any Operator<NumberBatch>)?
    var cost: Double { operand.cost + (lower?.cost ?? 0) + (upper?.cost ?? 0) + 1 }
    var kernel: String { "a window" }

    func run(_ frame: Frame) -> TruthBatch {
        let operand = operand.run(frame)
        var result = TruthBatch(repeating: true, count: frame.count)
        result.known = operand.known
        result.failed = operand.failed
        for (bound, comparison) in [(lower, Comparison.greaterOrEqual), (upper, .lessOrEqual)] {
            guard let bound = bound?.run(frame) else { continue }
            result.isTrue =
                result.isTrue & comparisonMask(operand.values, comparison, bound.values)
            result.known = intersection(result.known, bound.known)
            result.failed = union(result.failed, bound.failed)
        }
        return TruthBatch(isTrue: result.isTrue, known: result.known, failed: result.failed)
    }
}

/// Known where both are.
func strictKnown(_ left: some Batch, _ right: some Batch) -> Bitmap? {
    intersection(left.known, right.known)
}

/// Truth values as 0 and 1, for aggregates that count different ones.
struct NumberOfTruth: Operator {
    let operand: any Operator<TruthBatch>
    var cost: Double { operand.cost + 1 }
    var kernel: String { operand.kernel }

    func run(_ frame: Frame) -> NumberBatch {
        let batch = operand.run(frame)
        var values = [Int64](repeating: 0, count: frame.count)
        for row in batch.isTrue.rows { values[Int(row)] = 1 }
        return NumberBatch(values, known: batch.known, failed: batch.failed)
    }
}
