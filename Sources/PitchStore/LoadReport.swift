/// What a load did, file by file.
package struct LoadReport: Sendable, Equatable {
    /// One file of one data set.
    package struct File: Sendable, Equatable {
        package var dataSet: String
        /// As in the script, below its folder.
        package var path: String
        /// It is as it was at the last load, and was not read again.
        package var isSkipped = false
        /// Rows read, good and bad.
        package var rows = 0
        package var new = 0
        /// A key seen before, with other values, which were taken.
        package var changed = 0
        package var unchanged = 0
        /// A key seen before, with other values, which were not taken.
        package var conflicts = 0
        package var quarantined = 0
        /// Place, value and reason of the first quarantined row.
        package var firstFault: String?
    }

    package var files: [File] = []
    /// By data set: members and rows of tables that its files no longer have.
    package var absent: [String: Int] = [:]

    package init() {}

    func hasRead(_ path: String, of dataSet: String) -> Bool {
        files.contains { $0.path == path && $0.dataSet == dataSet && !$0.isSkipped }
    }

    package func total(_ count: KeyPath<File, Int>) -> Int {
        files.reduce(0) { $0 + $1[keyPath: count] }
    }
}

/// How far a load is.
package struct LoadProgress: Sendable {
    package let dataSet: String
    package let path: String
    /// Rows of this file so far.
    package let rows: Int
    /// Bytes of this file read so far, and in all; 0 where that is not known.
    package let bytes: Int64
    package let totalBytes: Int64
}

/// One row that was not taken: it is wrong, or repeats a key with other values.
package struct QuarantinedRow: Sendable, Equatable {
    package let dataSet: String
    package let path: String
    /// The line of the file on which the row begins, or its number in a table; from 1.
    package let line: Int64
    /// Empty when the row as a whole is wrong.
    package let field: String
    /// At most 200 bytes of what stands there.
    package let value: String
    package let reason: String
}
