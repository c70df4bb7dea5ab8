import PitchProgram
import PitchSchema

/// Means and extremes within a range, told by counts and totals: those of all rules are taken in
/// one pass over the events, and kept when they are asked for again.
extension Planner {
    /// A mean, or the least or the greatest of events, within a range, as counts and totals; nil
    /// where those say something else or need another pass.
    func joined(_ range: InRange) -> (any Operator<TruthBatch>)? {
        let bounds: [any Operator<TruthBatch>]
        let known: InRange
        switch range.operand {
        case let fold as FoldEvents:
            guard case .mean(let factor) = fold.fold, let read = fold.argument.eventColumn,
                let found = meanBounds(range.test, of: read, fold.events, factor)
            else { return nil }
            bounds = found
            known = fold.events.anyKnown(read)
        case let extreme as ExtremeEvent<NumberBatch>:
            guard let read = extreme.argument.eventColumn else { return nil }
            bounds = extremeBounds(range.test, of: read, extreme.events, isMax: extreme.isMax)
            known = extreme.events.anyKnown(read)
        default: return nil
        }
        let parts = bounds.map { ($0 as? Not)?.operand ?? $0 } + [known]
        guard parts.allSatisfy({ ($0 as? InRange).flatMap(events) != nil }) else { return nil }
        let isIn = Junction(isAnd: true, bounds)
        return Junction(
            isAnd: false,
            [
                Junction(isAnd: true, [known, range.test.isComplement ? Not(operand: isIn) : isIn]),
                // Of no events there is no mean, and none is the greatest.
                Junction(
                    isAnd: true, [Not(operand: known), Constant<TruthBatch>(.missing)]),
            ])
    }

    /// The greatest is at least a bound if some event's number is, and at most one if none is
    /// greater.
    private func extremeBounds(
        _ test: RangeTest, of column: PackedColumn, _ events: EventSelection, isMax: Bool
    ) -> [any Operator<TruthBatch>] {
        var bounds: [any Operator<TruthBatch>] = []
        if test.lower > .min {
            bounds.append(
                isMax
                    ? events.any(column, RangeTest(lower: test.lower, upper: .max))
                    : Not(
                        operand: events.any(
                            column, RangeTest(lower: .min, upper: test.lower - 1))))
        }
        if test.upper < .max {
            bounds.append(
                isMax
                    ? Not(
                        operand: events.any(
                            column, RangeTest(lower: test.upper + 1, upper: .max)))
                    : events.any(column, RangeTest(lower: .min, upper: test.upper)))
        }
        return bounds
    }

    /// A mean is at least a bound if what the numbers are above it comes to at least what they are
    /// below. As means are rounded, half to even, the bound is half a unit less, and an odd one is
    /// not reached by half a unit.
    private func meanBounds(
        _ test: RangeTest, of column: PackedColumn, _ events: EventSelection, _ factor: Int64
    ) -> [any Operator<TruthBatch>]? {
        func isAtLeast(_ bound: Int64) -> InRange? {
            guard let values = column.values.doubled(factor, above: bound) else { return nil }
            let above = ReadPacked<Int64>(
                column: PackedColumn(values, known: column.known), isEvent: true)
            return InRange(
                operand: FoldEvents(fold: .sum, events: events, argument: above),
                test: RangeTest(lower: bound.isMultiple(of: 2) ? 0 : 1, upper: .max))
        }
        var bounds: [any Operator<TruthBatch>] = []
        if test.lower > .min {
            guard let lower = isAtLeast(test.lower) else { return nil }
            bounds.append(lower)
        }
        if test.upper < .max {
            guard let upper = isAtLeast(test.upper + 1) else { return nil }
            bounds.append(Not(operand: upper))
        }
        return bounds
    }
}

extension EventSelection {
    /// Whether one of the events has a number in a range.
    fileprivate func any(_ column: PackedColumn, _ test: RangeTest) -> InRange {
        anySuch(PackedInRange(column: column, isEvent: true, test: test))
    }

    /// Whether one of the events has a number.
    fileprivate func anyKnown(_ column: PackedColumn) -> InRange {
        if column.known == nil { return anySuch(nil) }
        let read = ReadPacked<Int64>(column: column, isEvent: true)
        return anySuch(Not(operand: IsMissing<NumberBatch>(operand: read)))
    }

    private func anySuch(_ condition: (any Operator<TruthBatch>)?) -> InRange {
        let conditions = [filter, condition].compactMap { $0 }
        let narrowed = EventSelection(
            dataSet: dataSet, index: index, at: at, horizon: horizon, lower: lower, upper: upper,
            filter: conditions.count == 2 ? Junction(isAnd: true, conditions) : conditions.first)
        return InRange(
            operand: CountEvents(events: narrowed), test: RangeTest(lower: 1, upper: .max))
    }
}

extension Operator<NumberBatch> {
    /// The column of events that it reads, and does nothing else.
    fileprivate var eventColumn: PackedColumn? {
        guard let read = self as? ReadPacked<Int64>, read.isEvent else { return nil }
        return read.column
    }
}

extension PackedIntegers {
    /// Of every number times a factor, what it is above a bound less a half, twice; nil where that,
    /// or the number times the factor, leaves 64 bits.
    fileprivate func doubled(_ factor: Int64, above bound: Int64) -> PackedIntegers? {
        let (double, isDoubleOver) = factor.multipliedReportingOverflow(by: 2)
        let (base, isBaseOver) = base.multipliedReportingOverflow(by: double)
        let (scale, isScaleOver) = scale.multipliedReportingOverflow(by: double)
        let (twice, isTwiceOver) = bound.multipliedReportingOverflow(by: 2)
        let (distance, isOver) = base.subtractingReportingOverflow(twice)
        let words = Int128(Int64.min)...Int128(Int64.max)
        guard !isDoubleOver, !isBaseOver, !isScaleOver, !isTwiceOver, !isOver, distance < .max,
            rebased(base, scale: scale).totalsFit(1, within: words)
        else { return nil }
        return rebased(distance + 1, scale: scale)
    }
}
