import PitchColumnar
import PitchEvaluator
import PitchProgram
import PitchSchema
import PitchStore

/// What expressions read of a member beside an event in scope.
struct RecordReads {
    /// The event data sets whose rows they look at, with the fields.
    var events: HistoryFields = [:]
    /// Whether they read the member's own fields.
    var isOfMember = false

    init(_ expressions: [Expression], in program: Program) {
        events = program.historyFields(of: expressions)
        isOfMember = expressions.contains { !$0.isShallow || !$0.memberFields.isEmpty }
    }

    /// Rows, with what their filter and what is to be the same read.
    init(_ rows: EventRows, in program: Program) {
        self.init([rows.filter].compactMap { $0 } + rows.same, in: program)
        insert(rows.dataSet, program.historyFields(of: rows))
    }

    /// Some fields of the events of one data set, of which one is `at`.
    init(_ dataSet: DataSetID, _ fields: Set<Int>) { events = [dataSet: fields] }

    var isEmpty: Bool { events.isEmpty && !isOfMember }

    mutating func insert(_ dataSet: DataSetID, _ fields: Set<Int>) {
        events[dataSet, default: []].formUnion(fields)
    }

    mutating func formUnion(_ other: RecordReads) {
        events.merge(other.events) { $0.union($1) }
        isOfMember = isOfMember || other.isOfMember
    }
}

/// Members by row, and their events, a portion at a time; what was read last is kept. Events come
/// from the files of columns where those have what is read of them, and else by row.
final class MemberRecords {
    private let program: Program
    private let store: Store
    /// Nil: rows only.
    private let columns: SnapshotSource?
    let keys = MemberKeys()
    private var members: [Int: StoredMember] = [:]
    private var histories: [MemberEvents: [EventRecord]] = [:]
    private var filed: [DataSetID: EventColumns] = [:]
    /// What the files lack.
    private var unfiled: Set<HistoryRead> = []
    /// How many rows of events were read.
    private(set) var rowsRead = 0
    /// How many rows of members were looked up by their number.
    private(set) var membersRead = 0

    /// How many members are gone through at a time.
    private static let portion = 4096
    /// How many events are kept, at some hundred bytes each, and how many there are.
    private static let limit = 200_000
    private var kept = 0

    private struct MemberEvents: Hashable {
        let member: Int
        let dataSet: DataSetID
        /// Whether it has all fields; otherwise those that are taken from columns so far.
        let isByRow: Bool
    }

    private struct HistoryRead: Hashable {
        let dataSet: DataSetID
        let fields: Set<Int>
    }

    /// - Parameter columns: nil: rows only.
    init(_ program: Program, _ store: Store, _ columns: SnapshotSource?) {
        self.program = program
        self.store = store
        self.columns = columns
    }

    // MARK: - Many

    /// Goes through members, ascending, with what is read of them at hand.
    func forEach(
        of members: Set<Int>, reading reads: RecordReads, _ body: (Int) throws -> Void
    ) throws {
        let members = members.sorted()
        for start in stride(from: 0, to: members.count, by: Self.portion) {
            let portion = members[start..<min(start + Self.portion, members.count)]
            try read(reads, of: Array(portion))
            for member in portion { try body(member) }
        }
    }

    /// What comes of each of some members, who may repeat, in their order.
    /// - Parameter body: of a place in `members`, and the record of who is there.
    func map<Result>(
        _ members: [Int], reading reads: RecordReads, _ body: (Int, MemberRecord) throws -> Result
    ) throws -> [Result] {
        if reads.isEmpty { return try members.indices.map { try body($0, Self.blank) } }
        let places = Dictionary(grouping: members.indices) { members[$0] }
        var results = [Result?](repeating: nil, count: members.count)
        try forEach(of: Set(places.keys), reading: reads) { member in
            let record = try record(of: member, reading: reads)
            for place in places[member] ?? [] { results[place] = try body(place, record) }
        }
        return results.compactMap { $0 }
    }

    /// The stored members with these numbers, in their order.
    func stored(_ numbers: [Int]) throws -> [StoredMember] {
        let found = try store.members(numbered: numbers, program)
        membersRead += found.count
        guard found.count == numbers.count else {
            let missing = Set(numbers).subtracting(found.map(\.number)).min() ?? 0
            throw WorkspaceError(.world, "the store lacks member number \(missing)")
        }
        return found
    }

