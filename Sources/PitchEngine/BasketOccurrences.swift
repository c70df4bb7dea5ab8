import PitchEvaluator
import PitchProgram
import PitchSchema
import PitchStore

extension EventOccurrences {
    /// The rows of each member with one value of a field, as one occurrence: `amount` and
    /// `quantity` are sums over all its rows that have come, `at` is the last row's. A row without
    /// a value is an occurrence of its own.
    func baskets(
        _ events: [StoredEvent], by field: Int, in dataSet: DataSetID
    ) throws -> [Candidate] {
        let lines = try lines(events, by: field, in: dataSet)
        let rows = try base.events(Set(lines.joined()).sorted(), in: dataSet)
            .reduce(into: [:]) { $0[$1.row] = EventRecord(row: $1.row, values: $1.values) }
        return zip(events, lines).compactMap { event, lines in
            if lines.isEmpty { return nil }
            return basket(lines.compactMap { rows[$0] }, event, dataSet, event.values[field])
        }
    }

    /// The rows of the basket of each event; none where an earlier event is of the same basket.
    private func lines(
        _ events: [StoredEvent], by field: Int, in dataSet: DataSetID
    ) throws -> [[Int64]] {
        let places = Dictionary(grouping: events.indices) { events[$0].member }
        let fields = Set([field] + [program.dataSets[dataSet.index].at].compactMap { $0 })
        var found = [[Int64]](repeating: [], count: events.count)
        let reads = RecordReads(dataSet, fields)
        try base.records.forEach(of: Set(places.keys), reading: reads) { member in
            let history = try base.records.events(of: member, in: dataSet, fields)
            var done: Set<Value> = []
            for place in places[member] ?? [] {
                let value = events[place].values[field]
                if value.isMissing {
                    found[place] = [events[place].row]
                } else if done.insert(value).inserted {
                    found[place] = history.filter { $0.values[field] == value }.map(\.row)
                }
            }
        }
        return found
    }

    private func basket(
        _ rows: [EventRecord], _ event: StoredEvent, _ dataSet: DataSetID, _ value: Value
    ) -> Candidate {
        let declared = program.dataSets[dataSet.index]
        let clock = declared.isDated ? Int64(base.moment.today) : now
        let at = { (row: EventRecord) in declared.at.flatMap { row.values[$0].raw } ?? event.at }
        let come = rows.filter { at($0) <= clock }
        let (summed, overflows) = Self.summed(come, in: declared)
        let last = come.map(at).max() ?? event.at
        // The first of all rows, come or not, so that the key stays when others come later.
        let key = rows.map(\.row).min() ?? event.row
        var label = event.key
        if case .text(let text) = value { label = text }
        return Candidate(
            member: event.member, key: key, at: instant(of: last, dataSet), day: last,
            label: label, rows: summed, overflows: overflows)
    }

    /// Rows in each of which `amount` and `quantity` are the sums over all; whether one overflows.
    static func summed(
        _ rows: [EventRecord], in dataSet: DataSet
    ) -> (rows: [EventRecord], overflows: Bool) {
        var summed = rows
        var overflows = false
        for name in ["amount", "quantity"] {
            guard let index = dataSet.field(named: name) else { continue }
            guard let total = sum(rows, index, dataSet.fields[index].type) else {
                overflows = true
                continue
            }
            summed = summed.map { row in
                var values = row.values
                values[index] = total
                return EventRecord(row: row.row, values: values)
            }
        }
        return (summed, overflows)
    }

    /// The sum of the known values; nil on overflow.
    private static func sum(_ rows: [EventRecord], _ field: Int, _ type: ValueType) -> Value? {
        var total: Int64 = 0
        for row in rows {
            guard let count = row.values[field].raw else { continue }
            let (sum, overflow) = total.addingReportingOverflow(count)
            if overflow { return nil }
            total = sum
        }
        return Value(raw: total, as: type)
    }
}
