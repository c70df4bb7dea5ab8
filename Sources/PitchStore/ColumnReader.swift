import GRDB
import PitchColumnar
import PitchSchema

/// Reads columns of one data set in one pass over its rows.
struct ColumnReader {
    private let layout: StoredLayout
    private let fields: [Int]
    private let db: Database
    private let count: Int
    /// How many rows of the store were read.
    private(set) var rowsRead = 0

    /// - Parameter fields: indices into the data set's fields.
    init(_ layout: StoredLayout, _ fields: [Int], _ db: Database) throws {
        self.layout = layout
        self.fields = fields
        self.db = db
        count = try layout.presentRowCount(db)
    }

    /// One column a field, of members and tables.
    mutating func columns(progress: ((Int) throws -> Void)? = nil) throws -> [ColumnVector] {
        let builders = try filled(builders(of: fields), fields.map(layout.expression), progress)
        return builders.map { $0.finish() }
    }

    /// The keys of members and tables.
    mutating func keys() throws -> TextDictionary {
        try filled([ColumnBuilder(keysOf: count)], ["key"], nil)[0].keys()
    }

    /// Of events: one column a field but the member, which is not stored; and their order, if it
    /// is not known.
    mutating func events(
        _ known: EventOrder?, memberCount: Int, progress: ((Int) throws -> Void)? = nil
    ) throws -> (order: EventOrder, columns: [ColumnVector?]) {
        guard memberCount > 0 || count == 0 else { throw layout.damage }
        let own = fields.filter { layout.places[$0] != .member && layout.places[$0] != .at }
        var builders = builders(of: own)
        var expressions = own.map(layout.expression)
        if known == nil {
            builders.append(ColumnBuilder(membersUpTo: Int32(memberCount), count: count))
            builders.append(ColumnBuilder(.instant, count: count))
            expressions += ["member", "at"]
        }
        builders = try filled(builders, expressions, progress)
        let order = try known ?? builders.removeLast().order(
            builders.removeLast(), memberCount: memberCount, EventKeys(layout, db))
        let rows = try order.rows()
        var finished = builders.map { $0.finish(rows) }[...]
        return (order, fields.map { field in
            switch layout.places[field] {
            case .member: nil
            case .at:
                ColumnVector(
                    type: layout.dataSet.fields[field].type, payload: .integers(order.instants),
                    missing: nil)
            case .key, .column: finished.removeFirst()
            }
        })
    }

    private func builders(of fields: [Int]) -> [ColumnBuilder] {
        fields.map { ColumnBuilder(layout.dataSet.fields[$0].type, count: count) }
    }

    private mutating func filled(
        _ builders: [ColumnBuilder], _ expressions: [String], _ progress: ((Int) throws -> Void)?
    ) throws -> [ColumnBuilder] {
        var builders = builders
        if builders.isEmpty { return [] }
        try ColumnScan.fill(
            &builders, expressions, of: layout, count: count, db, progress: progress)
        rowsRead += count
        return builders
    }
}
