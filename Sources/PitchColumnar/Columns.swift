import PitchProgram
import PitchSchema

/// Columns and what is derived from them, each made at its first use. Shared by the runtimes of one
/// snapshot.
package final class ColumnCache {
    package let source: any ColumnSource
    private let zoneRows: Int
    private var numbers: [FieldID: PackedColumn] = [:]
    private var truths: [FieldID: TruthBatch] = [:]
    private var coded: [FieldID: (codes: PackedColumn, pool: CodePool)] = [:]
    private var referring: [FieldID: (codes: PackedColumn, pool: CodePool)] = [:]
    private var tagged: [FieldID: (known: Bitmap?, pool: CodePool)] = [:]
    private var joins: [Join: CodeBatch] = [:]
    private var tagTests: [TagTest: Bitmap] = [:]
    /// Masks of all members and of none, which most answers share.
    private(set) lazy var everybody = Bitmap(count: source.memberCount, filledWith: true)
    private(set) lazy var nobody = Bitmap(count: source.memberCount)
    private var eventTables: [DataSetID: EventTable] = [:]
    let kept = KeptAggregates()
    private var keyRows: [DataSetID: [ArraySlice<UInt8>: Int32]] = [:]

    private struct Join: Hashable {
        let pool: ObjectIdentifier
        let table: DataSetID
    }

    private struct TagTest: Hashable {
        let pool: ObjectIdentifier
        let quantifier: Quantifier
        let tags: [String]
    }

    /// - Parameter zoneRows: rows of the zones of columns that come without.
    package init(_ source: any ColumnSource, zoneRows: Int = ZoneMap.usualRows) {
        self.source = source
        self.zoneRows = zoneRows
    }

    func numbers(_ field: FieldID) throws -> PackedColumn {
        if let known = numbers[field] { return known }
        let column = try source.column(field)
        guard case .integers(let values) = column.payload else {
            throw ColumnarError.malformed("a column of counts was expected")
        }
        let zones = column.zones ?? ZoneMap(values, missing: column.missing, rows: zoneRows)
        let packed = PackedColumn(values, known: column.missing?.complement, zones: zones)
        numbers[field] = packed
        return packed
    }

    func truths(_ field: FieldID) throws -> TruthBatch {
        if let batch = truths[field] { return batch }
        let numbers = try numbers(field)
        let isTrue = numbers.values.mask(
            .range(0..<numbers.values.count), RangeTest(.notEqual, 0))
        let batch = TruthBatch(isTrue: isTrue, known: numbers.known, failed: nil)
        truths[field] = batch
        return batch
    }

    func codes(_ field: FieldID) throws -> (codes: PackedColumn, pool: CodePool) {
        if let pair = coded[field] { return pair }
        let column = try source.column(field)
        guard case .codes(let codes, let dictionary) = column.payload else {
            throw ColumnarError.malformed("a column of texts was expected")
        }
        let pair = (
            PackedColumn(codes, known: column.missing?.complement), CodePool(dictionary)
        )
        coded[field] = pair
        return pair
    }

    /// The codes of a field of references: unknown where the table lacks the row.
    func references(
        _ field: FieldID, to table: DataSetID
    ) throws -> (codes: PackedColumn, pool: CodePool) {
        if let pair = referring[field] { return pair }
        var (codes, pool) = try codes(field)
        if codes.values.count > 0, let rows = try join(pool, to: table).known {
            let values: [Int32] = codes.values.widened(0..<codes.values.count)
            codes.known = intersection(codes.known, rows.gathered(at: values[...]))
        }
        referring[field] = (codes, pool)
        return (codes, pool)
    }

    func tags(_ field: FieldID) throws -> (known: Bitmap?, pool: CodePool) {
        if let pair = tagged[field] { return pair }
        let column = try source.column(field)
        guard case .tags(let offsets, let elements, let dictionary) = column.payload else {
            throw ColumnarError.malformed("a column of tags was expected")
        }
        let pair = (
            column.missing?.complement,
            CodePool(
                tagOffsets: offsets, elements: elements, names: dictionary.texts,
                kept: column.keptTags)
        )
        tagged[field] = pair
        return pair
    }

    /// For every code of a pool the row of a table whose key is its text.
    func join(_ pool: CodePool, to table: DataSetID) throws -> CodeBatch {
        let join = Join(pool: ObjectIdentifier(pool), table: table)
        if let map = joins[join] { return map }
        let rows = try rows(of: table)
        var map = CodeBatch(unknown: max(1, pool.count))
        var values = [Int32](repeating: 0, count: map.count)
        var known = Bitmap(count: map.count)
        for code in 0..<pool.count {
            guard let row = rows[pool.bytes(code)] else { continue }
            values[code] = row
            known[code] = true
        }
        map = CodeBatch(values, known: known)
        // A pool that no field holds may be freed, and its identity used again.
        if coded.values.contains(where: { $0.pool === pool }) { joins[join] = map }
        return map
    }

    private func rows(of table: DataSetID) throws -> [ArraySlice<UInt8>: Int32] {
        if let rows = keyRows[table] { return rows }
        var rows: [ArraySlice<UInt8>: Int32] = [:]
        for (row, key) in try source.keys(table).enumerated() {
            rows[ArraySlice(key.utf8)] = Int32(row)
        }
        keyRows[table] = rows
        return rows
    }

    /// The events of a data set, which are put in order by time at most once.
    func eventTable(
        _ dataSet: DataSetID, _ index: EventIndex, at: PackedColumn, blockRows: Int
    ) -> EventTable {
        if let table = eventTables[dataSet], table.blockRows == blockRows { return table }
        let table = EventTable(
            index, at: at, blockRows: blockRows, kept: source.timeOrder(dataSet))
        eventTables[dataSet] = table
        return table
    }

    /// The sets of a pool that have any, or all, of some tags.
    func sets(of pool: CodePool, having quantifier: Quantifier, of tags: [String]) -> Bitmap {
        let test = TagTest(pool: ObjectIdentifier(pool), quantifier: quantifier, tags: tags)
        if let bits = tagTests[test] { return bits }
        let bits = tagMask(pool, quantifier, tags)
        // A pool that no field holds may be freed, and its identity used again.
        if tagged.values.contains(where: { $0.pool === pool }) { tagTests[test] = bits }
        return bits
    }
}
