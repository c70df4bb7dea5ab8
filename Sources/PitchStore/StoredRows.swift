import GRDB
import GRDBSQLite
import PitchProgram
import PitchSchema

/// Rows one at a time, for the evaluator and the cycle.
extension Store {
    /// How many members the store has, gone ones included.
    package func memberCount(_ program: Program) throws -> Int {
        guard let id = program.members else { return 0 }
        return try read("count the members in") { db in
            let layout = try StoredLayout.current(program.dataSets[id.index], of: program, in: db)
            return try layout.rowCount(db)
        }
    }

    /// The member with a key; nil when there is none.
    package func member(_ key: String, _ program: Program) throws -> StoredMember? {
        try members(where: "key = ?", [key], program) { $0.bind(1, $1) }.first
    }

    /// The members with some numbers, from 0, in their order, without those that are none's.
    package func members(numbered numbers: [Int], _ program: Program) throws -> [StoredMember] {
        try members(where: "id = ?", numbers, program) { $0.bind(1, Int64($1) + 1) }
    }

    /// The members that a condition on one parameter finds, value by value.
    private func members<Parameter>(
        where condition: String, _ parameters: [Parameter], _ program: Program,
        bind: (RawStatement, Parameter) -> Void
    ) throws -> [StoredMember] {
        guard let id = program.members, !parameters.isEmpty else { return [] }
        return try read("read the '\(program.dataSets[id.index].name)' from") { db in
            let layout = try StoredLayout.current(program.dataSets[id.index], of: program, in: db)
            let reader = try RowReader(layout, program, db, "WHERE \(condition)")
            return try parameters.compactMap { parameter in
                defer { reader.statement.reset() }
                bind(reader.statement, parameter)
                guard try reader.statement.step() else { return nil }
                return StoredMember(
                    number: try reader.number(0), key: reader.key, values: try reader.values)
            }
        }
    }

    /// The events of members in one data set, one list a member, each ascending by `at`, then key
    /// by code point.
    /// - Parameters:
    ///   - members: their numbers, from 0.
    ///   - keys: those that are known.
    package func events(
        of members: [Int], in dataSet: DataSetID, _ program: Program,
        keys: MemberKeys = MemberKeys()
    ) throws -> [[StoredEvent]] {
        try read("read the '\(program.dataSets[dataSet.index].name)' of members from") { db in
            let layout = try StoredLayout.current(
                program.dataSets[dataSet.index], of: program, in: db)
            let reader = try RowReader(
                layout, program, db,
                union: EventIndexes(layout: layout).searches(.member, "member = ?1"), keys: keys)
            return try members.map { member in
                defer { reader.statement.reset() }
                reader.statement.bind(1, Int64(member) + 1)
                return try reader.events()
            }
        }
    }

    /// The events of one member.
    package func events(
        of member: Int, in dataSet: DataSetID, _ program: Program
    ) throws -> [StoredEvent] {
        try events(of: [member], in: dataSet, program).first ?? []
    }

    /// The events of some rows, in their order, without those that are none's.
    /// - Parameter keys: of members, those that are known.
    package func events(
        rows: [Int64], in dataSet: DataSetID, _ program: Program, keys: MemberKeys = MemberKeys()
    ) throws -> [StoredEvent] {
        if rows.isEmpty { return [] }
        return try read("read the '\(program.dataSets[dataSet.index].name)' in") { db in
            let layout = try StoredLayout.current(
                program.dataSets[dataSet.index], of: program, in: db)
            let reader = try RowReader(
                layout, program, db, union: ["\(EventIndexes.byID) = ?1"], keys: keys)
            return try rows.flatMap { row in
                defer { reader.statement.reset() }
                reader.statement.bind(1, row)
                return try reader.events()
            }
        }
    }

    /// The event of one row; nil when there is none.
    package func event(
        row: Int64, in dataSet: DataSetID, _ program: Program
    ) throws -> StoredEvent? {
        try events(rows: [row], in: dataSet, program).first
    }

