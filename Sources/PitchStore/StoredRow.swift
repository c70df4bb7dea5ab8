import PitchSchema

/// One member as stored, with one value a field of the members' data set.
package struct StoredMember: Sendable, Equatable {
    /// From 0, as in `ColumnSource`.
    package let number: Int
    package let key: String
    package let values: [Value]
}

/// One event as stored.
package struct StoredEvent: Sendable, Equatable {
    /// From 1, in the order of arrival; it never changes.
    package let row: Int64
    package let key: String
    /// The member's number, from 0; `nobody` where the rows belong to places.
    package let member: Int
    /// Milliseconds since 1970 UTC, or for an event dated by day the days since 1970.
    package let at: Int64
    /// One value a field of its data set.
    package let values: [Value]

    package static let nobody = -1
}

extension StoredEvent: Comparable {
    /// By `at`, then key by code point.
    package static func < (left: StoredEvent, right: StoredEvent) -> Bool {
        left.at == right.at
            ? left.key.utf8.lexicographicallyPrecedes(right.key.utf8) : left.at < right.at
    }
}
