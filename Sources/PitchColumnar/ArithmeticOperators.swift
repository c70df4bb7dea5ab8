import PitchProgram
import PitchSchema

/// `+ - * /` of two numbers.
struct Compute: Operator {
    let step: ArithmeticStep
    let left: any Operator<NumberBatch>
    let right: any Operator<NumberBatch>
    var cost: Double { left.cost + right.cost + (isRounded ? 12 : 1.5) }
    var kernel: String { "a calculation" }

    private var isRounded: Bool {
        step == .multiplyScaled || step == .divide || step == .divideScaled
    }

    func run(_ frame: Frame) -> NumberBatch {
        let left = left.run(frame)
        let right = right.run(frame)
        let result = arithmetic(step, left.values, right.values)
        var batch = NumberBatch(
            result.values, known: strictKnown(left, right),
            failed: union(left.failed, right.failed))
        batch.forget(where: result.undefined.flatMap { intersection($0, batch.known) })
        // Overflow counts only where both operands are known.
        batch.fail(where: result.spoiled.flatMap { intersection($0, batch.known) })
        return batch
    }
}

extension ArithmeticStep {
    /// The step for operands of two types; see `Arithmetic` for those that exist.
    init(_ operation: Arithmetic, _ left: ValueType, _ right: ValueType) {
        switch operation {
        case .add: self = .add
        case .subtract: self = left == .date ? .daysApart : .subtract
        case .multiply:
            self = left == .integer || right == .integer ? .multiply : .multiplyScaled
        case .divide:
            self = right == .integer && left != .integer ? .divide : .divideScaled
        }
    }
}

/// A function of one number, checked against overflow: `nil` from `apply` fails the row.
struct MapNumber: Operator {
    enum Step: Hashable {
        case negate, abs
        /// integer → number
        case toMillionths
        case units(Unit, Unit)
    }

    let step: Step
    let operand: any Operator<NumberBatch>
    var cost: Double { operand.cost + 1.5 }
    var kernel: String { "a calculation" }

    func run(_ frame: Frame) -> NumberBatch {
        let batch = operand.run(frame)
        let result =
            switch step {
            case .negate: mapped(batch.values) { $0 == .min ? nil : -$0 }
            case .abs: mapped(batch.values) { $0 == .min ? nil : Swift.abs($0) }
            case .toMillionths:
                mapped(batch.values) { value in
                    let (product, overflow) = value.multipliedReportingOverflow(by: 1_000_000)
                    return overflow ? nil : product
                }
            case .units(let from, let to): mapped(batch.values) { from.convert($0, to: to) }
            }
        var output = NumberBatch(result.values, known: batch.known, failed: batch.failed)
        output.fail(where: result.spoiled.flatMap { intersection($0, batch.known) })
        return output
    }
}

/// The function is inlined: one loop a step.
@inline(__always)
private func mapped(
    _ values: ArraySlice<Int64>, _ operation: (Int64) -> Int64?
) -> ArithmeticResult {
    let count = values.count
    var spoiled = Bitmap(count: count)
    var hasSpoiled = false
    let result = [Int64](unsafeUninitializedCapacity: count) { buffer, initialized in
        values.withUnsafeBufferPointer { values in
            for row in 0..<count {
                if let value = operation(values[row]) {
                    buffer[row] = value
                } else {
                    buffer[row] = 0
                    spoiled[row] = true
                    hasSpoiled = true
                }
            }
        }
        initialized = count
    }
    return ArithmeticResult(values: result, spoiled: hasSpoiled ? spoiled : nil)
}
