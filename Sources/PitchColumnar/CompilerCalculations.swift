import PitchProgram
import PitchSchema

/// Nodes whose value is a count.
extension Compiler {
    func calculation(
        _ expression: Expression, in scopes: Scopes
    ) throws -> any Operator<NumberBatch> {
        switch expression.node {
        case .negate(let operand):
            return map(.negate, try number(operand, in: scopes))
        case .arithmetic(let operation, let left, let right):
            let compute = Compute(
                step: ArithmeticStep(operation, left.type, right.type),
                left: try number(left, in: scopes), right: try number(right, in: scopes))
            let isConstant =
                compute.left is Constant<NumberBatch> && compute.right is Constant<NumberBatch>
            return isConstant ? folded(compute) : compute
        case .shift(let operand, let period, let times):
            let step: MapTime.Step =
                operand.type == .date
                ? .shiftDay(period, times: times) : .shiftInstant(period, times: times)
            return time(step, try number(operand, in: scopes))
        case .convert(let operand):
            return try convert(operand, to: expression.type, in: scopes)
        case .call(let function, let arguments):
            guard let argument = arguments.first else {
                throw ColumnarError.malformed("a function needs an argument")
            }
            return try call(function, argument, in: scopes)
        default: throw ColumnarError.malformed("a count was expected")
        }
    }

    private func map(
        _ step: MapNumber.Step, _ operand: any Operator<NumberBatch>
    ) -> any Operator<NumberBatch> {
        let operation = MapNumber(step: step, operand: operand)
        return operand is Constant<NumberBatch> ? folded(operation) : operation
    }

    private func convert(
        _ operand: Expression, to type: ValueType, in scopes: Scopes
    ) throws -> any Operator<NumberBatch> {
        let number = try number(operand, in: scopes)
        switch (operand.type, type) {
        case (.integer, .number): return map(.toMillionths, number)
        case (.instant, .date): return time(.localDay, number)
        case (.number, .percent), (.percent, .number): return number
        case (.quantity(let from), .quantity(let to)) where from != to:
            return map(.units(from, to), number)
        default:
            if operand.type == type { return number }
            throw ColumnarError.malformed("there is no such conversion")
        }
    }

    private func call(
        _ function: Function, _ argument: Expression, in scopes: Scopes
    ) throws -> any Operator<NumberBatch> {
        if function == .length {
            let code = try code(argument, in: scopes)
            let lengths = (0..<code.pool.count).map { Int64(scalarCount(code.pool.bytes($0))) }
            return code.read(NumberBatch(lengths, known: nil), kernel: "a text's length")
        }
        let operand = try number(argument, in: scopes)
        switch function {
        case .age: return time(.age(today: moment.today), operand)
        case .year: return time(.year, operand)
        case .month: return time(.month, operand)
        case .day: return time(.day, operand)
        case .weekday: return time(.weekday, operand)
        case .hour: return time(.hour, operand)
        case .timeOfDay: return time(.timeOfDay, operand)
        case .abs: return map(.abs, operand)
        case .length: return operand
        }
    }

    // MARK: - Aggregates

    func aggregate(_ aggregate: Aggregate, in scopes: Scopes) throws -> Compiled {
        if aggregate.excludesOccurrence { throw ColumnarError.needsOccurrence }
        let inner = scopes + [aggregate.dataSet]
        let events = try selection(aggregate, outer: scopes, inner: inner)
        switch aggregate.function {
        case .count: return .number(CountEvents(events: events))
        case .streak:
            return .number(
                Streak(
                    unit: aggregate.unit, events: events, days: try days(aggregate.dataSet),
                    moment: moment))
        default:
            guard let argument = aggregate.argument else {
                throw ColumnarError.malformed("an aggregate needs an argument")
            }
            return try fold(
                aggregate, events, compile(argument, in: inner), type: argument.type)
        }
    }