    private func read(_ reads: RecordReads, of members: [Int]) throws {
        if reads.isOfMember { try readMembers(members) }
        makeRoom()
        for (dataSet, fields) in reads.events {
            try readEvents(of: members, in: dataSet, try columns(of: dataSet, fields))
        }
    }

    private func readMembers(_ numbers: [Int]) throws {
        if members.count > Self.portion { members.removeAll() }
        let unread = numbers.filter { members[$0] == nil }
        for member in try stored(unread) { members[member.number] = member }
    }

    /// - Parameter columns: nil: by row.
    private func readEvents(
        of members: [Int], in dataSet: DataSetID, _ columns: EventColumns?
    ) throws {
        let place = {
            MemberEvents(member: $0, dataSet: dataSet, isByRow: columns == nil)
        }
        let unread = members.filter { histories[place($0)] == nil }
        if let columns {
            let width = program.dataSets[dataSet.index].fields.count
            for member in unread {
                keep(columns.events(of: member, width: width), at: place(member))
            }
            return
        }
        let found = try store.events(of: unread, in: dataSet, program, keys: keys)
        for (member, events) in zip(unread, found) {
            rowsRead += events.count
            keep(events.map { EventRecord(row: $0.row, values: $0.values) }, at: place(member))
        }
    }

    private func keep(_ events: [EventRecord], at place: MemberEvents) {
        histories[place] = events
        kept += events.count
    }

    private func makeRoom() {
        guard kept + histories.count > Self.limit else { return }
        histories.removeAll()
        kept = 0
    }

    private func forget(_ isForgotten: (MemberEvents) -> Bool) {
        histories = histories.filter { !isForgotten($0.key) }
        kept = histories.values.reduce(0) { $0 + $1.count }
    }

    /// Columns that have at least some fields; nil when the files have not.
    private func columns(of dataSet: DataSetID, _ fields: Set<Int>) throws -> EventColumns? {
        let known = filed[dataSet]?.fields ?? []
        if let found = filed[dataSet], fields.isSubset(of: known) { return found }
        let read = HistoryRead(dataSet: dataSet, fields: fields)
        guard let columns, !unfiled.contains(read) else { return nil }
        guard let found = try columns.eventColumns(of: dataSet, known.union(fields)) else {
            unfiled.insert(read)
            return nil
        }
        // Those that are kept lack fields.
        forget { $0.dataSet == dataSet && !$0.isByRow }
        filed[dataSet] = found
        return found
    }

    // MARK: - One

    private static let blank = MemberRecord(key: "", values: [])

    /// A member with what is read of it.
    func record(of number: Int, reading reads: RecordReads) throws -> MemberRecord {
        if reads.isEmpty { return Self.blank }
        let member = reads.isOfMember ? try member(number) : nil
        let events = try reads.events.map { dataSet, fields in
            (dataSet.index, try self.events(of: number, in: dataSet, fields))
        }
        return MemberRecord(
            key: member?.key ?? "", values: member?.values ?? [],
            events: Dictionary(uniqueKeysWithValues: events))
    }

    /// A member with what an expression reads of it.
    func record(of number: Int, for expression: Expression) throws -> MemberRecord {
        try record(of: number, reading: RecordReads([expression], in: program))
    }

    func member(_ number: Int) throws -> StoredMember? {
        if members[number] == nil { try readMembers([number]) }
        return members[number]
    }

    /// The events of a member in one data set, by `at`, then key, also those that are to come.
    /// - Parameter fields: those that are read; others may be missing.
    func events(
        of member: Int, in dataSet: DataSetID, _ fields: Set<Int>
    ) throws -> [EventRecord] {
        let columns = try columns(of: dataSet, fields)
        let place = MemberEvents(member: member, dataSet: dataSet, isByRow: columns == nil)
        if let known = histories[place] { return known }
        makeRoom()
        try readEvents(of: [member], in: dataSet, columns)
        return histories[place] ?? []
    }
}

extension EventColumns {
    /// The events of a member, by `at`, then key.
    /// - Parameter width: how many fields an event has; those without a column are missing.
    fileprivate func events(of member: Int, width: Int) -> [EventRecord] {
        let none = [Value](repeating: .missing, count: width)
        var events: [EventRecord] = []
        forEach(of: member) { part, row in
            var values = none
            for (field, column) in part.columns { values[field] = column.value(at: row) }
            events.append(EventRecord(row: part.ids[row], values: values))
        }
        return events
    }
}
