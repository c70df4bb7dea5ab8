import PitchProgram
import PitchSchema

extension MemberEvaluation {
    /// - Parameter expression: the aggregate as an expression; its type is the result's.
    func value(
        of aggregate: Aggregate, in expression: Expression, _ event: EventRecord?
    ) throws(EvaluationError) -> Value {
        guard let events = try countedEvents(of: aggregate, event) else { return .missing }
        switch aggregate.function {
        case .count: return .integer(Int64(events.count))
        case .streak: return .integer(streak(of: events, aggregate))
        case .first: return try argument(of: aggregate, events.first)
        case .last: return try argument(of: aggregate, events.last)
        case .nth:
            let index = aggregate.position - 1
            return try argument(
                of: aggregate, events.indices.contains(index) ? events[index] : nil)
        case .sum, .avg, .min, .max, .distinct:
            return try summary(aggregate.function, of: known(aggregate, events), expression)
        }
    }

    /// The events that an aggregate is about, oldest first: visible at the run's instant, in the
    /// window, and with a filter that is true. Nil when a bound of the window is missing.
    func countedEvents(
        of aggregate: Aggregate, _ event: EventRecord?
    ) throws(EvaluationError) -> [EventRecord]? {
        let dataSet = evaluator.program.dataSets[aggregate.dataSet.index]
        var stretch = Stretch()
        if let window = aggregate.window {
            guard let bounded = try self.stretch(of: window, ofDays: dataSet.isDated, event) else {
                return nil
            }
            stretch = bounded
        }
        stretch.last = min(stretch.last, present(dataSet.isDated))
        var counted: [EventRecord] = []
        for candidate in member.events[aggregate.dataSet.index] ?? [] {
            guard let position = position(of: candidate, dataSet), stretch.contains(position),
                !(aggregate.excludesOccurrence && isOccurrence(candidate, aggregate.dataSet))
            else { continue }
            if let filter = aggregate.filter, try truth(of: filter, candidate) != true { continue }
            counted.append(candidate)
        }
        return counted
    }

    /// When an event was: milliseconds since 1970, or days for events dated by day.
    private func position(of event: EventRecord, _ dataSet: DataSet) -> Int64? {
        dataSet.at.flatMap { event.values[$0].raw }
    }

    private func isOccurrence(_ event: EventRecord, _ dataSet: DataSetID) -> Bool {
        occurrence.map { $0.dataSet == dataSet && $0.rows.contains(event.row) } ?? false
    }

    private func argument(
        of aggregate: Aggregate, _ event: EventRecord?
    ) throws(EvaluationError) -> Value {
        guard let event, let argument = aggregate.argument else { return .missing }
        return try value(of: argument, event)
    }

    /// The known values of the argument.
    private func known(
        _ aggregate: Aggregate, _ events: [EventRecord]
    ) throws(EvaluationError) -> [Value] {
        var values: [Value] = []
        for event in events {
            let value = try argument(of: aggregate, event)
            if !value.isMissing { values.append(value) }
        }
        return values
    }

    private func summary(
        _ function: Aggregate.Function, of values: [Value], _ expression: Expression
    ) throws(EvaluationError) -> Value {
        let total = values.reduce(Int128(0)) { $0 + Int128($1.raw ?? 0) }
        switch function {
        case .sum: return try fit(Int64(exactly: total), expression)
        case .distinct: return .integer(Int64(Set(values).count))
        case .min: return values.min { $0.precedes($1) } ?? .missing
        case .max: return values.max { $0.precedes($1) } ?? .missing
        default:
            guard let first = values.first else { return .missing }
            // The average of integers is a number: millionths.
            let step = if case .integer = first { expression.type.scale } else { Int64(1) }
            return try fit(
                FixedPoint.quotient(total * Int128(step), Int128(values.count)), expression)
        }
    }

    /// How many units in a row have an event, back from the present one, or from the one before
    /// when the present one has none yet.
    private func streak(of events: [EventRecord], _ aggregate: Aggregate) -> Int64 {
        let dataSet = evaluator.program.dataSets[aggregate.dataSet.index]
        let zone = evaluator.moment.zone
        let weekStart = evaluator.moment.weekStart
        let days = events.compactMap { position(of: $0, dataSet) }.map { position in
            dataSet.isDated ? Int32(clamping: position) : zone.day(of: position)
        }
        let units = Set(days.map { aggregate.unit.start(containing: $0, weekStart: weekStart) })
        func unit(_ offset: Int) -> Int32 {
            aggregate.unit.start(
                containing: evaluator.today, offset: -offset, weekStart: weekStart)
        }
        let newest = units.contains(unit(0)) ? 0 : 1
        var length = 0
        while units.contains(unit(newest + length)) { length += 1 }
        return Int64(length)
    }
}
