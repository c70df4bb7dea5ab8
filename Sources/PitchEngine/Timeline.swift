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

/// The events of members that have come and count, of one or several data sets.
struct Timeline {
    private let base: CustomerBase
    private let parts: [(rows: EventRows, reads: RecordReads)]
    /// What is read of a member.
    let reads: RecordReads

    init(_ rows: [EventRows], _ base: CustomerBase) {
        self.base = base
        parts = rows.map { rows in
            (rows, RecordReads([rows.filter].compactMap { $0 } + rows.same, in: base.program))
        }
        reads = parts.reduce(into: RecordReads(rows.map(\.dataSet))) { $0.formUnion($1.reads) }
    }

    /// In the order of events: by `at`, then data set in the order of the file, then key. Those
    /// whose filter fails are among them.
    func events(of member: Int) throws -> [TimedEvent] {
        let found = try parts.flatMap { try events(of: member, in: $0.rows, $0.reads) }
        if parts.count < 2 { return found }
        return found.enumerated().sorted { left, right in
            (left.element.instant, left.element.dataSet.index, left.offset)
                < (right.element.instant, right.element.dataSet.index, right.offset)
        }.map(\.element)
    }

    private func events(
        of member: Int, in rows: EventRows, _ reads: RecordReads
    ) throws -> [TimedEvent] {
        let (program, moment) = (base.program, base.moment)
        let isDated = program.dataSets[rows.dataSet.index].isDated
        let clock = isDated ? Int64(moment.today) : moment.now
        let record = try base.records.record(of: member, reading: reads)
        return try base.records.events(of: member, in: rows.dataSet).compactMap { event in
            guard event.at <= clock else { return nil }
            let row = EventRecord(row: event.row, values: event.values)
            let counts = rows.filter.map { base.holds($0, for: record, row) } ?? true
            if counts == false { return nil }
            return TimedEvent(
                dataSet: rows.dataSet, event: event,
                instant: isDated
                    ? moment.zone.instant(day: Int32(clamping: event.at)) : event.at,
                fails: counts == nil, same: base.values(of: rows.same, for: record, row))
        }
    }
}

extension CustomerBase {
    /// Whether a filter is true for an event of a member; nil: it fails.
    func holds(_ filter: Expression, for member: MemberRecord, _ row: EventRecord) -> Bool? {
        do throws(EvaluationError) {
            return try evaluator.evaluate(filter, for: member, event: row) == .truth(true)
        } catch {
            return nil
        }
    }

    fileprivate func values(
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
