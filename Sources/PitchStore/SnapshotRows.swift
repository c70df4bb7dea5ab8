import Glibc
import PitchColumnar
import PitchSchema

/// The two files of columns that lie beside a store.
struct SnapshotFiles {
    let columns: SnapshotFile
    let changes: SnapshotFile?

    /// Nil when there are none, or none that can be used; a damaged one is removed, so that the
    /// next load writes it again.
    init?(store path: String) {
        let columnsPath = SnapshotFormat.columnsPath(path)
        guard let columns = Self.open(columnsPath) else { return nil }
        self.columns = columns
        let changes = Self.open(SnapshotFormat.changesPath(path))
        self.changes = changes?.generation == columns.generation ? changes : nil
    }

    private static func open(_ path: String) -> SnapshotFile? {
        do {
            return try SnapshotFile(path)
        } catch {
            remove(path)
            return nil
        }
    }

    /// Removes a file that is only a copy of what the store has. Where that is not allowed it is
    /// found damaged again.
    private static func remove(_ path: String) { unlink(path) }

    func remove() {
        Self.remove(columns.path)
        if let changes { Self.remove(changes.path) }
    }

    /// The rows of a data set as they were at a stamp; nil when the files are of another time.
    func rows(of dataSet: Int64, stamp: Int64) -> SnapshotRows? {
        guard let rows = rows(of: dataSet), rows.stamp == stamp else { return nil }
        return rows
    }

    /// The latest rows of a data set that the files have.
    func rows(of dataSet: Int64) -> SnapshotRows? {
        if let changes, let latest = changes.section(dataSet, .dataSet) {
            let isWhole = latest.parameters[2] == 1
            return isWhole
                ? SnapshotRows(dataSet, in: changes, nil, latest)
                : SnapshotRows(dataSet, in: columns, changes, latest)
        }
        return columns.section(dataSet, .dataSet).map {
            SnapshotRows(dataSet, in: columns, nil, $0)
        }
    }
}

/// The rows of one data set as the files have them.
final class SnapshotRows {
    let dataSet: Int64
    let stamp: Int64
    /// How many rows there are.
    let count: Int
    let columns: SnapshotFile
    let changes: SnapshotFile?
    private var knownPlan: SplicePlan?

    init(
        _ dataSet: Int64, in columns: SnapshotFile, _ changes: SnapshotFile?,
        _ latest: SnapshotSection
    ) {
        self.dataSet = dataSet
        self.columns = columns
        self.changes = changes
        stamp = latest.parameters[0]
        count = Int(latest.parameters[1])
    }

    /// How many rows the file of all columns has.
    func baseCount() throws -> Int {
        guard let section = columns.section(dataSet, .dataSet) else {
            throw SnapshotFile.Damage()
        }
        return Int(section.parameters[1])
    }

    func plan(_ changes: SnapshotFile) throws -> SplicePlan {
        if let knownPlan { return knownPlan }
        let plan = SplicePlan(
            count: try baseCount(), removed: try changes.integers(dataSet, .removed),
            inserts: try changes.integers(dataSet, .inserts))
        guard plan.count == count else { throw SnapshotFile.Damage() }
        knownPlan = plan
        return plan
    }

    /// Nil when the files do not have the column.
    func column(place: Int64, _ type: ValueType) throws -> ColumnVector? {
        guard
            let all = try columns.column(dataSet, place: place, type, count: try baseCount())
        else { return nil }
        guard let changes else { return all }
        let rows = try changes.integers(dataSet, .ids).count
        guard let some = try changes.column(dataSet, place: place, type, count: rows) else {
            return nil
        }
        return all.spliced(with: some, try plan(changes))
    }

    /// The store's row id of every event.
    func ids() throws -> PackedIntegers {
        let all = try columns.integers(dataSet, .ids)
        guard let changes else { return all }
        let some = try changes.integers(dataSet, .ids)
        let vector = { ColumnVector(type: .integer, payload: .integers($0), missing: nil) }
        let spliced = vector(all).spliced(with: vector(some), try plan(changes))
        guard case .integers(let ids) = spliced.payload else { throw SnapshotFile.Damage() }
        return ids
    }

