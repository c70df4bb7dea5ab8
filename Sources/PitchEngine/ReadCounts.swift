/// What a run read to find occurrences and to judge them.
package struct ReadCounts: Sendable, Equatable {
    /// Rows of events and observations, and of members who joined; all rows of a data set where a
    /// column was needed that no file has.
    package var rows = 0
    /// Rows of members and look-up tables that were found by their key or number.
    package var lookups = 0
    /// Values taken from the files of columns, which is as many as a column has rows.
    package var columnValues = 0
}
