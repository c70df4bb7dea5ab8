import PitchProgram
import PitchSchema

/// One member with its events, as rows of values.
package struct MemberRecord: Sendable {
    package let key: String
    /// One value a field of the members' data set.
    package let values: [Value]
    /// By index of the data set: the member's events, ascending by `at`, then key by code point.
    package let events: [Int: [EventRecord]]

    package init(key: String, values: [Value], events: [Int: [EventRecord]] = [:]) {
        self.key = key
        self.values = values
        self.events = events
    }
}

/// One event: its row id in the store, unique in its data set, and one value a field.
package struct EventRecord: Sendable, Equatable {
    package let row: Int64
    package let values: [Value]

    package init(row: Int64, values: [Value]) {
        self.row = row
        self.values = values
    }
}

/// The rows of look-up tables.
package protocol TableRows: Sendable {
    /// The values of the row of a table with a key; nil when there is none.
    func row(of table: DataSetID, key: String) -> [Value]?
}
