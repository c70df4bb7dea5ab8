import PitchProgram
import PitchSchema
import PitchStore

/// The events by whose position a `when` line asks: `first`, `number 3`, `every 5th`.
///
/// Position n has its occurrence when a member's n-th event has come, whichever row is the n-th
/// then. An event that comes later with an earlier `at` moves the positions behind it, but position
/// n is not sighted again: what was recorded stays.
struct CountedEvents {
    let base: CustomerBase
    let news: [DataSetID: FeedReading.News]

    /// An event at a position that a line asks for.
    struct Hit {
        let line: Int
        let id: RowID
        /// Whether the position cannot be told: a filter fails for an event up to it.
        let fails: Bool
    }

    func hits(of count: EventCount, line: Int) throws -> [Hit] {
        var new: Set<RowID> = []
        var members: Set<Int> = []
        for rows in count.rows {
            for event in news[rows.dataSet]?.events ?? [] where base.isPresent(event.member) {
                new.insert(RowID(dataSet: rows.dataSet, row: event.row))
                members.insert(event.member)
            }
        }
        var hits: [Hit] = []
        let timeline = Timeline(count.rows, base)
        try base.records.forEach(of: members, reading: timeline.reads) { member in
            let events = try timeline.events(of: member)
            let seen = events.count { !new.contains($0.id) }
            guard seen < events.count else { return }
            let firstFailure = events.firstIndex(where: \.fails) ?? events.count
            for place in seen..<events.count where count.ordinal.holds(at: place + 1) {
                hits.append(
                    Hit(line: line, id: events[place].id, fails: firstFailure <= place))
            }
        }
        return hits
    }
}

/// A row of an event data set.
struct RowID: Hashable {
    let dataSet: DataSetID
    let row: Int64
}
