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
        let places = Dictionary(grouping: events.indices) { events[$0].member }
        var found = [Candidate?](repeating: nil, count: events.count)
        try base.records.forEach(of: Set(places.keys), reading: RecordReads([dataSet])) { member in
            let history = try base.records.events(of: member, in: dataSet)
            var done: Set<Value> = []
            for place in places[member] ?? [] {
                let event = events[place]
                let value = event.values[field]
                if !value.isMissing, !done.insert(value).inserted { continue }
                let rows = value.isMissing ? [event] : history.filter { $0.values[field] == value }
                found[place] = basket(
                    rows.map { EventRecord(row: $0.row, values: $0.values) }, event, dataSet, value)
            }
        }
        return found.compactMap { $0 }
    }

    private func basket(
        _ rows: [EventRecord], _ event: StoredEvent, _ dataSet: DataSetID, _ value: Value = .missing
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
