import PitchSchema

/// Pairs of counts under one operation. `spoiled` rows failed by overflow, `undefined` ones were
/// divided by zero; nil when there are none.
struct ArithmeticResult {
    var values: [Int64]
    var spoiled: Bitmap?
    var undefined: Bitmap?
}

/// What one row of `+ - * /` does. Scaled steps carry millionths: `a · b ÷ 10^6` and
/// `a · 10^6 ÷ b`.
enum ArithmeticStep: Hashable {
    case add, subtract, multiply, multiplyScaled, divide, divideScaled
    /// Days apart, in milliseconds.
    case daysApart
}

private let million: Int128 = 1_000_000

func arithmetic(
    _ step: ArithmeticStep, _ left: ArraySlice<Int64>, _ right: ArraySlice<Int64>
) -> ArithmeticResult {
    switch step {
    case .add: checked(left, right) { $0.addingReportingOverflow($1) }
    case .subtract: checked(left, right) { $0.subtractingReportingOverflow($1) }
    case .multiply: checked(left, right) { $0.multipliedReportingOverflow(by: $1) }
    case .daysApart:
        checked(left, right) {
            ($0 &- $1).multipliedReportingOverflow(by: millisecondsPerDay)
        }
    case .multiplyScaled:
        checked(left, right) { left, right in
            rounded(FixedPoint.quotient(Int128(left) * Int128(right), million))
        }
    case .divide: divided(left, right, by: 1)
    case .divideScaled: divided(left, right, by: million)
    }
}

@inline(__always)
private func rounded(_ quotient: Int64?) -> (partialValue: Int64, overflow: Bool) {
    (quotient ?? 0, quotient == nil)
}

/// The operation is inlined: one loop a step.
@inline(__always)
private func checked(
    _ left: ArraySlice<Int64>, _ right: ArraySlice<Int64>,
    _ operation: (Int64, Int64) -> (partialValue: Int64, overflow: Bool)
) -> ArithmeticResult {
    let count = left.count
    var spoiled = Bitmap(count: count)
    var hasSpoiled = false
    let values = [Int64](unsafeUninitializedCapacity: count) { buffer, initialized in
        left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in
                for row in 0..<count {
                    let (value, overflow) = operation(left[row], right[row])
                    buffer[row] = value
                    if overflow {
                        spoiled[row] = true
                        hasSpoiled = true
                    }
                }
            }
        }
        initialized = count
    }
    return ArithmeticResult(values: values, spoiled: hasSpoiled ? spoiled : nil)
}

private func divided(
    _ left: ArraySlice<Int64>, _ right: ArraySlice<Int64>, by factor: Int128
) -> ArithmeticResult {
    var undefined = Bitmap(count: left.count)
    var hasUndefined = false
    right.withUnsafeBufferPointer { right in
        for row in 0..<right.count where right[row] == 0 {
            undefined[row] = true
            hasUndefined = true
        }
    }
    var result = checked(left, right) { left, right in
        right == 0
            ? (0, false) : rounded(FixedPoint.quotient(Int128(left) * factor, Int128(right)))
    }
    result.undefined = hasUndefined ? undefined : nil
    return result
}
