import GRDB

/// When rows arrived: the instant of the load that took them.
///
/// Rows are numbered as they come, so one line tells of all rows up to its last that no line before
/// it tells of. Of rows from before version 13 it is missing.
package struct RowArrivals: Sendable {
    static let migration = """
        CREATE TABLE row_arrival (
            data_set INTEGER NOT NULL, last_row INTEGER NOT NULL, at INTEGER,
            PRIMARY KEY (data_set, last_row)) WITHOUT ROWID
        """

    /// By data set, ascending by row.
    private var stretches: [String: [(lastRow: Int64, at: Int64?)]] = [:]

    init(_ db: Database) throws {
        let lines = try db.ledgerRows(
            of: "row_arrival",
            """
            SELECT name, last_row, at FROM row_arrival JOIN data_set ON data_set.id = data_set
            ORDER BY data_set, last_row
            """
        ) { try ($0.text(0), $0.integer(1), $0.optional(2, $0.instant)) }
        for (dataSet, lastRow, at) in lines {
            stretches[dataSet, default: []].append((lastRow, at))
        }
    }

    /// Nil of a row that nothing is known of.
    package func instant(of row: Int64, in dataSet: String) -> Int64? {
        guard let stretches = stretches[dataSet] else { return nil }
        var range = stretches.startIndex..<stretches.endIndex
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if stretches[middle].lastRow < row {
                range = middle + 1..<range.upperBound
            } else {
                range = range.lowerBound..<middle
            }
        }
        return range.lowerBound < stretches.endIndex ? stretches[range.lowerBound].at : nil
    }

    /// Keeps when the rows behind `former` arrived, in the transaction that wrote them.
    /// - Parameter former: the last row before it.
    static func record(
        _ layout: StoredLayout, after former: Int64, at instant: Int64, _ db: Database
    ) throws {
        let last = try layout.lastRow(db)
        guard last > former else { return }
        try db.execute(
            sql: """
                INSERT INTO row_arrival SELECT ?1, ?2, NULL
                WHERE ?2 > 0 AND NOT EXISTS (SELECT 1 FROM row_arrival WHERE data_set = ?1)
                """, arguments: [layout.id, former])
        // One line of all files of a load, where they follow one another.
        try db.execute(
            sql: "DELETE FROM row_arrival WHERE data_set = ? AND last_row = ? AND at = ?",
            arguments: [layout.id, former, instant])
        try db.execute(
            sql: "INSERT OR REPLACE INTO row_arrival VALUES (?, ?, ?)",
            arguments: [layout.id, last, instant])
    }
}

extension Store {
    /// When rows of all data sets arrived.
    package func arrivals() throws -> RowArrivals {
        try read("read the arrivals of") { try RowArrivals($0) }
    }
}
