import PitchProgram
import PitchSchema

/// Nodes whose value is a truth.
extension Compiler {
    func predicate(
        _ expression: Expression, in scopes: Scopes
    ) throws -> any Operator<TruthBatch> {
        switch expression.node {
        case .not(let operand): return Not(operand: try truth(operand, in: scopes))
        case .and(let operands):
            return Junction(isAnd: true, try operands.map { try truth($0, in: scopes) })
        case .or(let operands):
            return Junction(isAnd: false, try operands.map { try truth($0, in: scopes) })
        case .compare(let comparison, let left, let right):
            return try compare(
                compile(left, in: scopes), comparison, compile(right, in: scopes))
        case .isIn(let operand, let elements):
            return try isIn(
                compile(operand, in: scopes), elements.map { try compile($0, in: scopes) })
        case .isWithin(let operand, let window):
            return try isWithin(operand, window, in: scopes)
        case .has(let operand, let quantifier, let tags):
            return has(try code(operand, in: scopes), quantifier, tags)
        case .isMissing(let operand): return isMissing(try compile(operand, in: scopes))
        case .text(let test, let text, let part):
            return try textTest(test, code(text, in: scopes), code(part, in: scopes))
        default: throw ColumnarError.malformed("a condition was expected")
        }
    }

    private func isMissing(_ operand: Compiled) -> any Operator<TruthBatch> {
        switch operand {
        case .truth(let operation): IsMissing(operand: operation)
        case .number(let operation): IsMissing(operand: operation)
        case .code(let code): IsMissing(operand: code.codes)
        }
    }

    // MARK: - Comparisons

    func compare(
        _ left: Compiled, _ comparison: Comparison, _ right: Compiled
    ) throws -> any Operator<TruthBatch> {
        switch (left, right) {
        case (.truth(let left), .truth(let right)):
            return CompareTruths(left: left, isEqual: comparison == .equal, right: right)
        case (.number(let left), .number(let right)): return compare(left, comparison, right)
        case (.code(let left), .code(let right)): return try compare(left, comparison, right)
        default: throw ColumnarError.malformed("both sides must hold the same")
        }
    }

    private func compare(
        _ left: any Operator<NumberBatch>, _ comparison: Comparison,
        _ right: any Operator<NumberBatch>
    ) -> any Operator<TruthBatch> {
        if let value = constantValue(right) {
            return rangeTest(left, RangeTest(comparison, value))
        }
        if let value = constantValue(left) {
            return rangeTest(right, RangeTest(comparison.mirrored, value))
        }
        return CompareNumbers(left: left, comparison: comparison, right: right)
    }

    private func compare(
        _ left: CodeExpression, _ comparison: Comparison, _ right: CodeExpression
    ) throws -> any Operator<TruthBatch> {
        if left.pool.isTags || right.pool.isTags {
            throw ColumnarError.malformed("tags have no comparison")
        }
        if comparison == .equal, let text = constantText(right) { return left.isIn([text]) }
        if let text = constantText(right) {
            return left.test(kernel: "text") { comparison.holds($0, text) }
        }
        if let text = constantText(left) {
            return right.test(kernel: "text") { comparison.holds(text, $0) }
        }
        let merged = left.pool.merged(with: right.pool)
        let order = merged.pool.order
        func places(_ side: CodeExpression, _ map: [Int32]) -> any Operator<NumberBatch> {
            side.read(
                NumberBatch(map.map { Int64(order[Int($0)]) }, known: nil), kernel: "text")
        }
        return CompareNumbers(
            left: places(left, merged.left), comparison: comparison,
            right: places(right, merged.right))
    }

    private func constantText(_ code: CodeExpression) -> ArraySlice<UInt8>? {
        guard code.map == nil, let constant = code.base as? Constant<CodeBatch>,
            case .value(let value) = constant.state
        else { return nil }
        return code.pool.bytes(Int(value))
    }

    private func textTest(
        _ test: TextTest, _ text: CodeExpression, _ part: CodeExpression
    ) throws -> any Operator<TruthBatch> {
        if let constant = constantText(part) {
            return text.test(kernel: "text") { test.holds($0, constant) }
        }
        if let constant = constantText(text) {
            return part.test(kernel: "text") { test.holds(constant, $0) }
        }
        return TextPairs(test: test, text: text, part: part)
    }

