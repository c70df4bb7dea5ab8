import PitchEvaluator
import PitchProgram
import PitchSchema
import PitchStore

/// What expressions read of a member beside an event in scope.
struct RecordReads {
    /// The event data sets whose rows they count.
    var events: Set<DataSetID> = []
    /// Whether they read the member's own fields.
    var isOfMember = false

    /// The rows of some data sets.
    init(_ events: some Sequence<DataSetID>) { self.events = Set(events) }

    init(_ expressions: [Expression], in program: Program) {
        events = program.eventSets(readBy: expressions)
        isOfMember = expressions.contains { !$0.isShallow || !$0.memberFields.isEmpty }
    }

    var isEmpty: Bool { events.isEmpty && !isOfMember }

    mutating func formUnion(_ other: RecordReads) {
        events.formUnion(other.events)
        isOfMember = isOfMember || other.isOfMember
    }
}

/// Members and their events by row. Many are read a portion at a time, each by its key; the last
/// few thousand are kept.
final class MemberRecords {
    private let program: Program
    private let store: Store
    let keys = MemberKeys()
    private var members: [Int: StoredMember] = [:]
    private var histories: [MemberEvents: [StoredEvent]] = [:]
    /// How many rows of events were read.
    private(set) var rowsRead = 0

    /// How many members are gone through at a time.
    private static let portion = 4096

    private struct MemberEvents: Hashable {
        let member: Int
        let dataSet: DataSetID
    }

    init(_ program: Program, _ store: Store) {
        self.program = program
        self.store = store
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
        guard found.count == numbers.count else {
            let missing = Set(numbers).subtracting(found.map(\.number)).min() ?? 0
            throw WorkspaceError(.world, "the store lacks member number \(missing)")
        }
        return found
    }

    private func read(_ reads: RecordReads, of members: [Int]) throws {
        if reads.isOfMember { try readMembers(members) }
        try readEvents(of: members, in: reads.events)
    }

    private func readMembers(_ numbers: [Int]) throws {
        if members.count > Self.portion { members.removeAll() }
        let unread = numbers.filter { members[$0] == nil }
        for member in try stored(unread) { members[member.number] = member }
    }

    private func readEvents(of members: [Int], in dataSets: Set<DataSetID>) throws {
        // Room for a portion of members in several data sets.
        if histories.count > 8 * Self.portion { histories.removeAll() }
        for dataSet in dataSets {
            let unread = members.filter {
                histories[MemberEvents(member: $0, dataSet: dataSet)] == nil
            }
            let found = try store.events(of: unread, in: dataSet, program, keys: keys)
            for (member, events) in zip(unread, found) {
                rowsRead += events.count
                histories[MemberEvents(member: member, dataSet: dataSet)] = events
            }
        }
    }

    // MARK: - One

    private static let blank = MemberRecord(key: "", values: [])

    /// A member with what is read of it.
    func record(of number: Int, reading reads: RecordReads) throws -> MemberRecord {
        if reads.isEmpty { return Self.blank }
        let member = reads.isOfMember ? try member(number) : nil
        let events = try reads.events.map { dataSet in
            let events = try self.events(of: number, in: dataSet)
            return (dataSet.index, events.map { EventRecord(row: $0.row, values: $0.values) })
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
    func events(of member: Int, in dataSet: DataSetID) throws -> [StoredEvent] {
        let place = MemberEvents(member: member, dataSet: dataSet)
        if let known = histories[place] { return known }
        try readEvents(of: [member], in: [dataSet])
        return histories[place] ?? []
    }
}