    /// The row of a table with a key; nil when there is none, or when it is gone and `absent
    /// gone` is declared.
    package func row(of table: DataSetID, key: String, _ program: Program) throws -> [Value]? {
        try read("read '\(program.dataSets[table.index].name)' from") { db in
            let layout = try StoredLayout.current(
                program.dataSets[table.index], of: program, in: db)
            let reader = try RowReader(layout, program, db, "WHERE key = ? AND gone = 0")
            reader.statement.bind(1, key)
            return try reader.statement.step() ? try reader.values : nil
        }
    }

    /// The events that a cycle has not judged yet: of those up to row `afterRow` the ones whose
    /// `at` has come since `afterInstant`, and of the later ones all whose `at` has come. Ascending
    /// by `at`, then key.
    /// - Parameters:
    ///   - afterRow: the last row that the cycle before could see.
    ///   - afterInstant: its `now`, in milliseconds since 1970 UTC; nil: there was none before.
    ///   - zone: the project's; an event dated by day has come when its local day has begun.
    ///   - member: only this member's, by number from 0; nil: everyone's.
    ///   - keys: those that are known.
    package func unseenEvents(
        in dataSet: DataSetID, afterRow: Int64, afterInstant: Int64?, now: Int64,
        zone: ZoneRules, of member: Int? = nil, _ program: Program,
        keys: MemberKeys = MemberKeys()
    ) throws -> [StoredEvent] {
        let declared = program.dataSets[dataSet.index]
        let clock = { (instant: Int64) in
            declared.isDated ? Int64(zone.day(of: instant)) : instant
        }
        return try read("read new '\(declared.name)' from") { db in
            let layout = try StoredLayout.current(declared, of: program, in: db)
            // Each part by the index that suits it: new rows by `id`, old ones by `at`, and those
            // of one member by theirs, which is all that the plus signs leave.
            let everyone = [
                "NOT INDEXED WHERE id > ?1 AND at <= ?3",
                "WHERE +id <= ?1 AND at > ?2 AND at <= ?3",
            ]
            let one = EventIndexes(layout: layout).searches(
                .member, "member = ?4 AND +at <= ?3 AND (+id > ?1 OR +at > ?2)")
            let reader = try RowReader(
                layout, program, db, union: member == nil ? everyone : one, keys: keys)
            if let member { reader.statement.bind(4, Int64(member) + 1) }
            reader.statement.bind(1, afterRow)
            reader.statement.bind(2, afterInstant.map(clock) ?? .min)
            reader.statement.bind(3, clock(now))
            return try reader.events()
        }
    }

    /// The last row of an event data set; 0 when it has none.
    package func lastRow(of dataSet: DataSetID, _ program: Program) throws -> Int64 {
        try read("read '\(program.dataSets[dataSet.index].name)' from") { db in
            let layout = try StoredLayout.current(
                program.dataSets[dataSet.index], of: program, in: db)
            return try layout.lastRow(db)
        }
    }
}

/// The keys of members whose events were read, by the member's row: several data sets are read for
/// the same members.
package final class MemberKeys {
    private var texts: [Int64: String] = [:]
    private static let limit = 1 << 17
    /// How many rows of members were looked up for their key.
    package fileprivate(set) var lookups = 0

    package init() {}

    fileprivate subscript(row: Int64) -> String? {
        get { texts[row] }
        set {
            if texts.count >= Self.limit { texts.removeAll() }
            texts[row] = newValue
        }
    }
}

/// Reads whole rows of one data set as values.
final class RowReader {
    let statement: RawStatement
    private let layout: StoredLayout
    /// Where the member field's text comes from: the key of the member's row.
    private let memberKey: RawStatement?
    private let keys: MemberKeys
    private let lastMember: Int64
    private let isOfMembers: Bool

