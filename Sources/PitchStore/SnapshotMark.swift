import PitchColumnar
import PitchProgram
import PitchSchema

/// What the files of columns had at a time, by which it can be told later whose rows have changed.
package struct SnapshotMark: Sendable {
    /// Of the file of all columns.
    fileprivate let generation: UInt64
    /// Of the rows of each data set.
    fileprivate let stamps: [DataSetID: Int64]
    /// The members with rows or events beside the file of all columns, or in place of some of its.
    fileprivate let members: Set<Int32>
}

extension SnapshotSource {
    /// Nil when the files do not have all that the store has.
    package func mark() throws -> SnapshotMark? {
        var generations: Set<UInt64> = []
        var stamps: [DataSetID: Int64] = [:]
        var members: Set<Int32> = []
        for dataSet in program.filedDataSets {
            let found = try fromFiles(dataSet) { rows in
                members.formUnion(try self.changedMembers(of: dataSet, rows))
                return (generation: rows.columns.generation, stamp: rows.stamp)
            }
            guard let found else { return nil }
            generations.insert(found.generation)
            stamps[dataSet] = found.stamp
        }
        guard let generation = generations.first, generations.count == 1 else { return nil }
        return SnapshotMark(generation: generation, stamps: stamps, members: members)
    }

    /// The members who have other rows, or other events, at one mark than at an earlier one; new
    /// ones too, and some who changed before the earlier one.
    /// - Returns: nil when it cannot be told.
    package func changedMembers(
        from old: SnapshotMark, to new: SnapshotMark
    ) -> [Int32]? {
        guard old.generation == new.generation else { return nil }
        let changed = new.stamps.filter { old.stamps[$0.key] != $0.value }
        // What a row of a table says is anybody's.
        if changed.keys.contains(where: { program.dataSets[$0.index].kind == .table }) {
            return nil
        }
        // Whose an event was before is known from then, or from the file of all columns.
        return changed.isEmpty ? [] : old.members.union(new.members).sorted()
    }

    private func changedMembers(of dataSet: DataSetID, _ rows: SnapshotRows) throws -> [Int32] {
        guard let changes = rows.changes, program.dataSets[dataSet.index].kind != .table else {
            return []
        }
        if dataSet == program.members {
            return try changes.integers(rows.dataSet, .ids).map { Int32($0 - 1) }
        }
        let now = try changes.integers(rows.dataSet, .members).map { Int32($0) }
        let removed = try changes.integers(rows.dataSet, .removed)
        if removed.isEmpty { return now }
        let offsets = try rows.columns.integers(rows.dataSet, .memberOffsets).shortened
        var member = 0
        return now + removed.map { row in
            while member + 2 < offsets.count, offsets[member + 1] <= row { member += 1 }
            return Int32(member)
        }
    }
}

extension Program {
    /// The data sets of which there are files of columns: members, tables, and events of members.
    var filedDataSets: [DataSetID] {
        dataSets.indices.map { DataSetID($0) }.filter {
            let dataSet = dataSets[$0.index]
            return dataSet.kind != .events || dataSet.member != nil
        }
    }
}