    /// The key of every row of members and tables, by number.
    func keys() throws -> TextDictionary {
        let place = StoredLayout.Place.key.number
        let all = try columns.texts(dataSet, place: place)
        guard let changes else { return all }
        let ids = try changes.integers(dataSet, .ids)
        let some = try changes.texts(dataSet, place: place)
        // A key stays with its row, so that only those of new rows are needed.
        let first = try baseCount()
        var bytes = Array(all.bytes.raw)
        var offsets = first == 0 ? [0] : Array(all.offsets)
        for row in ids.indices where ids[row] > first {
            bytes += some.utf8(row)
            offsets.append(Int64(bytes.count))
        }
        guard offsets.count == count + 1 else { throw SnapshotFile.Damage() }
        return TextDictionary(bytes, offsets: offsets)
    }

    /// Where the events of each member are.
    func eventIndex(memberCount: Int) throws -> EventIndex {
        let offsets = try memberOffsets(memberCount: memberCount)
        guard offsets.first == 0, Int(offsets.last ?? 0) == count,
            zip(offsets, offsets.dropFirst()).allSatisfy({ $0 <= $1 })
        else { throw SnapshotFile.Damage() }
        return EventIndex(offsets: offsets)
    }

    /// The order of all events by time; nil where the files have none, or only of some.
    var timeOrder: KeptTimeOrder? {
        guard changes == nil, let section = columns.section(dataSet, .timeOrder) else {
            return nil
        }
        let columns = columns
        return KeptTimeOrder(blockRows: Int(section.parameters[0])) {
            columns.bytesOrNone(of: section)
        }
    }

    /// Where the events of each member begin.
    func memberOffsets(memberCount: Int) throws -> [Int32] {
        var offsets = try columns.integers(dataSet, .memberOffsets).shortened
        guard offsets.count <= memberCount + 1, let end = offsets.last else {
            throw SnapshotFile.Damage()
        }
        let known = offsets.count - 1
        offsets += [Int32](repeating: end, count: memberCount - known)
        guard let changes else { return offsets }
        var grown = [Int32](repeating: 0, count: memberCount + 1)
        for member in try changes.integers(dataSet, .members) {
            guard member >= 0, member < memberCount else { throw SnapshotFile.Damage() }
            grown[Int(member) + 1] += 1
        }
        var member = 0
        for row in try changes.integers(dataSet, .removed) {
            while member < known, offsets[member + 1] <= row { member += 1 }
            grown[min(member, memberCount - 1) + 1] -= 1
        }
        var sum: Int32 = 0
        for index in offsets.indices {
            sum += grown[index]
            offsets[index] += sum
        }
        return offsets
    }
}

extension SnapshotFile {
    /// A column as the file has it; nil when it has not.
    func column(
        _ dataSet: Int64, place: Int64, _ type: ValueType, count: Int
    ) throws -> ColumnVector? {
        let payload: ColumnVector.Payload
        switch type.storage {
        case .integer:
            guard section(dataSet, .integers, place: place) != nil else { return nil }
            payload = .integers(try integers(dataSet, .integers, place: place))
        case .text:
            guard section(dataSet, .codes, place: place) != nil else { return nil }
            payload = .codes(
                try integers(dataSet, .codes, place: place), try texts(dataSet, place: place))
        case .tags:
            guard section(dataSet, .tagCodes, place: place) != nil else { return nil }
            payload = .tags(
                offsets: try integers(dataSet, .tagOffsets, place: place),
                codes: try integers(dataSet, .tagCodes, place: place),
                try texts(dataSet, place: place))
        }
        let column = ColumnVector(
            type: type, payload: payload,
            missing: try missing(dataSet, place: place, count: count),
            zones: try zones(dataSet, place: place, count: count),
            keptTags: type.storage == .tags ? keptTags(dataSet, place: place) : nil)
        guard column.count == count else { throw Damage() }
        return column
    }
}