    /// - Parameter tail: what follows `FROM rows_<id>`.
    convenience init(
        _ layout: StoredLayout, _ program: Program, _ db: Database, _ tail: String
    ) throws {
        try self.init(layout, program, db, select: { $0 + " " + tail })
    }

    /// - Parameter tails: of the parts that are put together.
    convenience init(
        _ layout: StoredLayout, _ program: Program, _ db: Database, union tails: [String],
        keys: MemberKeys
    ) throws {
        try self.init(layout, program, db, keys) { select in
            tails.map { select + " " + $0 }.joined(separator: " UNION ALL ")
        }
    }

    private init(
        _ layout: StoredLayout, _ program: Program, _ db: Database,
        _ keys: MemberKeys = MemberKeys(), select: (String) -> String
    ) throws {
        self.layout = layout
        self.keys = keys
        let isEvents = layout.dataSet.kind == .events
        isOfMembers = layout.dataSet.member != nil
        let head = isEvents ? ["id", "key", "member", "at"] : ["id", "key", "0", "0"]
        let columns = head + layout.dataSet.fields.indices.map(layout.expression)
        statement = try RawStatement(
            db, select("SELECT \(columns.joined(separator: ", ")) FROM \(layout.table)"))
        guard isOfMembers, let id = program.members else {
            memberKey = nil
            lastMember = try layout.lastRow(db)
            return
        }
        let members = try StoredLayout.current(program.dataSets[id.index], of: program, in: db)
        lastMember = try members.lastRow(db)
        memberKey = try RawStatement(db, "SELECT key FROM \(members.table) WHERE id = ?")
    }

    var row: Int64 { statement.integer(0) }
    var key: String { statement.text(1) }

    /// The number of a member, from 0, by its row in a column.
    func number(_ column: Int) throws -> Int {
        let row = statement.integer(column)
        guard row >= 1, row <= lastMember else { throw layout.damage }
        return Int(row) - 1
    }

    private var at: Int64 {
        get throws {
            let at = statement.integer(3)
            guard LedgerRow.instants.contains(at) else { throw layout.damage }
            return at
        }
    }

    var values: [Value] {
        get throws { try layout.dataSet.fields.indices.map(value) }
    }

    private func value(of field: Int) throws -> Value {
        if layout.places[field] == .member { return .text(try memberText()) }
        let column = 4 + field
        if statement.isMissing(column) { return .missing }
        let type = layout.dataSet.fields[field].type
        let kind = statement.kind(column)
        let isInteger = type.storage == .integer
        guard kind == (isInteger ? SQLITE_INTEGER : SQLITE_TEXT) else { throw layout.damage }
        switch type.storage {
        case .integer:
            let raw = statement.integer(column)
            guard StoredCell.range(of: type).contains(raw) else { throw layout.damage }
            return Value(raw: raw, as: type)
        case .text: return .text(statement.text(column))
        case .tags: return .tags(StoredTags.texts(statement.text(column)))
        }
    }

    private func memberText() throws -> String {
        let row = statement.integer(2)
        if let known = keys[row] { return known }
        guard let memberKey else { return "" }
        defer { memberKey.reset() }
        memberKey.bind(1, row)
        let text = try memberKey.step() ? memberKey.text(0) : ""
        keys.lookups += 1
        keys[row] = text
        return text
    }

    /// The events that the statement finds, ascending by `at`, then key by code point.
    func events() throws -> [StoredEvent] {
        var found = try eventsAsTheyCome()
        let isOrdered = zip(found, found.dropFirst()).allSatisfy { !($1 < $0) }
        if !isOrdered { found.sort() }
        return found
    }

    private func eventsAsTheyCome() throws -> [StoredEvent] {
        var found: [StoredEvent] = []
        while try statement.step() {
            found.append(
                StoredEvent(
                    row: row, key: key, member: isOfMembers ? try number(2) : StoredEvent.nobody,
                    at: try at, values: try values))
        }
        return found
    }
}
