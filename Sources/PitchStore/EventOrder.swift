import GRDB
import PitchColumnar
import PitchSchema

/// The rows of an event data set by member, then `at`, then key by code point.
final class EventOrder {
    let index: EventIndex
    /// The `at` of every row, in this order.
    let instants: PackedIntegers
    private let filed: SnapshotRows?
    private var knownIDs: PackedIntegers?
    private var knownRows: [Int32]??

    private init(
        _ index: EventIndex, _ instants: PackedIntegers, ids: PackedIntegers?,
        _ filed: SnapshotRows?
    ) {
        self.index = index
        self.instants = instants
        self.filed = filed
        knownIDs = ids
    }

    /// As a snapshot has it.
    convenience init(_ rows: SnapshotRows, memberCount: Int) throws {
        let at = try rows.column(place: StoredLayout.Place.at.number, .instant)
        guard case .integers(let instants)? = at?.payload else { throw SnapshotFile.Damage() }
        let index = try rows.eventIndex(memberCount: memberCount)
        guard Int(index.offsets.last ?? 0) == instants.count else { throw SnapshotFile.Damage() }
        self.init(index, instants, ids: nil, rows)
    }

    var count: Int { instants.count }

    /// The store's row id of every row, in this order.
    /// - Throws: `SnapshotFile.Damage` where those of a file are not whole.
    func ids() throws -> PackedIntegers {
        if let knownIDs { return knownIDs }
        guard let ids = try filed?.ids(), ids.count == count else { throw SnapshotFile.Damage() }
        knownIDs = ids
        return ids
    }

    /// For every row the number, from 0, that it has in the store; nil when they lie there in this
    /// order.
    func rows() throws -> [Int32]? {
        if let knownRows { return knownRows }
        let ids = try ids()
        let isArrival = ids.indices.allSatisfy { ids[$0] == Int64($0) + 1 }
        let rows = isArrival ? nil : ids.map { Int32($0 - 1) }
        knownRows = .some(rows)
        return rows
    }

    /// - Parameters:
    ///   - instants: the `at` of every row of the store.
    ///   - members: the row ids of their members, all of them 1 to `memberCount`.
    convenience init<Instant: FixedWidthInteger>(
        _ instants: UnsafeBufferPointer<Instant>, _ members: UnsafeBufferPointer<Int32>,
        memberCount: Int, _ keys: EventKeys
    ) throws {
        var offsets = [Int32](repeating: 0, count: memberCount + 1)
        var (last, isByMember) = (Int32(0), true)
        for member in members {
            offsets[Int(member)] += 1
            if member < last { isByMember = false }
            last = member
        }
        for member in 0..<memberCount { offsets[member + 1] += offsets[member] }
        var sorted =
            isByMember ? Array(0..<Int32(members.count)) : Self.rowsByMember(members, offsets)
        let ties = Self.sortByTime(&sorted, offsets, instants)
        try Self.sort(&sorted, ties, keys)
        self.init(
            EventIndex(offsets: offsets), PackedIntegers(instants, order: sorted),
            ids: PackedIntegers(indices: sorted).raised(by: 1), nil)
        knownRows = .some(sorted)
    }

    /// A counting sort, stable.
    private static func rowsByMember(
        _ members: UnsafeBufferPointer<Int32>, _ offsets: [Int32]
    ) -> [Int32] {
        var next = offsets
        var sorted = [Int32](repeating: 0, count: members.count)
        for (row, member) in members.enumerated() {
            let place = next[Int(member) - 1]
            sorted[Int(place)] = Int32(row)
            next[Int(member) - 1] = place + 1
        }
        return sorted
    }

    /// - Returns: where rows of one member have the same time.
    private static func sortByTime<Instant: FixedWidthInteger>(
        _ sorted: inout [Int32], _ offsets: [Int32], _ instants: UnsafeBufferPointer<Instant>
    ) -> [Range<Int>] {
        var ties: [Range<Int>] = []
        for member in 0..<(offsets.count - 1) {
            let rows = Int(offsets[member])..<Int(offsets[member + 1])
            if rows.count < 2 { continue }
            var last = instants[Int(sorted[rows.lowerBound])]
            var (isAscending, hasTies) = (true, false)
            for place in rows.dropFirst() {
                let instant = instants[Int(sorted[place])]
                if instant < last { isAscending = false }
                if instant == last { hasTies = true }
                last = instant
            }
            if !isAscending {
                sorted[rows].sort { (instants[Int($0)], $0) < (instants[Int($1)], $1) }
            }
            if hasTies || !isAscending { ties += Self.ties(in: sorted, rows, instants) }
        }
        return ties
    }

    private static func ties<Instant: FixedWidthInteger>(
        in sorted: [Int32], _ rows: Range<Int>, _ instants: UnsafeBufferPointer<Instant>
    ) -> [Range<Int>] {
        var ties: [Range<Int>] = []
        var start = rows.lowerBound
        for place in rows.lowerBound + 1...rows.upperBound {
            if place < rows.upperBound,
                instants[Int(sorted[place])] == instants[Int(sorted[start])]
            {
                continue
            }
            if place - start > 1 { ties.append(start..<place) }
            start = place
        }
        return ties
    }

    private static func sort(
        _ sorted: inout [Int32], _ ties: [Range<Int>], _ keys: EventKeys
    ) throws {
        if ties.isEmpty { return }
        let texts = try keys.texts(of: ties.flatMap { sorted[$0] })
        var first = 0
        for tie in ties {
            let order = tie.indices.map { first + $0 - tie.lowerBound }
                .sorted { texts[$0].lexicographicallyPrecedes(texts[$1]) }
            let rows = Array(sorted[tie])
            for (place, text) in zip(tie, order) {
                sorted[place] = rows[text - first]
            }
            first += tie.count
        }
    }
}

/// Reads the keys of single events, which are needed only where times tie.
final class EventKeys {
    private let statement: RawStatement

    init(_ layout: StoredLayout, _ db: Database) throws {
        statement = try RawStatement(
            db,
            """
            SELECT id, key FROM \(layout.table)
            \(EventIndexes.byID) BETWEEN ? AND ? ORDER BY id
            """)
    }

    /// The bytes of the keys of rows, numbered from 0.
    func texts(of rows: [Int32]) throws -> [ArraySlice<UInt8>] {
        var bytes: [UInt8] = []
        var spans = [Range<Int>](repeating: 0..<0, count: rows.count)
        // In the order of the ids: every page is read once, and what ties often stands together.
        let order = rows.indices.sorted { rows[$0] < rows[$1] }
        var first = 0
        while first < order.count {
            var end = first + 1
            while end < order.count, rows[order[end]] == rows[order[end - 1]] + 1 { end += 1 }
            try read(from: rows[order[first]], to: rows[order[end - 1]]) { place, text in
                spans[order[first + place]] = bytes.count..<bytes.count + text.count
                bytes += text
            }
            first = end
        }
        return spans.map { bytes[$0] }
    }

    private func read(
        from first: Int32, to last: Int32, _ take: (Int, UnsafeBufferPointer<UInt8>) -> Void
    ) throws {
        defer { statement.reset() }
        statement.bind(1, Int64(first) + 1)
        statement.bind(2, Int64(last) + 1)
        while try statement.step() {
            take(Int(statement.integer(0)) - Int(first) - 1, statement.bytes(1))
        }
    }
}