    private func fold(
        _ aggregate: Aggregate, _ events: EventSelection, _ argument: Compiled, type: ValueType
    ) throws -> Compiled {
        switch (aggregate.function, argument) {
        case (.sum, .number(let number)):
            return .number(FoldEvents(fold: .sum, events: events, argument: number))
        case (.avg, .number(let number)):
            let mean = FoldEvents.Fold.mean(factor: type == .integer ? 1_000_000 : 1)
            return .number(FoldEvents(fold: mean, events: events, argument: number))
        case (.distinct, _):
            return .number(
                FoldEvents(fold: .distinct, events: events, argument: keys(argument)))
        case (.min, .number(let number)), (.max, .number(let number)):
            return .number(
                ExtremeEvent(
                    isMax: aggregate.function == .max, events: events, argument: number,
                    keys: { $0 }))
        case (.min, .code(let code)), (.max, .code(let code)):
            return .code(extreme(code, events, isMax: aggregate.function == .max))
        case (.first, _): return pick(.first, events, argument)
        case (.last, _): return pick(.last, events, argument)
        case (.nth, _): return pick(.nth(aggregate.position), events, argument)
        default: throw ColumnarError.malformed("the aggregate does not fit its argument")
        }
    }

    private func extreme(
        _ code: CodeExpression, _ events: EventSelection, isMax: Bool
    ) -> CodeExpression {
        let order = code.pool.order.map { Int64($0) } + [0]
        let operation = ExtremeEvent<CodeBatch>(
            isMax: isMax, events: events, argument: code.codes,
            keys: { NumberBatch(gather(order[...], at: $0.values), known: nil) })
        return CodeExpression(operation, pool: code.pool)
    }

    private func pick(
        _ pick: SegmentPick, _ events: EventSelection, _ argument: Compiled
    ) -> Compiled {
        switch argument {
        case .truth(let operation):
            return .truth(PickEvent(pick: pick, events: events, argument: operation))
        case .number(let operation):
            return .number(PickEvent(pick: pick, events: events, argument: operation))
        case .code(let code):
            let operation = PickEvent(pick: pick, events: events, argument: code.codes)
            return .code(CodeExpression(operation, pool: code.pool))
        }
    }

    /// Numbers that are equal exactly where the values are.
    private func keys(_ argument: Compiled) -> any Operator<NumberBatch> {
        switch argument {
        case .truth(let operation): return NumberOfTruth(operand: operation)
        case .number(let operation): return operation
        case .code(let code):
            var first: [Set<String>: Int64] = [:]
            let keys = (0..<Int64(code.pool.count)).map { number in
                guard code.pool.isTags else { return number }
                let set = Set(code.pool.tags(Int(number)))
                let key = first[set] ?? number
                first[set] = key
                return key
            }
            return code.read(NumberBatch(keys, known: nil), kernel: "text")
        }
    }

    private func selection(
        _ aggregate: Aggregate, outer: Scopes, inner: Scopes
    ) throws -> EventSelection {
        let id = aggregate.dataSet
        let at = try at(id)
        let isDated = program.dataSets[id.index].isDated
        let window = try aggregate.window.map { try bounds(of: $0, dated: isDated, in: outer) }
        return EventSelection(
            dataSet: id, index: try columns.source.events(id), at: try columns.numbers(at),
            horizon: isDated ? Int64(moment.today) : moment.now, lower: window?.lower,
            upper: window?.upper,
            filter: try aggregate.filter.map { try truth($0, in: inner) })
    }

    private func at(_ id: DataSetID) throws -> FieldID {
        guard program.dataSets.indices.contains(id.index),
            let at = program.dataSets[id.index].at
        else { throw ColumnarError.malformed("the events have no 'at'") }
        return FieldID(id, at)
    }

    /// The local day of every event in scope.
    private func days(_ id: DataSetID) throws -> any Operator<NumberBatch> {
        let read = ReadPacked<Int64>(column: try columns.numbers(at(id)), isEvent: true)
        return program.dataSets[id.index].isDated ? read : time(.localDay, read)
    }
}

/// Unicode scalars of UTF-8: every byte but the continuing ones begins one.
private func scalarCount(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 + ($1 & 0xC0 == 0x80 ? 0 : 1) }
}
