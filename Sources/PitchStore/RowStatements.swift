import GRDB
import PitchSchema

/// Inserts, compares and replaces rows of one data set.
final class RowStatements {
    private let insertion: RawStatement
    private let selection: RawStatement
    private let replacement: RawStatement
    private let change: RawStatement
    /// The fields with a column of their own.
    private let stored: [Int]
    private let isEvents: Bool
    private let at: Int?

    init(_ layout: StoredLayout, _ db: Database) throws {
        isEvents = layout.dataSet.kind == .events
        at = layout.dataSet.at
        stored = layout.places.indices.filter {
            if case .column = layout.places[$0] { true } else { false }
        }
        let heads = isEvents ? ["member", "at"] : ["gone"]
        let columns = heads + stored.map(layout.expression)
        let marks = columns.indices.map { "?\($0 + 3)" }
        insertion = try RawStatement(
            db,
            """
            INSERT INTO \(layout.table) (id, key, \(columns.joined(separator: ", ")))
            VALUES (?1, ?2, \(marks.joined(separator: ", ")))
            """)
        selection = try RawStatement(
            db,
            """
            SELECT \(columns.joined(separator: ", ")) FROM \(layout.table)
            \(EventIndexes.byID) = ?
            """)
        let settings = zip(columns, marks).map { "\($0) = \($1)" }.joined(separator: ", ")
        replacement = try RawStatement(
            db, "UPDATE \(layout.table) NOT INDEXED SET \(settings) WHERE id = ?1")
        change = try RawStatement(
            db, "INSERT OR IGNORE INTO changed_row VALUES (\(layout.id), ?)")
    }

    func insert(
        _ row: Int64, _ key: UnsafeBufferPointer<UInt8>, _ member: Int64, _ values: [ParsedValue]
    ) throws {
        insertion.bind(2, staying: key)
        try run(insertion, row, member, values)
    }

    /// - Parameter isLogged: whether the files of columns are to learn of it.
    func update(
        _ row: Int64, _ member: Int64, _ values: [ParsedValue], isLogged: Bool
    ) throws {
        try run(replacement, row, member, values)
        guard isLogged else { return }
        change.bind(1, row)
        try change.run()
    }

    private func run(
        _ statement: RawStatement, _ row: Int64, _ member: Int64, _ values: [ParsedValue]
    ) throws {
        statement.bind(1, row)
        var parameter = 3
        if isEvents, let at {
            statement.bind(3, member)
            if case .integer(let instant) = values[at] { statement.bind(4, instant) }
            parameter = 5
        } else {
            statement.bind(3, Int64(Presence.file))
            parameter = 4
        }
        for field in stored {
            switch values[field] {
            case .integer(let count): statement.bind(parameter, count)
            case .text(let text): statement.bind(parameter, staying: text)
            case .missing, .wrong: statement.bindMissing(parameter)
            }
            parameter += 1
        }
        try statement.run()
    }

    /// Whether a row has these values; a member or table row that was gone has not.
    func isSame(_ row: Int64, _ member: Int64, _ values: [ParsedValue]) throws -> Bool {
        defer { selection.reset() }
        selection.bind(1, row)
        guard try selection.step() else { return false }
        var column = 1
        if isEvents, let at {
            guard selection.integer(0) == member, case .integer(let instant) = values[at],
                selection.integer(1) == instant
            else { return false }
            column = 2
        } else if selection.integer(0) != Presence.file {
            return false
        }
        for field in stored {
            if !isSame(column, values[field]) { return false }
            column += 1
        }
        return true
    }

    /// When the event of a row is, as stored; nil in other data sets.
    func instant(of row: Int64) throws -> Int64? {
        guard isEvents, at != nil else { return nil }
        defer { selection.reset() }
        selection.bind(1, row)
        return try selection.step() ? selection.integer(1) : nil
    }

    private func isSame(_ column: Int, _ value: ParsedValue) -> Bool {
        if selection.isMissing(column) {
            if case .missing = value { return true }
            return false
        }
        switch value {
        case .integer(let count): return selection.integer(column) == count
        case .text(let text): return selection.bytes(column).elementsEqual(text)
        case .missing, .wrong: return false
        }
    }
}
