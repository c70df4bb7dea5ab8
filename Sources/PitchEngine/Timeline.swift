import PitchEvaluator
import PitchProgram
import PitchSchema
import PitchStore

/// An event of one member that has come, and its place in time.
struct TimedEvent {
    let dataSet: DataSetID
    let event: StoredEvent
    /// The first instant of the day of an event dated by day.
    let instant: Int64
    /// Whether it cannot be told if it counts: the filter fails.
    let fails: Bool
    /// What a sequence compares; nil where that fails.
    let same: [Value]?

    var row: EventRecord { EventRecord(row: event.row, values: event.values) }
}

extension CustomerBase {
    /// The events of one member that have come and count, in the order of events: by `at`, then
    /// data set in the order of the file, then key. Those whose filter fails are among them.
    func timeline(of member: Int, in rows: [EventRows]) throws -> [TimedEvent] {
        let found = try rows.flatMap { try events(of: member, in: $0) }
        if rows.count < 2 { return found }
        return found.enumerated().sorted { left, right in
            (left.element.instant, left.element.dataSet.index, left.offset)
                < (right.element.instant, right.element.dataSet.index, right.offset)
        }.map(\.element)
    }

    private func events(of member: Int, in rows: EventRows) throws -> [TimedEvent] {
        let isDated = program.dataSets[rows.dataSet.index].isDated
        let clock = isDated ? Int64(moment.today) : moment.now
        let expressions = [rows.filter].compactMap { $0 } + rows.same
        let record = try record(of: member, for: expressions)
        return try events(of: member, in: rows.dataSet).compactMap { event in
            guard event.at <= clock else { return nil }
            let row = EventRecord(row: event.row, values: event.values)
            let counts = rows.filter.map { holds($0, for: record, row) } ?? true
            if counts == false { return nil }
            return TimedEvent(
                dataSet: rows.dataSet, event: event,
                instant: isDated
                    ? moment.zone.instant(day: Int32(clamping: event.at)) : event.at,
                fails: counts == nil, same: values(of: rows.same, for: record, row))
        }
    }

    /// Whether a filter is true for an event of a member; nil: it fails.
    func holds(_ filter: Expression, for member: MemberRecord, _ row: EventRecord) -> Bool? {
        do throws(EvaluationError) {
            return try evaluator.evaluate(filter, for: member, event: row) == .truth(true)
        } catch {
            return nil
        }
    }

    private func values(
        of expressions: [Expression], for member: MemberRecord, _ row: EventRecord
    ) -> [Value]? {
        var values: [Value] = []
        for expression in expressions {
            do throws(EvaluationError) {
                values.append(try evaluator.evaluate(expression, for: member, event: row))
            } catch {
                return nil
            }
        }
        return values
    }
}

extension Program {
    /// The event data sets whose rows an expression counts, also by the names it uses.
    func eventSets(readBy expressions: [Expression]) -> Set<DataSetID> {
        var found: Set<DataSetID> = []
        var definitions: Set<DefinitionID> = []
        var open = expressions
        while let expression = open.popLast() {
            switch expression.node {
            case .definition(let id):
                if definitions.insert(id).inserted {
                    open.append(self.definitions[id.index].expression)
                }
            case .aggregate(let aggregate): found.insert(aggregate.dataSet)
            default: break
            }
            open += expression.operands
        }
        return found
    }
}
