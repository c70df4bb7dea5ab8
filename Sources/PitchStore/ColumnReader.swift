import GRDB
import GRDBSQLite
import PitchColumnar
import PitchSchema

/// Reads columns of one data set in one pass over its rows.
struct ColumnReader {
    private let layout: StoredLayout
    private let fields: [Int]
    private let order: EventOrder?
    private let count: Int
    /// How many rows of the store it reads.
    var rowCount: Int { fields.contains { !isKnown($0) } ? count : 0 }
    private let db: Database

    /// - Parameters:
    ///   - fields: indices into the data set's fields.
    ///   - order: of events; rows of members and tables stay in the order of their ids.
    init(_ layout: StoredLayout, _ fields: [Int], order: EventOrder?, _ db: Database) throws {
        self.layout = layout
        self.fields = fields
        self.order = order
        self.db = db
        let rows = try RawStatement(
            db, "SELECT count(*) FROM \(layout.table) \(Self.filter(layout))")
        count = try order?.ids.count ?? (rows.step() ? Int(rows.integer(0)) : 0)
    }

    /// A row of a table that is gone is no longer found; members keep their numbers.
    static func filter(_ layout: StoredLayout) -> String {
        layout.dataSet.kind == .table ? "WHERE gone = 0" : ""
    }

    /// One column a field; nil for the member field of events, which is not stored.
    func columns(progress: ((Int) throws -> Void)? = nil) throws -> [ColumnVector?] {
        let stored = fields.filter { !isKnown($0) }
        var builders = stored.map { ColumnBuilder(layout.dataSet.fields[$0].type, count: count) }
        if !stored.isEmpty { try fill(&builders, stored, progress) }
        var finished = builders.map { $0.finish() }[...]
        return fields.map { field in
            if !isKnown(field) { return finished.removeFirst() }
            guard layout.places[field] == .at, let order else { return nil }
            return ColumnVector(
                type: layout.dataSet.fields[field].type, payload: .integers(order.instants),
                missing: nil)
        }
    }

    /// What the order of the events says already is not read again.
    private func isKnown(_ field: Int) -> Bool {
        switch layout.places[field] {
        case .member: true
        case .at: order != nil
        case .key, .column: false
        }
    }

    private func fill(
        _ builders: inout [ColumnBuilder], _ stored: [Int], _ progress: ((Int) throws -> Void)?
    ) throws {
        let columns = stored.map(layout.expression).joined(separator: ", ")
        let statement = try RawStatement(
            db, "SELECT \(columns) FROM \(layout.table) \(Self.filter(layout)) ORDER BY id")
        var row = 0
        while row < count, try statement.step() {
            let position = order.map { Int($0.positions[row]) } ?? row
            for column in builders.indices {
                guard builders[column].set(position, statement, column) else {
                    throw layout.damage
                }
            }
            row += 1
            if let progress, row & 0xFFFF == 0 { try progress(row) }
        }
        guard row == count else { throw layout.damage }
    }
}

/// One column while it is filled, in any order of rows.
struct ColumnBuilder {
    private let type: ValueType
    private let storage: ValueType.Storage
    private let range: ClosedRange<Int64>
    private var integers: [Int64] = []
    /// Numbers of texts, or of whole sets of tags.
    private var codes: [Int32] = []
    private var interner = TextInterner()
    private var missing: Bitmap
    private var hasMissing = false

    init(_ type: ValueType, count: Int) {
        self.type = type
        storage = type.storage
        range = StoredCell.range(of: type)
        missing = Bitmap(count: count)
        if storage == .integer {
            integers = [Int64](repeating: 0, count: count)
        } else {
            codes = [Int32](repeating: 0, count: count)
        }
    }

    /// - Returns: false where something stands that is no value of the type.
    @inline(__always)
    mutating func set(_ row: Int, _ statement: RawStatement, _ column: Int) -> Bool {
        let kind = statement.kind(column)
        if kind == SQLITE_NULL {
            missing[row] = true
            hasMissing = true
            if storage == .tags { codes[row] = -1 }
        } else if storage == .integer {
            integers[row] = statement.integer(column)
            return kind == SQLITE_INTEGER && range.contains(integers[row])
        } else {
            codes[row] = interner.intern(statement.bytes(column)).number
            return kind == SQLITE_TEXT
        }
        return true
    }

    func finish() -> ColumnVector {
        let mask = hasMissing ? missing : nil
        switch storage {
        case .integer:
            return ColumnVector(type: type, integers: integers, missing: mask)
        case .text:
            return ColumnVector(type: type, codes: codes, interner.dictionary, missing: mask)
        case .tags:
            return tags(missing: mask)
        }
    }

    /// Takes the sets apart: each different one once, then row by row.
    private func tags(missing: Bitmap?) -> ColumnVector {
        var numbers: [String: Int32] = [:]
        var texts: [String] = []
        let sets = interner.texts.map { set in
            StoredTags.texts(set).map { tag -> Int32 in
                if let known = numbers[tag] { return known }
                numbers[tag] = Int32(texts.count)
                texts.append(tag)
                return Int32(texts.count - 1)
            }.sorted()
        }
        var offsets: [Int32] = [0]
        offsets.reserveCapacity(codes.count + 1)
        var flat: [Int32] = []
        for code in codes {
            if code >= 0 { flat += sets[Int(code)] }
            offsets.append(Int32(flat.count))
        }
        return ColumnVector(
            type: type, tagOffsets: offsets, codes: flat, TextDictionary(texts), missing: missing)
    }
}

/// What a cell of a loaded row may hold.
enum StoredCell {
    /// The raw values of a type with integer storage.
    static func range(of type: ValueType) -> ClosedRange<Int64> {
        switch type {
        case .truth: 0...1
        case .date: LedgerRow.days
        case .instant: LedgerRow.instants
        case .time: 0...(millisecondsPerDay - 1)
        default: .min ... .max
        }
    }
}