    // MARK: - Membership

    private func isIn(
        _ operand: Compiled, _ elements: [Compiled]
    ) throws -> any Operator<TruthBatch> {
        switch operand {
        case .number(let number):
            let constants = elements.compactMap { element -> Int64? in
                guard case .number(let operation) = element else { return nil }
                return constantValue(operation)
            }
            if constants.count == elements.count {
                return InSet(operand: number, sorted: constants.sorted())
            }
        case .code(let code):
            let constants = elements.compactMap { element -> ArraySlice<UInt8>? in
                guard case .code(let expression) = element else { return nil }
                return constantText(expression)
            }
            if constants.count == elements.count {
                return code.isIn(constants)
            }
        case .truth: break
        }
        let tests = try elements.map { try compare(operand, .equal, $0) }
        switch operand {
        case .truth(let operation): return AnyMatch(operand: operation, tests: tests)
        case .number(let operation): return AnyMatch(operand: operation, tests: tests)
        case .code(let code): return AnyMatch(operand: code.codes, tests: tests)
        }
    }

    // MARK: - Windows

    private func isWithin(
        _ operand: Expression, _ window: Window, in scopes: Scopes
    ) throws -> any Operator<TruthBatch> {
        let bounds = try self.bounds(of: window, dated: operand.type == .date, in: scopes)
        let number = try number(operand, in: scopes)
        let low = bounds.lower.map(constantValue) ?? .min
        let high = bounds.upper.map(constantValue) ?? .max
        if let low, let high {
            return rangeTest(number, RangeTest(lower: low, upper: high))
        }
        return InBounds(operand: number, lower: bounds.lower, upper: bounds.upper)
    }

    /// The first and the last day or instant of a window, both included; nil: open.
    func bounds(
        of window: Window, dated: Bool, in scopes: Scopes
    ) throws -> (lower: (any Operator<NumberBatch>)?, upper: (any Operator<NumberBatch>)?) {
        let here = dated ? Int64(moment.today) : moment.now
        switch window {
        case .last(let period):
            return (
                Constant(.value(moved(period, times: -1, dated: dated) + 1)), Constant(.value(here))
            )
        case .next(let period):
            return (
                Constant(.value(here + 1)), Constant(.value(moved(period, times: 1, dated: dated)))
            )
        case .calendar(let unit, let offset):
            let first = Int64(unitStart(unit, offset: offset))
            let next = Int64(unitStart(unit, offset: offset + 1))
            if dated { return (Constant(.value(first)), Constant(.value(next - 1))) }
            let zone = moment.zone
            return (
                Constant(.value(zone.instant(day: Int32(clamping: first)))),
                Constant(.value(lastInstant(of: next - 1, in: zone)))
            )
        case .since(let start): return (try bound(start, .firstInstant, dated, scopes), nil)
        case .until(let end): return (nil, try bound(end, .lastInstant, dated, scopes))
        case .between(let start, let end):
            return (
                try bound(start, .firstInstant, dated, scopes),
                try bound(end, .lastInstant, dated, scopes)
            )
        }
    }

    private func moved(_ period: Period, times: Int, dated: Bool) -> Int64 {
        dated
            ? Int64(period.shift(day: moment.today, times: times))
            : period.shift(instant: moment.now, times: times, in: moment.zone)
    }

    private func unitStart(_ unit: CalendarUnit, offset: Int) -> Int32 {
        unit.start(containing: moment.today, offset: offset, weekStart: moment.weekStart)
    }

    /// A bound in the measure of what it bounds: dates beside instants are their first or last
    /// instant, instants beside dates their local day.
    private func bound(
        _ expression: Expression, _ edge: MapTime.Step, _ dated: Bool, _ scopes: Scopes
    ) throws -> any Operator<NumberBatch> {
        let operand = try number(expression, in: scopes)
        if (expression.type == .date) == dated { return operand }
        return time(dated ? .localDay : edge, operand)
    }

    /// A function of time, computed at once of a constant.
    func time(
        _ step: MapTime.Step, _ operand: any Operator<NumberBatch>
    ) -> any Operator<NumberBatch> {
        let operation = MapTime(step: step, operand: operand, zone: moment.zone)
        return operand is Constant<NumberBatch> ? folded(operation) : operation
    }
}
