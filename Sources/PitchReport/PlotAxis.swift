/// One axis: a range of scaled integers whose ends and ticks are multiples of a 1-2-5 step.
///
/// 128 bits, because an axis over the whole of `Int64` is longer than `Int64`, and its rounded
/// ends lie outside of it.
package struct PlotAxis: Sendable, Equatable {
    /// The lower end, a multiple of the step.
    package let lower: Int128
    /// The upper end, a multiple of the step and above the lower one.
    package let upper: Int128
    /// The distance of ticks: 1, 2 or 5 times a power of ten.
    package let step: Int128

    /// The shortest rounded axis over `range` with at most `intervals` (at least 2) steps.
    ///
    /// Two are always enough: a step longer than both ends reaches from −step to step.
    package init(covering range: ClosedRange<Int128>, intervals: Int) {
        var decade: Int128 = 1
        var leading = 0
        let multiples: [Int128] = [1, 2, 5]
        while true {
            let step = decade * multiples[leading]
            let first = Self.floor(range.lowerBound, step)
            var last = -Self.floor(-range.upperBound, step)
            if last == first { last += 1 }
            if last - first <= Int128(max(intervals, 2)) {
                (lower, upper, self.step) = (first * step, last * step, step)
                return
            }
            leading = (leading + 1) % 3
            if leading == 0 { decade *= 10 }
        }
    }

    /// The multiples of the step from end to end.
    package var ticks: [Int128] {
        (0...Int((upper - lower) / step)).map { lower + Int128($0) * step }
    }

    /// Where `value` lies: 0 at the lower end, 1 at the upper.
    func fraction(_ value: Int128) -> Double {
        Double(value - lower) / Double(upper - lower)
    }

    func contains(_ value: Int128) -> Bool {
        lower <= value && value <= upper
    }

    private static func floor(_ value: Int128, _ step: Int128) -> Int128 {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: step)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension PlotAxis {
    /// The range an axis should show.
    ///
    /// - Parameters:
    ///   - values: all that must be seen; not empty.
    ///   - guides: limits and targets, seen too unless they would squeeze the values into less
    ///     than a quarter of the axis.
    ///   - unit: the least length around a single value.
    ///   - ceiling: what the range must not pass, if anything.
    package static func range(
        of values: [Int128], guides: [Int128], unit: Int128, ceiling: Int128? = nil
    ) -> ClosedRange<Int128> {
        var lower = values.min() ?? 0
        var upper = values.max() ?? 0
        var reach = 3 * (upper - lower)
        if lower == upper {
            let isNegative = lower < 0
            let padding = max(unit, Int128(lower.magnitude / 10))
            reach = max(unit, Int128(lower.magnitude))
            upper = min(upper + padding, ceiling ?? upper + padding)
            lower = isNegative ? lower - padding : max(0, lower - padding)
        }
        let near = guides.filter { lower - reach <= $0 && $0 <= upper + reach }
        lower = min(lower, near.min() ?? lower)
        upper = max(upper, near.max() ?? upper)
        // An axis that begins at zero tells proportions; keep it where that costs little room.
        if lower > 0, lower <= upper - lower { lower = 0 }
        return lower...upper
    }
}

/// How the ticks of an axis are written.
package struct TickFormat: Sendable, Equatable {
    /// `million`, `billion`, …, or empty; it belongs into the axis title.
    package let scaleWord: String
    /// A tick means `value / 10^digits`.
    let digits: Int
    /// How many decimals are written.
    let shown: Int
    let suffix: String

    /// Amounts of money in minor units; beyond ten million major units in millions, billions or
    /// trillions, unless the ticks are too close together to be told apart that way.
    package static func money(_ axis: PlotAxis, currencyDigits: Int) -> TickFormat {
        let largest = max(axis.lower.magnitude, axis.upper.magnitude)
        for (word, power) in [("trillion", 12), ("billion", 9), ("million", 6)] {
            let digits = currencyDigits + power
            let shown = FixedNumber.decimals(of: axis.step, digits: digits)
            if shown <= 2, largest >= UInt128(FixedNumber.powerOfTen(digits + 1)) {
                return TickFormat(scaleWord: word, digits: digits, shown: shown, suffix: "")
            }
        }
        let isWhole = FixedNumber.decimals(of: axis.step, digits: currencyDigits) == 0
        return TickFormat(
            scaleWord: "", digits: currencyDigits, shown: isWhole ? 0 : currencyDigits, suffix: "")
    }

    /// Shares of the audience in units of 10⁻¹², written in percent with as many decimals as the
    /// step needs.
    package static func percent(_ axis: PlotAxis) -> TickFormat {
        let digits = FixedNumber.percentDigits
        return TickFormat(
            scaleWord: "", digits: digits,
            shown: FixedNumber.decimals(of: axis.step, digits: digits), suffix: "%")
    }

    /// The label of the tick at `value`.
    package func text(_ value: Int128) -> String {
        FixedNumber.text(value, digits: digits, shown: shown) + suffix
    }
}
