import PitchEvaluator
import PitchProgram
import PitchSchema
import PitchStore

/// An event of one member that has come, and its place in time. Of its values it has what the line
/// reads.
struct TimedEvent {
    let id: RowID
    /// As stored: days for an event dated by day.
    let at: Int64
    /// The first instant of the day of an event dated by day.
    let instant: Int64
    /// Where it stands among the member's events of its data set: by `at`, then key.
    let place: Int
    /// Whether it cannot be told if it counts: the filter fails.
    let fails: Bool
    /// What a sequence compares; nil where that fails.
    let same: [Value]?

    var dataSet: DataSetID { id.dataSet }
}

/// The events of members that have come and count, of one or several data sets.
struct Timeline {
    private let base: CustomerBase
    private let parts: [(rows: EventRows, fields: Set<Int>, reads: RecordReads)]
    /// What is read of a member.
    let reads: RecordReads

    init(_ rows: [EventRows], _ base: CustomerBase) {
        self.base = base
        let program = base.program
        parts = rows.map { rows in
            let beside = RecordReads([rows.filter].compactMap { $0 } + rows.same, in: program)
            return (rows, program.historyFields(of: rows), beside)
        }
        reads = parts.reduce(into: RecordReads([], in: program)) { reads, part in
            reads.formUnion(part.reads)
            reads.insert(part.rows.dataSet, part.fields)
        }
    }

    /// In the order of events: by `at`, then data set in the order of the file, then key. Those
    /// whose filter fails are among them.
    func events(of member: Int) throws -> [TimedEvent] {
        let found = try parts.flatMap { part in
            let record = try base.records.record(of: member, reading: part.reads)
            return try events(of: member, in: part.rows, part.fields, record)
        }
        if parts.count < 2 { return found }
        return found.enumerated().sorted { left, right in
            (left.element.instant, left.element.dataSet.index, left.offset)
                < (right.element.instant, right.element.dataSet.index, right.offset)
        }.map(\.element)
    }

    private func events(
        of member: Int, in rows: EventRows, _ fields: Set<Int>, _ record: MemberRecord
    ) throws -> [TimedEvent] {
        let (program, moment) = (base.program, base.moment)
        let declared = program.dataSets[rows.dataSet.index]
        let clock = declared.isDated ? Int64(moment.today) : moment.now
        let events = try base.records.events(of: member, in: rows.dataSet, fields)
        return events.enumerated().compactMap { place, event in
            guard let at = declared.at.flatMap({ event.values[$0].raw }), at <= clock else {
                return nil
            }
            let counts = rows.filter.map { base.holds($0, for: record, event) } ?? true
            if counts == false { return nil }
            return TimedEvent(
                id: RowID(dataSet: rows.dataSet, row: event.row), at: at,
                instant: declared.isDated ? moment.zone.instant(day: Int32(clamping: at)) : at,
                place: place, fails: counts == nil,
                same: base.values(of: rows.same, for: record, event))
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
