import PitchEvaluator
import PitchSchema
import PitchStore

/// One occurrence of one member that a `when` line matches, on its way to an outcome.
struct Occasion {
    /// The member's number, from 0.
    let member: Int
    /// The data set of an event, with `per` of a basket; the pattern of a date.
    let feed: String
    /// Tells occurrences of one member and feed apart: the row id of an event, the first row's of a
    /// basket; the local day of a date.
    let key: Int64
    let at: Int64
    /// The `when` line it is credited to, from 0, and the others that match.
    let trigger: Int
    var alsoMatched: [Int]
    /// What is decided before anyone is asked: `too late`, or `failed` in a `when` line's filter.
    var settled: OutcomeReason?
    /// Of an event: its rows; a basket has several. Empty: a day.
    let rows: [EventRecord]
    let dataSet: DataSetID?
    /// The key of the row or basket as text; empty: a day.
    let label: String

    /// What `this` reads.
    func occurrence(fieldNames: [String]) -> Occurrence {
        guard let last = rows.last else {
            let date = CivilDate(days: Int(key))
            return Occurrence(fields: [
                "day": .date(Int32(clamping: key)), "weekday": .integer(Int64(date.weekday)),
                "month": .integer(Int64(date.month)),
            ])
        }
        let fields = Dictionary(
            zip(fieldNames, last.values), uniquingKeysWith: { first, _ in first })
        return Occurrence(fields: fields, dataSet: dataSet, rows: Set(rows.map(\.row)))
    }
}

/// What the `when` lines of one strategy found.
struct Sighting {
    var occasions: [Occasion] = []
    var feeds: [LedgerFeed] = []
    var missedDays: [Int32] = []
    var daysDone: Int32
    /// Occasions from before the start, which `look back` adds.
    var lookedBack = 0
    var rowsRead = 0
}
